"""Cells of Datasette's own pages that hold a list, or name what has a page of its own."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from markupsafe import Markup

from sanctuary.site.addresses import Addresses
from sanctuary.site.hooks import hookimpl
from sanctuary.site.ours import is_ours

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database

_LISTS = frozenset({"criteria", "lists_say"})
"""Columns whose values are JSON lists of texts."""
_POLICIES = frozenset({"current_policies", "standing_policies"})
_NAMING = frozenset(
    {
        *("listings", "current_listings", "standing_listings"),
        *("detainer_counts", "current_detainer_counts"),
    }
)
"""Tables and views whose column ``jurisdiction`` prints a place."""


@hookimpl
def render_cell(
    row: sqlite3.Row,
    value: object,
    column: str,
    table: str | None,
    database: str,
    datasette: Datasette,
) -> Callable[[], Awaitable[Markup | None]] | None:
    """Show a list of texts as one line each, a policy or place as a link to its page.

    Any other cell is shown as Datasette does.
    """
    if not isinstance(value, str) or not value:
        return None
    if column in _LISTS:
        return lambda: _in_ours(datasette, database, lambda _: _lines(value))
    if column == "title" and (table in _POLICIES or table == "sources"):
        source = row["source_id"] if table in _POLICIES else _policy_of(row)
        if source is None:
            return None
        return lambda: _in_ours(
            datasette,
            database,
            lambda found: _link(Addresses(datasette, found).policy(source), value),
        )
    if column == "jurisdiction_id" or (table == "jurisdictions" and column == "name"):
        place = value if column == "jurisdiction_id" else str(row["id"])
        return lambda: _in_ours(
            datasette,
            database,
            lambda found: _link(Addresses(datasette, found).place(place), value),
        )
    if table in _NAMING and column == "jurisdiction":
        return lambda: _place(datasette, database, row, value)
    return None


async def _place(datasette: Datasette, name: str, row: sqlite3.Row, printed: str) -> Markup | None:
    """Return a link to the place that a printed name is taken for, or to what prints it."""
    database = datasette.get_database(name)
    if not await is_ours(database):
        return None
    known = set(row.keys())
    place = row["jurisdiction_id"] if "jurisdiction_id" in known else None
    if place is None and "name_id" in known:
        place = await _jurisdiction_of(database, row["name_id"])
    if place is None:
        return _link(Addresses(datasette, database).place_named(printed), printed)
    return _link(Addresses(datasette, database).place(place), printed)


async def _jurisdiction_of(database: Database, name: object) -> str | None:
    """Return the id of the place that a printed name is taken for, None if it is not resolved.

    Datasette gives the id of another row alone, or with a label.
    """
    name_id = name["value"] if isinstance(name, dict) else name
    sql = "SELECT jurisdiction_id FROM jurisdiction_names WHERE id = ?"
    found = (await database.execute(sql, [name_id])).first()
    return found[0] if found else None


async def _in_ours(
    datasette: Datasette, name: str, show: Callable[[Database], Markup | None]
) -> Markup | None:
    """Return what ``show`` makes of a cell of the tracker's database, None for a stranger's."""
    database = datasette.get_database(name)
    return show(database) if await is_ours(database) else None


def _policy_of(row: sqlite3.Row) -> str | None:
    """Return the id of a source if it is one of policies."""
    known = {"id", "jurisdiction"} <= set(row.keys())
    return str(row["id"]) if known and row["jurisdiction"] else None


def _link(address: str, text: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(address, text)


def _lines(value: str) -> Markup | None:
    try:
        items = json.loads(value)
    except ValueError:
        return None
    if not isinstance(items, list):
        return None
    return Markup("<br>").join(str(item) for item in items)
