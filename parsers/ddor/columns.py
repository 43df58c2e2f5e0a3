"""The columns of the three tables, found by their headers.

Only some headers of ICE's reports were seen; the others are what comparable tables print. A header
that is not known keeps its own name, and its values stay beside the row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from parsers.ddor.sections import plain


@dataclass(frozen=True)
class TableShape:
    """What a section's table has to hold."""

    fields: Mapping[str, str]
    """Each field with a regular expression for its header, as ``plain`` writes it."""
    required: tuple[str, ...]
    """Fields without which it is not this table."""

    @cached_property
    def headers(self) -> Mapping[str, re.Pattern[str]]:
        """The expressions of ``fields``, without their blanks."""
        return {field: re.compile(header.replace(" ", "")) for field, header in self.fields.items()}


_PLACE = r"jurisdictions?( aor)?|(city )?county state|state county|location"
_OFFICE = r"aor|(ero )?field office|area of responsibility"

PLACE = "jurisdiction"
PLACE_IN_PARTS = ("county", "state")
"""The jurisdiction, and the two columns in which it may stand instead."""
_PARTS = {"county": r"county", "state": r"state"}

SHAPES = {
    "section_i": TableShape(
        fields={
            "rank": r"rank",
            PLACE: _PLACE,
            **_PARTS,
            "detainers_issued": r"(total |number of |no of )?"
            r"(issued detainers|detainers issued|detainers|issued)( issued)?",
        },
        required=(PLACE, "detainers_issued"),
    ),
    "section_ii": TableShape(
        fields={
            PLACE: _PLACE,
            **_PARTS,
            "facility": r"((.* )?facility|jail)( name)?|law enforcement agency|lea",
            "date_declined": r"(detainer )?(declined date|date declined|declined)"
            r"|date (of )?(the )?detainer (was )?declined",
            "citizenship": r"(country of )?citizenship|nationality",
            "date_issued": r"(detainer )?(issued date|date issued|issue date|issued)"
            r"|date (of )?(the )?detainer (was )?issued",
            "activity": r"(notable )?criminal (activity|history)|(notable )?offenses?",
        },
        required=(PLACE, "date_declined", "date_issued", "activity"),
    ),
    "section_iii": TableShape(
        fields={
            PLACE: _PLACE,
            "field_office": _OFFICE,
            "date_enacted": r"(date|policy) enacted|enacted( date)?|date of enactment",
            "policy": r"policy|policies|(name|title) of policy|policy (name|title)",
            "criteria": r"criteria( for honoring (ice )?detainers?)?",
        },
        required=(PLACE, "date_enacted", "policy", "criteria"),
    ),
}


@dataclass(frozen=True)
class Columns:
    """Which field, or which header that is not known, each column of a table stands for."""

    labels: tuple[str, ...]
    """The printed headers."""
    fields: tuple[str | None, ...]
    """The field of each column, None for a header that is not known."""

    @property
    def unknown(self) -> list[int]:
        """The columns whose header is not known, from 0."""
        return [number for number, field in enumerate(self.fields) if field is None]

    def name_of(self, column: int) -> str:
        """Return the name under which an unknown column keeps its values."""
        return self.labels[column] or f"column {column + 1}"


def names_counties(label: str) -> bool:
    """Say whether the header over a jurisdiction calls it a county: "County, State"; or none does.

    Without a header of its own it stands in the columns County and State.
    """
    return not label or re.fullmatch("countystate|statecounty", _said(label)) is not None


def columns_of(labels: Sequence[str], shape: TableShape) -> Columns | None:
    """Return what the columns of a header row stand for, None if it is no header of ``shape``.

    It is one if every required field stands under exactly one header.
    """
    fields = tuple(_field_of(label, shape) for label in labels)
    known = [field for field in fields if field is not None]
    wanted = set(shape.required)
    if PLACE not in known and set(PLACE_IN_PARTS) <= set(known):
        wanted.remove(PLACE)
    if len(set(known)) < len(known) or not wanted <= set(known):
        return None
    return Columns(tuple(labels), fields)


def _field_of(label: str, shape: TableShape) -> str | None:
    """Return the field that stands under a header; narrow columns break words, so blanks go."""
    said = _said(label)
    return next((field for field, header in shape.headers.items() if header.fullmatch(said)), None)


def _said(label: str) -> str:
    return plain(label).replace(" ", "")
