"""What the rows of a table name by a number of this database: their reading, edition and place."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from db.comparison import Edition, load_editions
from db.row_address import RowAddress, read_by

_AROUND = 200


@dataclass(frozen=True)
class ReadFrom:
    """What a reading read, and who read it."""

    source_id: str
    document_sha256: str
    read_by: str

    def row(self, table: str, position: int) -> RowAddress:
        """Return the address of one of its rows."""
        return RowAddress(self.source_id, self.document_sha256, table, position, self.read_by)


def read_from(db: Database, reading_id: int) -> ReadFrom | None:
    """Return what a reading read; None if there is no such reading."""
    row = db.execute(
        "SELECT source_id, document_sha256, parser, parser_version FROM readings WHERE id = ?",
        [reading_id],
    ).fetchone()
    return ReadFrom(row[0], row[1], read_by(row[2], row[3])) if row else None


def edition_of(db: Database, edition_id: int) -> Edition | None:
    """Return an edition; None if there is none of that id, or it shows no reading any more."""
    found = load_editions(db, [edition_id])
    return found[0] if found else None


def public_id_of(db: Database, change_id: int) -> str | None:
    """Return the public id of a change; None if there is no such change."""
    row = db.execute("SELECT public_id FROM changes WHERE id = ?", [change_id]).fetchone()
    return str(row[0]) if row else None


def places_around(db: Database, name_id: int) -> dict[int, str | None]:
    """Return the places that a printed name and those beside it are taken for, by their numbers.

    The names of one list stand together, so one look finds those of a whole page.
    """
    rows = db.execute(
        "SELECT id, jurisdiction_id FROM jurisdiction_names WHERE id BETWEEN ? AND ?",
        [name_id - _AROUND, name_id + _AROUND],
    )
    return {row[0]: row[1] for row in rows}


def has_corrections(db: Database, _: None) -> bool:
    """Say whether any publisher has said of anything that it was wrong."""
    return bool(db.execute("SELECT EXISTS (SELECT 1 FROM corrections)").fetchone()[0])


def newest_number(db: Database, table: str) -> int:
    """Return the number of the newest row of a table, which is about how many rows it has."""
    return int(db.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0])
