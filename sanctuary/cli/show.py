"""What one source said: ``show``."""

from __future__ import annotations

from dataclasses import replace

import click

from sanctuary.cli.app import App
from sanctuary.cli.days import three_clocks
from sanctuary.cli.output import print_json
from sanctuary.clock import utc_now
from sanctuary.safe_text import one_line
from sanctuary.stated import Question, only_of_place, said_of_place, stated
from sanctuary.stated_formats import print_stated, stated_csv, stated_data
from sanctuary.terminal import console


@click.command()
@click.argument("source")
@three_clocks()
@click.option("--place", metavar="PLACE", help="The rows of this place alone.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
    help="For people, machines or a spreadsheet.",
)
@click.pass_obj
def show(
    app: App,
    source: str,
    as_of: str | None,
    as_published_on: str | None,
    as_known_on: str | None,
    place: str | None,
    form: str,
) -> None:
    """Show what SOURCE says, or said for a week or on a day.

    There are three questions, and they combine: what it says of a period (--as-of), what
    stood in public on a day (--as-published-on), and what this database said on a day
    (--as-known-on). Of a list without periods the first two are the same. Without any,
    it is what stands today.

    \b
    Examples:
      sanctuary show doj-sanctuary-list
      sanctuary show ddor-weekly --as-of 2017-02-01 --as-known-on 2025-06-01
      sanctuary show doj-sanctuary-list --as-published-on 2025-09-01 --place "Nevada"
    """
    with app.workspace.looking() as db:
        today = utc_now()[:10]
        question = Question(as_of, as_published_on, as_known_on)
        said = stated(db, source, question, today)
        if place is not None:
            # The places there are take a moment to load.
            from sanctuary.place_finding import find

            found = find(db, place)
            if found.jurisdiction is None:
                raise click.BadParameter(one_line(f"{place!r} is no place: {found.reason}"))
            of_it = said_of_place(db, said, question, today, found.jurisdiction)
            said = only_of_place(said, found.jurisdiction.id)
            said = replace(said, answers=(*said.answers, of_it))
        match form:
            case "json":
                print_json(stated_data(said))
            case "csv":
                click.echo(stated_csv(said), nl=False)
            case _:
                print_stated(console(), said)
