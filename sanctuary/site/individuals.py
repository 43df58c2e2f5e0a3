"""Rows about individuals, where the setting of the database closes them.

Below ``full`` two guards that know nothing of each other deny them: Datasette's permissions, which
close the pages of tables and views, and SQLite's authorizer, which closes whatever SQL asks for
(permissions alone leave SQL and views open). The setting is asked each time, since it can change
while the database is served.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlite_utils

from db.settings import individual_rows
from parsers.records import RECORD_TYPES
from sanctuary.site.hooks import hookimpl
from sanctuary.site.ours import is_ours, read

if TYPE_CHECKING:
    from datasette.app import Datasette

_ROWS = frozenset({record.table for record in RECORD_TYPES if record.individual})
_CLOSED = {
    "full": frozenset[str](),
    # A virtual table that shows the raw pages of the file.
    "counts": _ROWS | {"detainer_offences", "sqlite_dbpage"},
    "off": _ROWS | {"detainer_offences", "sqlite_dbpage", "declined_counts"},
}
_EMPTIED = frozenset({("problems", "text")})
"""Printed text that a parser stumbled over: it may be a row about a person."""


def is_closed(table: str, level: str) -> bool:
    """Say whether a table, or one of its full-text tables, is closed at this level."""
    return any(table == each or table.startswith(f"{each}_fts") for each in _CLOSED[level])


def level_of(path: Path) -> str:
    """Return the setting of the database at ``path`` as it stands now; ``off`` if it has none."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            db = sqlite_utils.Database(connection, recursive_triggers=False, execute_plugins=False)
            return individual_rows(db)
    except sqlite3.Error:
        return "off"


def guard(connection: sqlite3.Connection, datasette: Datasette, name: str) -> None:
    """Let SQLite refuse to read what is closed, on a connection to the database of that name."""

    def level(schema: str | None) -> str:
        served = datasette.databases.get(name if schema in (None, "main") else schema)
        if served is None:
            return "off"
        return level_of(Path(served.path)) if served.path else "full"

    def authorize(
        action: int, first: str | None, second: str | None, schema: str | None, _view: str | None
    ) -> int:
        if action == sqlite3.SQLITE_READ:
            return _may_read(first or "", second or "", lambda: level(schema))
        if action == sqlite3.SQLITE_PRAGMA and first == "foreign_key_list":
            # Datasette counts the rows that point to a row, of closed tables too if it knew them.
            hidden = is_closed(second or "", "off") and is_closed(second or "", level(schema))
            return sqlite3.SQLITE_IGNORE if hidden else sqlite3.SQLITE_OK
        return sqlite3.SQLITE_OK

    connection.set_authorizer(authorize)


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


@hookimpl(trylast=True)
def permission_allowed(
    datasette: Datasette, action: str, resource: Any
) -> Callable[[], Awaitable[bool | None]] | None:
    """Deny tables, views and queries that are closed, and the download of the whole file."""
    if action == "view-database-download":
        return lambda: _deny_download(datasette, resource)
    if action == "view-table":
        return lambda: _deny_table(datasette, *resource)
    if action == "view-query":
        return lambda: _deny_query(datasette, *resource)
    return None


async def download_closed(datasette: Datasette, name: str | None) -> bool:
    """Say whether the file of a database may not be handed out."""
    return await _level(datasette, name) != "full"


async def _level(datasette: Datasette, name: str | None) -> str:
    database = datasette.databases.get(name)
    if database is None or not await is_ours(database):
        return "full"
    return await read(database, individual_rows)


async def _deny_download(datasette: Datasette, name: str) -> bool | None:
    return False if await download_closed(datasette, name) else None


async def _deny_table(datasette: Datasette, name: str, table: str) -> bool | None:
    level = await _level(datasette, name)
    if level == "full":
        return None
    closed = is_closed(table, level) or table in await read(
        datasette.databases[name], lambda db: _views_over_closed(db, level)
    )
    return False if closed else None


def _views_over_closed(db: sqlite_utils.Database, level: str) -> set[str]:
    """Return the views that name a closed table, or another such view."""
    definitions = {view.name: view.schema for view in db.views}
    closed = set(_CLOSED[level])
    while True:
        word = re.compile(rf"\b({'|'.join(map(re.escape, closed))})\b")
        more = {name for name, sql in definitions.items() if word.search(sql)} | closed
        if more == closed:
            return closed & definitions.keys()
        closed = more


async def _deny_query(datasette: Datasette, name: str, query: str) -> bool | None:
    if await _level(datasette, name) == "full":
        return None
    canned = await datasette.get_canned_query(name, query, None)
    closed = canned and await datasette.databases[name].execute_fn(
        lambda connection: _is_refused(connection, canned["sql"])
    )
    return False if closed else None


def _is_refused(connection: sqlite3.Connection, sql: str) -> bool:
    try:
        connection.execute(f"EXPLAIN {sql}", defaultdict(str))
    except sqlite3.DatabaseError as error:
        return error.sqlite_errorcode == sqlite3.SQLITE_AUTH
    return False
