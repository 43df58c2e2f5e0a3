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
from typing import TYPE_CHECKING

import sqlite_utils

from db.settings import individual_rows
from sanctuary.site.guard import CLOSED, is_closed, texts_kept_off
from sanctuary.site.ours import is_ours, read

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database


async def download_closed(datasette: Datasette, name: str | None) -> bool:
    """Say whether the file of a database may not be handed out."""
    database = datasette.databases.get(name)
    if database is None or not await is_ours(database):
        return False
    return await _level(datasette, name) != "full" or await read(database, texts_kept_off)


async def _level(datasette: Datasette, name: str | None) -> str:
    database = datasette.databases.get(name)
    if database is None or not await is_ours(database):
        return "full"
    # Asked for every table that a page mentions: on a connection that is open already.
    level: str = await database.execute_fn(lambda connection: individual_rows(_plain(connection)))
    return level


async def is_of_individuals(database: Database, table: str) -> bool:
    """Say whether a table or view shows rows about individuals, or a part of them."""
    return is_closed(table, "counts") or table in await database.execute_fn(
        lambda connection: _views_over_closed(_plain(connection), "counts")
    )


def _plain(connection: sqlite3.Connection) -> sqlite_utils.Database:
    return sqlite_utils.Database(connection, recursive_triggers=False, execute_plugins=False)


async def table_closed(datasette: Datasette, name: str, table: str) -> bool:
    """Say whether a table or view of a database may not be shown."""
    level = await _level(datasette, name)
    if level == "full":
        return False
    return is_closed(table, level) or table in await read(
        datasette.databases[name], lambda db: _views_over_closed(db, level)
    )


def _views_over_closed(db: sqlite_utils.Database, level: str) -> set[str]:
    """Return the views that name a closed table, or another such view."""
    definitions = {view.name: view.schema for view in db.views}
    closed = set(CLOSED[level])
    while True:
        word = re.compile(rf"\b({'|'.join(map(re.escape, closed))})\b")
        more = {name for name, sql in definitions.items() if word.search(sql)} | closed
        if more == closed:
            return closed & definitions.keys()
        closed = more


async def query_closed(datasette: Datasette, name: str, query: str) -> bool:
    """Say whether a ready query of a database asks for what may not be shown."""
    if await _level(datasette, name) == "full":
        return False
    canned = await datasette.get_canned_query(name, query, None)
    if not canned:
        return False
    refused: bool = await datasette.databases[name].execute_fn(
        lambda connection: _is_refused(connection, canned["sql"])
    )
    return refused


def _is_refused(connection: sqlite3.Connection, sql: str) -> bool:
    try:
        connection.execute(f"EXPLAIN {sql}", defaultdict(str))
    except sqlite3.DatabaseError as error:
        return error.sqlite_errorcode == sqlite3.SQLITE_AUTH
    return False
