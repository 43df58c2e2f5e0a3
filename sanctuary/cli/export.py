"""Handing captures on: ``export``."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from sqlite_utils import Database

from db.provenance import proven_between
from db.sources import source_ids
from sanctuary.cli.app import App
from sanctuary.errors import CommandError
from sanctuary.handing_out import kept_back
from sanctuary.new_file import new_file
from sanctuary.warc.writing import write_warc
from sanctuary.wording import counted, there_are


@click.command()
@click.option("--warc", is_flag=True, required=True, help="As a WARC file (ISO 28500).")
@click.option("--source", help="Of this source only.")
@click.option("--since", metavar="DAY", help="Captured on or after this day, in UTC.")
@click.option("--until", metavar="DAY", help="Captured on or before this day, in UTC.")
@click.option(
    "-o",
    "--output",
    "output",
    default=Path("captures.warc.gz"),
    show_default=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; compressed if its name ends with .gz.",
)
@click.pass_obj
def export(
    app: App, warc: bool, source: str | None, since: str | None, until: str | None, output: Path
) -> None:
    """Write captures as a WARC file, for others to verify.

    It holds their requests, responses and documents.

    \b
    Examples:
      sanctuary export --warc -o all.warc.gz
      sanctuary export --warc --source ice-287g-participating --since 2025-06-01
    """
    for day in (since, until):
        _check_day(day)
    settings = app.sources().settings
    with app.workspace.looking() as db:
        _check_source(db, source)
        closed = kept_back(db, settings.individual_rows)
        captures = proven_between(db, source, since, until)
        newest = max((capture.captured_at for capture in captures), default=None)
        if newest is None:
            raise CommandError("no capture matches that; `sanctuary status` says what there is")
        with new_file(output) as file:
            count = write_warc(
                file,
                app.workspace.archive,
                proven_between(db, source, since, until),
                made_at=newest,
                operator=settings.contact,
                compressed=output.suffix == ".gz",
                withheld=closed,
            )
    click.echo(f"{output}: {counted(count, 'capture')}; `warcio check {output}` verifies it")


def _check_day(day: str | None) -> None:
    if day is None:
        return
    try:
        date.fromisoformat(day)
    except ValueError:
        raise click.BadParameter(f"{day!r} is no day like 2025-06-01") from None


def _check_source(db: Database, source: str | None) -> None:
    known = source_ids(db)
    if source is not None and source not in known:
        raise click.BadParameter(f"no source {source!r} in the history; {there_are(source, known)}")
