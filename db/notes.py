"""Notes: what people put beside a listing, a change or a place; taken back, never deleted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from sqlite_utils import Database

from db.errors import NoSuchNote
from db.sources import Source
from parsers.records import Jurisdiction

SOURCE = Source(
    id="notes-of-people",
    title="Documents that people have put beside lists, with their notes",
    publisher="Each by whom its note names",
    address=None,
    address_seen=False,
    lifecycle="one-off",
    parser="statement",
    editions="content",
    confirm_after_seconds=0,
    why="A dispute, letter, agreement, court order or announcement is kept with the note on it.",
)
"""Whose captures the files of notes are: nothing is read from them."""


@dataclass(frozen=True, kw_only=True)
class Note:
    """What a person says that somebody said, and beside what it is to stand."""

    kind: str
    """One of ``parsers.records.STATEMENT_KINDS``."""
    title: str
    publisher: str
    """Who says it."""
    issued: str
    """ISO 8601, as far as it is known."""
    text: str | None
    address: str | None
    document_sha256: str | None
    source_id: str | None
    jurisdiction_id: str | None
    row_key: str | None
    public_id: str | None
    added_by: str


@dataclass(frozen=True)
class StoredNote:
    """A note as the database holds it."""

    id: int
    kind: str
    title: str
    publisher: str
    issued: str
    text: str | None
    address: str | None
    document_sha256: str | None
    source_id: str | None
    jurisdiction_id: str | None
    row_key: str | None
    public_id: str | None
    added_by: str
    recorded_at: str
    taken_back_at: str | None
    taken_back_by: str | None


def add_note(db: Database, note: Note, chain: tuple[Jurisdiction, ...], now: str) -> int:
    """Write a note and return its id. Call it in a transaction.

    ``chain`` is its place with all that it lies in, the outermost first; empty without a place.
    """
    for jurisdiction in chain:
        db.table("jurisdictions").upsert(asdict(jurisdiction), pk="id")
    return int(db.table("notes").insert({**asdict(note), "recorded_at": now}).last_pk or 0)


def take_back(db: Database, note_id: int, by: str, now: str) -> StoredNote:
    """Take a note back: it is shown nowhere any more, and stays in its table.

    Raises NoSuchNote if there is none of that id, or it was taken back before.
    """
    note = next(notes(db, note_id), None)
    if note is None:
        raise NoSuchNote(note_id, "there is no such note")
    if note.taken_back_at is not None:
        raise NoSuchNote(note_id, f"{note.taken_back_by} took it back on {note.taken_back_at}")
    sql = "UPDATE notes SET taken_back_at = ?, taken_back_by = ? WHERE id = ?"
    db.execute(sql, [now, by, note_id])
    return next(notes(db, note_id))


def notes(db: Database, note_id: int | None = None) -> Iterator[StoredNote]:
    """Yield all notes, those that were taken back too, the newest first; or the one of that id."""
    sql = """SELECT * FROM notes WHERE :id IS NULL OR id = :id
        ORDER BY recorded_at DESC, id DESC"""
    for row in db.query(sql, {"id": note_id}):
        yield StoredNote(**row)
