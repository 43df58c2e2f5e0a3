"""Looking at the history: ``diff`` and ``log``."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import click
from sqlite_utils import Database

from db.log import LoggedChange, Wanted, count_logged, logged
from db.selectors import find_edition, last_editions
from db.sources import source_ids
from sanctuary.cli.app import App
from sanctuary.cli.days import recent_day, three_clocks
from sanctuary.cli.output import print_json
from sanctuary.clock import utc_now
from sanctuary.difference import (
    Difference,
    difference,
)
from sanctuary.difference_formats import to_csv, to_json, to_markdown
from sanctuary.errors import CommandError
from sanctuary.kinds import KINDS
from sanctuary.log_csv import log_csv
from sanctuary.logged_beside import caveats_beside, marks_beside, said_beside
from sanctuary.sentences import happened, sentence, window
from sanctuary.stated_difference import difference_as_known, two_questions
from sanctuary.terminal import console, print_changes, print_difference
from sanctuary.wording import describe, there_are


@click.command()
@click.argument("source")
@click.argument("from_", metavar="[FROM]", required=False)
@click.argument("to", metavar="[TO]", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown", "csv"]),
    default="text",
    show_default=True,
    help="For people, machines, a text or a spreadsheet.",
)
@three_clocks(both_sides=True)
@click.pass_obj
def diff(
    app: App,
    source: str,
    from_: str | None,
    to: str | None,
    form: str,
    as_of: tuple[str, ...],
    as_published_on: tuple[str, ...],
    as_known_on: str | None,
) -> None:
    """Show what changed between two editions of SOURCE.

    By default these are the last two; without TO, FROM is compared with the last.
    FROM and TO name an edition: a day (the edition public on it), the moment it was
    first seen (2025-06-01T15:16:00Z), a period (2017-01-28..2017-02-03 its latest
    revision, with @1 its first) or an id (#12).

    Instead, both sides can be asked for on the clocks of `sanctuary show`: --as-of and
    --as-published-on take a day for each side; given once, the other side is the newest.
    With --as-known-on only what this database knew on that day is compared.

    \b
    Examples:
      sanctuary diff ddor-weekly
      sanctuary diff ddor-weekly 2017-01-28..2017-02-03@1 2017-01-28..2017-02-03
      sanctuary diff ice-287g-participating 2025-05-20 2025-06-20 --format csv
      sanctuary diff ddor-weekly --as-of 2017-02-01 --as-of 2017-02-08 --as-known-on 2025-06-01
    """
    with app.workspace.looking() as db:
        if as_of or as_published_on or as_known_on:
            if from_ is not None:
                raise click.UsageError("FROM and TO, and --as-…, exclude one another")
            try:
                questions = two_questions(as_of, as_published_on, as_known_on)
            except ValueError as error:
                raise click.UsageError(str(error)) from None
            today = utc_now()[:10]
            found = difference_as_known(db, source, questions, as_known_on, today)
        else:
            found = _difference(db, source, from_, to)
        match form:
            case "json":
                click.echo(to_json(found))
            case "csv":
                click.echo(to_csv(found), nl=False)
            case "markdown":
                click.echo(to_markdown(found))
            case _:
                print_difference(console(), found)


def _difference(db: Database, source: str, from_: str | None, to: str | None) -> Difference:
    last = last_editions(db, source, 2)
    if not last:
        raise CommandError(
            f"there is no edition of {source} yet; `sanctuary sources` says what is watched, "
            f"`sanctuary run {source}` fetches it"
        )
    if from_ is None and len(last) == 1:
        raise CommandError(
            f"{source} has one edition only, {describe(last[0])}: there is nothing to compare it "
            "with yet"
        )
    after = find_edition(db, source, to) if to else last[-1]
    before = find_edition(db, source, from_) if from_ else last[0]
    return difference(db, before, after)


@click.command()
@click.option(
    "--since",
    callback=recent_day,
    metavar="DAY",
    help="First observed on or after this day: 2025-06-01, or friday for the last one.",
)
@click.option("--source", help="Of this source only.")
@click.option("--state", help="Of this state, as printed in the list.")
@click.option(
    "--place",
    help="Whose printed name contains this, or that is the place of this id or name and state.",
)
@click.option("--kind", type=click.Choice(KINDS), help="Of this kind only.")
@click.option(
    "--cause",
    type=click.Choice(["publisher", "replay", "person", "all"]),
    help="Whose change it is.  [default: all but replay, which is a better reading of ours]",
)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    help="How many at most, 0 for all.  [default: 50; all as JSON or CSV]",
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.option("--csv", "as_csv", is_flag=True, help="For a spreadsheet.")
@click.pass_obj
def log(
    app: App,
    since: str | None,
    source: str | None,
    state: str | None,
    place: str | None,
    kind: str | None,
    cause: str | None,
    limit: int | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Show the changes, the newest first.

    \b
    Examples:
      sanctuary log --since friday
      sanctuary log --source ice-287g-participating --kind removed --state FLORIDA
      sanctuary log --place "Iowa City" --json
      sanctuary log --place us/ia/city/iowa-city
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude one another")
    with app.workspace.looking() as db:
        _check_source(db, source)
        names = _names_of(db, place) if place else None
        wanted = Wanted(since, source, kind, state, place, cause, names)
        if as_json:
            print_json([_logged_data(db, change) for change in logged(db, wanted, limit or None)])
        elif as_csv:
            click.echo(log_csv(db, logged(db, wanted, limit or None)), nl=False)
        else:
            _print_log(db, wanted, (_SHOWN if limit is None else limit) or None)


def _check_source(db: Database, source: str | None) -> None:
    known = source_ids(db)
    if source is not None and source not in known:
        raise click.BadParameter(f"no source {source!r} in the history; {there_are(source, known)}")


def _names_of(db: Database, place: str) -> tuple[int, ...] | None:
    """Return the printed names of the place that an id or a name with its state means, if any."""
    if "/" not in place and "," not in place:
        return None
    # The places there are take a moment to load.
    from sanctuary.place_finding import find

    found = find(db, place)
    return tuple(name.id for name in found.names) if found.jurisdiction else None


_SHOWN = 50
"""Changes on a terminal unless somebody asks for more."""


def _print_log(db: Database, wanted: Wanted, limit: int | None) -> None:
    shown = print_changes(console(), logged(db, wanted, limit))
    more = count_logged(db, wanted) - shown
    if more:
        click.echo(f"… {more} more; --limit 0 shows all.")
    elif not shown:
        click.echo("No change matches that.")


def _logged_data(db: Database, change: LoggedChange) -> dict[str, Any]:
    data = asdict(change)
    for field in data["fields"]:
        for side in ("evidence_before", "evidence_after"):
            field[side] = json.loads(field[side]) if field[side] else []
    return {
        **data,
        "happened": happened(change),
        "sentence": sentence(change),
        "window": window(change),
        "caveats": list(caveats_beside(db, change)),
        "corrections": [mark.said for mark in marks_beside(db, change)],
        "statements": [said.data() for said in said_beside(db, change)],
    }
