"""Notes: what a person puts beside a listing, a change or a place, and its document if any.

The document is archived and captured before the note is written, as the person's word; it is of a
source of its own, which nothing reads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlite_utils import Database

from db.captures import Capture, Document, finish_run, record_capture, start_run
from db.notes import SOURCE, Note, add_note
from db.sources import save_source, source_ids
from parsers.records import RECORD_BY_TABLE, Jurisdiction, TableKind
from sanctuary import __version__
from sanctuary.clock import Clock
from sanctuary.errors import CommandError
from sanctuary.logs import begin_run
from scraper.archive import Archive

_CHANGE = re.compile("[0-9a-f]{12}")
_ROW = re.compile(r"([a-z_]+):(\d{1,15})")


class NothingToNote(CommandError):
    """Nothing answers to what the note is to stand beside: the person names another."""

    def __init__(self, name: str, reason: str) -> None:
        """Take the name as it was given, and the reason as a clause without a full stop."""
        super().__init__(
            f"{name}: {reason}; name a row by table and id (listings:17), a change by its id "
            "(3020ad9b32a5, see `sanctuary log`), or a place as “Nassau County, NY”"
        )


@dataclass(frozen=True)
class About:
    """Beside what a note stands."""

    source_id: str | None = None
    row_key: str | None = None
    public_id: str | None = None
    chain: tuple[Jurisdiction, ...] = ()
    """The place with all that it lies in, the outermost first; itself last."""


@dataclass(frozen=True)
class Words:
    """What the person says of the document."""

    kind: str
    publisher: str
    issued: str
    title: str
    text: str | None
    address: str | None
    by: str


@dataclass(frozen=True)
class File:
    """The document itself, as the person has it."""

    name: str
    data: bytes


def find_about(db: Database, name: str, of_list: str | None) -> About:
    """Return what ``name`` names: a row, a change or a place, in one list if ``of_list`` says so.

    Raises NothingToNote if that is nothing, or may be several things.
    """
    if of_list is not None and of_list not in source_ids(db):
        raise NothingToNote(name, f"the history knows no list {of_list}")
    row, of_change = _ROW.fullmatch(name), _CHANGE.fullmatch(name)
    if (row or of_change) and of_list is not None:
        raise NothingToNote(name, "a row or a change is of one list already: leave out --list")
    if of_change:
        if db.execute("SELECT 1 FROM changes WHERE public_id = ?", [name]).fetchone() is None:
            raise NothingToNote(name, "there is no such change")
        return About(public_id=name)
    if row:
        return _row(db, name, row[1], int(row[2]))
    return _place(db, name, of_list)


def _row(db: Database, name: str, table: str, number: int) -> About:
    record = RECORD_BY_TABLE.get(table)
    if record is None or record.kind is not TableKind.STANDING or record.place is None:
        raise NothingToNote(name, f"{table} is no table of listings or agreements")
    found = db.execute(
        f"""SELECT source_id, row_key FROM {table}
        JOIN readings ON readings.id = reading_id WHERE {table}.id = ?""",
        [number],
    ).fetchone()
    if found is None:
        raise NothingToNote(name, f"{table} has no row of that id")
    return About(source_id=found[0], row_key=found[1])


def _place(db: Database, name: str, of_list: str | None) -> About:
    if of_list is not None:
        keys = _rows_that_print(db, name, of_list)
        if len(keys) == 1:
            return About(source_id=of_list, row_key=keys[0])
    # The places there are take a moment to load.
    from sanctuary.decisions import Decisions
    from sanctuary.naming import Places, find_place

    match = find_place(name, db)
    if match.jurisdiction is None:
        raise NothingToNote(name, match.reason.rstrip(".") or "it is taken for no place")
    chain: tuple[Jurisdiction, ...] = (match.jurisdiction,)
    if match.jurisdiction.parent_id is not None:
        chain = Places(Decisions()).chain(match.jurisdiction)
    return About(source_id=of_list, chain=chain)


def _rows_that_print(db: Database, name: str, of_list: str) -> list[str]:
    """Return the keys of the listings of a source that print this very name, of any edition."""
    rows = db.execute(
        """SELECT DISTINCT row_key FROM listings JOIN readings ON readings.id = reading_id
        WHERE source_id = ? AND lower(trim(jurisdiction)) = lower(?)""",
        [of_list, " ".join(name.split())],
    )
    return [row[0] for row in rows]


def put_note(
    db: Database, archive: Archive, about: About, words: Words, file: File | None, clock: Clock
) -> int:
    """Keep a note, with its document if there is one, and return its id."""
    sha256 = _kept(db, archive, file, words.address, clock) if file else None
    note = Note(
        kind=words.kind,
        title=words.title,
        publisher=words.publisher,
        issued=words.issued,
        text=words.text,
        address=words.address,
        document_sha256=sha256,
        source_id=about.source_id,
        jurisdiction_id=about.chain[-1].id if about.chain else None,
        row_key=about.row_key,
        public_id=about.public_id,
        added_by=words.by,
    )
    with db.atomic():
        return add_note(db, note, about.chain, clock())


def _kept(db: Database, archive: Archive, file: File, address: str | None, clock: Clock) -> str:
    """Archive a document, then record its capture; return its hash."""
    sha256 = archive.put(file.data)
    run_id = start_run(db, "note", __version__, clock(), begin_run())
    with db.atomic():
        save_source(db, SOURCE)
        record_capture(
            db,
            Capture(
                source_id=SOURCE.id,
                role="note",
                address=address,
                captured_at=clock(),
                proof="person",
                verdict="document",
                document_sha256=sha256,
            ),
            Document(sha256, len(file.data), None, file.name),
            run_id,
            clock(),
        )
    finish_run(db, run_id, {"document": sha256}, clock())
    return sha256
