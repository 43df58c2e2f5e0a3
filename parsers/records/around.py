"""What stands around a list: its publisher's corrections, and what others say of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from parsers.records.record import Record, TableKind

STATEMENT_KINDS = ("dispute", "letter", "agreement", "court order", "announcement")


@dataclass(frozen=True, kw_only=True)
class Correction(Record):
    """What a publisher says was wrong with one place in one of its documents."""

    table: ClassVar[str] = "corrections"
    kind: ClassVar[TableKind] = TableKind.STANDING
    key: ClassVar[tuple[str, ...]] = ("period_start", "period_end", "table_name", "jurisdiction")
    place: ClassVar[str | None] = "jurisdiction"

    report: str
    """The document as the notice names it: "Jan. 28 - Feb 03, 2017 Declined Detainer Outcome
    Report"."""
    period_start: str | None
    """ISO 8601; the first day of that document's period, None where the notice does not say."""
    period_end: str | None
    table_name: str | None
    """Which rows it concerns (``detainer_counts``: issued; ``declined_detainers``: declined), None
    where the notice does not say."""
    jurisdiction: str
    """As printed."""
    text: str
    """The sentence that says what was wrong."""


@dataclass(frozen=True, kw_only=True)
class Statement(Record):
    """What a place, a court or a publisher says of a listing, as a document of its own."""

    table: ClassVar[str] = "statements"
    kind: ClassVar[TableKind] = TableKind.STANDING
    key: ClassVar[tuple[str, ...]] = ("about", "jurisdiction", "statement_kind", "title", "issued")
    place: ClassVar[str | None] = "jurisdiction"

    statement_kind: str
    """One of ``STATEMENT_KINDS``."""
    title: str
    publisher: str
    """Who says it."""
    issued: str | None
    """ISO 8601."""
    issued_text: str | None
    about: str | None
    """The id of the source whose listing it is about."""
    jurisdiction: str | None
    """The place it is about, as printed or as the entry of the source names it."""
    text: str
    address: str | None
    """Where a person reads it."""
