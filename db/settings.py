"""Settings that travel with the database, since whoever serves the file has to obey them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

INDIVIDUAL_ROWS = ("full", "counts", "off")
"""Rows about individuals are served; only their counts are; neither is."""


@dataclass(frozen=True)
class Serving:
    """What a sources file says of serving."""

    individual_rows: str
    """One of INDIVIDUAL_ROWS."""
    sql: str
    """``on`` or ``off``: whether a site answers SQL that visitors write."""


def save_serving(db: Database, wanted: Serving) -> None:
    """Keep what whoever serves the database has to obey."""
    save_individual_rows(db, wanted.individual_rows)
    if sql_is_open(db) != (wanted.sql == "on"):
        with db.atomic():
            write_setting(db, "sql", wanted.sql)


def serving(db: Database) -> Serving:
    """Return what whoever serves the database has to obey."""
    return Serving(individual_rows(db), "on" if sql_is_open(db) else "off")


def sql_is_open(db: Database) -> bool:
    """Say whether a site may answer SQL that visitors write.

    It may where nothing was said, and not at a word that this version does not know.
    """
    return setting(db, "sql") in (None, "on")


def save_individual_rows(db: Database, value: str) -> None:
    """Keep whether rows about individuals may be served: ``full``, ``counts`` or ``off``."""
    if individual_rows(db) == value:
        return
    with db.atomic():
        db.table("settings").upsert({"key": "individual_rows", "value": value}, pk="key")
        authorize_anew(db)


def authorize_anew(db: Database) -> None:
    """Let a server ask once more what each statement may read. Call it in a transaction."""
    # A statement that a server has prepared is not authorized again before the schema changes.
    version = db.execute("PRAGMA schema_version").fetchone()[0]
    db.execute(f"PRAGMA schema_version = {version + 1}")


def individual_rows(db: Database) -> str:
    """Return whether rows about individuals may be served.

    That is ``full`` where nothing was said, and ``off`` for a word that this version does not know.
    """
    row = db.execute("SELECT value FROM settings WHERE key = 'individual_rows'").fetchone()
    if row is None:
        return "full"
    return str(row[0]) if row[0] in INDIVIDUAL_ROWS else "off"


def setting(db: Database, key: str) -> str | None:
    """Return what is kept under a key, None if nothing is."""
    row = db.execute("SELECT value FROM settings WHERE key = ?", [key]).fetchone()
    return None if row is None else str(row[0])


def write_setting(db: Database, key: str, value: str) -> None:
    """Keep a value under a key. Call it in a transaction."""
    db.table("settings").upsert({"key": key, "value": value}, pk="key")
