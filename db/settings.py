"""Settings that travel with the database, since whoever serves the file has to obey them."""

from __future__ import annotations

from sqlite_utils import Database


def save_individual_rows(db: Database, value: str) -> None:
    """Keep whether rows about individuals may be served: ``full``, ``counts`` or ``off``."""
    db.table("settings").upsert({"key": "individual_rows", "value": value}, pk="key")


def individual_rows(db: Database) -> str:
    """Return whether rows about individuals may be served; ``full`` where nothing was said."""
    row = db.execute("SELECT value FROM settings WHERE key = 'individual_rows'").fetchone()
    return str(row[0]) if row else "full"
