"""The columns of the three tables, found by their headers.

Only some headers of ICE's reports were seen; the others are what comparable tables print. A header
that is not known keeps its own name, and its values stay beside the row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from parsers.ddor.sections import plain


@dataclass(frozen=True)
class TableShape:
    """What a section's table has to hold."""

    fields: Mapping[str, frozenset[str]]
    """Each field with the headers it may stand under, as ``plain`` writes them."""
    required: tuple[str, ...]
    """Fields without which it is not this table."""


SHAPES = {
    "section_i": TableShape(
        fields={
            "rank": frozenset({"rank"}),
            "jurisdiction": frozenset(
                {"county state", "jurisdiction", "jurisdictions", "city county state", "location"}
            ),
            "detainers_issued": frozenset(
                {
                    *("issued detainers", "detainers issued", "detainers", "issued"),
                    *("number of detainers issued", "number of issued detainers"),
                }
            ),
        },
        required=("jurisdiction", "detainers_issued"),
    ),
    "section_ii": TableShape(
        fields={
            "jurisdiction": frozenset(
                {"jurisdiction", "jurisdictions", "county state", "state county", "location"}
            ),
            "facility": frozenset(
                {
                    *("facility", "detention facility", "facility name", "jail"),
                    *("law enforcement agency", "lea"),
                }
            ),
            "date_declined": frozenset(
                {
                    *("date declined", "declined date", "detainer declined date"),
                    *("date detainer declined", "declined"),
                }
            ),
            "citizenship": frozenset(
                {"citizenship", "country of citizenship", "nationality", "country"}
            ),
            "date_issued": frozenset(
                {
                    *("date issued", "issued date", "detainer issued date"),
                    *("date detainer issued", "issued"),
                }
            ),
            "activity": frozenset(
                {"notable criminal activity", "criminal activity", "notable criminal history"}
            ),
        },
        required=("jurisdiction", "date_declined", "date_issued", "activity"),
    ),
    "section_iii": TableShape(
        fields={
            "jurisdiction": frozenset(
                {"jurisdiction aor", "jurisdiction", "jurisdictions", "location"}
            ),
            "field_office": frozenset({"aor", "field office", "area of responsibility"}),
            "date_enacted": frozenset(
                {"date enacted", "enacted", "enacted date", "date of enactment"}
            ),
            "policy": frozenset({"policy", "policies"}),
            "criteria": frozenset(
                {"criteria for honoring detainer", "criteria for honoring detainers", "criteria"}
            ),
        },
        required=("jurisdiction", "date_enacted", "policy", "criteria"),
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


def columns_of(labels: Sequence[str], shape: TableShape) -> Columns | None:
    """Return what the columns of a header row stand for, None if it is no header of ``shape``.

    It is one if every required field stands under exactly one header.
    """
    fields = tuple(_field_of(label, shape) for label in labels)
    known = [field for field in fields if field is not None]
    if len(set(known)) < len(known) or not set(shape.required) <= set(known):
        return None
    return Columns(tuple(labels), fields)


def _field_of(label: str, shape: TableShape) -> str | None:
    said = plain(label)
    return next((field for field, headers in shape.fields.items() if said in headers), None)
