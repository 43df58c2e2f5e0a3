"""Rules to tables: where rules cross are corners, and four corners that rules join are a cell.

The tolerances are those of pdfplumber, so that both engines mean the same by a cell; how cells
are found is written anew.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.pdf.pdfium_rules import Rule, Rules
from parsers.pdf.pdfium_unsure import Unsure
from parsers.records import Box

_NEAR = 3.0
"""Points; rules that stand, end or cross so close to each other are one, go on or meet."""
_SPECK = 1.0
"""Points; what is shorter is no part of a rule: the ends of a rule that is a rectangle."""
_INSIDE = 0.5
"""Points; a spot this far inside a corner of a cell is in no other cell."""
_UNSTATED_WIDTH = 1.0
"""What PDFium says of the width of a stroke where the file says nothing."""


@dataclass(frozen=True)
class Grid:
    """A found table: which cell covers which row and column."""

    box: Box
    tops: list[float]
    lefts: list[float]
    cells: dict[tuple[int, int], Box]
    """By row and column; a cell that spans stands under each that it covers."""

    def cell_at(self, x: float, y: float) -> Box | None:
        """Return the cell that a point is in."""
        row, column = bisect_right(self.tops, y) - 1, bisect_right(self.lefts, x) - 1
        cell = self.cells.get((row, column))
        return cell if cell and cell[0] <= x < cell[2] and cell[1] <= y < cell[3] else None


def grids(rules: Rules) -> list[Grid]:
    """Return the tables that rules make up, in points to the right and down, topmost first.

    A single column of cells is no table. Raises Unsure where it depends on the width of the rules
    whether they meet, and the file does not say it.
    """
    across, down = list(_joined(rules.across)), list(_joined(rules.down))
    corners = _corners(across, down, _NEAR + rules.widest / 2)
    if rules.widest == _UNSTATED_WIDTH and corners != _corners(across, down, _NEAR):
        raise Unsure("rules end so close to each other that they may meet or not")
    found = [_grid(cells) for cells in _connected(list(_cells(corners)))]
    found.sort(key=lambda grid: min((cell[1], cell[0]) for cell in grid.cells.values()))
    return [grid for grid in found if len(grid.lefts) > 1]


def _joined(rules: Iterable[Rule]) -> Iterator[Rule]:
    """Yield rules that stand close together as one, and such as one that go on where one ends."""
    by_place: dict[float, list[Rule]] = {}
    for rule in rules:
        if rule.end - rule.start >= _SPECK:
            by_place.setdefault(rule.at, []).append(rule)
    for places in _close(sorted(by_place)):
        group = [rule for place in places for rule in by_place[place]]
        at = sum(rule.at for rule in group) / len(group)
        ends = {(rule.start, rule.end) for rule in group}
        for start, end in _reaching(sorted(ends)):
            if end - start >= _NEAR:
                yield Rule(at, start, end)


def _close(places: Sequence[float]) -> Iterator[list[float]]:
    """Yield places, which are in order, in groups of those that follow each other closely."""
    group = list(places[:1])
    for before, place in pairwise(places):
        if place > before + _NEAR:
            yield group
            group = []
        group.append(place)
    if group:
        yield group


def _reaching(stretches: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Yield stretches, which are in order, those that touch as one."""
    start, end = stretches[0]
    for begin, stop in stretches:
        if begin > end + _NEAR:
            yield start, end
            start = begin
        end = max(end, stop)
    yield start, end


_Corners = dict[float, dict[float, tuple[int, int]]]
"""By x and y: which rules go through, one bit for each that runs across and down."""
_NONE = 0, 0


def _corners(across: Sequence[Rule], down: Sequence[Rule], near: float) -> _Corners:
    corners: _Corners = defaultdict(dict)
    for i, (x, top, bottom) in enumerate(down):
        for j, (y, left, right) in enumerate(across):
            if top <= y + near and bottom >= y - near and left - near <= x <= right + near:
                through = corners[x].get(y, (0, 0))
                corners[x][y] = through[0] | 1 << j, through[1] | 1 << i
    return corners


def _cells(corners: _Corners) -> Iterator[Box]:
    """Yield for each corner the smallest cell that it is the top left corner of."""
    columns = [(x, sorted(corners[x].items())) for x in sorted(corners)]
    for number, (x, column) in enumerate(columns):
        beside = [(right, corners[right]) for right, _ in columns[number + 1 :]]
        for place, (y, through) in enumerate(column):
            end = _smallest(y, through, column[place + 1 :], beside)
            if end is not None:
                yield x, y, *end


def _smallest(
    y: float,
    through: tuple[int, int],
    below: Sequence[tuple[float, tuple[int, int]]],
    beside: Sequence[tuple[float, dict[float, tuple[int, int]]]],
) -> tuple[float, float] | None:
    """Return the corner that closes a cell, of those that rules join to its top left one."""
    across, down = through
    for bottom, (low_across, low_down) in below:
        if not low_down & down:
            continue
        for right, corners in beside:
            far_across, far_down = corners.get(y, _NONE)
            if far_across & across:
                end_across, end_down = corners.get(bottom, _NONE)
                if end_across & low_across and end_down & far_down:
                    return right, bottom
    return None


def _connected(cells: Sequence[Box]) -> list[list[Box]]:
    """Return cells in groups that hang together at corners, in order; one alone is left out."""
    at_corner: dict[tuple[float, float], list[Box]] = defaultdict(list)
    for cell in cells:
        x0, top, x1, bottom = cell
        for corner in ((x0, top), (x0, bottom), (x1, top), (x1, bottom)):
            at_corner[corner].append(cell)
    groups = []
    while at_corner:
        _, group = at_corner.popitem()
        for x0, top, x1, bottom in group:  # which grows meanwhile
            for corner in ((x0, top), (x0, bottom), (x1, top), (x1, bottom)):
                group += at_corner.pop(corner, ())
        groups.append(sorted(set(group)))
    return [group for group in groups if len(group) > 1]


def _grid(found: Sequence[Box]) -> Grid:
    tops = sorted({cell[1] for cell in found})
    lefts = sorted({cell[0] for cell in found})
    row_of = {top: row for row, top in enumerate(tops)}
    column_of = {left: column for column, left in enumerate(lefts)}
    cells: dict[tuple[int, int], Box] = {}
    for cell in found:
        last_row = bisect_right(tops, cell[3] - _INSIDE)
        last_column = bisect_right(lefts, cell[2] - _INSIDE)
        for row in range(row_of[cell[1]], last_row):
            for column in range(column_of[cell[0]], last_column):
                cells[row, column] = cell
    box = min(lefts), min(tops), max(c[2] for c in found), max(c[3] for c in found)
    return Grid(box, tops, lefts, cells)
