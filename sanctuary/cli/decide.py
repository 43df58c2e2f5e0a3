"""Deciding what is held: ``accept`` and ``reject``."""

from __future__ import annotations

import getpass

import click

from db.changes import current_ids
from db.held import HeldReading, held_reading
from db.readings import Decision, named_reading
from db.readings import accept as accept_reading
from db.readings import reject as reject_reading
from sanctuary.cli.app import App
from sanctuary.cli.telling import say_what_waits
from sanctuary.clock import utc_now
from sanctuary.safe_text import one_line
from sanctuary.wording import describe

_by = click.option("--by", default=getpass.getuser, help="Who decides  [default: you]")
_reason = click.option("--reason", required=True, help="Why, for those who ask later.")


@click.command()
@click.argument("reading")
@_by
@_reason
@click.pass_obj
def accept(app: App, reading: str, by: str, reason: str) -> None:
    """Accept a held READING: its edition is shown from now on.

    READING is #id or the start of its document's hash. `sanctuary held` shows what it would change.

    \b
    Example:
      sanctuary accept '#12' --reason "the list really lost half its rows: see the press release"
    """
    with app.workspace.writing() as db:
        named = named_reading(db, reading)
        before = held_reading(db, named.id)
        told = current_ids(db, named.source_id)
        accept_reading(db, named, Decision(by, reason), utc_now())
        after = held_reading(db, named.id)
        now_told = current_ids(db, named.source_id)
    click.echo(one_line(f"accepted #{named.id} of {named.source_id}: {_shown(before, after)}"))
    log = f"sanctuary log --source {named.source_id}"
    if before.stands is not None:
        log += " --cause replay"
    click.echo(
        f"{_changes(len(now_told - told))} new and {len(told - now_told)} told no more; `{log}` "
        "shows them"
    )
    say_what_waits(app)


def _shown(before: HeldReading, after: HeldReading) -> str:
    """Return which edition a reading that was accepted makes, and what stays."""
    shown = describe(after.after) if after.after else "its edition"
    if before.stands is not None:
        return f"{shown} shows it from now on; #{before.stands}, which it showed, stays stored"
    stays = f"; {describe(before.before)} stays as it was" if before.before else ""
    return f"{shown} is in the history now{stays}"


def _changes(count: int) -> str:
    return f"{count} change{' is' if count == 1 else 's are'}"


@click.command()
@click.argument("reading")
@_by
@_reason
@click.pass_obj
def reject(app: App, reading: str, by: str, reason: str) -> None:
    """Reject a held READING: it stays stored, and is not shown.

    \b
    Example:
      sanctuary reject '#12' --reason "a test page of the publisher"
    """
    with app.workspace.writing() as db:
        named = named_reading(db, reading)
        reject_reading(db, named, Decision(by, reason), utc_now())
        said = _stays(held_reading(db, named.id))
    click.echo(one_line(f"rejected #{named.id} of {named.source_id}: {said}"))


def _stays(rejected: HeldReading) -> str:
    """Return what is shown although a reading was rejected."""
    kept = "it stays stored and no edition shows it"
    if rejected.before is None:
        return f"{kept}; the history is as it was"
    by = f" by reading #{rejected.stands}" if rejected.stands is not None else ""
    return f"{kept}; {describe(rejected.before)} stays current{by}"
