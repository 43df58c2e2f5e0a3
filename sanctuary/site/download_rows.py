"""The rows of one table for a download: on a connection of its own, under the guards of SQL.

The guards are those of the SQL that anybody may write (``sanctuary.site.guard``,
``sanctuary.site.open_texts``); the limits on its time and size are not, since rows leave as they
are read and are never held together.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import sqlite_utils

from sanctuary.site.guard import guard, texts_kept_off
from sanctuary.site.open_texts import show_open_texts
from sanctuary.site.ours import own_connection

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database

Value = str | int | float | None
Row = tuple[Value, ...]

_NOTICES = {
    "reading_id": "(SELECT notice FROM readings WHERE id = shown.reading_id)",
    "edition_after_id": """(SELECT notice FROM readings JOIN edition_readings
        ON reading_id = readings.id AND edition_readings.superseded_at IS NULL
        WHERE edition_id = coalesce(shown.edition_after_id, shown.edition_before_id))""",
}
"""How the notice of a row's document is found, by the column that leads to it."""


class Column(NamedTuple):
    """A column of a table, and the type that SQLite declares for it; empty where it does none."""

    name: str
    type: str


class TableRows:
    """The rows of a table or view, with the notice of their document where they lead to one."""

    def __init__(self, datasette: Datasette, database: Database, table: str) -> None:
        """Take a table that exists and that may be seen."""
        self._datasette = datasette
        self._database = database
        self._table = table
        self._opened: list[sqlite3.Connection] = []

    def __enter__(self) -> TableRows:
        self._connection = self.connect()
        # Where all texts are open, the function that tells which are would only take time.
        if texts_kept_off(sqlite_utils.Database(self._connection, execute_plugins=False)):
            show_open_texts(self._connection, self)
        guard(self._connection, self._datasette, self._database.name)
        columns = [
            Column(row[1], row[2].upper())
            for row in self._connection.execute(f"PRAGMA table_info([{self._table}])")
        ]
        names = {column.name for column in columns}
        self._notice = None
        if "notice" not in names:
            self._notice = next((sql for name, sql in _NOTICES.items() if name in names), None)
        self.columns = [*columns, *([Column("notice", "TEXT")] if self._notice else [])]
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self._opened:
            connection.close()

    def connect(self) -> sqlite3.Connection:
        """Return another connection to the database, which is closed with this."""
        connection = own_connection(self._database)
        self._opened.append(connection)
        return connection

    def __iter__(self) -> Iterator[Row]:
        notice = f", {self._notice}" if self._notice else ""
        yield from self._connection.execute(f"SELECT shown.*{notice} FROM [{self._table}] AS shown")
