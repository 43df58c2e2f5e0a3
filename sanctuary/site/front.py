"""The front page: what a reader who comes every week wants to know first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlite_utils
from datasette.utils.asgi import Request
from datasette.views.index import IndexView

from db.presence import Presence
from sanctuary.clock import utc_now
from sanctuary.health import SourceHealth
from sanctuary.list_words import how_it_stands, name_of_list
from sanctuary.presence_words import newest_lines, summary
from sanctuary.site.compare import visible_tables
from sanctuary.site.front_chart import Chart, chart_of
from sanctuary.site.front_data import address_of_comparison, address_of_item, front_data
from sanctuary.site.front_found import CHANGES, HEALTH, LISTS, SOURCES, Front, load_front
from sanctuary.site.ours import may_view, our_databases
from sanctuary.site.visit import Visit

if TYPE_CHECKING:
    from datasette.app import Datasette

_MOST_LINES = 24
"""Lines of a list's past below its chart, the newest; the page of its changes goes further back."""

_NO_LIST = "There is no list of this id."


@dataclass(frozen=True)
class OverTime:
    """A list over time, as it is drawn and as it is told."""

    presence: Presence
    name: str
    summary: str
    chart: Chart
    lines: tuple[str, ...]
    """The newest first."""
    more: int
    """Older lines that are left out."""


async def respond_home(request: Any, datasette: Datasette) -> Any:
    """Answer at the root of the site with the front page of the one database of ours there.

    Where none of ours may be seen, or several, it is Datasette's own index.
    """
    seen = [
        database
        for database in await our_databases(datasette)
        if await may_view(datasette, request.actor, database)
    ]
    if len(seen) == 1:
        return await _answer(await Visit.of_database(request, datasette, seen[0]))
    own = {**request.scope, "url_route": {"kwargs": {"format": None}}}
    return await IndexView(datasette).dispatch_request(Request(own, request.receive))


async def respond(request: Any, datasette: Datasette) -> Any:
    """Answer with the front page of a database, or the same as JSON."""
    return await _answer(await Visit.of(request, datasette))


async def _answer(visit: Visit) -> Any:
    tables = await visible_tables(visit) | await visit.visible(LISTS | CHANGES | HEALTH)
    chosen = visit.asked("list")

    def look(db: sqlite_utils.Database) -> tuple[Front, list[OverTime]]:
        front = load_front(db, tables, utc_now(), chosen)
        return front, [] if visit.form else _over_time(front)

    front, over_time = await visit.read(look)
    # Datasette leads from a root that is not found to itself, so it is a page of ours.
    missing = chosen is not None and front.mapped.stated is None
    if visit.form and missing:
        return visit.refusal(_NO_LIST)
    if visit.form:
        return visit.json(front_data(front, visit.to))
    others = [
        each
        for each in visit.datasette.databases.values()
        if each is not visit.database and await may_view(visit.datasette, visit.request.actor, each)
    ]
    context = {
        "others": [(visit.datasette.urls.database(each.name), each.name) for each in others],
        "is_search": True,
        "front": front,
        "problem": _NO_LIST if missing else None,
        "over_time": over_time,
        "may_changes": tables >= CHANGES,
        "may_lists": tables >= LISTS,
        "name_of": name_of_list,
        "fresh": lambda each: _how_fresh(each, front.now),
        "most_sources": SOURCES,
        "stands": lambda stated: how_it_stands(stated, front.now),
        "item_href": lambda item, news: address_of_item(item, news, visit.to),
        "comparison_href": lambda news: address_of_comparison(news, visit.to),
    }
    return await visit.html("sanctuary_front.html", context, 404 if missing else 200)


def _over_time(front: Front) -> list[OverTime]:
    names = {each.source_id: name_of_list(each) for each in front.lists}
    return [_drawn(each, names[each.source.id]) for each in front.presences]


def _drawn(found: Presence, name: str) -> OverTime:
    return OverTime(
        presence=found,
        name=name,
        summary=summary(found),
        chart=chart_of(found),
        lines=tuple(newest_lines(found, _MOST_LINES)),
        more=max(len(found.stretches) - _MOST_LINES, 0),
    )


def _how_fresh(each: SourceHealth, now: str) -> list[str]:
    """Return how a source stands, when it was last seen in public and when it is due, in words."""
    seen, due = each.status.standing.last_seen, each.status.fresh.next_due
    said = [each.words, f"last seen {seen[:10]}" if seen else "never seen"]
    if due is not None:
        said.append("due now" if due <= now else f"next look {due[:10]}")
    return said
