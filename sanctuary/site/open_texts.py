"""The texts of laws in SQL: those alone that a source lets be shown whole.

SQLite's authorizer closes a column and knows no rows (``sanctuary.site.guard``). So where one
source does not let all of its texts be shown, the column of texts is empty for SQL, and a function
hands out what is open. The views of sections are made once more on each connection, with the
function in the place of the column; by their names they come before those of the file.
"""

from __future__ import annotations

import sqlite3
from typing import Protocol

_COLUMN = "section_texts.text AS body"
_FUNCTION = "section_text(policy_sections.text_id) AS body"
_VIEWS = ("current_policy_sections", "standing_policy_sections")
_OPEN_TEXT = """SELECT text FROM section_texts WHERE id = ? AND EXISTS (
    SELECT 1 FROM policy_sections JOIN readings ON readings.id = reading_id
    JOIN sources ON sources.id = readings.source_id
    WHERE text_id = section_texts.id AND publish = 'full')"""


class Connects(Protocol):
    """What gives connections to a database, such as Datasette's."""

    def connect(self) -> sqlite3.Connection:
        """Return one more connection."""


def show_open_texts(connection: sqlite3.Connection, database: Connects) -> None:
    """Put the function ``section_text`` and the views that use it on a connection."""
    own: list[sqlite3.Connection] = []

    def section_text(text_id: object) -> str | None:
        if not own:
            own.append(database.connect())
        row = own[0].execute(_OPEN_TEXT, [text_id]).fetchone()
        return None if row is None else str(row[0])

    connection.create_function("section_text", 1, section_text)
    for view in _VIEWS:
        row = connection.execute(
            "SELECT sql FROM main.sqlite_master WHERE type = 'view' AND name = ?", [view]
        ).fetchone()
        if row is not None:
            sql = row[0].replace("CREATE VIEW", "CREATE TEMP VIEW", 1).replace(_COLUMN, _FUNCTION)
            connection.execute(sql)
