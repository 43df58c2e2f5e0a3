"""What a document of unknown layout holds: its tables as found, and what it tells case by case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from parsers.records.record import Record, TableKind


@dataclass(frozen=True, kw_only=True)
class FoundRow(Record):
    """A row of a table whose columns nobody has mapped; it may be about a person."""

    table: ClassVar[str] = "found_rows"
    kind: ClassVar[TableKind] = TableKind.PERIOD
    key: ClassVar[tuple[str, ...]] = ("table_number", "row_number")
    individual: ClassVar[bool] = True

    table_number: int
    """Of the document, from 1."""
    row_number: int
    """Of the table, from 1."""
    cells: tuple[str, ...]
    """The text of each cell, empty where there is none."""


@dataclass(frozen=True, kw_only=True)
class CaseNarrative(Record):
    """What a report tells of one case; it is about a person."""

    table: ClassVar[str] = "case_narratives"
    kind: ClassVar[TableKind] = TableKind.PERIOD
    key: ClassVar[tuple[str, ...]] = ("text",)
    individual: ClassVar[bool] = True

    text: str
    """The paragraph as printed, lines joined."""
