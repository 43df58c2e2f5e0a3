"""What Datasette does unasked on the page of a table, and does not do where the table is large.

It counts the rows, and those of each value of some columns. Over a view each of these is a join of
all its tables anew, which takes many times as long as the page.
"""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from datasette.utils import tilde_decode

from db.cell_facts import newest_number
from parsers.records import RECORD_BY_TABLE
from sanctuary.site.ours import is_ours
from sanctuary.site.page_facts import look_up

if TYPE_CHECKING:
    from datasette.app import Datasette

LARGEST_TABLE = 100_000
LARGEST_VIEW = 20_000
"""Rows, from which on nothing is done unasked."""

_PAGE = re.compile(r"/([^/.]+)/([^/.]+)")
_VIEWS = {
    **{f"{kind}_{table}": table for table in RECORD_BY_TABLE for kind in ("current", "standing")},
    "current_changes": "changes",
    "current_declined_counts": "declined_counts",
    "claim_dates": "listings",
    "list_events": "captures",
    "observations": "captures",
}
"""By view: the table that it shows most of."""
_TABLES = frozenset(
    {
        *RECORD_BY_TABLE,
        *("changes", "change_fields", "declined_counts", "captures", "section_texts"),
        *("section_events", "quotes", "checks", "problems", "jurisdiction_names"),
    }
)


async def without_what_is_slow(datasette: Datasette, path: str, query: bytes) -> bytes:
    """Return what the address of a page asks, and for a large table to leave out what is slow.

    ``path`` is below the site's own address. Who asks for counts of a column gets them.
    """
    match = _PAGE.fullmatch(path)
    if match is None:
        return query
    name, table = (tilde_decode(each) for each in match.groups())
    of_view = table in _VIEWS
    database = datasette.databases.get(name)
    if database is None or not (of_view or table in _TABLES) or not await is_ours(database):
        return query
    try:
        rows = await look_up(database, newest_number, _VIEWS.get(table, table))
    except sqlite3.DatabaseError:
        return query  # It is closed, which Datasette is to say.
    if rows <= (LARGEST_VIEW if of_view else LARGEST_TABLE):
        return query
    asked = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    names = {each for each, _ in asked}
    left_out = ["_nocount"] if of_view else []
    if not any(each.startswith("_facet") for each in names):
        left_out.append("_nofacet")
    more = urlencode([(each, "1") for each in left_out if each not in names])
    return b"&".join(each for each in (query, more.encode()) if each)
