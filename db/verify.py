"""Checking the whole database: its file, references, search, rows, chain of runs, what is prepared.

What is checked is a copy, made in one go: it is of one moment, a run that writes meanwhile neither
does harm nor takes any, and the check of a search index, which is a statement that writes, changes
nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from db.captures import UNREAD
from db.connection import open_read_only
from db.list_events import renew_list_events
from db.manifests import manifest_faults
from db.reading_sizes import renew_sizes
from db.rows import load_rows
from parsers.records import RECORD_TYPES, content_hash

_TOLD = 20
"""Lines of SQLite's own report that are passed on."""
_RESTORE = "restore a copy of tracker.db"


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be, and what to do, in one line."""

    kind: str
    message: str


@dataclass(frozen=True)
class StoredDocument:
    """A document as the database knows it."""

    sha256: str
    size: int
    withheld: bool
    """Its bytes are not to be in the archive."""


@contextmanager
def snapshot(database: Path, folder: Path) -> Iterator[Database]:
    """Copy the database as it is at this moment into ``folder``, and open the copy.

    The original is only read. Raises DamagedDatabase if it is none of ours.
    """
    original = open_read_only(database)
    copy = sqlite3.connect(folder / "snapshot.db", isolation_level=None)
    try:
        original.conn.backup(copy)
        yield Database(copy, execute_plugins=False)
    finally:
        copy.close()
        original.close()


def database_findings(db: Database, advance: Callable[[], None]) -> Iterator[Finding]:
    """Yield what is wrong in a copy of the database; ``advance`` is called after each reading."""
    try:
        yield from _of_the_file(db)
        yield from _of_references(db)
        yield from _of_search(db)
        yield from _of_rows(db, advance)
        yield from _of_what_is_prepared(db)
        for fault in manifest_faults(db):
            said = f"run {fault.run_id}: {fault.reason}; compare tracker.db with a copy of then"
            yield Finding("manifest", said)
    except sqlite3.DatabaseError as error:
        yield Finding("database", f"tracker.db cannot be read on ({error}); {_RESTORE}")


def stored_documents(db: Database) -> list[StoredDocument]:
    """Return all documents that the database knows, by hash."""
    return [
        StoredDocument(row["sha256"], row["size"], bool(row["withheld"]))
        for row in db.query(
            """SELECT sha256, size, EXISTS (
                SELECT 1 FROM withheld_documents WHERE document_sha256 = sha256) AS withheld
            FROM documents ORDER BY sha256"""
        )
    ]


def count_readings(db: Database) -> int:
    """Return how many readings there are whose rows can be checked."""
    return int(db.execute(f"SELECT count(*) {_WITH_ROWS}").fetchone()[0])


def _of_the_file(db: Database) -> Iterator[Finding]:
    for (line,) in db.execute(f"PRAGMA integrity_check({_TOLD})"):
        if line != "ok":
            said = " ".join(str(line).split())
            yield Finding("database", f"tracker.db is damaged ({said}); {_RESTORE}")


def _of_references(db: Database) -> Iterator[Finding]:
    broken: dict[tuple[str, str], list[int]] = {}
    for table, row_id, parent, _ in db.execute("PRAGMA foreign_key_check"):
        broken.setdefault((table, parent), []).append(row_id)
    for (table, parent), ids in sorted(broken.items()):
        rows = f"{len(ids)} row{'' if len(ids) == 1 else 's'}"
        yield Finding(
            "reference",
            f"{rows} of {table} name what {parent} lacks (the first is {ids[0]}); {_RESTORE}",
        )


def _of_search(db: Database) -> Iterator[Finding]:
    # https://www.sqlite.org/fts5.html#the_integrity_check_command: with rank 1 it compares the
    # index with the table that it is of.
    tables = db.execute(
        """SELECT name FROM sqlite_master WHERE type = 'table'
        AND sql LIKE 'CREATE VIRTUAL TABLE%USING FTS5%' ORDER BY name"""
    ).fetchall()
    for (name,) in tables:
        try:
            db.execute(f"INSERT INTO {name}({name}, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError:
            said = f"the search index {name} is not that of its table"
            mend = (
                f"""sqlite3 tracker.db "INSERT INTO {name}({name}) VALUES ('rebuild')" mends it"""
            )
            yield Finding("search", f"{said}; {mend}")


def _of_what_is_prepared(db: Database) -> Iterator[Finding]:
    """What is derived when a document is accepted has to be what follows from the rest."""
    for table, group, renew in (
        ("list_events", "sources.id", renew_list_events),
        ("reading_sizes", "readings.id", renew_sizes),
    ):
        kept = f"SELECT * FROM {table} ORDER BY 1, 2"
        before = db.execute(kept).fetchall()
        of = group.partition(".")[0]
        for (each,) in db.execute(f"SELECT {group} FROM {of}").fetchall():
            renew(db, each)
        if db.execute(kept).fetchall() != before:
            yield _not_derived(table)
    kept = "SELECT capture_id, source_id FROM unread_captures ORDER BY 1"
    if db.execute(kept).fetchall() != db.execute(f"{UNREAD} ORDER BY 1").fetchall():
        yield _not_derived("unread_captures")


def _not_derived(table: str) -> Finding:
    return Finding("prepared", f"{table} is not what follows from the rest; {_RESTORE}")


_WITH_ROWS = """FROM readings WHERE content_hash IS NOT NULL AND document_sha256 NOT IN (
    SELECT document_sha256 FROM withheld_documents)"""


def _of_rows(db: Database, advance: Callable[[], None]) -> Iterator[Finding]:
    """A reading's content was hashed when it was read: its rows have to give that hash still."""
    readings = db.query(f"SELECT id, source_id, content_hash {_WITH_ROWS} ORDER BY id")
    for reading in list(readings):
        try:
            rows = [row for kind in RECORD_TYPES for row in load_rows(db, reading["id"], kind)]
            holds = content_hash(rows) == reading["content_hash"]
        except (ValueError, KeyError, TypeError):
            holds = False
        if not holds:
            said = (
                f"reading #{reading['id']} of {reading['source_id']}: its rows are not those read"
            )
            yield Finding("rows", f"{said}; {_RESTORE}, or `sanctuary replay` reads it again")
        advance()
