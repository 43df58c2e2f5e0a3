"""ICE's workbooks of 287(g) agreements: agencies that take part, and agencies whose is pending.

ICE publishes both up to twice each workday (https://www.ice.gov/identify-and-arrest/287g), one
sheet each. The participating workbook has the columns SIGNED and MOA, since July 2025 ADDENDUM
too; the pending one ends before SIGNED. That is how they are told apart.

A row is an agreement if it names an agency or a support type. Any other row with text in it is a
problem, as is every value that has no normal form: it is kept as printed. The same fault in many
rows of a column is one problem with all the rows (in 2025 COUNTY held ``#N/A`` for the police of
nearly every town).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from openpyxl.utils import get_column_letter

from parsers.cell_values import Fault, Value, collapsed, read_date, read_link, read_text
from parsers.errors import NotThisDocument
from parsers.records import Agreement, Check, EditionClaim, Problem, Reading, SheetSpot
from parsers.registry import Parser
from parsers.workbook import Cell, Row, Sheet, Workbook, open_workbook

FIELD_BY_COLUMN = {
    "STATE": "state",
    "LAW ENFORCEMENT AGENCY": "agency",
    "TYPE": "agency_type",
    "COUNTY": "county",
    "SUPPORT TYPE": "support_type",
    "SIGNED": "signed",
    "MOA": "moa_url",
    "ADDENDUM": "addendum_url",
}
COLUMN_BY_FIELD = {name: column for column, name in FIELD_BY_COLUMN.items()}
PENDING_COLUMNS = ("STATE", "LAW ENFORCEMENT AGENCY", "TYPE", "COUNTY", "SUPPORT TYPE")
SIGNED_COLUMNS = ("SIGNED", "MOA")
# Workbooks of March to May 2025 had no COUNTY.
REQUIRED_COLUMNS = tuple(column for column in PENDING_COLUMNS if column != "COUNTY")

_EXAMPLES = 3
"""How many values of an unknown column a problem quotes."""


@dataclass(frozen=True, slots=True)
class _List:
    """The sheet that holds the list, with its header row and what that says."""

    sheet: Sheet
    header: Row
    columns: Mapping[str, int]
    """Column of each known field, counted from 0."""
    status: str

    @property
    def body(self) -> list[Row]:
        return [row for row in self.sheet.rows if row.number > self.header.number]

    def repeats_header(self, row: Row) -> bool:
        return _labels(row) == _labels(self.header)

    def is_agreement(self, row: Row) -> bool:
        names = [self.cell(row, name) for name in ("agency", "support_type")]
        return not all(cell.is_blank for cell in names) and not self.repeats_header(row)

    def cell(self, row: Row, name: str) -> Cell:
        return row.cell(self.columns[name]) if name in self.columns else Cell(None)

    def spot(self, row: Row) -> SheetSpot:
        return SheetSpot(self.sheet.name, row.number)


def read_agreements(document: bytes, options: Mapping[str, Any]) -> Reading:
    """Read a participating or pending workbook.

    Takes the bytes of the workbook; there are no options. Returns one agreement a row in the order
    of the sheet, equal rows kept apart. Text is in Unicode's composed form with white space, the
    no-break space included, collapsed; the text beside it is exactly that of the cell. Raises
    Unreadable if the bytes are no sound workbook, NotThisDocument if no sheet, or more than one,
    has the columns of either list.
    """
    book = open_workbook(document)
    found = _find_list(book)
    readers = _readers(book.epoch)
    rows = [
        (row, {name: readers[name](found.cell(row, name)) for name in found.columns})
        for row in found.body
        if found.is_agreement(row)
    ]
    agreements = [
        _agreement(row, position, found, values) for position, (row, values) in enumerate(rows, 1)
    ]
    return Reading(
        edition=EditionClaim(notice=_notice(book)),
        tables=(Agreement,),
        records=tuple(agreements),
        checks=(_rows_read(agreements), _header_known(found), _no_blank_agency(agreements)),
        problems=(
            *_other_sheets(book, found),
            *_other_columns(found),
            *_other_rows(found),
            *_faults(rows, found),
        ),
    )


def _notice(book: Workbook) -> str | None:
    """Return what a workbook that is not ICE's says of itself in its title property."""
    title = collapsed(book.title)
    return title if title and title.startswith("SPECIMEN") else None


def _labels(row: Row) -> list[str]:
    return [(collapsed(cell.text) or "").upper() for cell in row.cells]


def _find_list(book: Workbook) -> _List:
    """Return the one sheet that has a header row; in it, the first such row is the header."""
    found: list[tuple[Sheet, Row]] = []
    missing = set(REQUIRED_COLUMNS)
    for sheet in book.sheets:
        for row in sheet.rows:
            lacks = set(REQUIRED_COLUMNS) - set(_labels(row))
            missing = min(missing, lacks, key=len)
            if not lacks:
                found.append((sheet, row))
                break
    if not found:
        names = ", ".join(column for column in REQUIRED_COLUMNS if column in missing)
        raise NotThisDocument(
            f"no sheet has a header row with all columns of a 287(g) list (missing: {names})",
            remedy="check that this is one of ICE's 287(g) workbooks",
        )
    if len(found) > 1:
        names = ", ".join(sheet.name for sheet, _ in found)
        raise NotThisDocument(
            f"more than one sheet has the columns of a 287(g) list: {names}",
            remedy="look at the workbook: which list stands cannot be told",
        )
    sheet, header = found[0]
    return _List(sheet, header, _columns(sheet, header), _status(sheet, header))


def _columns(sheet: Sheet, header: Row) -> dict[str, int]:
    labels = _labels(header)
    for column in FIELD_BY_COLUMN:
        if labels.count(column) > 1:
            raise NotThisDocument(
                f"sheet {sheet.name}, row {header.number}: the column {column} stands there twice",
                remedy="look at the workbook: which of them holds cannot be told",
            )
    return {
        name: labels.index(column) for column, name in FIELD_BY_COLUMN.items() if column in labels
    }


def _status(sheet: Sheet, header: Row) -> str:
    labels = _labels(header)
    if all(column in labels for column in SIGNED_COLUMNS):
        return "participating"
    if not any(column in labels for column in (*SIGNED_COLUMNS, "ADDENDUM")):
        return "pending"
    raise NotThisDocument(
        f"sheet {sheet.name}, row {header.number}: the participating list has SIGNED and MOA, the "
        "pending list neither; this sheet has a part of them",
        remedy="look at the workbook: which of the two lists it is cannot be told",
    )


def _readers(epoch: datetime) -> dict[str, Callable[[Cell], Value]]:
    """Return how the cell of each field is read."""
    return {
        **dict.fromkeys(("state", "agency", "agency_type", "county", "support_type"), read_text),
        "signed": partial(read_date, epoch=epoch),
        "moa_url": read_link,
        "addendum_url": read_link,
    }


def _agreement(row: Row, position: int, found: _List, values: Mapping[str, Value]) -> Agreement:
    fields: dict[str, str | None] = {}
    for name in FIELD_BY_COLUMN.values():
        fields[name] = values[name].normal if name in values else None
        fields[f"{name}_text"] = found.cell(row, name).text
    return Agreement(**fields, status=found.status, position=position, evidence=(found.spot(row),))


def _faults(rows: Sequence[tuple[Row, Mapping[str, Value]]], found: _List) -> Iterator[Problem]:
    """Yield one problem for each fault of a column, with all the rows that have it."""
    rows_by_fault: dict[tuple[str, Fault], list[Row]] = {}
    for row, values in rows:
        for name, value in values.items():
            for fault in value.faults:
                rows_by_fault.setdefault((name, fault), []).append(row)
    for (name, fault), faulty in rows_by_fault.items():
        first = faulty[0]
        where = f"row {first.number}"
        if len(faulty) > 1:
            where = f"{len(faulty)} rows from {where} on"
        yield Problem(
            fault.kind,
            f"{COLUMN_BY_FIELD[name]}, {where}: {fault.clause}",
            found.cell(first, name).text,
            tuple(found.spot(row) for row in faulty),
        )


def _other_sheets(book: Workbook, found: _List) -> Iterator[Problem]:
    for sheet in book.sheets:
        if sheet is not found.sheet and sheet.rows:
            yield Problem(
                "sheet_not_read",
                f"sheet {sheet.name} is not the list; it has {len(sheet.rows)} rows",
                _row_text(sheet.rows[0]),
                (SheetSpot(sheet.name, sheet.rows[0].number),),
            )


def _other_columns(found: _List) -> Iterator[Problem]:
    for column in range(len(found.header.cells)):
        if column in found.columns.values():
            continue
        label = collapsed(found.header.cell(column).text)
        rows = [row for row in found.body if not row.cell(column).is_blank]
        if label is None and not rows:
            continue
        first = "; ".join(_cell_text(row.cell(column)) for row in rows[:_EXAMPLES])
        letter = get_column_letter(column + 1)
        yield Problem(
            "unknown_column",
            f"column {letter} ({label or 'no header'}) is not known; values in {len(rows)} of "
            f"{len(found.body)} rows{f' (first: {first})' if first else ''}",
            label,
            tuple(found.spot(row) for row in (found.header, *rows[:_EXAMPLES])),
        )
    if "county" not in found.columns:
        message = "the list has no column COUNTY"
        yield Problem("missing_column", message, evidence=(found.spot(found.header),))


def _other_rows(found: _List) -> Iterator[Problem]:
    for row in found.sheet.rows:
        if row.number < found.header.number:
            kind, fault = "text_above_table", "stands above the header"
        elif found.repeats_header(row) and row is not found.header:
            kind, fault = "repeated_header", "repeats the header"
        elif row is not found.header and not found.is_agreement(row):
            kind, fault = "not_an_agreement", "names neither an agency nor a support type"
        else:
            continue
        yield Problem(kind, f"row {row.number} {fault}", _row_text(row), (found.spot(row),))


def _cell_text(cell: Cell) -> str:
    return cell.text or cell.link or ""


def _row_text(row: Row) -> str:
    return " | ".join(_cell_text(cell) for cell in row.cells if not cell.is_blank)


def _rows_read(agreements: Sequence[Agreement]) -> Check:
    return Check(
        "rows_read",
        passed=bool(agreements),
        required=True,
        message=f"The list has {len(agreements)} agreements.",
        expected="at least 1",
        actual=str(len(agreements)),
    )


def _header_known(found: _List) -> Check:
    printed = [label for label in (collapsed(cell.text) for cell in found.header.cells) if label]
    strange = [label for label in printed if label.upper() not in FIELD_BY_COLUMN]
    faults = [f"not known: {label}" for label in strange]
    if "county" not in found.columns:
        faults.append("missing: COUNTY")
    signed = found.status == "participating"
    return Check(
        "header_known",
        passed=not faults,
        required=False,
        message=f"Columns {'; '.join(faults)}." if faults else "Every column is known.",
        expected=", ".join(PENDING_COLUMNS + (SIGNED_COLUMNS if signed else ())),
        actual=", ".join(printed),
    )


def _no_blank_agency(agreements: Sequence[Agreement]) -> Check:
    spots = [spot for row in agreements if row.agency is None for spot in row.evidence]
    rows = ", ".join(str(spot.row) for spot in spots if isinstance(spot, SheetSpot))
    return Check(
        "no_blank_agency",
        passed=not spots,
        required=False,
        message=f"No agency is named in row {rows}." if spots else "Every row names its agency.",
        expected="0",
        actual=str(len(spots)),
    )


PARSER = Parser(
    name="ice-287g",
    revision=1,
    libraries=("openpyxl", "lxml"),
    tables=(Agreement,),
    reads="xlsx",
    read=read_agreements,
)
