"""The rows of a section's table, whole again where the page broke them.

A table goes on over the page with its header repeated or without it. A row that was broken there
may go on in the middle of a cell or of a bullet; the cells that had ended are empty in its rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from parsers.ddor.columns import SHAPES, Columns, columns_of
from parsers.ddor.pages import Block
from parsers.ddor.sections import LABELS, Part
from parsers.pdf.layout import Cell, Line, Row, Table, joined, split_at_bullets
from parsers.records import PageSpot, Problem


@dataclass(frozen=True)
class PrintedRow:
    """A row as printed: the cells of each field, one a page it stands on."""

    cells: Mapping[str, tuple[Cell, ...]]
    other: Mapping[str, tuple[Cell, ...]]
    """The cells under headers that are not known, by header."""
    spots: tuple[PageSpot, ...]

    def text(self, name: str) -> str:
        """Return the text of a field, empty if nothing is printed or there is no such column."""
        return _text(self.cells.get(name, ()))

    def items(self, name: str) -> tuple[str, ...]:
        """Return the text of a field bullet by bullet, one text if it has none."""
        lines = _lines(self.cells.get(name, ()))
        return tuple(joined(line.text for line in group) for group in split_at_bullets(lines))

    @property
    def other_texts(self) -> dict[str, str]:
        """The texts under headers that are not known, by header, as far as there are any."""
        texts = {header: _text(cells) for header, cells in self.other.items()}
        return {header: text for header, text in texts.items() if text}

    def with_rest(self, rest: PrintedRow) -> PrintedRow:
        """Return this row with what stands of it on the next page."""
        return PrintedRow(
            cells=_together(self.cells, rest.cells),
            other=_together(self.other, rest.other),
            spots=self.spots + rest.spots,
        )


def _lines(cells: Sequence[Cell]) -> list[Line]:
    return [line for cell in cells for line in cell.lines]


def _text(cells: Sequence[Cell]) -> str:
    return replace(cells[0], lines=tuple(_lines(cells))).text if cells else ""


def _together(
    above: Mapping[str, tuple[Cell, ...]], below: Mapping[str, tuple[Cell, ...]]
) -> dict[str, tuple[Cell, ...]]:
    return {name: above.get(name, ()) + below.get(name, ()) for name in {**above, **below}}


@dataclass
class SectionRows:
    """What the tables of a section hold."""

    rows: list[PrintedRow] = field(default_factory=list)
    misfits: list[Problem] = field(default_factory=list)
    """Rows that belong to no table of the section, or that its columns do not fit."""
    problems: list[Problem] = field(default_factory=list)


Reads = Callable[[PrintedRow], bool]
"""Says whether the values of a row that have a form (numbers, dates) have it."""


def section_rows(part: Part, reads: Reads) -> SectionRows:
    """Return the rows of the tables of a section.

    ``reads`` helps to tell a new row from the rest of one that was broken over the page.
    """
    reader = _Reader(part, reads)
    for number, block in enumerate(part.blocks):
        if isinstance(block.content, Table):
            goes_on = _goes_on(part.blocks[:number], block.page)
            reader.read(block, block.content, goes_on=goes_on)
    return reader.result()


def _goes_on(before: Sequence[Block], page: int) -> bool:
    """Say whether a table goes on with one of the page before: nothing stands above it."""
    tables = [block.page for block in before if isinstance(block.content, Table)]
    return bool(before) and before[-1].page < page and tables[-1:] == [page - 1]


class _Reader:
    """Reads the tables of one section, one after the other."""

    def __init__(self, part: Part, reads: Reads) -> None:
        self._name = part.name
        self._shape = SHAPES[part.name]
        self._reads = reads
        self._columns: Columns | None = None
        self._headers: list[tuple[Columns, PageSpot]] = []
        self._found = SectionRows()

    def read(self, block: Block, table: Table, *, goes_on: bool) -> None:
        columns = self._columns if goes_on else None
        may_be_rest = goes_on
        for row in self._without_caption(block, table, columns):
            header = columns_of(row.texts, self._shape)
            spot = PageSpot(block.page, row.box)
            if header is not None:
                if columns is None or header != columns:
                    self._headers.append((header, spot))
                columns = header
            elif any(row.texts):
                self._row(row, spot, columns, may_be_rest)
                may_be_rest = False
        self._columns = columns or self._columns

    def _without_caption(
        self, block: Block, table: Table, columns: Columns | None
    ) -> tuple[Row, ...]:
        """Return the rows of a table, without one that spans all columns above its header."""
        first, *rest = table.rows
        is_caption = columns is None and len({id(cell) for cell in first.cells}) == 1
        if not is_caption or not rest or columns_of(rest[0].texts, self._shape) is None:
            return table.rows
        self._found.problems.append(
            misfit_of(
                self._name,
                "caption",
                "stands above the header of the table, over all columns",
                first.texts[:1],
                (PageSpot(block.page, first.box),),
            )
        )
        return tuple(rest)

    def _row(self, row: Row, spot: PageSpot, columns: Columns | None, may_be_rest: bool) -> None:
        misfit = None
        if columns is None:
            misfit = "foreign_table", "stands in a table that has none of the section's headers"
        elif row.spans_columns:
            misfit = "spanning_cell", "has a cell that spans columns"
        elif len(row.cells) != len(columns.fields):
            wanted = len(columns.fields)
            misfit = "ragged_row", f"has {len(row.cells)} cells where the header has {wanted}"
        elif None in row.cells:
            misfit = "open_cell", "has a cell that its rules do not close"
        if columns is None or misfit is not None:
            kind, clause = misfit or ("", "")
            self._found.misfits.append(misfit_of(self._name, kind, clause, row.texts, (spot,)))
            return
        printed = _printed(row, columns, spot)
        rows = self._found.rows
        if may_be_rest and rows and self._is_rest(rows[-1], printed):
            rows[-1] = rows[-1].with_rest(printed)
        else:
            rows.append(printed)

    def _is_rest(self, above: PrintedRow, row: PrintedRow) -> bool:
        """Say whether the first row of a page is the rest of the last one of the page before.

        A row that has all it needs is one of its own, unless the row above does not read without
        it. One that lacks something is the rest of the row above, unless that no longer reads
        with it, or has closed the brackets of its field office and here a name begins.
        """
        whole = self._reads(above.with_rest(row))
        if all(row.text(name) for name in self._shape.required):
            return not self._reads(above) and whole
        if self._reads(above) and not whole:
            return False
        return not (row.text("jurisdiction") and above.text("jurisdiction").endswith(")"))

    def result(self) -> SectionRows:
        for columns, spot in self._headers:
            for column in columns.unknown:
                name = columns.name_of(column)
                count = sum(name in row.other_texts for row in self._found.rows)
                self._found.problems.append(
                    Problem(
                        "unknown_column",
                        f"page {spot.page}: {LABELS[self._name]}: the column {name} is not known; "
                        f"what stands there is kept under other_columns, in {count} rows",
                        name,
                        (spot,),
                    )
                )
        return self._found


def _printed(row: Row, columns: Columns, spot: PageSpot) -> PrintedRow:
    cells: dict[str, tuple[Cell, ...]] = {}
    other: dict[str, tuple[Cell, ...]] = {}
    for number, (name, cell) in enumerate(zip(columns.fields, row.cells, strict=True)):
        if cell is None:
            continue
        if name is None:
            other[columns.name_of(number)] = (cell,)
        else:
            cells[name] = (cell,)
    return PrintedRow(cells, other, (spot,))


def misfit_of(
    section: str, kind: str, clause: str, texts: Sequence[str], spots: tuple[PageSpot, ...]
) -> Problem:
    """Return the problem of a row that does not become a record, with all that it prints."""
    page = spots[0].page
    text = " | ".join(text for text in texts if text)
    return Problem(kind, f"page {page}: a row of {LABELS[section]} {clause}", text, spots)
