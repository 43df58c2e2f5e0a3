"""A worksheet as rows: what is merged over rows is repeated, what is over columns is a fault."""

from __future__ import annotations

from parsers.cell_values import collapsed
from parsers.errors import NotThisDocument
from parsers.records import Check, Problem, SheetSpot
from parsers.table.header import has_header
from parsers.table.options import TableOptions
from parsers.table.shape import Cell, Found, Part, Row, row_text
from parsers.workbook import Row as SheetRow
from parsers.workbook import Sheet, Workbook, open_workbook


def read_xlsx(document: bytes, wanted: TableOptions) -> Found:
    """Return the rows of a worksheet that are not blank.

    Raises Unreadable if the bytes are no sound workbook, NotThisDocument if the sheet is not there
    or cannot be told from another.
    """
    book = open_workbook(document)
    rows = {sheet.name: _rows(sheet) for sheet in book.sheets if sheet.rows}
    name = _sheet(rows, wanted)
    title = collapsed(book.title)
    return Found(
        parts=(Part(rows[name]),),
        notice=title if title and title.startswith("SPECIMEN") else None,
        checks=_calculated(book),
        problems=_other_sheets(book, name) if wanted.sheet is None else (),
    )


def _calculated(book: Workbook) -> tuple[Check, ...]:
    """Hold a workbook with formulas that no program has worked out: their cells look empty."""
    count = book.uncalculated
    if not count:
        return ()
    message = (
        f"{count} {'cell has a formula' if count == 1 else 'cells have formulas'} without a "
        "result. Open the workbook in a spreadsheet program, save it and import that."
    )
    actual = str(count)
    return (Check("formulas_worked_out", False, True, message, expected="0", actual=actual),)


def _sheet(rows: dict[str, tuple[Row, ...]], wanted: TableOptions) -> str:
    names = ", ".join(rows) or "none"
    if wanted.sheet is not None:
        if wanted.sheet not in rows:
            raise NotThisDocument(
                f"there is no sheet {wanted.sheet} with rows; there are: {names}",
                remedy="look at the workbook, and mend the option sheet",
            )
        return wanted.sheet
    found = [*rows] if len(rows) == 1 else [n for n, of in rows.items() if has_header(of, wanted)]
    if len(found) != 1:
        which = ", ".join(found) or "none"
        raise NotThisDocument(
            f"which sheet holds the table cannot be told: its header is on {which} of {names}",
            remedy="name it with the option sheet",
        )
    return found[0]


def _rows(sheet: Sheet) -> tuple[Row, ...]:
    width = 1 + max(
        column
        for row in sheet.rows
        for column in range(len(row.cells))
        if not row.cells[column].is_blank
    )
    by_number = {row.number: row for row in sheet.rows}
    spans: set[int] = set()
    above: dict[tuple[int, int], Cell] = {}
    for left, top, right, bottom in sheet.merged:
        if top not in by_number:
            continue
        cell = _cell(by_number[top], left - 1)
        for number in range(top, bottom + 1):
            if number in by_number:
                spans |= {number} if right > left else set()
                above |= {(number, column): cell for column in range(left - 1, right)}
    return tuple(
        Row(
            tuple(above.get((row.number, n)) or _cell(row, n) for n in range(width)),
            (SheetSpot(sheet.name, row.number),),
            ("spanning_cell", "has a cell that spans columns") if row.number in spans else None,
        )
        for row in sheet.rows
    )


def _cell(row: SheetRow, column: int) -> Cell:
    cell = row.cell(column)
    return Cell(collapsed(cell.text) or "", is_error=cell.is_error)


def _other_sheets(book: Workbook, name: str) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            "sheet_not_read",
            f"sheet {sheet.name} is not the list; it has {len(sheet.rows)} rows",
            row_text([collapsed(cell.text) or "" for cell in sheet.rows[0].cells]),
            (SheetSpot(sheet.name, sheet.rows[0].number),),
        )
        for sheet in book.sheets
        if sheet.rows and sheet.name != name
    )
