"""The claims of lists beside the sections they quote, and what the newest version changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import sqlite_utils

from db.errors import NoSuchEdition
from db.row_address import RowAddress, addresses_of_rows
from db.selectors import last_editions
from parsers.records import Policy, PolicySection
from sanctuary.claims import Claim
from sanctuary.difference import difference
from sanctuary.site.compared import Compared, compared
from sanctuary.site.published import as_published

_TABLES = frozenset({Policy.table, PolicySection.table})


@dataclass(frozen=True)
class Section:
    """A section of the newest version, without its text where the site may not show it."""

    number: str | None
    heading: str | None
    path: tuple[str, ...]
    body: str | None
    history_note: str | None
    anchor: str | None
    evidence: RowAddress
    """Where it was read."""


@dataclass(frozen=True)
class Beside:
    """What lists quote of one section of the newest version, and that section."""

    section: Section | None
    """None where what they quote is in no section of it."""
    claims: tuple[Claim, ...]


def beside_sections(
    source_id: str, claims: Iterable[Claim], sections: Sequence[Section]
) -> list[Beside]:
    """Return claims with the sections of the newest version in which their words were found.

    A section is the same if its host gives it the same anchor, or else by its number and heading.
    What stands there now need not be what stood there when a list quoted it.
    """
    groups: dict[int | None, list[Claim]] = {}
    for claim in claims:
        groups.setdefault(_place(source_id, claim, sections), []).append(claim)
    return [
        Beside(None if place is None else sections[place], tuple(found))
        for place, found in groups.items()
    ]


def _place(source_id: str, claim: Claim, sections: Sequence[Section]) -> int | None:
    quote = claim.quote
    if claim.policy != source_id or quote.section_id is None:
        return None
    for place, section in enumerate(sections):
        if section.anchor is not None and section.anchor == quote.anchor:
            return place
    for place, section in enumerate(sections):
        if (section.number, section.heading) == (quote.number, quote.heading):
            return place
    return None


def listings_quoting(db: sqlite_utils.Database, claims: Iterable[Claim]) -> dict[int, RowAddress]:
    """Return the addresses of the rows of lists that make claims, by their numbers."""
    return addresses_of_rows(db, "listings", {claim.quote.listing_id for claim in claims})


def newest_change(
    db: sqlite_utils.Database, source_id: str, tables: frozenset[str]
) -> Compared | None:
    """Return what the newest version changed, as far as its texts may be shown.

    None if there is none before it, or its sections may not be seen.
    """
    editions = last_editions(db, source_id, 2)
    if len(editions) < 2 or not {*_TABLES, "section_texts"} <= tables:
        return None
    try:
        diff = difference(db, *editions)
    except NoSuchEdition:
        return None
    shown = [table for table in diff.tables if table.record.table in _TABLES and table.changes]
    return compared(db, as_published(replace(diff, tables=shown, beside=diff.beside.only(tables))))
