"""Rows of a table without a record type of its own, as the entry of its source maps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeAlias

from parsers.records.record import Record, TableKind

FieldValue: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True, kw_only=True)
class _MappedRow(Record):
    """A row whose columns the column map of its source names."""

    key: ClassVar[tuple[str, ...]] = ("key_fields",)

    fields: Mapping[str, FieldValue]
    """The value of each column by its field: a text, a number, a date in ISO 8601 or a truth value;
    None where nothing is printed, or where what is printed does not fit its type."""
    fields_text: Mapping[str, str]
    """What is printed, of fields that are no texts."""
    key_fields: tuple[str, ...]
    """The fields that make it the same row in the next edition."""
    other_columns: Mapping[str, str] = field(default_factory=dict)
    """What stands under headers that the column map does not name, by header."""

    def content(self) -> dict[str, Any]:
        """Return the normalised row, a field a column of the map."""
        row: dict[str, Any] = {"key_fields": self.key_fields}
        for name, value in self.fields.items():
            row[name] = self.fields_text.get(name) if value is None else value
        return {**row, "other_columns": self.other_columns or None}

    def identity(self) -> tuple[str, ...]:
        """Return the fields that make it the same row, as its source names them."""
        return self.key_fields

    @property
    def label(self) -> str:
        """What tells the row from others, for people: the values of its key."""
        values = (self.content()[name] for name in self.key_fields)
        return ", ".join(str(value) for value in values if value is not None)


@dataclass(frozen=True, kw_only=True)
class TableRow(_MappedRow):
    """A row that stands until it is taken off."""

    table: ClassVar[str] = "table_rows"
    kind: ClassVar[TableKind] = TableKind.STANDING


@dataclass(frozen=True, kw_only=True)
class PeriodRow(_MappedRow):
    """A row of one period: in the next period it is another event."""

    table: ClassVar[str] = "period_rows"
    kind: ClassVar[TableKind] = TableKind.PERIOD
