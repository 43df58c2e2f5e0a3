"""The ruled tables of a page: the one place that knows how they are found.

Whatever engine finds them, it gives cells with text and box, and no parser has to change.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pdfplumber.page
from pdfplumber.table import Table as FoundTable

from parsers.pdf.chars import Char, SparePage, spare_page
from parsers.pdf.layout import Cell, Page, Row, Table
from parsers.pdf.lines import box_of, text_lines, turned_text
from parsers.records import Box

# Rules may be lines, or filled rectangles so thin that both their edges snap to one line.
_SETTINGS = {"vertical_strategy": "lines", "horizontal_strategy": "lines"}
_MEETING = 3.0
"""Points; rules that end so close to each other meet (pdfplumber's default)."""
_DOUBLE = 0.8
"""Points; equal characters that stand so close are one."""
_INSIDE = 0.5
"""Points; a spot this far inside a corner of a cell is in no other cell."""


def read_layout(page: pdfplumber.page.Page) -> Page:
    """Return what stands on a page: tables with the text of each cell, and the lines around them.

    Boxes are in points from the top left corner of the page as displayed. A frame around a
    single cell is no table: its text is lines like any other. Nothing of the page is kept.
    """
    spare = spare_page(page)
    try:
        return _layout(spare)
    finally:
        spare.close()


def _layout(page: SparePage) -> Page:
    left, top, right, bottom = _visible(page)
    origin = (left, top)
    shown = [
        char
        for char in page.chars
        if left <= char["across"] <= right and top <= char["down"] <= bottom
    ]
    upright = _once([char for char in shown if char["upright"]])
    grids = [_grid(found) for found in page.find_tables(_settings(page))]
    grids = [grid for grid in grids if len(grid.lefts) > 1]
    reaches = [_reach(grid.box, page) for grid in grids]
    outside: list[Char] = []
    inside: list[list[Char]] = [[] for _ in grids]
    for char in upright:
        home = next((i for i, box in enumerate(reaches) if _is_in(char, box)), None)
        (outside if home is None else inside[home]).append(char)
    return Page(
        number=page.page_number,
        lines=tuple(text_lines(outside, origin)),
        tables=tuple(
            _table(grid, chars, origin)
            for grid, chars in zip(grids, inside, strict=True)
            if any(not char["text"].isspace() for char in chars)
        ),
        turned=turned_text([char for char in shown if not char["upright"]], origin),
    )


def _visible(page: pdfplumber.page.Page) -> Box:
    """Return the part of a page that is displayed, as pdfplumber counts points on it.

    Its own ``cropbox`` may reach beyond the page, and is not turned with it.
    """
    x0, y0, x1, y1 = _corners(page.page_obj.mediabox)
    cut_x0, cut_y0, cut_x1, cut_y1 = _corners(page.page_obj.cropbox)
    cuts = [max(0.0, cut) for cut in (cut_x0 - x0, y1 - cut_y1, x1 - cut_x1, cut_y0 - y0)]
    turns = page.rotation // 90 % 4
    left, top, right, bottom = cuts[-turns:] + cuts[:-turns]
    whole = page.mediabox
    return whole[0] + left, whole[1] + top, whole[2] - right, whole[3] - bottom


def _corners(box: Sequence[float]) -> Box:
    (x0, x1), (y0, y1) = sorted((box[0], box[2])), sorted((box[1], box[3]))
    return x0, y0, x1, y1


def _once(chars: Sequence[Char]) -> list[Char]:
    """Return the characters without those drawn again on the same spot to look bold."""
    seen: dict[tuple[Any, ...], list[Char]] = {}
    kept = []
    for char in chars:
        same = seen.setdefault((char["text"], char["size"]), [])
        if any(
            abs(char["x0"] - other["x0"]) < _DOUBLE and abs(char["top"] - other["top"]) < _DOUBLE
            for other in same
        ):
            continue
        same.append(char)
        kept.append(char)
    return kept


def _settings(page: pdfplumber.page.Page) -> dict[str, Any]:
    """Return the settings for a page: a rule that is stroked may end at the edge of a thick one."""
    widths = [float(line["linewidth"] or 0) for line in page.lines]
    return {**_SETTINGS, "intersection_tolerance": _MEETING + max(widths, default=0) / 2}


@dataclass(frozen=True)
class _Grid:
    """A found table: which cell covers which row and column."""

    box: Box
    tops: list[float]
    lefts: list[float]
    cells: dict[tuple[int, int], Box]
    """By row and column; a cell that spans stands under each that it covers."""


def _grid(found: FoundTable) -> _Grid:
    tops = sorted({cell[1] for cell in found.cells})
    lefts = sorted({cell[0] for cell in found.cells})
    cells: dict[tuple[int, int], Box] = {}
    for cell in found.cells:
        last_row = bisect_right(tops, cell[3] - _INSIDE)
        last_column = bisect_right(lefts, cell[2] - _INSIDE)
        for row in range(tops.index(cell[1]), last_row):
            for column in range(lefts.index(cell[0]), last_column):
                cells[row, column] = cell
    return _Grid(found.bbox, tops, lefts, cells)


def _reach(box: Box, page: pdfplumber.page.Page) -> Box:
    """Return a table's box with as much around it as its rules reach, which may close no cell."""
    x0, top, x1, bottom = box
    for rule in sorted(page.vertical_edges, key=lambda rule: float(rule["top"])):
        if x0 - 1 <= rule["x0"] <= x1 + 1 and top <= rule["top"] <= bottom + 1:
            bottom = max(bottom, rule["bottom"])
    for rule in sorted(page.vertical_edges, key=lambda rule: -float(rule["bottom"])):
        if x0 - 1 <= rule["x0"] <= x1 + 1 and top - 1 <= rule["bottom"] <= bottom:
            top = min(top, rule["top"])
    for rule in page.horizontal_edges:
        if rule["x0"] <= x1 + 1 and rule["x1"] >= x0 - 1 and top - 1 <= rule["top"] <= bottom + 1:
            x0, x1 = min(x0, rule["x0"]), max(x1, rule["x1"])
    return x0, top, x1, bottom


def _table(grid: _Grid, chars: Sequence[Char], origin: tuple[float, float]) -> Table:
    by_cell: dict[Box, list[Char]] = {cell: [] for cell in grid.cells.values()}
    strays: list[Char] = []
    for char in chars:
        row = bisect_right(grid.tops, char["down"]) - 1
        column = bisect_right(grid.lefts, char["across"]) - 1
        cell = grid.cells.get((row, column))
        if cell is None or not _is_in(char, cell):
            strays.append(char)
        else:
            by_cell[cell].append(char)
    read = {
        cell: Cell(_from(origin, cell), tuple(text_lines(of_cell, origin)))
        for cell, of_cell in by_cell.items()
    }
    return Table(
        box=_from(origin, grid.box),
        rows=tuple(_row(grid, row, read, origin) for row in range(len(grid.tops))),
        strays=tuple(text_lines(strays, origin)),
    )


def _row(grid: _Grid, row: int, read: dict[Box, Cell], origin: tuple[float, float]) -> Row:
    boxes = [grid.cells.get((row, column)) for column in range(len(grid.lefts))]
    bottom = min(box[3] for box in boxes if box)
    left, _, right, _ = grid.box
    return Row(
        cells=tuple(read[box] if box else None for box in boxes),
        box=_from(origin, (left, grid.tops[row], right, bottom)),
    )


def _from(origin: tuple[float, float], box: Box) -> Box:
    x0, top, x1, bottom = box
    return box_of([{"x0": x0, "top": top, "x1": x1, "bottom": bottom}], origin)


def _is_in(char: Char, box: Box) -> bool:
    x0, top, x1, bottom = box
    return bool(x0 <= char["across"] < x1 and top <= char["down"] < bottom)
