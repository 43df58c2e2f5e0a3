"""The rows of a table of an edition, as the page sets them: in columns, each with its links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from db.corrected import Mark
from parsers.records import RECORD_BY_TABLE
from parsers.web_address import web_address
from sanctuary.report_rows import ReportTable, Row
from sanctuary.site.addresses import Addresses
from sanctuary.wording import plain

_ELSEWHERE = frozenset({"key_fields", "fields_text"})
"""Fields that say how another is kept."""
_SPREAD = frozenset({"fields", "other_columns"})
"""Fields that hold columns of the document, by header: they are set as columns."""


@dataclass(frozen=True)
class Column:
    """A column, by what it is called."""

    field: str
    title: str
    header: str | None = None
    """In a field that holds several columns: which of them."""
    kind: str = ""
    """``number`` or ``date``; else it is text."""


@dataclass(frozen=True)
class Cell:
    """One value of a row."""

    column: Column
    text: str
    lines: tuple[str, ...] = ()
    """Of a list: one each."""
    href: str | None = None

    @property
    def says_something(self) -> bool:
        """Whether anything stands in it."""
        return bool(self.text or self.lines)


@dataclass(frozen=True)
class Line:
    """A row with its links."""

    values: dict[str, Any]
    cells: tuple[Cell, ...]
    """Those of the columns that are shown, in their order."""
    place: str
    """Where its place is; empty for a row that prints none."""
    evidence: str
    where: str
    label: str
    """What it is called in the name of a link."""
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Lines:
    """The rows of a table that are shown."""

    columns: tuple[Column, ...]
    """In which any of the rows has something."""
    rows: tuple[Line, ...]


def lines_of(to: Addresses, table: ReportTable) -> Lines:
    """Return the rows of a table that are shown, in columns."""
    place = RECORD_BY_TABLE[table.name].place
    columns = _columns(table)
    wide = [
        (row, _place(to, row, place), [_cell(column, row) for column in columns])
        for row in table.rows
    ]
    shown = [
        number
        for number in range(len(columns))
        if any(cells[number].says_something for _, _, cells in wide)
    ]
    return Lines(
        tuple(columns[number] for number in shown),
        tuple(_line(to, row, place, href, [cells[n] for n in shown]) for row, href, cells in wide),
    )


def _columns(table: ReportTable) -> list[Column]:
    found: list[Column] = []
    for field in RECORD_BY_TABLE[table.name].content_fields():
        if field in _ELSEWHERE or not any(field in row.values for row in table.rows):
            continue
        if field in _SPREAD:
            headers = dict.fromkeys(header for row in table.rows for header in row.values[field])
            found += [Column(field, header.replace("_", " "), header) for header in headers]
        else:
            found.append(Column(field, field.replace("_", " ")))
    return [Column(each.field, each.title, each.header, _kind(each, table)) for each in found]


def _kind(column: Column, table: ReportTable) -> str:
    values = [_value(column, row) for row in table.rows]
    if any(type(value) in (int, float) for value in values):
        return "number"
    is_date = column.field.startswith("date_") or column.field in ("signed", "issued")
    return "date" if is_date else ""


def _value(column: Column, row: Row) -> Any:
    value = row.values[column.field]
    return value if column.header is None else value.get(column.header)


def _cell(column: Column, row: Row) -> Cell:
    """Return what stands in a column of a row: its normal form, else what is printed."""
    value = _value(column, row)
    if value is None or value == "":
        value = row.values.get(f"{column.field}_text")
    if isinstance(value, list):
        return Cell(column, "", tuple(plain(item) for item in value))
    text = plain(value)
    return Cell(column, text, href=web_address(text) if column.field.endswith("_url") else None)


def _place(to: Addresses, row: Row, place: str | None) -> str:
    printed = row.values.get(place) if place else None
    if row.jurisdiction_id:
        return to.place(row.jurisdiction_id)
    return to.place_named(printed) if printed else ""


def _line(to: Addresses, row: Row, place: str | None, href: str, cells: list[Cell]) -> Line:
    return Line(
        values=row.values,
        cells=tuple(
            Cell(each.column, each.text, each.lines, href)
            if each.column.field == place and href
            else each
            for each in cells
        ),
        place=href,
        evidence=to.evidence(row.address),
        where=row.where,
        label=str(row.values.get(place) if place else f"row {row.address.position}"),
        marks=row.marks,
    )
