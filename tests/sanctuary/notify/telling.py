"""An invented history, and what is to be told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sqlite_utils import Database

from db.log import LoggedChange, Wanted, logged
from db.notes import Note, add_note
from db.outbox import Item
from parsers.records import Check, Problem, Reading, Record
from sanctuary.notify.composing import Telling, composed
from sanctuary.notify.message import Entry, Group, Message, Section
from tests.db.history import LIST, REPORT, declined, listing, load, new_database, reading

SITE = "https://tracker.zembla.example"
SPECIMEN = "SPECIMEN: all places are invented"
AT_ONCE = Telling("at once", ("the editor",), SITE)
PLACES = [
    listing(f"Town {number:03}, {'Zembla' if number % 3 else 'Onhava'}", position=number)
    for number in range(1, 501)
]


def item(kind: str, key: str) -> Item:
    return Item(1, kind, key, None, "2025-06-05T10:00:00Z")


def items_of(changes: Sequence[LoggedChange]) -> list[Item]:
    return [item("change", change.public_id) for change in changes]


def news(db: Database, day: str) -> list[LoggedChange]:
    return [change for change in logged(db, Wanted()) if change.observed_by.startswith(day)]


def editions(db: Database, *lists: Sequence[Record], notice: str | None = None) -> None:
    """Load these lists, one a day from the first of June."""
    for day, rows in enumerate(lists, start=1):
        what = reading(rows)
        what = replace(what, edition=replace(what.edition, notice=notice))
        load(db, LIST, f"2025-06-0{day}T10:00:00Z", what)


def a_day_of_everything(folder: Path) -> Database:
    """Return a history with one change of each sort on the second of June."""
    db = new_database(folder)
    editions(
        db,
        [
            listing(position=1),
            listing("Yewslip, Zembla", "Yewslip Rule", position=2),
            listing("Brackwater, Onhava", position=3),
        ],
        [
            listing(date="2025-05", criteria=("Will not honor.", "Tells."), position=1),
            listing("Yewslip, Zembla", "Yewslip Rule", position=2),
            listing("New Wye, Zembla", None, position=3),
        ],
        notice=SPECIMEN,
    )
    for moment, rows in (("06-01", [declined()]), ("06-02", [declined(), declined("Onhava Gaol")])):
        load(db, REPORT, f"2025-{moment}T10:00:00Z", reading(rows, week=1))
    add_note(
        db,
        Note(
            source_id=LIST.id,
            jurisdiction_id=None,
            row_key=listing(date="2025-05").row_key(),
            public_id=None,
            kind="dispute",
            title="A dispute",
            publisher="Kinbote, Zembla",
            issued="2025-06-03",
            text="It is not so.",
            address=None,
            document_sha256=None,
            added_by="Conmal",
        ),
        (),
        "2025-06-03T10:00:00Z",
    )
    return db


def of_mass(folder: Path) -> Database:
    """Return a history in which a list of 500 places lost all but one of them."""
    db = new_database(folder)
    editions(db, PLACES, PLACES[:1])
    return db


def held_list(folder: Path) -> Database:
    """Return a history with a list of 500 places, after which one of 35 is held."""
    db = new_database(folder)
    load(db, LIST, "2025-06-01T10:00:00Z", reading(PLACES))
    lost = Check("rows_lost", False, True, "500 to 35 rows, where half may go", "250", "35")
    few = Check("filled_date", False, False, "3 rows have no date", "", "3")
    what = Reading(
        reading([]).edition,
        reading([]).tables,
        tuple(PLACES[:35]),
        problems=(Problem("unread", "a line under the table was not read", None, ()),),
        checks=(lost, few),
    )
    load(db, LIST, "2025-06-02T10:00:00Z", what)
    return db


def made_of(*entries: Entry) -> Message:
    """Return a message of these entries."""
    section = Section("List of Zembla (Zembla Ministry)", (), (Group(None, entries),))
    return Message("A title", (section,), ("The end.",))


def message(db: Database, items: Sequence[Item], telling: Telling = AT_ONCE) -> Message:
    return composed(db, items, telling)
