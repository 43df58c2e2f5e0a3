"""Comparing the lists of two publishers: what stands on the one and not on the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import sqlite_utils

from db.comparison import Edition
from db.errors import NoSuchEdition
from db.selectors import all_editions, find_edition, selectors_of
from db.two_lists import TABLES, ListChoice, lists_to_compare
from sanctuary.clock import utc_now
from sanctuary.difference_of_lists import (
    IDENTITY,
    Entry,
    Place,
    TwoLists,
    difference_of_lists,
)
from sanctuary.difference_of_lists_formats import to_csv, to_json, to_markdown
from sanctuary.site.visit import CONTENT_TYPES, Visit
from sanctuary.wording import describe

MOST_SHOWN = 200
"""Places of one group on a page; the other forms have them all."""
_BESIDE = frozenset({"corrections", "statements", "notes"})
_FORMS = {"json": to_json, "csv": to_csv, "md": to_markdown}


@dataclass(frozen=True)
class Asked:
    """Which lists and which of their editions an address asks for; by default the newest."""

    source: str | None
    other: str | None
    before: str | None
    after: str | None


@dataclass(frozen=True)
class SideChoice:
    """What the form offers for one of the two lists."""

    list: ListChoice | None
    editions: tuple[tuple[str, str], ...] = ()
    """By selector, in words, the newest first."""
    selector: str | None = None


@dataclass(frozen=True)
class Group:
    """Places that stand on both lists, or on one alone; or names that stand for no place."""

    id: str
    heading: str
    said: str
    """What the heading does not say; empty where that is nothing."""
    places: tuple[Place, ...] = ()
    entries: tuple[Entry, ...] = ()

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.places or self.entries)

    @property
    def by_state(self) -> Iterator[tuple[str, list[Place]]]:
        """The places that the page shows, by state."""
        states: dict[str, list[Place]] = {}
        for place in self.places[:MOST_SHOWN]:
            states.setdefault(place.state, []).append(place)
        yield from states.items()

    @property
    def shown_entries(self) -> tuple[Entry, ...]:
        """The names that the page shows."""
        return self.entries[:MOST_SHOWN]

    @property
    def unshown(self) -> int:
        """How many the page leaves to the other forms."""
        return max(0, self.count - MOST_SHOWN)


@dataclass(frozen=True)
class Answer:
    """What the form shows, and the two lists or why there is nothing to show."""

    lists: tuple[ListChoice, ...]
    one: SideChoice
    other: SideChoice
    found: TwoLists | None = None
    problem: str | None = None
    status: int = 200


async def respond(visit: Visit) -> Any:
    """Answer with the two lists that the address asks for, as a page or in another form."""
    asked = Asked(*(visit.asked(name) for name in ("source", "other", "from", "to")))
    tables = await visit.visible({*TABLES, *IDENTITY, *_BESIDE})

    def look(db: sqlite_utils.Database) -> tuple[Answer, str | None]:
        answered = answer(db, asked, tables, utc_now())
        if visit.form is None or answered.found is None:
            return answered, None
        return answered, _FORMS[visit.form](answered.found)

    answered, body = await visit.read(look)
    if visit.form is None:
        return await _page(visit, answered)
    if body is None:
        return visit.refusal(answered.problem)
    return visit.text(body, CONTENT_TYPES[visit.form])


async def _page(visit: Visit, found: Answer) -> Any:
    asked = {
        "source": found.one.list.id if found.one.list else None,
        "other": found.other.list.id if found.other.list else None,
        "from": found.one.selector,
        "to": found.other.selector,
    }
    context = {
        "answer": found,
        "groups": groups(found.found) if found.found else [],
        "forms": [
            (title, visit.to.compare(form, **asked))
            for form, title in (("json", "JSON"), ("csv", "CSV"), ("md", "Markdown"))
        ],
        "here": visit.absolute(visit.to.compare("", **asked)),
    }
    return await visit.html("sanctuary_compare_lists.html", context, found.status)


def answer(db: sqlite_utils.Database, asked: Asked, tables: frozenset[str], now: str) -> Answer:
    """Return the two lists that are asked for, told from those ``tables`` that may be seen."""
    lists = tuple(lists_to_compare(db)) if tables >= IDENTITY else ()
    by_id = {each.id: each for each in lists}
    one, other = (SideChoice(by_id.get(name or "")) for name in (asked.source, asked.other))
    found = Answer(lists, one, other)
    editions = []
    for name, side, selector in (
        (asked.source, one, asked.before),
        (asked.other, other, asked.after),
    ):
        if side.list is None:
            problem = f"There is no list “{name or ''}” to compare. Choose one below."
            return replace(found, problem=problem, status=404)
        held = all_editions(db, side.list.id)
        try:
            edition = find_edition(db, side.list.id, selector) if selector else held[-1]
        except NoSuchEdition as error:
            problem = f"{side.list.title} has no edition “{error.selector}”. Choose one below."
            return replace(found, problem=problem, status=404)
        editions.append((edition, _choice(side.list, held, edition)))
    (first, one), (second, other) = editions
    found = replace(found, one=one, other=other)
    try:
        return replace(found, found=difference_of_lists(db, first, second, tables, now))
    except NoSuchEdition as error:
        problem = f"The document of the edition {error.selector} is withheld."
        return replace(found, problem=problem, status=404)


def _choice(of: ListChoice, held: list[Edition], chosen: Edition) -> SideChoice:
    selectors = selectors_of(held)
    return SideChoice(
        of,
        tuple(
            (selectors[each.id], describe(each).removeprefix("the edition "))
            for each in reversed(held)
        ),
        selectors[chosen.id],
    )


def groups(lists: TwoLists) -> list[Group]:
    """Return what stands where, in the order of the page."""
    found = [
        Group("only-one", lists.heading(lists.one), lists.other.silence, lists.only_one),
        Group("only-other", lists.heading(lists.other), lists.one.silence, lists.only_other),
        Group("both", f"On both {lists.one.name} and {lists.other.name}", "", lists.both),
    ]
    for name, side in (("one", lists.one), ("other", lists.other)):
        if side.unresolved:
            found.append(
                Group(
                    f"unresolved-{name}",
                    f"Not resolved, on {side.name}",
                    "Each of these names may be a place that stands above as not on this list.",
                    entries=side.unresolved,
                )
            )
    return found
