"""A place or body with one identity, and how a printed name was taken for it."""

from __future__ import annotations

from dataclasses import dataclass

JURISDICTION_KINDS = (
    "state",
    "county",
    "city",
    "town",
    "tribe",
    "region",
    "agency",
    "jail",
    "system",
)


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """A state, county, city, town, tribal or regional body, agency, jail or state-wide system."""

    id: str
    """What a person can read: ``us/ny/county/nassau``."""
    kind: str
    """One of ``JURISDICTION_KINDS``; ``county`` for its equivalents, too."""
    name: str
    """With the word for what it is where it has one: ``Nassau County``, ``Orleans Parish``."""
    state: str
    """Two letters: ``NY``."""
    geoid: str | None
    """As text; None where no package has it."""
    geoid_vintage: str | None
    """The year of the Census geography that the GEOID is of."""
    latitude: float | None
    longitude: float | None
    parent_id: str | None
    """What it lies in: a county in its state, a city in its county where that is known."""
    authority: str
    """Where that is from: a package and its version, or ``printed``."""


@dataclass(frozen=True, slots=True)
class PrintedName:
    """A name as a document prints it, and what stands around it."""

    printed: str
    state: str | None = None
    """From a column or heading of its own, as printed."""
    level: str | None = None
    """What the list says of all names in that place: ``state``, ``county`` or ``city``."""
    county: str | None = None
    """From a column of its own."""
    agency_type: str | None = None
    """The name is an agency's (287(g)): of a county, a municipality, the state, as printed."""


@dataclass(frozen=True, slots=True)
class NameMatch:
    """What a printed name was taken for, by which rule and why."""

    jurisdiction: Jurisdiction | None
    """None where it stays unresolved."""
    method: str
    """The rule, as ``docs/places.md`` names it."""
    reason: str
    """One sentence that explains it for this name."""
    score: float | None = None
    """Of 100, how alike the printed and the known name are; None where nothing was matched."""
    misspelt: bool = False
    candidates: tuple[str, ...] = ()
    """Ids between which the rules do not decide."""
