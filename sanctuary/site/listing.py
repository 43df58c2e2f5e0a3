"""What stands below a row of a list on Datasette's own page: its quotes, the way to its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlite_utils
from datasette.utils import tilde_decode

from sanctuary.claims import CLAIM_TABLES, LIMITS, Claim, claims_of_listing
from sanctuary.site.addresses import Addresses
from sanctuary.site.ours import read, visible

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database


async def beside_listing(datasette: Datasette, database: Database, request: Any) -> dict[str, Any]:
    """Return what the template of one listing's page adds to it."""
    tables = await visible(datasette, request.actor, database, CLAIM_TABLES)
    row_id = tilde_decode(request.url_vars["pks"])

    def look(db: sqlite_utils.Database) -> tuple[str, str | None, list[Claim]] | None:
        row = db.execute(
            """SELECT listings.id, jurisdiction, jurisdiction_id FROM listings
            LEFT JOIN jurisdiction_names ON jurisdiction_names.id = name_id
            WHERE listings.id = ?""",
            [row_id],
        ).fetchone()
        if row is None:
            return None
        return row[1], row[2], claims_of_listing(db, row[0]) if tables >= CLAIM_TABLES else []

    found = await read(database, look)
    if found is None:
        return {}
    printed, place, claims = found
    to = Addresses(datasette, database)
    return {
        "sanctuary_claims": claims,
        "sanctuary_limits": LIMITS,
        "sanctuary_place": to.place(place) if place else to.place_named(printed),
        "sanctuary_policies": to.policy,
    }
