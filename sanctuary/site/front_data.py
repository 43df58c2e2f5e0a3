"""The front page as plain data, with the addresses of what it links to."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from db.listed import StatedList
from db.presence import Presence
from sanctuary.health import Health
from sanctuary.list_words import how_it_stands, is_observed, name_of_list
from sanctuary.site.addresses import Addresses
from sanctuary.site.front_found import Front, Mapped
from sanctuary.site.front_news import Item, News


def front_data(front: Front, to: Addresses) -> dict[str, Any]:
    """Return all of the front page; a list's ``named`` counts the names that its rows print."""
    by_id = {each.source.id: each for each in front.presences}
    return {
        "now": front.now,
        "notices": front.notices,
        "news": [_news(each, to) for each in front.news],
        "lists": [_list(each, by_id.get(each.source_id), front.now, to) for each in front.lists],
        "map": _map(front.mapped, to),
        "freshness": None if front.health is None else _freshness(front.health),
    }


def address_of_item(item: Item, news: News, to: Addresses) -> str:
    """Return the page of the change that an item tells of, or of all the changes of its run."""
    if item.public_id is not None:
        return to.change(item.public_id)
    if news.after is not None:
        return to.changes(source=news.source_id, kind=item.kind, edition=news.after)
    day = news.observed_by[:10]
    return to.changes(source=news.source_id, kind=item.kind, since=day, until=day)


def address_of_comparison(news: News, to: Addresses) -> str | None:
    """Return where the two editions are compared between which news lies, None for no two."""
    if news.before is None or news.after is None:
        return None
    return to.compare(**{"source": news.source_id, "from": news.before, "to": news.after})


def _news(news: News, to: Addresses) -> dict[str, Any]:
    return {
        "source_id": news.source_id,
        "title": news.title,
        "publisher": news.publisher,
        "observed_after": news.observed_after,
        "observed_by": news.observed_by,
        "when": news.when,
        "compare": address_of_comparison(news, to),
        "notice": news.notice,
        "items": [
            {
                "sentence": item.said,
                "kind": item.kind,
                "changes": item.count,
                "public_id": item.public_id,
                "page": address_of_item(item, news, to),
            }
            for item in news.items
        ],
    }


def _list(
    stated: StatedList, over_time: Presence | None, now: str, to: Addresses
) -> dict[str, Any]:
    return {
        "source_id": stated.source_id,
        "name": name_of_list(stated),
        "title": stated.title,
        "publisher": stated.publisher,
        "table": stated.table,
        "lifecycle": stated.lifecycle,
        "stands": stated.stands,
        "observed": stated.stands and is_observed(stated, now),
        "how_it_stands": how_it_stands(stated, now),
        "last_stated": stated.last_stated,
        "known_in_part": stated.partial,
        "withheld": stated.withheld,
        "notice": stated.notice,
        "rows": stated.rows,
        "places": stated.places,
        "unresolved": stated.unresolved,
        "changes": to.changes(source=stated.source_id),
        "over_time": [
            {
                "state": each.seen,
                "since": each.since,
                "until": each.until,
                "named": each.names,
                "edition": each.edition,
            }
            for each in (over_time.stretches if over_time else ())
        ],
    }


def _map(mapped: Mapped, to: Addresses) -> dict[str, Any]:
    return {
        "list": mapped.stated.source_id if mapped.stated else None,
        "lists": mapped.lists,
        "not_observed": mapped.unobserved,
        "places": mapped.places,
        "unresolved": mapped.unresolved,
        "states": [
            {
                "state": each.state,
                "name": each.name,
                "places": each.places,
                "state_itself": each.itself,
                "page": to.state(each.state) if each.places or each.itself else None,
            }
            for each in mapped.tiles.tiles
        ],
        "elsewhere": [
            {**asdict(each), "page": to.state(each.state)} for each in mapped.tiles.elsewhere
        ],
    }


def _freshness(health: Health) -> dict[str, Any]:
    return {
        "ok": health.ok,
        "said": health.said,
        "sources": [
            {
                "source_id": each.source.id,
                "title": each.source.title,
                "publisher": each.source.publisher,
                "lifecycle": each.source.lifecycle,
                "state": each.words,
                "last_seen": each.status.standing.last_seen,
                "next_due": each.status.fresh.next_due,
                "past_deadline": each.status.is_dark,
                "held": len(each.status.standing.held),
                "unreadable": len(each.status.standing.unreadable),
            }
            for each in health.sources
        ],
    }
