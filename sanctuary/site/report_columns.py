"""The columns of a table of an edition, as the page sets them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from parsers.records import RECORD_BY_TABLE
from parsers.web_address import web_address
from sanctuary.report_rows import ReportTable, Row
from sanctuary.wording import plain

_ELSEWHERE = frozenset({"key_fields", "fields_text"})
"""Fields that say how another is kept."""
_SPREAD = frozenset({"fields", "other_columns"})
"""Fields that hold columns of the document, by header: they are set as columns."""


@dataclass(frozen=True)
class Cell:
    """One value of a row."""

    text: str
    lines: tuple[str, ...] = ()
    """Of a list: one each."""
    href: str | None = None


@dataclass(frozen=True)
class Column:
    """A column, by what it is called."""

    field: str
    title: str
    header: str | None = None
    """In a field that holds several columns: which of them."""
    is_number: bool = False

    @property
    def is_date(self) -> bool:
        """Whether it holds days."""
        return self.field.startswith("date_") or self.field in ("signed", "issued")

    def cell(self, row: Row) -> Cell:
        """Return what stands in it in a row: the normal form, or where there is none the print."""
        value: Any = row.values[self.field]
        if self.header is not None:
            value = value.get(self.header)
        if value is None or value == "":
            value = row.values.get(f"{self.field}_text")
        if isinstance(value, list):
            return Cell("", tuple(plain(item) for item in value))
        text = plain(value)
        return Cell(text, href=web_address(text) if self.field.endswith("_url") else None)


def columns_of(table: ReportTable) -> list[Column]:
    """Return the columns in which any of the rows shown has something."""
    record = RECORD_BY_TABLE[table.name]
    found: list[Column] = []
    for field in record.content_fields():
        if field in _ELSEWHERE or not any(field in row.values for row in table.rows):
            continue
        if field in _SPREAD:
            headers = dict.fromkeys(header for row in table.rows for header in row.values[field])
            found += [Column(field, header.replace("_", " "), header) for header in headers]
        else:
            found.append(Column(field, field.replace("_", " ")))
    return [
        Column(each.field, each.title, each.header, _is_number(each, table))
        for each in found
        if any(_says(each.cell(row)) for row in table.rows)
    ]


def _is_number(column: Column, table: ReportTable) -> bool:
    values = [row.values[column.field] for row in table.rows]
    if column.header is not None:
        values = [value.get(column.header) for value in values]
    return any(type(value) in (int, float) for value in values)


def _says(cell: Cell) -> bool:
    return bool(cell.text or cell.lines)
