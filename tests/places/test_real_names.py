"""Every name of the real lists, where they are at hand, against what was decided by hand.

``real_names.json`` holds counts, every misspelt name with what it was taken for, every unresolved
one with the rule that says why, and of the names that a city and a county (or two places) share
which was meant. Each was looked at; none is wrong. A name of these lists that resolves otherwise
than before changes a count or a decision, and has to be looked at again.
"""

from __future__ import annotations

from collections import Counter

import pytest

from parsers.records import NameMatch, PrintedName
from places.gazetteer import load_gazetteer
from places.names import resolve
from places.printed import named, take_apart
from tests.places.real import DECISIONS, REAL, decided, names_of, shown

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the real lists are not at hand")
LISTS = sorted(DECISIONS)


def matches(which: str) -> list[tuple[PrintedName, NameMatch]]:
    return [(name, resolve(name, load_gazetteer())) for name in names_of(which)]


def is_shared(name: PrintedName) -> bool:
    """Say whether a name that does not say "county" could be that of more than one place."""
    apart = take_apart(name)
    if name.agency_type or apart.state is None or not apart.parts:
        return False
    part = named(apart.parts[0], apart.state)
    if part is None or part.kind == "county":
        return False
    places = load_gazetteer().of_state(apart.state)
    keys = {part.whole, part.base}
    found = [each for key in keys for each in places.places_by_name.get(key, ())]
    found += [each for key in keys for each in places.counties_by_name.get(key, ())]
    return len(found) > 1


@pytest.mark.parametrize("which", LISTS)
def test_counts_by_rule(which: str) -> None:
    found = matches(which)
    assert Counter(match.method for _, match in found) == decided(which)["methods"]
    resolved = sum(match.jurisdiction is not None for _, match in found)
    assert [len(found), resolved] == [decided(which)["names"], decided(which)["resolved"]]


@pytest.mark.parametrize("which", LISTS)
def test_every_misspelt_name_was_looked_at(which: str) -> None:
    misspelt = {
        shown(name): match.jurisdiction.id
        for name, match in matches(which)
        if match.misspelt and match.jurisdiction
    }
    assert misspelt == decided(which)["misspelt"]


@pytest.mark.parametrize("which", LISTS)
def test_every_unresolved_name_is_known(which: str) -> None:
    unresolved = {
        shown(name): match.method for name, match in matches(which) if match.jurisdiction is None
    }
    assert unresolved == decided(which)["unresolved"]


@pytest.mark.parametrize("which", LISTS)
def test_of_names_that_several_places_share_the_right_one_is_taken(which: str) -> None:
    shared = {
        shown(name): match.jurisdiction.id
        for name, match in matches(which)
        if match.jurisdiction and is_shared(name)
    }
    assert shared == decided(which)["shared"]
