"""One place, many lists: all that is held of it, in order of time, with evidence on each line."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlite_utils import Database

from db.corrected import VIEWS, marks_of_row
from db.named import (
    PolicySource,
    bodies_of,
    names_of,
    of_the_same_name,
    policies_of,
    rows_naming,
    unresolved_counts,
)
from db.quotes import quotes_of
from db.settings import individual_rows
from parsers.records import Jurisdiction
from sanctuary.agreements import AgreementOfPlace, agreements_of
from sanctuary.claims import CLAIM_TABLES, Claim, claims_in
from sanctuary.place_counts import declined_lines, issued_lines
from sanctuary.place_finding import FoundPlace
from sanctuary.place_lines import Line, lines_of_rows, policy_lines
from sanctuary.place_lists import Around, Lists, OnList
from sanctuary.place_words import correction_lines, statement_lines

TABLES = CLAIM_TABLES | {
    "agreements",
    "changes",
    "corrections",
    "declined_counts",
    "detainer_counts",
    "notes",
    "statements",
}
"""From which the life of a place is put together; each can be left out."""


def open_tables(db: Database) -> frozenset[str]:
    """Return those of the tables that the setting on rows about individuals leaves open."""
    return TABLES - {"declined_counts"} if individual_rows(db) == "off" else TABLES


@dataclass(frozen=True)
class PlaceLife:
    """All that is held of a place."""

    place: FoundPlace
    lists: tuple[OnList, ...]
    """What every list says of the place itself: also that it does not name it."""
    lines: tuple[Line, ...]
    """In the order of time: of a report the last day of its period, of a list when it was seen."""
    agreements: tuple[AgreementOfPlace, ...]
    """287(g) agreements of its agencies."""
    policies: tuple[PolicySource, ...]
    claims: tuple[Claim, ...]
    """What lists quote of its policies."""
    around: tuple[Around, ...]
    """What it lies in."""
    same_name: tuple[Jurisdiction, ...]

    @property
    def title(self) -> str:
        """Its name with its state, or the name as printed."""
        found = self.place.jurisdiction
        return self.place.text if found is None else name_of(found)

    @property
    def notices(self) -> list[str]:
        """What the documents say of themselves if they are no official ones, each once."""
        found = {line.notice for line in self.lines if line.notice}
        found |= {each.notice for each in self.agreements if each.notice}
        found |= {notice for claim in self.claims for notice in claim.quote.notices}
        if self.place.jurisdiction is not None:
            found |= {each.source.notice for each in self.lists if each.source.notice}
        return sorted(found)


def name_of(jurisdiction: Jurisdiction) -> str:
    """Return the name of a jurisdiction with its state: ``Nassau County, NY``."""
    if jurisdiction.kind == "state":
        return jurisdiction.name
    return f"{jurisdiction.name}, {jurisdiction.state}"


def load_life(db: Database, place: FoundPlace, tables: Collection[str], today: str) -> PlaceLife:
    """Return the life of a place up to ``today``, an ISO day.

    It is told from those ``tables`` (of ``TABLES``) that may be seen.
    """
    found, names = place.jurisdiction, list(place.names)
    bodies = bodies_of(db, found.id) if found else []
    body_names = names_of(db, [body.id for body in bodies])
    agencies = [*names, *body_names]
    lists = Lists(db, today) if "listings" in tables else None
    changes = "changes" in tables
    policies = policies_of(db, names) if "policies" in tables else []
    lines: list[Line] = []
    claims: list[Claim] = []
    if "listings" in tables:
        lines += lines_of_rows(db, names, "listings", changes=changes)
    if "detainer_counts" in tables:
        lines += issued_lines(db, names, _waiting(db, place))
    if "declined_counts" in tables:
        lines += declined_lines(db, names)
    if "agreements" in tables:
        lines += lines_of_rows(db, agencies, "agreements", changes=changes)
    if changes and "policy_sections" in tables:
        lines += policy_lines(db, policies)
    if "corrections" in tables:
        lines = [_marked(db, line) for line in lines]
        lines += correction_lines(db, names)
    if {"statements", "notes"} <= set(tables):
        lines += statement_lines(db, names, found.id if found else None, lines)
    if set(tables) >= CLAIM_TABLES:
        rows = rows_naming(db, "listings", [name.id for name in names])
        claims = claims_in(quotes_of(db, listings=[row["id"] for row in rows]))
    return PlaceLife(
        place,
        lists=lists.of(place) if lists else (),
        lines=tuple(sorted(lines, key=_in_time)),
        agreements=tuple(agreements_of(db, agencies)) if "agreements" in tables else (),
        policies=tuple(policies),
        claims=tuple(claims),
        around=lists.around(place.chain) if lists else (),
        same_name=tuple(of_the_same_name(db, found)) if found else (),
    )


def _waiting(db: Database, place: FoundPlace) -> dict[int, tuple[str, ...]]:
    if place.jurisdiction is None:
        return {}
    state = place.chain[0] if place.chain else place.jurisdiction
    return unresolved_counts(db, state.state, state.name)


def _in_time(line: Line) -> tuple[str, ...]:
    return line.until, line.since or "", line.source_id, line.kind, line.said


def _marked(db: Database, line: Line) -> Line:
    """Return a line with what its publisher said later was wrong with the rows that it shows."""
    said = [
        mark.said
        for spot in line.evidence
        if spot.table in VIEWS
        for mark in marks_of_row(db, spot.table, spot.row_id)
    ]
    return replace(line, corrections=tuple(dict.fromkeys(said))) if said else line
