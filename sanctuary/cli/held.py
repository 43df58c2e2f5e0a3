"""Looking at what waits for a decision: ``held``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click
from rich.console import Console
from rich.text import Text
from sqlite_utils import Database

from db.errors import NoSuchReading
from db.held import HeldReading, held_reading
from db.readings import named_reading
from db.sources import source_ids
from db.standing import undecided
from sanctuary.cli.app import App
from sanctuary.cli.output import print_json
from sanctuary.difference import Difference, counts_of, without_window
from sanctuary.difference_formats import as_data
from sanctuary.safe_text import one_line
from sanctuary.terminal import console, print_tables
from sanctuary.wording import day_and_time, describe


@click.command()
@click.argument("reading", required=False)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.pass_obj
def held(app: App, reading: str | None, as_json: bool) -> None:
    """Show what waits for a decision, or of one READING why.

    And what it would change. READING is #id or the start of its document's hash. Decide with
    accept or reject.

    \b
    Examples:
      sanctuary held
      sanctuary held '#12'
    """
    with app.workspace.looking() as db:
        if reading is None:
            _list(db, as_json=as_json)
            return
        found = held_reading(db, named_reading(db, reading).id)
        if found.status == "accepted" and found.decided_by is None:
            raise NoSuchReading(
                reading, "this reading never waited", "`sanctuary held` lists those that do"
            )
        diff = difference_if_accepted(db, found)
    if as_json:
        print_json(_data(found, diff))
    else:
        _print(console(), found, diff)


def difference_if_accepted(db: Database, held: HeldReading) -> Difference | None:
    """Return what a reading would change if it were accepted, None if nothing is before it."""
    if held.before is None or held.after is None:
        return None
    return without_window(db, held.before, held.after)


def _list(db: Database, *, as_json: bool) -> None:
    waiting = [
        {"source": source_id, "status": status, **asdict(each)}
        for source_id in source_ids(db)
        for status in ("held", "failed")
        for each in undecided(db, source_id, status)
    ]
    if as_json:
        print_json(waiting)
        return
    for each in waiting:
        name = each["file_name"] or each["document_sha256"][:12]
        said = "held" if each["status"] == "held" else "unreadable"
        reasons = "; ".join(each["reasons"])
        click.echo(one_line(f"#{each['id']}  {each['source']}  {name}  {said}: {reasons}"))
    click.echo(
        "`sanctuary held '#ID'` shows one of them." if waiting else "Nothing waits for a decision."
    )


def _data(held: HeldReading, diff: Difference | None) -> dict[str, Any]:
    data = asdict(held)
    for side in ("before", "after"):
        data.pop(side)
    return {
        **data,
        "edition_before": held.before.selector if held.before else None,
        "difference": as_data(diff) if diff else None,
    }


def _print(out: Console, held: HeldReading, diff: Difference | None) -> None:
    name = held.file_name or held.document_sha256[:12]
    out.print(Text(one_line(f"#{held.id} of {held.source_id}: {name}"), style="bold"))
    parser = f"read by {held.parser} {held.parser_version} on {day_and_time(held.recorded_at)}"
    out.print(Text(one_line(f"  document {held.document_sha256}; {parser}"), style="dim"))
    if held.decided_by:
        decided = f"{held.decided_by} on {day_and_time(held.decided_at or '')}"
        out.print(Text(one_line(f"  {held.status} by {decided}: {held.decision_reason}")))
    for check in held.failed:
        said = "holds it" if check.required else "to look at"
        style = "red" if check.required else "yellow"
        out.print(Text(one_line(f"  {said}: {check.message}"), style=style))
    for problem in held.problems:
        out.print(Text(one_line(f"  problem: {problem.message}"), style="yellow"))
        for line in (problem.text or "").splitlines():
            out.print(Text(one_line(line), style="dim"))
    notices = [held.notice] if held.notice else []
    for notice in dict.fromkeys([*notices, *(diff.notices() if diff else ())]):
        out.print(Text(one_line(f"  [{notice}]"), style="dim"))
    out.print(Text(one_line(_meanwhile(held, diff))))
    if diff:
        print_tables(out, diff)
    if held.status == "held":
        out.print(Text(f"sanctuary accept '#{held.id}' --reason …, or sanctuary reject …"))
    elif held.status == "failed":
        out.print(Text(f"once that is settled: sanctuary reject '#{held.id}' --reason …"))


def _meanwhile(held: HeldReading, diff: Difference | None) -> str:
    """Return in a sentence what is shown today, and what would follow."""
    if held.before is None:
        stays = f"its older reading #{held.stands} stands" if held.stands else "no edition shows it"
        return f"  meanwhile {stays}; there is no edition to compare it with"
    today = f"  meanwhile {describe(held.before)} stays current"
    if diff is None:
        return today
    if held.stands is not None:
        return f"{today}, by reading #{held.stands}; by this one instead: {counts_of(diff)}"
    return f"{today}; the edition that this one makes would follow it: {counts_of(diff)}"
