"""What SQLite refuses to read on a connection: rows about individuals, and the texts of laws.

Both are asked for each time that a statement is prepared, since they can change while the database
is served.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import sqlite_utils

from db.settings import individual_rows
from parsers.records import RECORD_TYPES

if TYPE_CHECKING:
    from datasette.app import Datasette

Found = TypeVar("Found")

_ROWS = frozenset({record.table for record in RECORD_TYPES if record.individual}) | {"facilities"}
"""With the names of facilities, which come from these rows alone."""
CLOSED = {
    "full": frozenset[str](),
    # A virtual table that shows the raw pages of the file.
    "counts": _ROWS | {"detainer_offences", "sqlite_dbpage"},
    "off": _ROWS | {"detainer_offences", "sqlite_dbpage", "declined_counts", "row_counts"},
}
"""The tables that are closed, by the setting on rows about individuals."""
_EMPTIED = frozenset({("problems", "text")})
"""Printed text that a parser stumbled over: it may be a row about a person."""
TEXTS_BESIDE_OTHERS = {
    "change_fields": ("before", "after"),
    "quotes": ("found_text", "differences"),
    "statements": ("text",),
}
"""By table: columns that hold texts of laws and of what is said of lists, beside what is open."""
_TEXTS = frozenset(
    {("section_texts", "text"), ("problems", "text")}
    | {(table, column) for table, columns in TEXTS_BESIDE_OTHERS.items() for column in columns}
)
"""All columns that hold such texts, as printed."""
_REFUSED = frozenset({"json_patch"})
"""Functions whose time grows with the product of two texts, which nobody needs here."""
RAW_TEXTS = frozenset({"section_texts_fts_data", "sqlite_dbpage"})
"""From which they could be put together: the index of their words, the pages of the file."""


def is_closed(table: str, level: str) -> bool:
    """Say whether a table, or one of its full-text tables, is closed at this level."""
    return any(table == each or table.startswith(f"{each}_fts") for each in CLOSED[level])


def texts_kept_off(db: sqlite_utils.Database) -> bool:
    """Say whether the texts of any source may not be shown whole (``publish``)."""
    sql = "SELECT EXISTS (SELECT 1 FROM sources WHERE publish != 'full')"
    return bool(db.execute(sql).fetchone()[0])


class _Settings:
    """The settings of databases as they stand at each question: hundreds for one statement."""

    def __init__(self) -> None:
        self._open: dict[Path, sqlite3.Connection] = {}

    def level(self, path: Path) -> str:
        """Return which rows about individuals are shown; ``off`` if the file does not say."""
        try:
            return individual_rows(self._at(path))
        except sqlite3.Error:
            return "off"

    def texts_closed(self, path: Path) -> bool:
        """Say whether texts are kept off; they are if the file does not say."""
        try:
            return texts_kept_off(self._at(path))
        except sqlite3.Error:
            return True

    def _at(self, path: Path) -> sqlite_utils.Database:
        if path not in self._open:
            address = f"{path.resolve().as_uri()}?mode=ro"
            # The guarded connection goes from thread to thread.
            self._open[path] = sqlite3.connect(address, uri=True, check_same_thread=False)
        return sqlite_utils.Database(
            self._open[path], recursive_triggers=False, execute_plugins=False
        )


def guard(connection: sqlite3.Connection, datasette: Datasette, name: str) -> None:
    """Let SQLite refuse to read what is closed, on a connection to the database of that name."""
    settings = _Settings()

    def ask(
        schema: str | None, look: Callable[[Path], Found], closed: Found, opened: Found
    ) -> Found:
        served = datasette.databases.get(name if schema in (None, "main", "temp") else schema)
        if served is None:
            return closed
        return look(Path(served.path)) if served.path else opened

    def authorize(
        action: int, first: str | None, second: str | None, schema: str | None, _view: str | None
    ) -> int:
        if action == sqlite3.SQLITE_FUNCTION and second in _REFUSED:
            return sqlite3.SQLITE_DENY
        # What the views of a connection show is what is open (``sanctuary.site.open_texts``).
        is_read = action == sqlite3.SQLITE_READ and schema != "temp"
        of_texts = is_read and second and _is_of_texts(first, second)
        if of_texts and ask(schema, settings.texts_closed, closed=True, opened=False):
            return sqlite3.SQLITE_DENY if first in RAW_TEXTS else sqlite3.SQLITE_IGNORE
        return _of_rows(action, first, second, lambda: ask(schema, settings.level, "off", "full"))

    connection.set_authorizer(authorize)


def guard_ours(connection: sqlite3.Connection, path: Path) -> None:
    """Let SQLite refuse rows about individuals to our own pages, which keep texts off by source."""
    settings = _Settings()

    def authorize(
        action: int, first: str | None, second: str | None, _schema: str | None, _view: str | None
    ) -> int:
        return _of_rows(action, first, second, lambda: settings.level(path))

    connection.set_authorizer(authorize)


def _is_of_texts(table: str | None, column: str) -> bool:
    return table in RAW_TEXTS or (table, column) in _TEXTS


def _of_rows(action: int, first: str | None, second: str | None, level: Callable[[], str]) -> int:
    """Return SQLite's word on rows about individuals."""
    if action == sqlite3.SQLITE_READ:
        return _may_read(first or "", second or "", level)
    if action == sqlite3.SQLITE_PRAGMA and first == "foreign_key_list":
        # Datasette counts the rows that point to a row, of closed tables too if it knew them.
        hidden = is_closed(second or "", "off") and is_closed(second or "", level())
        return sqlite3.SQLITE_IGNORE if hidden else sqlite3.SQLITE_OK
    return sqlite3.SQLITE_OK


def _may_read(table: str, column: str, level: Callable[[], str]) -> int:
    """Return SQLite's word for reading a column; ``level`` is only asked where it counts."""
    if (table, column) in _EMPTIED and level() != "full":
        return sqlite3.SQLITE_IGNORE
    if not is_closed(table, "off"):
        return sqlite3.SQLITE_OK
    today = level()
    # Datasette counts the rows of every table; SQLite then names no column.
    only_counted = column == "" and today == "counts"
    if only_counted or not is_closed(table, today):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY
