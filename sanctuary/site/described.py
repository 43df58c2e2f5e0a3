"""What Datasette's pages of tables and rows say in words, of what metadata.yml describes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlite_utils
from datasette.utils import tilde_decode

from db.row_address import RowAddress, address_of_row
from parsers.records import RECORD_BY_TABLE
from sanctuary.site.addresses import Addresses
from sanctuary.site.individuals import is_of_individuals
from sanctuary.site.ours import read, visible

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database


async def table_in_words(
    datasette: Datasette, database: Database, template: str, table: str
) -> dict[str, Any]:
    """Return what the template of a table, or of one of its rows, adds to it."""
    said = dict(datasette.table_metadata(database.name, table))
    columns = said.pop("columns", {})
    found: dict[str, Any] = {
        "sanctuary_table": {"title": said.get("title", table), "columns": columns},
        "sanctuary_unlisted": await is_of_individuals(database, table),
    }
    if template == "row.html":
        return {**found, "custom_table_templates": ["sanctuary_row.html"]}
    datasette.update_with_inherited_metadata(said)
    # The columns stand in a part of their own, and a title needs no "(view)" behind it.
    return {**found, "metadata": said, "is_view": False}


async def tables_in_words(datasette: Datasette, database: Database, actor: Any) -> dict[str, Any]:
    """Return what the template of a database adds to it: its tables by title, in good order."""
    said = (datasette.metadata("tables", database=database.name) or {}).items()
    shown = await visible(datasette, actor, database, [name for name, _ in said])
    there = await database.table_names() + await database.view_names()
    return {
        # The views of open texts are in the connection's own part, which nobody joins.
        "attached_databases": [],
        "sanctuary_tables": [
            {"name": name, "title": each["title"], "description": each["description"]}
            for name, each in said
            if name in shown and name in there and not each.get("hidden")
        ],
    }


async def row_in_words(
    database: Database, to: Addresses, table: str, request: Any
) -> dict[str, Any]:
    """Return where the row of a page was read, or the page of the document that it is."""
    key = tilde_decode(request.url_vars["pks"])
    if table == "documents":
        return {"sanctuary_document": to.document(key)}
    if table not in RECORD_BY_TABLE or not key.isdecimal():
        return {}

    def look(db: sqlite_utils.Database) -> RowAddress | None:
        return address_of_row(db, table, int(key))

    address = await read(database, look)
    return {"sanctuary_evidence": to.evidence(address)} if address else {}
