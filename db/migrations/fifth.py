"""What documents of several parts add: captures of a part."""

from __future__ import annotations

from sqlite_utils import Database

from db.migrations.registry import migrations

_BEFORE = "CHECK (role IN ('document', 'index'))"
_AFTER = "CHECK (role IN ('document', 'index', 'part'))"


@migrations()
def m005_parts_of_documents(db: Database) -> None:
    """Let a capture be that of a part.

    SQLite can alter a CHECK only by making the table anew (https://www.sqlite.org/lang_altertable
    .html, section 7). What refers to a capture is checked when all of them are there again.
    """
    made = "SELECT sql FROM sqlite_master WHERE tbl_name = 'captures' AND sql IS NOT NULL"
    table, *indexes = [row[0] for row in db.execute(f"{made} ORDER BY type = 'index'").fetchall()]
    db.execute("PRAGMA defer_foreign_keys = ON")
    db.execute("CREATE TEMP TABLE captures_before AS SELECT * FROM captures")
    for statement in (
        "DROP TABLE captures",
        table.replace(_BEFORE, _AFTER),
        "INSERT INTO captures SELECT * FROM captures_before",
        "DROP TABLE captures_before",
        *indexes,
    ):
        db.execute(statement)
