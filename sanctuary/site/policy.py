"""The page of one policy: its versions, any two to compare, its sections, what lists say of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import sqlite_utils
from datasette.utils import tilde_decode
from datasette.utils.asgi import Forbidden, NotFound

from db.rows import load_rows
from db.sources import Source, load_source
from parsers.records import Policy, PolicySection
from parsers.web_address import web_address
from sanctuary.claims import (
    CLAIM_TABLES,
    LIMITS,
    Claim,
    DateBeside,
    claims_of_policy,
    dates_beside,
)
from sanctuary.clock import utc_now
from sanctuary.site.published import IN_WORDS
from sanctuary.site.versions import (
    Event,
    Version,
    events_of,
    last_tried,
    unseen_since,
    versions_of,
)
from sanctuary.site.visit import Visit
from sanctuary.wording import day_and_time

if TYPE_CHECKING:
    from datasette.app import Datasette

MOST_SHOWN = 500
"""Sections on a page; the JSON has them all."""
ACCESS = {
    "open": "The address answers tools.",
    "refused": "The address refuses tools. That is recorded, and never got around: what it "
    "refuses is unknown here, not gone.",
    "mirror": "The address is not the publisher’s own: it shows a copy.",
    "unknown": "Nobody has tried yet whether the address answers tools.",
}


@dataclass(frozen=True)
class Section:
    """A section of the newest version, without its text where the site may not show it."""

    number: str | None
    heading: str | None
    path: tuple[str, ...]
    body: str | None
    history_note: str | None
    anchor: str | None


@dataclass(frozen=True)
class PolicyPage:
    """All that the page says."""

    source: Source
    policy: Policy | None
    """As the newest version prints it; None where none is held."""
    address: str | None
    host: str | None
    access: str
    notices: list[str]
    publish: str
    """What is not shown of its texts, in words; empty where all is."""
    last_tried: str | None
    versions: list[Version]
    events: list[Event]
    unseen_since: str | None
    """Since when it was not seen, if that is too long ago to say that it stands."""
    sections: list[Section]
    sections_held: int
    claims: list[Claim]
    dates: list[DateBeside]
    limits: str = LIMITS


def load_page(db: sqlite_utils.Database, source_id: str, tables: frozenset[str]) -> PolicyPage:
    """Return the page of a source of policies, of the tables that may be seen.

    Raises NotFound if no such source is known, or it is none of policies.
    """
    try:
        source = load_source(db, source_id)
    except KeyError:
        raise NotFound("There is no such policy") from None
    versions, events = versions_of(db, source), events_of(db, source)
    newest = versions[0].edition.reading_id if versions else None
    policies = load_rows(db, newest, Policy) if newest else []
    if source.jurisdiction is None and not policies:
        raise NotFound("There is no such policy")
    policy = next((each for each in policies if isinstance(each, Policy)), None)
    printed = policy.address if policy else None
    address = web_address(source.address or printed or "")
    sections = _sections(db, newest, source, tables) if newest else []
    claimed = tables >= CLAIM_TABLES
    return PolicyPage(
        source=source,
        policy=policy,
        address=address,
        host=urlsplit(address).hostname if address else None,
        access=ACCESS[source.access],
        notices=sorted({v.edition.notice for v in versions if v.edition.notice}),
        publish=IN_WORDS[source.publish],
        last_tried=last_tried(db, source.id),
        versions=versions if "policy_sections" in tables else [],
        events=events,
        unseen_since=unseen_since(versions, events, source, utc_now()),
        sections=sections,
        sections_held=len(sections),
        claims=claims_of_policy(db, source_id) if claimed else [],
        dates=dates_beside(db, source_id) if claimed else [],
    )


def _sections(
    db: sqlite_utils.Database, reading_id: int, source: Source, tables: frozenset[str]
) -> list[Section]:
    if "policy_sections" not in tables:
        return []
    shows_texts = source.publish == "full" and "section_texts" in tables
    return [
        Section(
            number=row.number,
            heading=row.heading,
            path=row.path,
            body=row.body if shows_texts else None,
            history_note=row.history_note,
            anchor=web_address(row.anchor or ""),
        )
        for row in load_rows(db, reading_id, PolicySection)
        if isinstance(row, PolicySection)
    ]


TABLES = ("policies", "policy_sections", "section_texts", "quotes", "listings")
"""What a page of policies or places is made from."""


async def respond(request: Any, datasette: Datasette) -> Any:
    """Answer with the policy of the source that the address names, as a page or as JSON."""
    visit = await Visit.of(request, datasette)
    tables = await visit.visible(TABLES)
    if "policies" not in tables:
        raise Forbidden("You do not have permission to view this policy")
    source_id = tilde_decode(request.url_vars["source"])
    page = await visit.read(lambda db: load_page(db, source_id, tables))
    if visit.form:
        return visit.json(as_data(page))
    context = {
        "page": page,
        "shown": page.sections[:MOST_SHOWN],
        "moment": day_and_time,
        "place": page.source.jurisdiction or (page.policy.jurisdiction if page.policy else None),
        "compared": [
            visit.to.compare(source=source_id, **{"from": each.before, "to": each.selector})
            if each.before
            else None
            for each in page.versions
        ],
    }
    return await visit.html("sanctuary_policy.html", context)


def as_data(page: PolicyPage) -> dict[str, Any]:
    """Return the page as plain data; the names stay."""
    source, policy = page.source, page.policy
    return {
        "source": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "jurisdiction": source.jurisdiction or (policy.jurisdiction if policy else None),
        "printed_title": policy.title if policy else None,
        "citation": policy.citation if policy else None,
        "instrument_type": policy.instrument_type if policy else None,
        "host": policy.host if policy else None,
        "address": page.address,
        "access": source.access,
        "publish": source.publish,
        "lists_say": list(source.lists_say),
        "notices": page.notices,
        "versions": [_version_data(each) for each in page.versions],
        "last_tried": page.last_tried,
        "unseen_since": page.unseen_since,
        "events": [asdict(each) for each in page.events],
        "sections": [asdict(each) for each in page.sections],
        "quotes": [each.data() for each in page.claims],
        "dates": [asdict(each) for each in page.dates],
        "limits": page.limits,
    }


def _version_data(version: Version) -> dict[str, Any]:
    edition = version.edition
    return {
        "selector": version.selector,
        "before": version.before,
        "public_from": edition.public_from,
        "public_until": edition.public_until,
        "proofs": [asdict(each) for each in version.proofs],
        "version_label": version.label,
        "document": edition.document_sha256,
        "happened": [asdict(each) for each in version.happened],
        "unseen": [asdict(each) for each in version.unseen],
        "unseen_before": asdict(version.unseen_before) if version.unseen_before else None,
    }
