"""The ruled tables of a PDF as rows, a part a page; what reaches over rows is repeated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsers.cell_values import collapsed
from parsers.pdf import layout
from parsers.pdf.body import body_of, goes_on
from parsers.pdf.document import read_pages
from parsers.pdf.layout import OPEN_CELL, SPANNING_CELL, items_of, text_of
from parsers.records import Check, PageSpot, Spot
from parsers.registry import Way
from parsers.table.option_values import is_among
from parsers.table.options import TableOptions
from parsers.table.shape import Cell, Found, Part, Row

_NOT_PARTED = "rows_not_parted", "has numbers under each other in its cells: no rule parts its rows"
# A number is never too long for its line, so that two lines of a cell are two numbers.
_NUMBER = re.compile(r"[^\w\s]{0,2}\d[\d.,]*[^\w\s]{0,2}")


def read_pdf(document: bytes, wanted: TableOptions, way: Way) -> Found:
    """Return the rows of the ruled tables of a PDF, in reading order.

    What stands outside the tables is prose. Raises Unreadable if the bytes are no sound PDF,
    NotThisDocument if it has no text.
    """
    pages = [page for page in read_pages(document, way) if is_among(page.number, wanted.pages)]
    body = body_of(pages)
    parts = [
        Part(_rows(block.page, block.content), goes_on(body.blocks[:number], block.page))
        for number, block in enumerate(body.blocks)
        if isinstance(block.content, layout.Table)
    ]
    lost = (*body.left.in_tables, *body.left.unmapped)
    check = Check(
        "all_in_cells",
        passed=not lost,
        required=True,
        message=f"Within the tables, {len(lost)} pieces of text are in no cell or no letters."
        if lost
        else "All that stands within a table is in one of its cells.",
        expected="0",
        actual=str(len(lost)),
    )
    return Found(
        parts=tuple(parts),
        notice=body.notice,
        checks=(check, *_rows_parted(parts), body.engines_agree),
        problems=body.left.all(),
    )


def _rows_parted(parts: Sequence[Part]) -> Iterator[Check]:
    """Hold a document whose rules part its columns and not its rows, where there is such a row."""
    if count := sum(row.fault == _NOT_PARTED for part in parts for row in part.rows):
        yield Check(
            "rows_parted",
            passed=False,
            required=True,
            message=f"{count} {'row is' if count == 1 else 'rows are'} several that no rule parts.",
            expected="0",
            actual=str(count),
        )


@dataclass(frozen=True, slots=True)
class _PrintedRow(Row):
    """A row with its cells as they are printed, one a page that it stands on."""

    printed: tuple[tuple[layout.Cell, ...], ...] = ()

    def with_rest(self, rest: Row) -> Row | None:
        if not isinstance(rest, _PrintedRow) or len(rest.printed) != len(self.printed):
            return None
        cells = zip(self.printed, rest.printed, strict=True)
        return _printed(tuple(above + below for above, below in cells), self.spots + rest.spots)


def _rows(page: int, table: layout.Table) -> tuple[Row, ...]:
    return tuple(_row(page, row) for row in table.rows)


def _row(page: int, row: layout.Row) -> Row:
    fault = None
    if row.spans_columns:
        fault = SPANNING_CELL
    elif None in row.cells:
        fault = OPEN_CELL
    elif _is_several(row):
        fault = _NOT_PARTED
    cells = tuple((cell,) if cell is not None else () for cell in row.cells)
    return _printed(cells, (PageSpot(page, row.box),), fault)


def _is_several(row: layout.Row) -> bool:
    """Say whether at least two cells hold equally many numbers, more than one, and nothing else."""
    numbers = [
        len(cell.lines)
        for cell in row.cells
        if cell is not None
        and len(cell.lines) > 1
        and all(_NUMBER.fullmatch(line.text) for line in cell.lines)
    ]
    return len(numbers) > len(set(numbers))


def _printed(
    printed: tuple[tuple[layout.Cell, ...], ...],
    spots: tuple[Spot, ...],
    fault: tuple[str, str] | None = None,
) -> Row:
    return _PrintedRow(tuple(map(_cell, printed)), spots, fault, printed)


def _cell(cells: tuple[layout.Cell, ...]) -> Cell:
    has_bullets = any(line.is_bullet for cell in cells for line in cell.lines)
    items = tuple(filter(None, map(collapsed, items_of(cells)))) if has_bullets else ()
    return Cell(collapsed(text_of(cells)) or "", items)
