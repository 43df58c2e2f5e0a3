"""Cells that hold a list, shown as its lines on Datasette's own pages."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from markupsafe import Markup

from sanctuary.site.hooks import hookimpl
from sanctuary.site.ours import is_ours

if TYPE_CHECKING:
    from datasette.app import Datasette

_LISTS = frozenset({"criteria"})
"""Columns whose values are JSON lists of texts."""


@hookimpl
def render_cell(
    value: object, column: str, database: str, datasette: Datasette
) -> Callable[[], Awaitable[Markup | None]] | None:
    """Show a list of texts as one line each; any other cell as Datasette does."""
    if column not in _LISTS or not isinstance(value, str):
        return None

    async def lines() -> Markup | None:
        if not await is_ours(datasette.get_database(database)):
            return None
        try:
            items = json.loads(value)
        except ValueError:
            return None
        if not isinstance(items, list):
            return None
        return Markup("<br>").join(str(item) for item in items)

    return lines
