"""Deciding what is held: ``accept`` and ``reject``."""

from __future__ import annotations

import getpass

import click

from db.readings import Decision, named_reading
from db.readings import accept as accept_reading
from db.readings import reject as reject_reading
from sanctuary.cli.app import App
from sanctuary.clock import utc_now

_by = click.option("--by", default=getpass.getuser, help="Who decides  [default: you]")
_reason = click.option("--reason", required=True, help="Why, for those who ask later.")


@click.command()
@click.argument("reading")
@_by
@_reason
@click.pass_obj
def accept(app: App, reading: str, by: str, reason: str) -> None:
    """Accept a held READING: #id or the start of its document's hash.

    \b
    Example:
      sanctuary accept '#12' --reason "the list really lost half its rows: see the press release"
    """
    with app.workspace.writing() as db:
        held = named_reading(db, reading)
        accept_reading(db, held, Decision(by, reason), utc_now())
    click.echo(f"accepted #{held.id} of {held.source_id}; `sanctuary log` shows what changed")


@click.command()
@click.argument("reading")
@_by
@_reason
@click.pass_obj
def reject(app: App, reading: str, by: str, reason: str) -> None:
    """Reject a held READING: it stays stored, and no edition shows it.

    \b
    Example:
      sanctuary reject '#12' --reason "a test page of the publisher"
    """
    with app.workspace.writing() as db:
        held = named_reading(db, reading)
        reject_reading(db, held, Decision(by, reason), utc_now())
    click.echo(f"rejected #{held.id} of {held.source_id}")
