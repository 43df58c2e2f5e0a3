"""What people decided about printed names: the entries of ``jurisdictions.yml``.

The file is a list, and each entry stands for itself: files are joined by putting one after the
other, and a new decision goes to the end.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)

from parsers.records import Jurisdiction
from parsers.records.jurisdiction import JURISDICTION_KINDS
from sanctuary.source_values import Id

NO_PLACE = "none"
"""In place of a jurisdiction: the name is that of no place."""
METHOD = "decision"
"""The method of names that a person decided, beside those of the rules."""

DECIDED_BY = "Decided by "
"""How the reason of a decision begins, and the authority of a place that a person described."""


def _place_id(value: str) -> str:
    if not re.fullmatch(r"[a-z]{2}(/[a-z0-9]+(-[a-z0-9]+)*)+", value):
        raise ValueError("allowed: the id of a jurisdiction, like us/ny/county/nassau")
    return value


def _place_or_none(value: str) -> str:
    if value == NO_PLACE:
        return value
    try:
        return _place_id(value)
    except ValueError as error:
        raise ValueError(f"{error}, or none: no place") from None


def _state(value: str) -> str:
    if not re.fullmatch("[A-Z]{2}", value):
        raise ValueError("allowed: two capital letters, like NY")
    return value


def _kind(value: str) -> str:
    if value not in JURISDICTION_KINDS:
        raise ValueError(f"allowed: {', '.join(JURISDICTION_KINDS)}")
    return value


def _day(value: object) -> object:
    # YAML reads 2026-11-25 as a day; a moment is none.
    if isinstance(value, date) and type(value) is not date:
        raise ValueError("allowed: a day, like 2026-11-25")
    return value


Text = Annotated[str, Field(min_length=1)]
PlaceId = Annotated[str, AfterValidator(_place_id)]
Day = Annotated[date, BeforeValidator(_day)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    by: Text
    """Who decided it."""
    when: Day
    why: Text

    def said(self) -> str:
        """Return who decided it, when and why, in a sentence for those who ask."""
        return f"{DECIDED_BY}{self.by} on {self.when.isoformat()}: {self.why}"


class NameDecision(_Entry):
    """For which jurisdiction a name of a source is taken, where it is printed exactly so."""

    source: Id
    printed: Text
    state: Text | None = None
    """With the keys below: what stands around the name. Without any, whatever stands there."""
    level: Text | None = None
    county: Text | None = None
    agency_type: Text | None = None
    jurisdiction: Annotated[str, AfterValidator(_place_or_none)]

    @property
    def jurisdiction_id(self) -> str | None:
        """The jurisdiction, None where the name is that of no place."""
        return None if self.jurisdiction == NO_PLACE else self.jurisdiction

    def context(self) -> dict[str, str]:
        """Return what has to stand around the name."""
        context = self.model_dump(include={"state", "level", "county", "agency_type"})
        return {key: value for key, value in context.items() if value is not None}

    def subject(self) -> tuple[object, ...]:
        """Return what is decided: no two entries decide the same."""
        return ("name", self.source, self.printed, *sorted(self.context().items()))

    def name(self) -> str:
        """Return what a person knows the entry by."""
        return f"{self.source}: {self.printed}"


class FacilityDecision(_Entry):
    """Where a facility stands and who runs it."""

    source: Id
    facility: Text
    """As printed."""
    printed: Text
    """The jurisdiction printed beside it."""
    location: PlaceId | None = None
    operator: PlaceId | None = None

    def subject(self) -> tuple[object, ...]:
        """Return what is decided: no two entries decide the same."""
        return ("facility", self.source, self.facility, self.printed)

    def name(self) -> str:
        """Return what a person knows the entry by."""
        return f"{self.source}: {self.facility}"


class OwnPlace(_Entry):
    """A jurisdiction that the gazetteer lacks."""

    place: PlaceId
    """Its id."""
    kind: Annotated[str, AfterValidator(_kind)]
    called: Text
    """Its name."""
    state: Annotated[str, AfterValidator(_state)]
    parent: PlaceId | None = None
    """What it lies in."""
    geoid: Annotated[str, Field(pattern=r"^[0-9]+$")] | None = None
    geoid_vintage: Annotated[str, Field(pattern=r"^[0-9]{4}$")] | None = None

    @field_validator("kind", "state")
    @classmethod
    def _as_in_the_id(cls, value: str, info: ValidationInfo) -> str:
        place = info.data.get("place")
        said = value == "state" or value.casefold() in (place or value).split("/")[:3]
        if not said:
            raise ValueError(f"the id {place} says another {info.field_name}")
        return value

    def subject(self) -> tuple[object, ...]:
        """Return what is decided: no two entries decide the same."""
        return ("place", self.place)

    def name(self) -> str:
        """Return what a person knows the entry by."""
        return self.place

    def jurisdiction(self) -> Jurisdiction:
        """Return it as a jurisdiction."""
        return Jurisdiction(
            id=self.place,
            kind=self.kind,
            name=self.called,
            state=self.state,
            geoid=self.geoid,
            geoid_vintage=self.geoid_vintage,
            latitude=None,
            longitude=None,
            parent_id=self.parent,
            authority=self.said(),
        )


Entry = NameDecision | FacilityDecision | OwnPlace
Role = Literal["jurisdiction", "location", "operator", "parent"]


class Decisions(BaseModel):
    """All entries of a file."""

    model_config = ConfigDict(frozen=True)

    names: tuple[NameDecision, ...] = ()
    facilities: tuple[FacilityDecision, ...] = ()
    places: tuple[OwnPlace, ...] = ()

    def before(self, other: Decisions) -> Decisions:
        """Return these decisions, and of ``other`` what they do not decide."""
        names = {each.subject() for each in self.names}
        facilities = {each.subject() for each in self.facilities}
        places = {each.subject() for each in self.places}
        return Decisions(
            names=(*self.names, *(each for each in other.names if each.subject() not in names)),
            facilities=(
                *self.facilities,
                *(each for each in other.facilities if each.subject() not in facilities),
            ),
            places=(*self.places, *(each for each in other.places if each.subject() not in places)),
        )

    def of_name(
        self, source_id: str, printed: str, context: Mapping[str, str]
    ) -> NameDecision | None:
        """Return what was decided about a name: with all that stands around it, or whatever does.

        ``context`` is what is printed around it, without what is not.
        """
        for wanted in (dict(context), {}):
            for each in self.names:
                if (each.source, each.printed, each.context()) == (source_id, printed, wanted):
                    return each
        return None

    def of_facility(self, source_id: str, printed: str, beside: str) -> FacilityDecision | None:
        """Return what was decided about a facility."""
        for each in self.facilities:
            if (each.source, each.facility, each.printed) == (source_id, printed, beside):
                return each
        return None

    def named(self) -> list[tuple[Entry, Role, str]]:
        """Return every id that an entry names, with the entry and the key that names it."""
        found: list[tuple[Entry, Role, str | None]] = [
            *((each, "jurisdiction", each.jurisdiction_id) for each in self.names),
            *((each, "location", each.location) for each in self.facilities),
            *((each, "operator", each.operator) for each in self.facilities),
            *((each, "parent", each.parent) for each in self.places),
        ]
        return [(entry, key, place) for entry, key, place in found if place is not None]
