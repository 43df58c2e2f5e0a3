"""What Datasette is to deny on our databases: what their settings close."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from db.settings import sql_is_open
from sanctuary.site.guard import RAW_TEXTS, texts_kept_off
from sanctuary.site.hooks import hookimpl
from sanctuary.site.individuals import download_closed, query_closed, table_closed
from sanctuary.site.ours import our_databases, read

if TYPE_CHECKING:
    from datasette.app import Datasette


@hookimpl(trylast=True)
def permission_allowed(
    datasette: Datasette, action: str, resource: Any
) -> Callable[[], Awaitable[bool | None]] | None:
    """Deny tables, views, queries and files that are closed, and SQL where the setting says so."""
    if action == "view-database-download":
        return lambda: _deny(download_closed(datasette, resource))
    if action == "view-table":
        return lambda: _deny(_table_closed(datasette, *resource))
    if action == "view-query":
        return lambda: _deny(query_closed(datasette, *resource))
    if action == "execute-sql":
        return lambda: _deny(_sql_closed(datasette, resource))
    return None


async def _deny(closed: Awaitable[bool]) -> bool | None:
    return False if await closed else None


async def _table_closed(datasette: Datasette, name: str, table: str) -> bool:
    """Say whether a table shows rows about individuals, or texts, that may not be shown."""
    if table.casefold() in RAW_TEXTS:
        ours = [each for each in await our_databases(datasette) if each.name == name]
        if any([await read(each, texts_kept_off) for each in ours]):
            return True
    return await table_closed(datasette, name, table)


async def _sql_closed(datasette: Datasette, name: str) -> bool:
    """Say whether visitors may not write SQL: to the database, or to one that reaches it."""
    ours = await our_databases(datasette)
    # The database _memory has all others at hand where the server joins them (--crossdb).
    asked = [each for each in ours if name in (each.name, "_memory")]
    return not all([await read(each, sql_is_open) for each in asked])
