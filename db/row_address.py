"""The address of a row that stays: its source, document, table and place in the document.

Numbers of rows are those of one database file; they never leave it. What a newer parser reads from
the same document can stand in another order, so an address also says who read it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from db.rows import load_rows
from parsers.records import RECORD_BY_TABLE


@dataclass(frozen=True)
class RowAddress:
    """A row of a table of records, as it was read from a document for a source."""

    source_id: str
    document_sha256: str
    table: str
    position: int
    """Its place in the order of the document, from 1."""
    read_by: str | None = None
    """Which parser read it (``read_by``); None for the one whose reading stands now."""


@dataclass(frozen=True)
class FoundRow:
    """Where a row is in this database."""

    reading_id: int
    row_id: int


def read_by(parser: str, parser_version: str) -> str:
    """Return eight hexadecimal digits that stand for a parser and its version in an address."""
    return hashlib.sha256(f"{parser} {parser_version}".encode()).hexdigest()[:8]


def reader_of(db: Database, reading_id: int) -> str:
    """Return which parser read a reading, as the addresses of its rows say it (``read_by``)."""
    row = db.execute(
        "SELECT parser, parser_version FROM readings WHERE id = ?", [reading_id]
    ).fetchone()
    return read_by(*row)


def addresses_of_rows(db: Database, table: str, row_ids: Iterable[int]) -> dict[int, RowAddress]:
    """Return the addresses of rows of a table by their numbers in this database."""
    rows = db.execute(
        f"""SELECT {_known(table)}.id, source_id, document_sha256, position, parser, parser_version
        FROM {table} JOIN readings ON readings.id = reading_id
        WHERE {table}.id IN (SELECT value FROM json_each(?))""",
        [json.dumps(sorted(row_ids))],
    )
    return {
        row_id: RowAddress(source_id, sha256, table, position, read_by(parser, version))
        for row_id, source_id, sha256, position, parser, version in rows
    }


def address_of_row(db: Database, table: str, row_id: int) -> RowAddress | None:
    """Return the address of a row by its number in this database, None if there is none."""
    return _address(db, table, f"{_known(table)}.id = ?", [row_id])


def address_in_edition(
    db: Database, edition_id: int, table: str, row_key: str
) -> RowAddress | None:
    """Return the address of the row of that key in an edition, by the reading that it shows.

    None if the edition does not have it. Of rows that share a key it is the first.
    """
    record = RECORD_BY_TABLE[_known(table)]
    current = (
        "SELECT reading_id FROM edition_readings WHERE edition_id = ? AND superseded_at IS NULL"
    )
    if "row_key" in db.table(table).columns_dict:
        where = f"{table}.reading_id = ({current}) AND {table}.row_key = ?"
        return _address(db, table, where, [edition_id, row_key])
    row = db.execute(current, [edition_id]).fetchone()
    if row is None:
        return None
    for found in load_rows(db, row[0], record):
        if found.row_key() == row_key:
            where = f"{table}.reading_id = ? AND {table}.position = ?"
            return _address(db, table, where, [row[0], found.position])
    return None


def find_row(db: Database, address: RowAddress) -> FoundRow | None:
    """Return where the row of an address is, None if no such row was read."""
    table = _known(address.table)
    readings = db.query(
        """SELECT readings.id, parser, parser_version
        FROM readings LEFT JOIN document_readings ON reading_id = readings.id
            AND superseded_at IS NULL
        WHERE readings.source_id = ? AND readings.document_sha256 = ?
        ORDER BY document_readings.id IS NULL, readings.id DESC""",
        [address.source_id, address.document_sha256],
    )
    for reading in readings:
        by = read_by(reading["parser"], reading["parser_version"])
        if address.read_by in (None, by):
            row = db.execute(
                f"SELECT id FROM {table} WHERE reading_id = ? AND position = ? ORDER BY id",
                [reading["id"], address.position],
            ).fetchone()
            return FoundRow(reading["id"], row[0]) if row else None
    return None


def _address(db: Database, table: str, where: str, values: list[Any]) -> RowAddress | None:
    row = db.execute(
        f"""SELECT source_id, document_sha256, position, parser, parser_version FROM {table}
        JOIN readings ON readings.id = reading_id WHERE {where} ORDER BY position LIMIT 1""",
        values,
    ).fetchone()
    if row is None:
        return None
    source_id, sha256, position, parser, version = row
    return RowAddress(source_id, sha256, table, position, read_by(parser, version))


def _known(table: str) -> str:
    """Return the name of a table of records; raises KeyError for any other."""
    return RECORD_BY_TABLE[table].table
