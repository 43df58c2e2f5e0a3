"""Which of the databases that Datasette serves are the tracker's, and how to read them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakSet

import sqlite_utils
from datasette.utils import tilde_decode
from datasette.utils.asgi import NotFound

from db.connection import carries_our_mark
from sanctuary.site.guard import guard_ours

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database

Found = TypeVar("Found")

_known: WeakSet[Database] = WeakSet()


async def is_ours(database: Database) -> bool:
    """Say whether a database that Datasette serves carries the mark of our schema."""
    if database in _known:
        return True
    if database.is_memory or not await database.execute_fn(carries_our_mark):
        return False
    _known.add(database)
    return True


async def our_databases(datasette: Datasette) -> list[Database]:
    """Return the tracker's databases among those that are served."""
    return [each for each in datasette.databases.values() if await is_ours(each)]


async def our_database(datasette: Datasette, route: str) -> Database:
    """Return the tracker's database that an address names.

    Raises NotFound if there is none of that name, or it is not the tracker's.
    """
    try:
        database = datasette.get_database(route=tilde_decode(route))
    except KeyError:
        raise NotFound("Database not found") from None
    if not await is_ours(database):
        raise NotFound("This database has no such page")
    return database


def own_connection(database: Database) -> sqlite3.Connection:
    """Return a connection to the database for our own reading; it is for the caller to close."""
    path = Path(database.path)
    query = "mode=ro" if database.is_mutable else "immutable=1"
    address = f"{path.resolve().as_uri()}?{query}{'&nolock=1' if database.ds.nolock else ''}"
    connection = sqlite3.connect(address, uri=True, check_same_thread=False)
    guard_ours(connection, path)
    return connection


async def read(database: Database, look: Callable[[sqlite_utils.Database], Found]) -> Found:
    """Return what ``look`` finds in the database as it stands at one moment, off the event loop.

    The limits on SQL that others write do not hold here: it has a connection of its own, which
    reads all but rows about individuals. What of the rest is shown is for ``look`` to say.
    """

    def in_one_snapshot(_: sqlite3.Connection) -> Found:
        with closing(own_connection(database)) as connection:
            db = sqlite_utils.Database(connection, recursive_triggers=False, execute_plugins=False)
            with db.atomic():
                return look(db)

    found: Found = await database.execute_fn(in_one_snapshot)
    return found


async def may_view(datasette: Datasette, actor: Any, database: Database) -> bool:
    """Say whether ``actor`` may see the database at all."""
    visible, _ = await datasette.check_visibility(
        actor, permissions=[("view-database", database.name), "view-instance"]
    )
    return bool(visible)


async def visible(
    datasette: Datasette, actor: Any, database: Database, tables: Iterable[str]
) -> frozenset[str]:
    """Return those of ``tables`` that ``actor`` may see."""
    return frozenset(
        [
            table
            for table in tables
            if await datasette.permission_allowed(
                actor, "view-table", (database.name, table), default=True
            )
        ]
    )
