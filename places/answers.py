"""How a rule answers: with a jurisdiction, or with why there is none and what it could be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from parsers.records import Jurisdiction, NameMatch
from places.gazetteer import StatePlaces

Method = Literal[
    "state",
    "self_identification",
    "county",
    "city",
    "column",
    "independent_city",
    "consolidated",
    "municipio",
    "former_name",
    "three_parts",
    "town",
    "tribe",
    "region",
    "agency",
    "system",
    "misspelt",
    "ambiguous",
    "contradiction",
    "no_county",
    "no_state",
    "unknown",
]
"""The rules, as ``docs/places.md`` explains them; by the last five a name stays unresolved."""

EXACT = 100.0
MOST_CANDIDATES = 12
"""Ids that an undecided answer lists; Washington County alone is in thirty states."""


@dataclass(frozen=True)
class Around:
    """What is known of a name before its own words are read."""

    printed: str
    places: StatePlaces
    level: str | None = None
    """What the list says of all names in that place."""
    county: Jurisdiction | None = None
    """The county that is printed beside it or in it."""

    @property
    def state(self) -> str:
        """The name of the state."""
        return self.places.state.name


def taken_for(jurisdiction: Jurisdiction, method: Method, reason: str) -> NameMatch:
    """Answer that an exact name is this jurisdiction's."""
    return NameMatch(jurisdiction, method, reason, EXACT)


def misspelt_for(jurisdiction: Jurisdiction, reason: str, score: float) -> NameMatch:
    """Answer that a name must be this jurisdiction's, with a fault in its spelling."""
    return NameMatch(jurisdiction, "misspelt", reason, score, misspelt=True)


def undecided(method: Method, reason: str, candidates: Iterable[Jurisdiction] = ()) -> NameMatch:
    """Answer that no rule decides, with what it could be."""
    ids = sorted({each.id for each in candidates})
    return NameMatch(None, method, reason, None, candidates=tuple(ids[:MOST_CANDIDATES]))


def listed(names: Iterable[str]) -> str:
    """Return names as in a sentence: ``one``, ``one and two``, ``one, two and three``."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
