"""The texts of laws in SQL: those alone that a source lets be shown whole.

SQLite's authorizer closes a column and knows no rows (``sanctuary.site.guard``). So where one
source does not let all of its texts be shown, the columns of texts are empty for SQL, and functions
hand out what is open. Tables and views that show texts are made once more on each connection, as
views with a function in the place of the column; by their names they come before those of the file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Protocol

import sqlite_utils

from sanctuary.site.changes_published import TEXTS
from sanctuary.site.guard import TEXTS_BESIDE_OTHERS, texts_kept_off

_COLUMN = "section_texts.text AS body"
_FUNCTION = "section_text(policy_sections.text_id) AS body"
VIEWS_WITH_TEXTS = (
    *("current_policy_sections", "standing_policy_sections"),
    # Over the view of statements that is made here.
    *("current_statements", "standing_statements", "statements_and_notes"),
)
_OPEN_TEXT = """SELECT text FROM section_texts WHERE id = ? AND EXISTS (
    SELECT 1 FROM policy_sections JOIN readings ON readings.id = reading_id
    JOIN sources ON sources.id = readings.source_id
    WHERE text_id = section_texts.id AND publish = 'full')"""
_TEXTS_OF_CHANGES = ", ".join(f"('{table}', '{field}')" for table, field in sorted(TEXTS))
_OPEN_ROWS = {
    "change_fields": f"""JOIN changes ON changes.id = change_id
        JOIN sources ON sources.id = changes.source_id
        WHERE change_fields.id = ? AND (publish = 'full'
            OR (coalesce(table_name, ''), field) NOT IN (VALUES {_TEXTS_OF_CHANGES}))""",
    # Of a phrase that was found in no policy there is nothing to keep off.
    "quotes": """LEFT JOIN editions ON editions.id = policy_edition_id
        LEFT JOIN sources ON sources.id = editions.source_id
        WHERE quotes.id = ? AND coalesce(publish, 'full') = 'full'""",
    "statements": """JOIN readings ON readings.id = reading_id
        JOIN sources ON sources.id = readings.source_id
        WHERE statements.id = ? AND publish = 'full'""",
}
"""By table: how a row is found whose texts are open."""

Ask = Callable[..., str | None]


class Connects(Protocol):
    """What gives connections to a database, such as Datasette's."""

    def connect(self) -> sqlite3.Connection:
        """Return one more connection."""


def show_open_texts(connection: sqlite3.Connection, database: Connects) -> None:
    """Put on a connection the functions that hand out open texts, and the views that use them."""
    own: list[sqlite3.Connection] = []

    def ask(sql: str, *params: object) -> str | None:
        if not own:
            own.append(database.connect())
        row = own[0].execute(sql, params).fetchone()
        return None if row is None or row[0] is None else str(row[0])

    def all_are_open() -> bool:
        if not own:
            own.append(database.connect())
        return not texts_kept_off(sqlite_utils.Database(own[0], execute_plugins=False))

    connection.create_function("section_text", 1, lambda number: ask(_OPEN_TEXT, number))
    # Said to be deterministic, it is asked once for a statement.
    connection.create_function("all_texts_are_open", 0, all_are_open, deterministic=True)
    for table, columns in TEXTS_BESIDE_OTHERS.items():
        if _defined(connection, "table", table) is not None:
            for column in columns:
                _put_function(connection, ask, table, column)
            connection.execute(_view_of_table(connection, table))
    for view in VIEWS_WITH_TEXTS:
        sql = _defined(connection, "view", view)
        if sql is not None:
            sql = sql.replace("CREATE VIEW", "CREATE TEMP VIEW", 1).replace(_COLUMN, _FUNCTION)
            connection.execute(sql)


def _defined(connection: sqlite3.Connection, kind: str, name: str) -> str | None:
    row = connection.execute(
        "SELECT sql FROM main.sqlite_master WHERE type = ? AND name = ?", [kind, name]
    ).fetchone()
    return None if row is None else str(row[0])


def _put_function(connection: sqlite3.Connection, ask: Ask, table: str, column: str) -> None:
    sql = f"SELECT {table}.{column} FROM {table} {_OPEN_ROWS[table]}"
    connection.create_function(f"{table}_{column}", 1, lambda number: ask(sql, number))


def _view_of_table(connection: sqlite3.Connection, table: str) -> str:
    """Return the statement that makes a view by the name of a table, with its open texts."""
    texts = TEXTS_BESIDE_OTHERS[table]
    names = [row[1] for row in connection.execute(f"PRAGMA main.table_info([{table}])")]
    columns = ", ".join(
        f"iif(all_texts_are_open(), [{name}], {table}_{name}(id)) AS [{name}]"
        if name in texts
        else f"[{name}]"
        for name in names
    )
    return f"CREATE TEMP VIEW [{table}] AS SELECT {columns} FROM main.[{table}]"
