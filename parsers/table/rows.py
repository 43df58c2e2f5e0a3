"""Rows to records: the one mapper, whatever form the table has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsers.records import LEVELS, Listing, PeriodRow, Problem, Record, Spot, TableRow
from parsers.records.table import FieldValue
from parsers.table.header import Header
from parsers.table.laid_out import Table
from parsers.table.option_values import FromColumn
from parsers.table.options import TableOptions
from parsers.table.shape import Cell, Row
from parsers.table.values import read_value

RECORDS: dict[str, type[Record]] = {each.table: each for each in (Listing, TableRow, PeriodRow)}
# What a page's own encoding gives for bytes that are not text in it.
_REPLACEMENT_CHARACTER = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class _Fault:
    """What is wrong with a value, and in which row."""

    kind: str
    clause: str
    text: str
    position: int
    spots: tuple[Spot, ...]


def read_rows(table: Table, wanted: TableOptions) -> tuple[list[Record], list[Problem]]:
    """Return a record for each row of the table, in its order, and what is wrong with the values.

    The same fault of the same value in many rows is one problem with all of them.
    """
    records: list[Record] = []
    faults: list[_Fault] = []
    for position, row in enumerate(table.rows, 1):
        reader = _RowReader(row, position, table.header, wanted)
        records.append(reader.listing() if wanted.record == "listings" else reader.mapped())
        faults += reader.faults
    return records, list(_problems(faults))


def _problems(faults: Sequence[_Fault]) -> Iterator[Problem]:
    groups: dict[tuple[str, str, str], list[_Fault]] = {}
    for fault in faults:
        groups.setdefault((fault.kind, fault.clause, fault.text), []).append(fault)
    for (kind, clause, text), same in groups.items():
        where = f"row {same[0].position}"
        if len(same) > 1:
            where = f"{len(same)} rows from {where} on"
        spots = tuple(spot for fault in same for spot in fault.spots)
        yield Problem(kind, f"{where}: {clause}", text, spots)


class _RowReader:
    """Reads one row, and keeps what is wrong with its values."""

    def __init__(self, row: Row, position: int, header: Header, wanted: TableOptions) -> None:
        self._row = row
        self._position = position
        self._header = header
        self._wanted = wanted
        self.faults: list[_Fault] = []
        for cell in row.cells:
            if _REPLACEMENT_CHARACTER in cell.text:
                clause = "a character is not in the page's own encoding"
                self._fault("undecodable_text", clause, cell.text)

    def listing(self) -> Listing:
        """Return the row as a listing."""
        enacted = self._text("date_enacted")
        kind = self._wanted.types.get("date_enacted", "date")
        day, reason = (None, None)
        if enacted and kind != "text" and not self._is_raised("date_enacted"):
            day, reason = read_value(kind, enacted)
        if enacted and reason:
            clause = f"{enacted} is not {reason}; it is kept as printed"
            self._fault("unreadable_date", clause, enacted)
        level, level_text = self._level()
        listing = Listing(
            jurisdiction=self._text("jurisdiction") or "",
            state=self._state(),
            level=level,
            level_text=level_text,
            field_office=self._text("field_office"),
            date_enacted=str(day) if day else None,
            date_enacted_text=enacted,
            policy=self._text("policy"),
            criteria=self._criteria(),
            other_columns=self._other_columns(),
            position=self._position,
            evidence=self._row.spots,
        )
        self._note_cells()
        return listing

    def mapped(self) -> TableRow | PeriodRow:
        """Return the row as its column map names its fields."""
        fields: dict[str, FieldValue] = {}
        printed_texts: dict[str, str] = {}
        for field in self._wanted.fields:
            printed = self._text(field)
            kind = self._wanted.types.get(field, "text")
            fields[field] = None
            if printed is None:
                continue
            reason = None
            if kind == "text" or not self._is_raised(field):
                fields[field], reason = read_value(kind, printed)
            if kind != "text":
                printed_texts[field] = printed
            if reason:
                clause = f"{field}: {printed} is not {reason}; it is kept as printed"
                self._fault("unreadable_value", clause, printed)
        self._note_cells()
        record = TableRow if self._wanted.record == "table_rows" else PeriodRow
        return record(
            fields=fields,
            fields_text=printed_texts,
            key_fields=self._wanted.key,
            other_columns=self._other_columns(),
            position=self._position,
            evidence=self._row.spots,
        )

    def _fault(self, kind: str, clause: str, text: str) -> None:
        self.faults.append(_Fault(kind, clause, text, self._position, self._row.spots))

    def _note_cells(self) -> None:
        for column in self._header.columns.values():
            cell = self._row.cells[column]
            if cell.is_error:
                clause = f"column {column + 1} holds the error {cell.text}"
                self._fault("error_value", clause, cell.text)
            if cell.is_raised:
                clause = f"column {column + 1} has raised text, which may be the mark of a note"
                self._fault("raised_text", clause, cell.text)

    def _cells(self, field: str) -> list[Cell]:
        wanted = self._wanted
        headers = [header for header, name in wanted.columns.items() if name == field]
        headers += wanted.join.get(field, ())
        return [self._row.cells[self._header.column(header)] for header in headers]

    def _is_raised(self, field: str) -> bool:
        return any(cell.is_raised for cell in self._cells(field))

    def _text(self, field: str) -> str | None:
        texts = [cell.text for cell in self._cells(field) if cell.text]
        return ", ".join(texts) or None

    def _criteria(self) -> tuple[str, ...]:
        cells = [cell for cell in self._cells("criteria") if cell.text]
        criteria: list[str] = []
        for cell in cells:
            criteria += cell.items or (cell.text,)
            if cell.beside_items:
                clause = "the criteria have text beside the list"
                self._fault("text_beside_list", clause, cell.text)
        return tuple(criteria)

    def _of(self, column: FromColumn) -> str:
        return self._row.text(self._header.column(column.column))

    def _state(self) -> str | None:
        of = self._wanted.state
        if isinstance(of, FromColumn):
            printed = self._of(of)
            if of.values and printed and printed not in of.values:
                clause = f"{of.column}: {printed} is not among the values of the option state"
                self._fault("unknown_value", clause, printed)
            return of.values.get(printed, printed) or None
        return of or self._text("state")

    def _level(self) -> tuple[str | None, str | None]:
        """Return the level of the row, and what is printed for it."""
        of = self._wanted.level
        if isinstance(of, str):
            return of, None
        printed = self._of(of) if of is not None else (self._text("level") or "")
        values: dict[str, str] = {level: level for level in LEVELS}
        if of is not None and of.values:
            values = {**of.values}
        level = values.get(printed if of is not None and of.values else printed.casefold())
        if printed and level is None:
            self._fault("unknown_value", f"{printed} is not a level that the options know", printed)
        return level, printed or None

    def _other_columns(self) -> dict[str, str]:
        return {
            name: text
            for column, name in self._header.others.items()
            if (text := self._row.text(column))
        }
