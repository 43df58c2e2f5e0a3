"""Publishing the data: ``release``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sanctuary.cli.app import App
from sanctuary.cli.output import print_json
from sanctuary.safe_text import one_line
from sanctuary.shipped import shipped
from sanctuary.terminal import progress_of_steps
from sanctuary.wording import counted

if TYPE_CHECKING:
    from sanctuary.release.making import Made


@click.command()
@click.argument("name")
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where NAME/ and NAME.zip go.  [default: releases/ of the data directory]",
)
@click.option(
    "--since",
    metavar="NAME",
    help="Compare with this package.  [default: the newest that is there]",
)
@click.option("--parquet", is_flag=True, help="The tables as Parquet, too (needs pyarrow).")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.pass_obj
def release(
    app: App, name: str, folder: Path | None, since: str | None, parquet: bool, as_json: bool
) -> None:
    """Write a data package that can be cited.

    It holds every table that the site offers as CSV, a codebook, a citation, hashes of all
    files, and what changed since the package before. The same history gives the same bytes.
    Rows about individuals and texts of laws are in it only as the settings let them out.
    A package is never replaced.

    \b
    Examples:
      sanctuary release 2025-06
      sanctuary release 2025-07 -o public --since 2025-05
    """
    # Commands that do not make one need not wait until this is loaded.
    from sanctuary.release.described import load_described
    from sanctuary.release.making import make_release

    here = Path("metadata.yml")
    described = load_described(here if here.exists() else shipped("metadata.yml"))
    with progress_of_steps() as begin:
        made = make_release(
            app.workspace,
            app.sources(),
            described,
            name,
            folder or app.data_dir / "releases",
            begin,
            since=since,
            parquet=parquet,
        )
    if as_json:
        print_json(asdict(made))
    else:
        _print(made)


def _print(made: Made) -> None:
    rows = sum(made.tables.values())
    click.echo(
        one_line(
            f"{made.folder}: {counted(len(made.tables), 'table')}, {counted(rows, 'row')}, "
            f"as recorded until {made.as_of}"
        )
    )
    click.echo(one_line(f"{made.zip}: sha256 {made.zip_sha256}"))
    if made.since is None:
        click.echo("It is the first package: there is none to compare it with.")
    else:
        said = ", ".join(f"{cause} {count:,}" for cause, count in made.changes.items())
        click.echo(one_line(f"since {made.since}: {said or 'nothing changed'}"))
    if made.closed:
        click.echo(f"without rows about individuals: {', '.join(made.closed)}")
    if made.texts_kept_off:
        click.echo(one_line(f"without the texts of: {', '.join(made.texts_kept_off)}"))
