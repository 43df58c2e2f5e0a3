"""The rows of a section's table, whole again where the page broke them.

A table goes on over the page with its header repeated or without it. A row that was broken there
may go on in the middle of a cell or of a bullet; the cells that had ended are empty in its rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from parsers.ddor.columns import PLACE, PLACE_IN_PARTS, SHAPES, Columns, columns_of
from parsers.ddor.sections import LABELS, Part
from parsers.pdf.body import Block, goes_on, tables_of
from parsers.pdf.layout import OPEN_CELL, SPANNING_CELL, Cell, Row, Table, items_of, text_of
from parsers.records import PageSpot, Problem


@dataclass(frozen=True)
class PrintedRow:
    """A row as printed: the cells of each field, one a page it stands on."""

    cells: Mapping[str, tuple[Cell, ...]]
    other: Mapping[str, tuple[Cell, ...]]
    """The cells under headers that are not known, by header."""
    spots: tuple[PageSpot, ...]
    place_label: str = ""
    """The header over the jurisdiction; empty if that stands in two columns."""

    def text(self, name: str) -> str:
        """Return the text of a field, empty if nothing is printed or there is no such column.

        A jurisdiction that stands in two columns is put together as one: county, state.
        """
        return self._texts.get(name, "")

    @cached_property
    def _texts(self) -> dict[str, str]:
        """The text of each field; rows are asked for them again and again."""
        texts = {name: text_of(cells) for name, cells in self.cells.items()}
        if PLACE not in texts:
            parts = [texts.get(part, "") for part in PLACE_IN_PARTS]
            texts[PLACE] = ", ".join(part for part in parts if part)
        return texts

    def items(self, name: str) -> tuple[str, ...]:
        """Return the text of a field bullet by bullet, one text if it has none."""
        return items_of(self.cells.get(name, ()))

    @cached_property
    def other_texts(self) -> dict[str, str]:
        """The texts under headers that are not known, by header, as far as there are any."""
        texts = {header: text_of(cells) for header, cells in self.other.items()}
        return {header: text for header, text in texts.items() if text}

    def with_rest(self, rest: PrintedRow) -> PrintedRow:
        """Return this row with what stands of it on the next page."""
        return PrintedRow(
            cells=_together(self.cells, rest.cells),
            other=_together(self.other, rest.other),
            spots=self.spots + rest.spots,
            place_label=self.place_label,
        )


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
            before = part.blocks[:number]
            may_go_on = tables_of(before)[-1:] == [block.page - 1]
            follows = goes_on(before, block.page)
            reader.read(block, block.content, goes_on=follows, may_go_on=may_go_on)
    return reader.result()


class _Reader:
    """Reads the tables of one section, one after the other."""

    def __init__(self, part: Part, reads: Reads) -> None:
        self._name = part.name
        self._shape = SHAPES[part.name]
        self._reads = reads
        self._columns: Columns | None = None
        self._headers: list[tuple[Columns, PageSpot]] = []
        self._found = SectionRows()

    def read(self, block: Block, table: Table, *, goes_on: bool, may_go_on: bool) -> None:
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
                self._row(row, spot, columns, may_be_rest, doubtful=may_go_on and not goes_on)
                may_be_rest = may_go_on = False
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

    def _row(
        self,
        row: Row,
        spot: PageSpot,
        columns: Columns | None,
        may_be_rest: bool,
        *,
        doubtful: bool,
    ) -> None:
        misfit = _misfit(row, columns)
        if columns is None or misfit is not None:
            self._misfit(row, spot, *(misfit or _FOREIGN))
            return
        printed = _printed(row, columns, spot)
        rows = self._found.rows
        lacks = not all(printed.text(name) for name in self._shape.required)
        if doubtful and (lacks or (rows and not self._reads(rows[-1]))):
            clause = "may be the rest of one of the page before, but text stands above it"
            self._misfit(row, spot, "doubtful_rest", clause)
        elif may_be_rest and rows and self._is_rest(rows[-1], printed):
            if self._could_be_own(rows[-1], printed):
                clause = (
                    "lacks its date: it may be the rest of the row above, which it was joined to"
                )
                self._misfit(row, spot, "doubtful_rest", clause)
            rows[-1] = rows[-1].with_rest(printed)
        else:
            rows.append(printed)

    def _misfit(self, row: Row, spot: PageSpot, kind: str, clause: str) -> None:
        self._found.misfits.append(misfit_of(self._name, kind, clause, row.texts, (spot,)))

    def _is_rest(self, above: PrintedRow, row: PrintedRow) -> bool:
        """Say whether the first row of a page is the rest of the last one of the page before.

        A row that has all it needs is one of its own, unless the row above breaks off, and reads
        with it. One that lacks something is the rest of the row above, unless that no longer reads
        with it, or has closed the brackets of its field office and here a name begins.
        """
        whole = self._reads(above.with_rest(row))
        if all(row.text(name) for name in self._shape.required):
            return not self._reads(above) and whole and _breaks_off(above)
        if self._reads(above) and not whole:
            return False
        return not (row.text(PLACE) and above.text(PLACE).endswith(")"))

    def _could_be_own(self, above: PrintedRow, row: PrintedRow) -> bool:
        """Say whether a rest begins with a name, and nothing tells it from a row without a date."""
        names = above.text(PLACE), row.text(PLACE)
        return (
            self._name == "section_iii"
            and all("," in name and "(" not in name and ")" not in name for name in names)
            and self._reads(above)
        )

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


_WITH_FORM = ("detainers_issued", "date_declined", "date_issued", "date_enacted")
"""Fields whose text is a number or a date."""
_OWN = frozenset({*_WITH_FORM, "citizenship", "activity", "policy", "criteria"})
"""Fields that no row has in common with its neighbour; a place or a facility it may."""


_FOREIGN = "foreign_table", "stands in a table that has none of the section's headers"


def _misfit(row: Row, columns: Columns | None) -> tuple[str, str] | None:
    """Return why the columns do not fit a row, if they do not, as a kind and a clause."""
    if columns is None:
        return _FOREIGN
    if row.spans_columns:
        return SPANNING_CELL
    if len(row.cells) != len(columns.fields):
        wanted = len(columns.fields)
        return "ragged_row", f"has {len(row.cells)} cells where the header has {wanted}"
    if any(columns.fields[column] in _OWN for column in row.shared):
        return "shared_cell", "shares a cell with a row above or below that each needs"
    if None in row.cells:
        return OPEN_CELL
    return None


def _breaks_off(row: PrintedRow) -> bool:
    """Say whether a row that does not read was begun: its name, or a value that is printed in part.

    One that names its place and has no value at all is whole, and lacks the value.
    """
    place = row.text(PLACE)
    begun = any(row.text(name) for name in _WITH_FORM)
    return not place or begun or place.count("(") > place.count(")")


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
    label = columns.labels[columns.fields.index(PLACE)] if PLACE in columns.fields else ""
    return PrintedRow(cells, other, (spot,), label)


def misfit_of(
    section: str, kind: str, clause: str, texts: Sequence[str], spots: tuple[PageSpot, ...]
) -> Problem:
    """Return the problem of a row that does not become a record, with all that it prints."""
    page = spots[0].page
    text = " | ".join(text for text in texts if text)
    return Problem(kind, f"page {page}: a row of {LABELS[section]} {clause}", text, spots)
