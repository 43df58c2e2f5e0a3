"""Every unit by period: ``panel``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO

import click

from sanctuary.cli.app import App
from sanctuary.cli.days import day
from sanctuary.clock import utc_now
from sanctuary.new_file import new_file
from sanctuary.terminal import progress_bar
from sanctuary.wording import counted


@click.command()
@click.option(
    "--unit",
    type=click.Choice(["county", "place"]),
    default="county",
    show_default=True,
    help="Every county there is, or every city and town that a list names.",
)
@click.option(
    "--freq",
    type=click.Choice(["week", "month"]),
    default="week",
    show_default=True,
    help="A row a week, from Monday to Sunday, or a month.",
)
@click.option(
    "--list",
    "lists",
    metavar="SOURCE",
    multiple=True,
    help="Of this list; can be repeated.  [default: all standing lists]",
)
@click.option(
    "--from",
    "since",
    metavar="DAY",
    callback=day,
    help="The first day, in UTC.  [default: that of the first capture]",
)
@click.option("--to", "until", metavar="DAY", callback=day, help="The last day.  [default: today]")
@click.option(
    "--as-known-on",
    "known_on",
    metavar="DAY",
    callback=day,
    help="As this database knew it at the end of this day.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "parquet"]),
    default="csv",
    show_default=True,
    help="For a spreadsheet, or for statistics (needs pyarrow).",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write.  [default: standard output]",
)
@click.pass_obj
def panel(
    app: App,
    unit: str,
    freq: str,
    lists: tuple[str, ...],
    since: str | None,
    until: str | None,
    known_on: str | None,
    form: str,
    output: Path | None,
) -> None:
    """Write what each list said of every place, by period.

    One row for each unit, period and list: on how many days it was listed, not listed,
    not observed, withdrawn (the list was taken down) and ended (its series had), and its
    state at the end. That its state or its county is named stands in columns of its own.

    \b
    Examples:
      sanctuary panel --freq month -o counties.csv
      sanctuary panel --unit place --list dhs-sanctuary-list --format parquet -o places.parquet
    """
    if form == "parquet" and output is None:
        raise click.UsageError("--format parquet needs a file: name it with -o")
    # The places there are take a moment to load, and other commands need not wait for them.
    from sanctuary.panel import Wanted, open_panel
    from sanctuary.panel_files import check_parquet, write_csv, write_parquet

    if form == "parquet":
        check_parquet()
    write = write_parquet if form == "parquet" else write_csv
    wanted = Wanted(unit, freq, lists, since, until, known_on)
    with app.workspace.looking() as db, progress_bar() as bar:
        found = open_panel(db, wanted, utc_now()[:10])
        task = bar.add_task(counted(found.count, "row"), total=len(found.units))

        def done() -> None:
            bar.advance(task)

        if output is None:
            out: IO[bytes] = sys.stdout.buffer
            write(found, out, done)
            out.flush()
        else:
            with new_file(output) as file:
                write(found, file, done)
    if output is not None:
        click.echo(f"{output}: {counted(found.count, 'row')}", err=True)
