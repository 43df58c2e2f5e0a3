"""What the cells of one page look up: each thing once, however many rows name it."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

import sqlite_utils

from db.cell_facts import places_around

if TYPE_CHECKING:
    from datasette.database import Database

Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")


@dataclass(frozen=True)
class _Page:
    of_row: bool
    """It is Datasette's page of one row, which shows all of it."""
    found: dict[Hashable, Any] = field(default_factory=dict)


_OF_ROW = re.compile(r"/[^/]+/(?!-/)[^/]+/[^/]+")
_page: ContextVar[_Page | None] = ContextVar("_page", default=None)


def begin_page(path: str) -> None:
    """Begin anew with what is looked up, for the page at ``path`` below the site's own address."""
    _page.set(_Page(of_row=_OF_ROW.fullmatch(path) is not None))


def shows_one_row() -> bool:
    """Say whether the page is one of Datasette's that shows one row, and it whole."""
    return _this_page().of_row


async def look_up(
    database: Database, look: Callable[[sqlite_utils.Database, Key], Found], key: Key
) -> Found:
    """Return what ``look`` finds in the database by ``key``, asked once for a page."""
    found = _this_page().found
    name = (database.name, look, key)
    if name not in found:
        found[name] = await database.execute_fn(
            lambda connection: look(
                sqlite_utils.Database(connection, recursive_triggers=False, execute_plugins=False),
                key,
            )
        )
    return cast("Found", found[name])


async def place_of_name(database: Database, name_id: int) -> str | None:
    """Return the id of the place that a printed name is taken for, None if it is not resolved."""
    known: dict[int, str | None] = _this_page().found.setdefault((database.name, "places"), {})
    if name_id not in known:
        known |= await look_up(database, places_around, name_id)
    return known.get(name_id)


def _this_page() -> _Page:
    """Return the page that is answered; outside of an answer nothing is kept."""
    return _page.get() or _Page(of_row=False)
