"""What people put beside a listing, a change or a place: ``note``."""

from __future__ import annotations

import getpass
import re
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from db.notes import StoredNote, notes, take_back
from parsers.records import STATEMENT_KINDS
from sanctuary.cli.app import App
from sanctuary.cli.output import print_json
from sanctuary.clock import utc_now
from sanctuary.noting import File, Words, find_about, put_note
from sanctuary.safe_text import one_line

_ISSUED = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_WEB = ("https://", "http://")


@click.group()
def note() -> None:
    """Put a dispute or letter beside a listing, change or place.

    It is shown beside what it is about, and never merged into it. A note can be taken back; none
    is ever deleted.

    \b
    Examples:
      sanctuary note add "Nassau County, NY" letter.pdf --list ddor-weekly --kind letter \\
          --publisher "Nassau County" --issued 2017-03-24 --title "Letter to ICE"
      sanctuary note list
      sanctuary note take-back 3
    """


@note.command()
@click.argument("about", metavar="ABOUT")
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--kind", type=click.Choice(STATEMENT_KINDS), required=True, help="What it is.")
@click.option("--publisher", required=True, help="Who says it.")
@click.option("--issued", metavar="DAY", required=True, help="Its date: 2017-03-24, or 2017-03.")
@click.option("--title", required=True, help="Its title, or what it is in a few words.")
@click.option("--list", "of_list", metavar="SOURCE", help="The list that the place is noted for.")
@click.option("--address", help="Where a person reads it.")
@click.option("--text", help="What it says, or the passage that counts.")
@click.option("--by", default=getpass.getuser, help="Who puts it here  [default: you]")
@click.option("--json", "as_json", is_flag=True, help="The note for machines.")
@click.pass_obj
def add(
    app: App,
    about: str,
    file: Path | None,
    kind: str,
    publisher: str,
    issued: str,
    title: str,
    of_list: str | None,
    address: str | None,
    text: str | None,
    by: str,
    as_json: bool,
) -> None:
    """Put a note beside ABOUT, with FILE if you have the document.

    ABOUT is a row by its table and id (listings:17), a change by its id (see `sanctuary log`), or
    a place by its name and state. With --list the note is on what that list says of the place.
    FILE goes into the archive, with a capture on your word.

    \b
    Examples:
      sanctuary note add listings:17 order.pdf --kind "court order" --publisher "A court" \\
          --issued 2025-08-01 --title "Order to take the county off"
      sanctuary note add 3020ad9b32a5 --kind dispute --publisher "A county" \\
          --issued 2025-06 --title "We were not asked" --address https://example.org/letter
    """
    if file is None and address is None and text is None:
        raise click.UsageError("give the FILE, its --address, or its --text")
    if address is not None and not address.startswith(_WEB):
        raise click.BadParameter(f"{address!r} is no address like https://example.org/letter")
    words = Words(kind, _said(publisher), _day(issued), _said(title), text, address, _said(by))
    document = File(file.name, file.read_bytes()) if file else None
    if document is not None and not document.data:
        raise click.BadParameter(f"{document.name} is empty")
    with app.workspace.writing() as db:
        found = find_about(db, about.strip(), of_list)
        note_id = put_note(db, app.workspace.archive, found, words, document, utc_now)
        _tell(next(notes(db, note_id)), "added", as_json=as_json)


@note.command("list")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.pass_obj
def list_(app: App, as_json: bool) -> None:
    """List all notes, newest first; those taken back say so.

    \b
    Example:
      sanctuary note list --json
    """
    with app.workspace.looking() as db:
        found = list(notes(db))
    if as_json:
        print_json([asdict(each) for each in found])
        return
    for each in found:
        click.echo(_line(each))
    if not found:
        click.echo("There is no note; `sanctuary note add` writes one.")


@note.command("take-back")
@click.argument("note_id", metavar="ID", type=click.IntRange(min=1))
@click.option("--by", default=getpass.getuser, help="Who takes it back  [default: you]")
@click.option("--json", "as_json", is_flag=True, help="The note for machines.")
@click.pass_obj
def take_back_(app: App, note_id: int, by: str, as_json: bool) -> None:
    """Take a note back: it is kept, and shown nowhere else.

    \b
    Example:
      sanctuary note take-back 3 --by "A. Clerk"
    """
    with app.workspace.writing() as db, db.atomic():
        found = take_back(db, note_id, _said(by), utc_now())
    _tell(found, "taken back", as_json=as_json)


def _tell(told: StoredNote, what: str, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(told))
    else:
        click.echo(one_line(f"note {told.id} {what}: {told.title}"))


def _line(told: StoredNote) -> str:
    beside = told.public_id or told.row_key or told.jurisdiction_id or ""
    of_list = f" on {told.source_id}" if told.source_id else ""
    back = f"; {told.taken_back_by} took it back on {told.taken_back_at}"
    return one_line(
        f"{told.id}  {told.issued}  {told.publisher}: {told.kind}, “{told.title}”{of_list}, beside "
        f"{beside}; put here by {told.added_by}{back if told.taken_back_at else ''}"
    )


def _said(text: str) -> str:
    if not text.strip():
        raise click.BadParameter("publisher, title and by need a word")
    return text.strip()


def _day(text: str) -> str:
    """Return a date as far as it is known; refuse one that is none, or is in the future."""
    try:
        if not _ISSUED.fullmatch(text):
            raise ValueError
        date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        raise click.BadParameter(f"{text!r} is no day like 2017-03-24") from None
    if text > utc_now()[: len(text)]:
        raise click.BadParameter(f"{text!r} is in the future")
    return text
