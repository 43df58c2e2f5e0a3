"""What ICE's Weekly Declined Detainer Outcome Report states: Sections I, II and of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from parsers.records.record import Record, TableKind


@dataclass(frozen=True, kw_only=True)
class ReportTotal(Record):
    """A number or a text that a report states of itself."""

    table: ClassVar[str] = "report_totals"
    kind: ClassVar[TableKind] = TableKind.PERIOD
    key: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    """`period`, `detainers_issued_nationwide`, `detainers_issued_listed`, `caveat`,
    `correction`, or the section the paragraph stands in (`summary`, `section_i` … `section_iv`)."""
    number: int | None
    text: str
    """The printed sentence or paragraph, lines joined."""


@dataclass(frozen=True, kw_only=True)
class DetainerCount(Record):
    """Section I: detainers *issued* to a jurisdiction in the period; their outcome is unknown."""

    table: ClassVar[str] = "detainer_counts"
    kind: ClassVar[TableKind] = TableKind.PERIOD
    key: ClassVar[tuple[str, ...]] = ("jurisdiction",)
    place: ClassVar[str | None] = "jurisdiction"

    rank: int
    """By count, from 1; equal counts share a rank (1, 2, 2, 4)."""
    jurisdiction: str
    level: str | None = None
    """``county`` where the header of the column says so ("County, State"). A name in it may say
    otherwise."""
    detainers_issued: int
    other_columns: Mapping[str, str] = field(default_factory=dict)
    """What stands under headers that the parser does not know, by header."""

    def content(self) -> dict[str, Any]:
        """Return the normalised row: the header is no part of it."""
        row = super().content()
        del row["level"]
        return row


@dataclass(frozen=True, slots=True)
class Offence:
    """One offence of a cell; ``disposition`` is ``conviction``, ``charge`` or not stated."""

    offence: str
    disposition: str | None


@dataclass(frozen=True, kw_only=True)
class DeclinedDetainer(Record):
    """Section II: a detainer recorded as declined (a detainer, not a person)."""

    table: ClassVar[str] = "declined_detainers"
    kind: ClassVar[TableKind] = TableKind.PERIOD
    key: ClassVar[tuple[str, ...]] = (
        "jurisdiction",
        "facility",
        "date_declined",
        "citizenship",
        "date_issued",
    )
    place: ClassVar[str | None] = "jurisdiction"
    individual: ClassVar[bool] = True

    jurisdiction: str
    facility: str | None
    date_declined: str | None
    """ISO 8601; the date that ICE recorded."""
    date_declined_text: str
    citizenship: str | None
    date_issued: str | None
    date_issued_text: str
    activity: str
    """The notable criminal activity as printed."""
    offences: tuple[Offence, ...]
    other_columns: Mapping[str, str] = field(default_factory=dict)
    """What stands under headers that the parser does not know, by header."""
