"""What stands beside a row on Datasette's own pages: its corrections, and what others say of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import sqlite_utils
from datasette.utils import tilde_decode
from markupsafe import Markup

from db.cell_facts import has_corrections
from db.corrected import VIEWS, marks_of_row
from db.statements import Said, statements_about
from sanctuary.site import cells
from sanctuary.site.hooks import hookimpl
from sanctuary.site.ours import is_ours, read, visible
from sanctuary.site.page_facts import look_up

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database

_COLUMNS = {table: "value" if table == "declined_counts" else "jurisdiction" for table in VIEWS}
"""By table: the column beside whose value the mark stands. Views have a column of their own."""
_SAYING = frozenset({"statements", "notes"})


@hookimpl
def render_cell(
    row: sqlite3.Row,
    value: object,
    column: str,
    table: str | None,
    database: str,
    datasette: Datasette,
) -> Callable[[], Awaitable[Markup | None]] | None:
    """Show what ``sanctuary.site.cells`` shows, and after a corrected place what was said of it."""
    shown = cells.render_cell(row, value, column, table, database, datasette)
    if table is None or _COLUMNS.get(table) != column or "id" not in row.keys():  # noqa: SIM118
        return shown
    return lambda: _marked(datasette, database, table, row["id"], str(value), shown)


async def _marked(
    datasette: Datasette,
    name: str,
    table: str,
    row_id: int,
    value: str,
    shown: Callable[[], Awaitable[Markup | None]] | None,
) -> Markup | None:
    content = await shown() if shown else None
    database = datasette.get_database(name)
    if not await is_ours(database) or not await look_up(database, has_corrections, None):
        return content

    def look(connection: sqlite3.Connection) -> list[str]:
        db = sqlite_utils.Database(connection, recursive_triggers=False, execute_plugins=False)
        return [mark.said for mark in marks_of_row(db, table, row_id)]

    marks = await database.execute_fn(look)
    if not marks:
        return content
    lines = Markup("").join(
        Markup('<p class="sanctuary-correction">{}</p>').format(said) for said in marks
    )
    return Markup("{}{}").format(value if content is None else content, lines)


async def said_of_listing(
    datasette: Datasette, database: Database, request: Any
) -> dict[str, list[Said]]:
    """Return what others say of a listing, for the template of its page."""
    if not await visible(datasette, request.actor, database, _SAYING) >= _SAYING:
        return {}
    row_id = tilde_decode(request.url_vars["pks"])

    def look(db: sqlite_utils.Database) -> list[Said]:
        rows = db.query(
            """SELECT readings.source_id, row_key, jurisdiction_id,
                jurisdiction || coalesce(', ' || state, '') AS printed
            FROM listings JOIN readings ON readings.id = reading_id
            LEFT JOIN jurisdiction_names ON jurisdiction_names.id = name_id
            WHERE listings.id = ?""",
            [row_id],
        )
        return [said for row in rows for said in statements_about(db, **row)]

    return {"sanctuary_said": await read(database, look)}
