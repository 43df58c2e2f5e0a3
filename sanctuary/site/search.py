"""The search over listings, policies, sections, changes and places: the page and its JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlite_utils

from db.errors import UnfitSearch
from db.search import Asked, Hits, at_most
from db.search_changes import search_changes
from db.search_places import search_places, states_named
from db.search_rows import search_listings, search_policies
from db.search_sections import search_sections
from db.search_terms import LONGEST, Term, terms_of
from sanctuary.site import found
from sanctuary.site.found import KEPT_OFF, Found
from sanctuary.site.visit import Visit

if TYPE_CHECKING:
    from datasette.app import Datasette

    from sanctuary.site.addresses import Addresses

FEW, MANY = 10, 50
"""Hits shown of each of all kinds, and of the one that is asked for."""
LONGEST_SECONDS = 3.0


@dataclass(frozen=True)
class Kind:
    """What is searched, by which function, and how a hit is shown."""

    name: str
    title: str
    search: Callable[[sqlite_utils.Database, Asked], Hits[Any]]
    show: Callable[[Any, Addresses], Found]
    tables: frozenset[str]
    """All of these must be open to whoever asks."""


KINDS = (
    Kind(
        "places",
        "Places",
        search_places,
        found.place,
        frozenset({"jurisdictions", "jurisdiction_names"}),
    ),
    Kind("listings", "Listings", search_listings, found.listing, frozenset({"listings"})),
    Kind("changes", "Changes", search_changes, found.change, frozenset({"changes"})),
    Kind("policies", "Policies", search_policies, found.policy, frozenset({"policies"})),
    Kind(
        "sections",
        "Sections of policies",
        search_sections,
        found.section,
        frozenset({"policies", "policy_sections", "section_texts"}),
    ),
)


@dataclass(frozen=True)
class Group:
    """What was found of one kind."""

    kind: Kind
    hits: Hits[Any]
    shown: list[Found]

    @property
    def count(self) -> str:
        """How many were found, in words; they are not counted beyond those that are shown."""
        return f"more than {len(self.shown)}" if self.hits.more else str(len(self.shown))

    def data(self) -> dict[str, Any]:
        """Return it as plain data; the names stay."""
        return {
            "more": self.hits.more,
            "ranked": self.hits.ranked,
            "hits": [each.data() for each in self.shown],
        }


async def respond(request: Any, datasette: Datasette) -> Any:
    """Answer with what was found of the words that are asked for, as a page or as JSON."""
    visit = await Visit.of(request, datasette)
    words, kind, state = (visit.asked(name) for name in ("q", "kind", "state"))
    open_tables = await visit.visible({table for each in KINDS for table in each.tables})
    kinds = [
        each for each in KINDS if each.tables <= open_tables and (kind is None or each.name == kind)
    ]
    problem, terms = _terms(words)

    def look(db: sqlite_utils.Database) -> tuple[list[Group], str | None, list[tuple[str, str]]]:
        groups, why = [], problem
        if terms:
            asked = Asked(terms, state and state.upper(), FEW if kind is None else MANY)
            try:
                with at_most(db, LONGEST_SECONDS):
                    groups = [_group(db, asked, each, visit.to) for each in kinds]
            except UnfitSearch as error:
                why = str(error)
        return groups, why, states_named(db)

    groups, problem, states = await visit.read(look)
    status = 400 if problem else 200
    if visit.form and problem:
        return visit.refusal(problem, status)
    if visit.form:
        data = {
            "q": words,
            "kind": kind,
            "state": state,
            **{group.kind.name: group.data() for group in groups},
        }
        return visit.json(data)
    context = {
        "words": words,
        "kind": kind,
        "state": state,
        "kinds": KINDS,
        "states": states,
        "groups": groups,
        "problem": problem,
        "longest": LONGEST,
        "kept_off": KEPT_OFF,
        "find_place": visit.to.place_named(words) if words and _no_place(groups) else None,
        "is_search": True,
    }
    return await visit.html("sanctuary_search.html", context, status)


def _terms(words: str | None) -> tuple[str | None, tuple[Term, ...]]:
    """Return why nothing can be searched, or the terms; neither where nothing was asked."""
    if words is None:
        return None, ()
    try:
        terms = terms_of(words)
    except UnfitSearch as error:
        return str(error), ()
    return (None, terms) if terms else ("There is no letter and no digit in it.", ())


def _no_place(groups: list[Group]) -> bool:
    return any(group.kind.name == "places" and not group.shown for group in groups)


def _group(db: sqlite_utils.Database, asked: Asked, kind: Kind, to: Addresses) -> Group:
    hits = kind.search(db, asked)
    return Group(kind, hits, [kind.show(hit, to) for hit in hits.shown])
