"""One page as PDFium sees it: its rules make tables, its text goes into their cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import inf

from parsers.pdf.layout import Cell, Page, Row, Table, to_tenths
from parsers.pdf.pdfium_calls import (
    FORM,
    PATH,
    TEXT,
    Floats,
    close_text,
    count_in_form,
    count_objects,
    form_object,
    load_text,
    object_matrix,
    object_type,
    page_box,
    page_object,
    page_rotation,
)
from parsers.pdf.pdfium_lattice import Grid, grids
from parsers.pdf.pdfium_lines import text_lines
from parsers.pdf.pdfium_rules import Matrix, Rules, add_rules
from parsers.pdf.pdfium_text import PageText, Placed, Run
from parsers.pdf.pdfium_unsure import Unsure
from parsers.records import Box

_MOST_FORMS = 500
"""On one page; a few forms that draw each other are millions when all are drawn."""
_box, _matrix = Floats(4), Floats(6)


def read_page(page: int, number: int, alone: Callable[[int], str]) -> Page:
    """Return what stands on a page, as ``parsers.pdf.tables.read_layout`` does.

    Takes the address of a page, its number from 1, and what returns the text of an object as if
    nothing else stood on the page. Raises Unsure if PDFium cannot vouch for the page.
    """
    if page_rotation(page):
        raise Unsure("the page is turned")
    page_box(page, _box.at[0])
    left, top, right, bottom = _box.read()
    shown = (0.0, 0.0, right - left, top - bottom)
    placed = Matrix(1.0, -1.0, -left, top)
    drawn = _Drawn()
    drawn.add((page_object(page, index) for index in range(count_objects(page))), placed)
    text_page = load_text(page)
    try:
        runs = _within(shown, PageText(text_page, placed, alone).runs(drawn.texts))
    finally:
        close_text(text_page)
    return _laid_out(number, runs, drawn.rules)


class _Drawn:
    """What a page and the forms on it draw."""

    def __init__(self) -> None:
        self.rules = Rules()
        self.texts: list[Placed] = []
        self._forms = 0

    def add(self, objects: Iterable[int], placed: Matrix) -> None:
        """Add what ``objects`` draw, where the page or the form that they stand on puts them."""
        for address in objects:
            kind = object_type(address)
            if kind == PATH:
                add_rules(self.rules, address, placed)
            elif kind == TEXT:
                self.texts.append(Placed(address, placed))
            elif kind == FORM:
                self._add_form(address, placed)

    def _add_form(self, address: int, placed: Matrix) -> None:
        self._forms += 1
        if self._forms > _MOST_FORMS:
            raise Unsure("forms draw forms without end")
        object_matrix(address, _matrix.at[0])
        a, b, c, d, e, f = _matrix.read()
        if b or c or a <= 0 or d <= 0:
            raise Unsure("a form is turned")
        inner = Matrix(a * placed.x_scale, d * placed.y_scale, *placed.of(e, f))
        self.add((form_object(address, index) for index in range(count_in_form(address))), inner)


def _within(box: Box, runs: Iterable[Run]) -> list[Run]:
    """Return what of the runs is within a box, letters of those that are only in part."""
    x0, top, x1, bottom = box
    shown: list[Run] = []
    for run in runs:
        if top <= run.down <= bottom:
            if x0 <= run.x0 and run.x1 <= x1:
                shown.append(run)
            else:
                shown += (letter for letter in run.letters() if x0 <= letter.across <= x1)
    return shown


def _laid_out(number: int, runs: Sequence[Run], rules: Rules) -> Page:
    found = grids(rules)
    reaches = [_reach(grid.box, rules) for grid in found]
    outside: list[Run] = []
    inside: list[list[Run]] = [[] for _ in found]
    for run in runs:
        for part, home in _homes(run, reaches):
            (outside if home is None else inside[home]).append(part)
    return Page(
        number=number,
        lines=text_lines(outside),
        tables=tuple(
            _table(grid, of_grid)
            for grid, of_grid in zip(found, inside, strict=True)
            if any(not run.text.isspace() for run in of_grid)
        ),
        turned=None,
    )


def _homes(run: Run, reaches: Sequence[Box]) -> Sequence[tuple[Run, int | None]]:
    """Return a run with the table that it stands in, or its letters if not all stand in one."""
    y = run.down
    beside = True
    for index, (x0, top, x1, bottom) in enumerate(reaches):
        if top <= y < bottom and run.x0 < x1 and run.x1 >= x0:
            if beside and x0 <= run.x0 and run.x1 < x1:
                return ((run, index),)
            beside = False
    return ((run, None),) if beside else [_home(letter, reaches) for letter in run.letters()]


def _home(letter: Run, reaches: Sequence[Box]) -> tuple[Run, int | None]:
    x, y = letter.across, letter.down
    within = (
        index
        for index, (x0, top, x1, bottom) in enumerate(reaches)
        if x0 <= x < x1 and top <= y < bottom
    )
    return letter, next(within, None)


def _reach(box: Box, rules: Rules) -> Box:
    """Return a table's box with as much around it as its rules reach, which may close no cell."""
    x0, top, x1, bottom = box
    lower = (rule for rule in rules.down if rule.end > bottom)
    for rule in sorted(lower, key=lambda rule: rule.start):
        if x0 - 1 <= rule.at <= x1 + 1 and top <= rule.start <= bottom + 1:
            bottom = max(bottom, rule.end)
    upper = (rule for rule in rules.down if rule.start < top)
    for rule in sorted(upper, key=lambda rule: -rule.end):
        if x0 - 1 <= rule.at <= x1 + 1 and top - 1 <= rule.end <= bottom:
            top = min(top, rule.start)
    for rule in [rule for rule in rules.across if rule.start < x0 or rule.end > x1]:
        if rule.start <= x1 + 1 and rule.end >= x0 - 1 and top - 1 <= rule.at <= bottom + 1:
            x0, x1 = min(x0, rule.start), max(x1, rule.end)
    return x0, top, x1, bottom


def _table(grid: Grid, runs: Sequence[Run]) -> Table:
    by_cell: dict[Box, list[Run]] = {cell: [] for cell in grid.cells.values()}
    strays: list[Run] = []
    for run in runs:
        cell = grid.cell_at(run.x0, run.down)
        if cell and run.x1 < cell[2]:
            by_cell[cell].append(run)
            continue
        for letter in run.letters():
            cell = grid.cell_at(letter.across, letter.down)
            (strays if cell is None else by_cell[cell]).append(letter)
    read = {cell: Cell(to_tenths(*cell), text_lines(of_cell)) for cell, of_cell in by_cell.items()}
    left, _, right, _ = grid.box
    rows = []
    for row, top in enumerate(grid.tops):
        boxes = [grid.cells.get((row, column)) for column in range(len(grid.lefts))]
        bottom = min((box[3] for box in boxes if box), default=inf)
        cells = tuple(read[box] if box else None for box in boxes)
        rows.append(Row(cells, to_tenths(left, top, right, bottom)))
    return Table(to_tenths(*grid.box), tuple(rows), text_lines(strays))
