"""The names that rows print of their places, each once for its source and what stands around it.

A name is noted with the row that prints it; for which jurisdiction it is taken is written beside
it later (``resolve``), and can be decided otherwise by a person. Rows only point to the name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlite_utils import Database

from parsers.records import (
    RECORD_BY_TABLE,
    Agreement,
    Jurisdiction,
    NameMatch,
    PrintedName,
    Record,
)

CONTEXT: Mapping[str, tuple[str, ...]] = {
    "agreements": ("state", "county", "agency_type"),
    "listings": ("state", "level"),
    "detainer_counts": ("level",),
}
"""The columns of a table that say more of the name beside them."""
TABLES = tuple(table for table, record in RECORD_BY_TABLE.items() if record.place is not None)
"""The tables whose rows name a place; each has a column ``name_id``."""


def note_names(db: Database, reading_id: int, rows: Sequence[Record]) -> list[int | None]:
    """Note the names that rows of one table print; return the id of each row's name.

    None stands for a row that prints none. The rows are about to be stored under a reading. Call it
    in the transaction that does so.
    """
    if not rows:
        return []
    source_id = str(
        db.execute("SELECT source_id FROM readings WHERE id = ?", [reading_id]).fetchone()[0]
    )
    printed = [_name_in(row) for row in rows]
    names = [*dict.fromkeys(printed)]
    table = rows[0].table
    given = {"source": source_id, "names": json.dumps(names)}
    context = _object(table, [f"value ->> {number}" for number in range(1, len(names[0]))])
    db.execute(
        f"""INSERT OR IGNORE INTO jurisdiction_names (source_id, printed, context)
        SELECT :source, value ->> 0, {context} FROM json_each(:names)
        WHERE value ->> 0 IS NOT NULL ORDER BY key""",
        given,
    )
    found = db.execute(
        f"""SELECT key, jurisdiction_names.id FROM json_each(:names)
        CROSS JOIN jurisdiction_names ON source_id = :source AND printed = value ->> 0
            AND context = {context}""",
        given,
    )
    ids = {names[number]: int(name_id) for number, name_id in found}
    return [ids.get(name) for name in printed]


def name_of(db: Database, source_id: str, record: Record) -> int | None:
    """Return the id of the name that ``record``, a row of a source, prints; None if it has none."""
    return _find(db, source_id, record.table, _name_in(record)) if record.place else None


def _name_in(row: Record) -> tuple[str | None, ...]:
    """Return what a row prints of its place, and what stands around it."""
    printed = getattr(row, row.place or "")
    if printed is None and isinstance(row, Agreement):
        printed = row.agency_text
    return (printed, *(getattr(row, name) for name in CONTEXT.get(row.table, ())))


def _find(db: Database, source_id: str, table: str, name: tuple[str | None, ...]) -> int | None:
    row = db.execute(
        f"""SELECT id FROM jurisdiction_names
        WHERE source_id = ? AND printed = ? AND context = {_object(table, "?" * len(name[1:]))}""",
        [source_id, *name],
    ).fetchone()
    return int(row[0]) if row else None


def _object(table: str, values: Sequence[str]) -> str:
    """Return in SQL the JSON of what stands around a name of a table."""
    pairs = zip(CONTEXT.get(table, ()), values, strict=True)
    return f"json_object({', '.join(f'{name!r}, {value}' for name, value in pairs)})"


def note_source_name(db: Database, source_id: str, printed: str) -> None:
    """Note the name of the place whose policy a source is, as its entry prints it."""
    db.execute(
        """INSERT OR IGNORE INTO jurisdiction_names (source_id, printed, context)
        VALUES (?, ?, json_object())""",
        [source_id, printed],
    )


@dataclass(frozen=True)
class NotedName:
    """A name as it is noted: whose it is, and what is printed."""

    id: int
    source_id: str
    name: PrintedName


def names_to_resolve(db: Database) -> list[NotedName]:
    """Return the names that nobody has tried to resolve yet, in the order they were noted."""
    rows = db.query(
        """SELECT id, source_id, printed, context FROM jurisdiction_names
        WHERE status = 'new' ORDER BY id"""
    )
    return [_noted(row) for row in rows]


def sources_named_anew(db: Database) -> list[str]:
    """Return the sources of names that wait to be resolved and were taken for a place before."""
    rows = db.execute(
        """SELECT DISTINCT source_id FROM jurisdiction_names
        WHERE status = 'new' AND jurisdiction_id IS NOT NULL ORDER BY source_id"""
    )
    return [row[0] for row in rows]


def _noted(row: dict[str, Any]) -> NotedName:
    name = PrintedName(row["printed"], **json.loads(row["context"]))
    return NotedName(row["id"], row["source_id"], name)


def resolve(
    db: Database, name_id: int, match: NameMatch, known: tuple[Jurisdiction, ...], reviewed: bool
) -> None:
    """Write beside a name for which jurisdiction it is taken. Call it in a transaction.

    ``known`` is that jurisdiction with all that it lies in, the outermost first; ``reviewed`` says
    whether a person decided it.
    """
    for jurisdiction in known:
        _know(db, jurisdiction)
    db.table("jurisdiction_names").update(
        name_id,
        {
            "jurisdiction_id": match.jurisdiction.id if match.jurisdiction else None,
            "status": "resolved" if match.jurisdiction else "unresolved",
            "method": match.method,
            "reason": match.reason,
            "score": match.score,
            "misspelt": match.misspelt,
            "candidates": json.dumps(match.candidates),
            "reviewed": reviewed,
        },
    )


def _know(db: Database, jurisdiction: Jurisdiction) -> None:
    """Write a jurisdiction. Of one that is made as printed the name is none of the first print."""
    row = asdict(jurisdiction)
    if jurisdiction.authority == "printed":
        before = db.execute(
            "SELECT name FROM jurisdictions WHERE id = ? AND authority = 'printed'",
            [jurisdiction.id],
        ).fetchone()
        # Of prints that differ in case alone, small letters sort last and read best.
        row["name"] = max(jurisdiction.name, before[0]) if before else jurisdiction.name
    db.table("jurisdictions").upsert(row, pk="id")


def name_anew(db: Database, name_ids: Iterable[int]) -> None:
    """Let names be resolved anew. Call it in a transaction."""
    for name_id in name_ids:
        db.execute("UPDATE jurisdiction_names SET status = 'new' WHERE id = ?", [name_id])


def unprinted(source_id: str) -> str:
    """Return in SQL which names of a source are printed by none of its rows, nor its entry."""
    rows = " UNION ALL ".join(
        f"SELECT name_id FROM {table} WHERE name_id IS NOT NULL" for table in (*TABLES, "changes")
    )
    source = source_id.replace("'", "''")
    return f"""source_id = '{source}' AND id NOT IN ({rows}) AND NOT EXISTS (
        SELECT 1 FROM sources WHERE sources.id = source_id AND sources.jurisdiction = printed
        AND context = '{{}}')"""


def forget_unnamed(db: Database) -> None:
    """Take out the jurisdictions that nothing names any more. Call it in a transaction."""
    named = """id NOT IN (SELECT jurisdiction_id FROM jurisdiction_names
            WHERE jurisdiction_id IS NOT NULL)
        AND id NOT IN (SELECT location_id FROM facilities WHERE location_id IS NOT NULL)
        AND id NOT IN (SELECT operator_id FROM facilities WHERE operator_id IS NOT NULL)
        AND id NOT IN (SELECT jurisdiction_id FROM notes WHERE jurisdiction_id IS NOT NULL)
        AND id NOT IN (SELECT parent_id FROM jurisdictions WHERE parent_id IS NOT NULL)"""
    while db.execute(f"DELETE FROM jurisdictions WHERE {named}").rowcount:
        pass


@dataclass(frozen=True)
class WrittenName:
    """A name, and what is written beside it."""

    noted: NotedName
    jurisdiction: Jurisdiction | None
    reason: str | None
    reviewed: bool


def known_jurisdictions(db: Database) -> dict[str, Jurisdiction]:
    """Return all jurisdictions that something names, or lies in, by their ids."""
    return {row["id"]: Jurisdiction(**row) for row in db.query("SELECT * FROM jurisdictions")}


def all_names(db: Database) -> list[WrittenName]:
    """Return all names with what they are taken for, in the order they were noted."""
    known = known_jurisdictions(db)
    return [
        WrittenName(
            _noted(row), known.get(row["jurisdiction_id"]), row["reason"], bool(row["reviewed"])
        )
        for row in db.query("SELECT * FROM jurisdiction_names ORDER BY id")
    ]


def write_geoid_changes(db: Database, changes: list[dict[str, Any]]) -> None:
    """Write which counties took the place of which over what was known. Call it in a transaction.

    Each has ``geoid_before``, ``geoid_after``, ``since``, ``relation`` and ``note``.
    """
    columns = "geoid_before, geoid_after, since, relation, note"
    there = list(db.query(f"SELECT {columns} FROM geoid_changes ORDER BY 1, 2"))
    if there != sorted(changes, key=lambda each: (each["geoid_before"], each["geoid_after"])):
        db.execute("DELETE FROM geoid_changes")
        db.table("geoid_changes").insert_all(changes)
