"""The page of one policy: its versions, any two to compare, its sections, what lists say of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from shlex import quote
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import sqlite_utils
from datasette.utils import tilde_decode
from datasette.utils.asgi import Forbidden, NotFound

from db.comparison import Edition
from db.row_address import RowAddress, reader_of
from db.rows import load_rows
from db.selectors import count_editions, last_editions
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
from sanctuary.safe_text import one_line
from sanctuary.site.addresses import Addresses
from sanctuary.site.policy_beside import (
    Section,
    beside_sections,
    listings_quoting,
    newest_change,
)
from sanctuary.site.published import IN_WORDS
from sanctuary.site.versions import (
    Choice,
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

VERSIONS_A_PAGE = 20
SECTIONS_A_PAGE = 100
ACCESS = {
    "open": "The address answers tools.",
    "refused": "The address refuses tools. That is recorded, and never got around: what it "
    "refuses is unknown here, not gone.",
    "mirror": "The address is not the publisher’s own: it shows a copy.",
    "unknown": "Nobody has tried yet whether the address answers tools.",
}


@dataclass(frozen=True)
class Leaf:
    """A part of what is too long for one page; both numbers count from 1."""

    number: int
    of: int
    first: int
    """The place of its first entry in the whole, from 1."""

    @property
    def newer(self) -> int | None:
        """The part before it."""
        return self.number - 1 if self.number > 1 else None

    @property
    def older(self) -> int | None:
        """The part after it."""
        return self.number + 1 if self.number < self.of else None


def leaf(asked: int | None, count: int, size: int) -> Leaf:
    """Return the part that is asked for of ``count`` entries in parts of ``size``.

    Raises NotFound if there is no such part.
    """
    of = max(1, -(-count // size))
    number = 1 if asked is None else asked
    if not 1 <= number <= of:
        raise NotFound("This page has no such part")
    return Leaf(number, of, (number - 1) * size + 1)


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
    choices: list[Choice]
    """All versions, the newest first, to choose from."""
    events: list[Event]
    unseen_since: str | None
    """Since when it was not seen, if that is too long ago to say that it stands."""
    sections: list[Section]
    claims: list[Claim]
    dates: list[DateBeside]
    limits: str = LIMITS

    @property
    def address_in_shell(self) -> str:
        """Its address as a word of a command that is copied: a document may have printed it."""
        return quote(one_line(self.address or ""))


def address_of_section(to: Addresses, source_id: str, place: int) -> str:
    """Return where a section of the newest version stands, by its place in it, from 1."""
    part = -(-place // SECTIONS_A_PAGE)
    return f"{to.policy(source_id, sections=part if part > 1 else None)}#section-{place}"


def load_page(
    db: sqlite_utils.Database, source_id: str, tables: frozenset[str], part: int | None = None
) -> PolicyPage:
    """Return the page of a source of policies, of the tables that may be seen.

    ``part`` says which of its versions, by the number of the part; None for all. Raises NotFound if
    no such source is known, it is none of policies, or it has no such part.
    """
    try:
        source = load_source(db, source_id)
    except KeyError:
        raise NotFound("There is no such policy") from None
    events, last = events_of(db, source), last_editions(db, source.id, 1)
    skip, limit = 0, None
    if part is not None:
        found = leaf(part, count_editions(db, source.id), VERSIONS_A_PAGE)
        skip, limit = found.first - 1, VERSIONS_A_PAGE
    versions, choices = versions_of(db, source, skip, limit)
    newest = last[0] if last else None
    policies = load_rows(db, newest.reading_id, Policy) if newest else []
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
        notices=sorted({e.notice for e in (*last, *(v.edition for v in versions)) if e.notice}),
        publish=IN_WORDS[source.publish],
        last_tried=last_tried(db, source.id),
        versions=versions if "policy_sections" in tables else [],
        choices=choices if "policy_sections" in tables else [],
        events=events,
        unseen_since=unseen_since(choices, events, source, utc_now()),
        sections=sections,
        claims=claims_of_policy(db, source_id) if claimed else [],
        dates=dates_beside(db, source_id) if claimed else [],
    )


def _sections(
    db: sqlite_utils.Database, edition: Edition, source: Source, tables: frozenset[str]
) -> list[Section]:
    if "policy_sections" not in tables:
        return []
    shows_texts = source.publish == "full" and "section_texts" in tables
    reader = reader_of(db, edition.reading_id)
    return [
        Section(
            number=row.number,
            heading=row.heading,
            path=row.path,
            body=row.body if shows_texts else None,
            history_note=row.history_note,
            anchor=web_address(row.anchor or ""),
            evidence=RowAddress(
                source.id, edition.document_sha256, row.table, row.position, reader
            ),
        )
        for row in load_rows(db, edition.reading_id, PolicySection)
        if isinstance(row, PolicySection)
    ]


TABLES = ("policies", "policy_sections", "section_texts", "quotes", "listings")
"""What a page of policies or places is made from."""
_BESIDE = ("corrections", "statements", "notes")


async def respond(request: Any, datasette: Datasette) -> Any:
    """Answer with the policy of the source that the address names, as a page or as JSON.

    The page has of many versions and sections a part (``versions``, ``sections``), the JSON all.
    """
    visit = await Visit.of(request, datasette)
    tables = await visit.visible((*TABLES, *_BESIDE))
    if "policies" not in tables:
        raise Forbidden("You do not have permission to view this policy")
    source_id = tilde_decode(request.url_vars["source"])
    if visit.form:
        return visit.json(as_data(await visit.read(lambda db: load_page(db, source_id, tables))))

    def look(db: sqlite_utils.Database) -> dict[str, Any]:
        page = load_page(db, source_id, tables, visit.part("versions") or 1)
        return {
            "page": page,
            "claims_beside": beside_sections(source_id, page.claims, page.sections),
            "listings": listings_quoting(db, page.claims),
            "compared": newest_change(db, source_id, tables),
        }

    found = await visit.read(look)
    page = found["page"]
    sections = leaf(visit.part("sections"), len(page.sections), SECTIONS_A_PAGE)
    start = sections.first - 1
    context = {
        **found,
        "shown": page.sections[start : start + SECTIONS_A_PAGE],
        "sections": sections,
        "versions": leaf(visit.part("versions"), len(page.choices), VERSIONS_A_PAGE),
        "moment": day_and_time,
        "place": page.source.jurisdiction or (page.policy.jurisdiction if page.policy else None),
        "comparison": [
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
        "source_id": source.id,
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
        "sections": [_section_data(each) for each in page.sections],
        "quotes": [each.data() for each in page.claims],
        "dates": [asdict(each) for each in page.dates],
        "limits": page.limits,
    }


def _section_data(section: Section) -> dict[str, Any]:
    data = asdict(section)
    evidence = data.pop("evidence")
    return {**data, "position": evidence["position"], "read_by": evidence["read_by"]}


def _version_data(version: Version) -> dict[str, Any]:
    edition = version.edition
    return {
        "selector": version.selector,
        "before": version.before,
        "public_from": edition.public_from,
        "public_until": edition.public_until,
        "proofs": [asdict(each) for each in version.proofs],
        "version_label": version.label,
        "document_sha256": edition.document_sha256,
        "happened": [asdict(each) for each in version.happened],
        "unseen": [asdict(each) for each in version.unseen],
        "unseen_before": asdict(version.unseen_before) if version.unseen_before else None,
    }
