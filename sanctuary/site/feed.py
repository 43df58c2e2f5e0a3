"""The changes as an Atom feed (RFC 4287): all, or those that an address asks for.

Entries stand in the order in which they were recorded. What a newer parser of ours read otherwise
is no news and in no feed; nor is what counts rows about individuals.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from uuid import UUID, uuid5

import sqlite_utils
from lxml import etree
from lxml.builder import ElementMaker

from db.log import NoSuchChange, recorded
from db.told import first_told
from parsers.records import INDIVIDUAL_TABLES
from sanctuary.site.changes_asked import KINDS, Asked, CannotAnswer, question
from sanctuary.site.changes_shown import Showing, ShownChange
from sanctuary.site.feed_entry import content_of, xml_safe
from sanctuary.site.visit import Visit

ENTRIES = 100
"""Entries of a document of a feed; the rest follows by its link ``next`` (RFC 5005)."""
CONTENT_TYPE = "application/atom+xml; charset=utf-8"
NAMES = UUID("5b0c5a0e-7d2c-4c0b-9a5e-2f1f0a9d6c37")
"""The namespace of the ids: a change has the same one in every copy of the history."""
_NEVER = "1970-01-01T00:00:00Z"
"""When a feed was updated for which nothing was ever recorded."""
_ATOM = "http://www.w3.org/2005/Atom"
_make = ElementMaker(namespace=_ATOM, nsmap={None: _ATOM})


def urn(name: str) -> str:
    """Return the id of an entry or a feed: it depends on no host."""
    return f"urn:uuid:{uuid5(NAMES, name)}"


async def answer_feed(visit: Visit, asked: Asked, after: str | None, tables: frozenset[str]) -> Any:
    """Answer with the feed of what is asked for, or that it is still the same.

    Raises CannotAnswer.
    """
    asked = replace(asked, replay=False)
    body, updated = await visit.read(
        lambda db: _feed(db, visit, asked, after, tables - INDIVIDUAL_TABLES)
    )
    etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    unchanged = is_unchanged(visit.request.headers, etag, updated)
    answer = visit.text("" if unchanged else body, CONTENT_TYPE, 304 if unchanged else 200)
    answer.headers |= {"ETag": etag, "Last-Modified": format_datetime(updated, usegmt=True)}
    return answer


def is_unchanged(headers: dict[str, str], etag: str, updated: datetime) -> bool:
    """Say whether who asks has the feed already, as RFC 9110 compares what they send."""
    tags = headers.get("if-none-match")
    if tags is not None:
        return any(tag.strip().removeprefix("W/") in (etag, "*") for tag in tags.split(","))
    try:
        return parsedate_to_datetime(headers.get("if-modified-since", "")) >= updated
    except (TypeError, ValueError):
        return False


def _feed(
    db: sqlite_utils.Database,
    visit: Visit,
    asked: Asked,
    after: str | None,
    tables: frozenset[str],
) -> tuple[str, datetime]:
    asking = question(db, asked, tables)
    try:
        changes = recorded(db, asking.wanted, ENTRIES + 1, after=after)
    except NoSuchChange:
        raise CannotAnswer(f"There is no change “{after}” to go on from.") from None
    older = changes[ENTRIES - 1].public_id if len(changes) > ENTRIES else None
    changes = changes[:ENTRIES]
    showing = Showing(db, visit.to, changes, tables)
    published = first_told(db, [each.public_id for each in changes])
    updated = max((each.recorded_at for each in changes), default=_NEVER)

    def link(rel: str, form: str, media_type: str, **more: Any) -> Any:
        href = visit.to.changes(form, **{**asked.query(), **more})
        return _make.link(rel=rel, type=media_type, href=href)

    feed = _make.feed(
        _make.id(urn(f"feed {json.dumps(asked.query(), sort_keys=True)}")),
        _make.title(xml_safe(" ".join(("What changed", *asking.words)))),
        _make.subtitle(
            "What governments publish about immigration detainers, and what changed in it. "
            "A change has no moment: it was made between two captures."
        ),
        _make.updated(updated),
        _make.author(_make.name("Sanctuary Tracker")),
        _make.generator("Sanctuary Tracker"),
        link("self", "atom", "application/atom+xml", after=after),
        link("alternate", "", "text/html"),
    )
    if after is not None:
        feed.append(link("first", "atom", "application/atom+xml"))
    if older is not None:
        feed.append(link("next", "atom", "application/atom+xml", after=older))
    for change in changes:
        shown = showing.shown(change)
        entry = _entry(shown, published[change.public_id])
        entry.append(_make.content(content_of(shown), type="html"))
        feed.append(entry)
    text = etree.tostring(feed, encoding="unicode", pretty_print=True)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}', _moment(updated)


def _entry(shown: ShownChange, published: str) -> Any:
    change = shown.change
    entry = _make.entry(
        _make.id(urn(f"change {change.public_id}")),
        _make.title(xml_safe(shown.sentence), type="text"),
        _make.updated(change.recorded_at),
        _make.published(published),
        _make.link(rel="alternate", type="text/html", href=shown.ways.change),
        _make.category(term=change.kind, label=KINDS[change.kind]),
        _make.category(term=change.source_id, label=xml_safe(change.source_title)),
    )
    for proof in shown.proofs:
        if proof.href:
            title = xml_safe(f"{proof.side}: {proof.words}")
            link = _make.link(rel="related", type="text/html", href=proof.href, title=title)
            entry.append(link)
    return entry


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
