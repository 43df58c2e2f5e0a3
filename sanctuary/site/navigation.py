"""The way to our pages from Datasette's own, and what these say of specimens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import sqlite_utils
from datasette.utils import tilde_decode

from sanctuary.site.addresses import Addresses
from sanctuary.site.described import row_in_words, table_in_words, tables_in_words
from sanctuary.site.guard import TEXTS_BESIDE_OTHERS, texts_kept_off
from sanctuary.site.hooks import hookimpl
from sanctuary.site.individuals import download_closed
from sanctuary.site.listing import beside_listing
from sanctuary.site.marks import said_of_listing
from sanctuary.site.open_texts import VIEWS_WITH_TEXTS
from sanctuary.site.ours import is_ours, may_view, our_databases, read, visible

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database

Link = dict[str, str]
_WITH_TEXTS = frozenset({"section_texts", *VIEWS_WITH_TEXTS, *TEXTS_BESIDE_OTHERS})


def _pages(datasette: Datasette, database: Database) -> list[tuple[str, str]]:
    to = Addresses(datasette, database)
    return [
        (to.changes(), "What changed"),
        (to.compare(), "Compare"),
        (to.place(), "Places"),
        (to.policies(), "Policies"),
        (to.reports(), "Reports"),
        (to.search(), "Search"),
        (to.health(), "Health"),
        (to.downloads(), "Downloads"),
        (to.api(), "API"),
        (to.tables(), "Tables and SQL"),
    ]


@hookimpl
def menu_links(
    datasette: Datasette, actor: Any, request: Any
) -> Callable[[], Awaitable[list[Link]]]:
    """Put in the menu the pages of the database that a page is about, or those of all of ours."""

    async def links() -> list[Link]:
        route = tilde_decode(request.url_vars.get("database", "")) if request else ""
        served = await our_databases(datasette)
        ours = [
            database
            for database in [each for each in served if each.route == route] or served
            if await may_view(datasette, actor, database)
        ]
        return [
            {"href": href, "label": label + (f" ({database.name})" if len(ours) > 1 else "")}
            for database in ours
            for href, label in _pages(datasette, database)
        ]

    return links


@hookimpl
def database_actions(datasette: Datasette, database: str) -> Callable[[], Awaitable[list[Link]]]:
    """Put the pages of a database in the menu beside its name."""

    async def links() -> list[Link]:
        found = datasette.get_database(database)
        if not await is_ours(found):
            return []
        return [{"href": href, "label": label} for href, label in _pages(datasette, found)]

    return links


@hookimpl
def extra_template_vars(
    datasette: Datasette, template: str, database: str | None, table: str | None, request: Any
) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Tell Datasette's pages over our data what our templates add to them."""

    async def variables() -> dict[str, Any]:
        if template.startswith("sanctuary_"):
            return {}
        shown = [
            each
            for each in await _shown(datasette, database)
            if await may_view(datasette, request.actor if request else None, each)
        ]
        if not shown:
            return {}
        actor = request.actor if request else None
        found: dict[str, Any] = {
            "sanctuary_search": Addresses(datasette, shown[0]).search(),
            "sanctuary_notices": sorted(
                {notice for each in shown for notice in await read(each, notices)}
            ),
        }
        if template in ("index.html", "database.html"):
            found["sanctuary_pages"] = [await _page_links(datasette, each, actor) for each in shown]
        if table in _WITH_TEXTS and await read(shown[0], texts_kept_off):
            found["sanctuary_texts"] = True
        if template == "row.html" and table == "listings":
            found |= await beside_listing(datasette, shown[0], request)
            found |= await said_of_listing(datasette, shown[0], request)
        if template == "database.html" and await download_closed(datasette, database):
            found["allow_download"] = False
        if template == "database.html":
            found |= await tables_in_words(datasette, shown[0], actor)
        if template in ("table.html", "row.html") and table is not None:
            found |= await table_in_words(datasette, shown[0], template, table)
        if template == "row.html" and table is not None:
            found |= await row_in_words(shown[0], Addresses(datasette, shown[0]), table, request)
        if template == "query.html" and "table" not in request.url_vars:
            # What visitors ask of their own may be rows about individuals.
            found["sanctuary_unlisted"] = True
        return found

    return variables


async def _page_links(datasette: Datasette, database: Database, actor: Any) -> dict[str, Any]:
    """Return where a database is compared, and the pages of its policies with whose they are."""
    found: list[tuple[str, str | None, str]] = []
    if "policies" in await visible(datasette, actor, database, ["policies"]):
        found = await read(database, policies)
    to = Addresses(datasette, database)
    return {
        "front": to.front(),
        "href": to.compare(),
        "places": to.place(),
        "name": database.name,
        "policies": [
            {"href": to.policy(source), "of": of, "title": title} for source, of, title in found
        ],
    }


def policies(db: sqlite_utils.Database) -> list[tuple[str, str | None, str]]:
    """Return id, jurisdiction and title of the sources of policies, by jurisdiction and title."""
    return db.execute(
        """SELECT id, jurisdiction, title FROM sources WHERE jurisdiction IS NOT NULL
            OR id IN (SELECT source_id FROM current_policies) ORDER BY jurisdiction, title, id"""
    ).fetchall()


def notices(db: sqlite_utils.Database) -> list[str]:
    """Return what shown documents say of themselves if they are no official ones, each once."""
    rows = db.execute(
        """SELECT DISTINCT notice FROM edition_readings
        JOIN readings ON readings.id = reading_id
        WHERE superseded_at IS NULL AND notice IS NOT NULL ORDER BY notice"""
    )
    return [row[0] for row in rows]


async def _shown(datasette: Datasette, database: str | None) -> list[Database]:
    """Return our databases that a page is about: the one it names, or all on the front page."""
    if database is None:
        return await our_databases(datasette)
    found = datasette.databases.get(database)
    return [found] if found is not None and await is_ours(found) else []
