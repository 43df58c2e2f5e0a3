"""The rules that are drawn on a page: what of its paths runs straight across or straight down.

A rule is a line, an edge of a rectangle, or a straight stretch of another shape, whether it is
stroked, filled or both: Word draws its rules as thin filled rectangles.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from math import hypot
from typing import NamedTuple

from parsers.pdf.pdfium_calls import (
    BEZIER_TO,
    MOVE_TO,
    Floats,
    count_segments,
    object_bounds,
    object_matrix,
    path_segment,
    segment_point,
    segment_type,
    stroke_width,
)
from parsers.pdf.pdfium_unsure import Unsure

Point = tuple[float, float]


class Rule(NamedTuple):
    """A rule: where it stands, and from where to where it runs, in points of the page."""

    at: float
    start: float
    end: float


@dataclass
class Rules:
    """The rules of a page, in points to the right and up."""

    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)
    widest: float = 0.0
    """The widest stroke of a single line."""


class Matrix(NamedTuple):
    """Where a form puts what it draws: it may stretch and move it, but not turn it."""

    x_scale: float = 1.0
    y_scale: float = 1.0
    x_shift: float = 0.0
    y_shift: float = 0.0

    def of(self, x: float, y: float) -> Point:
        """Return where a point of the form stands on the page."""
        return self.x_scale * x + self.x_shift, self.y_scale * y + self.y_shift


_point, _matrix, _width, _bounds = Floats(2), Floats(6), Floats(1), Floats(4)
_LINE = 2
"""Points of a line."""
_EVEN = 0.001
"""Points; what runs straight is as thick as its stroke, but for less than this."""


def add_rules(rules: Rules, path: int, placed: Matrix) -> None:
    """Add the rules of a path, whose address PDFium gave. Raises Unsure if it is not straight."""
    count = count_segments(path)
    if count != _LINE or not _add_line(rules, path, placed):
        _add_shapes(rules, path, placed, count)


def _add_line(rules: Rules, path: int, placed: Matrix) -> bool:
    """Add a stroked line that is not stretched, by its bounds, and say whether it is one.

    PDFium's bounds of a line reach beyond it on all sides by the whole width of its stroke. A line
    is read so in half the time, and a ruled page has hundreds.
    """
    object_bounds(path, *_bounds.at)
    stroke_width(path, *_width.at)
    left, bottom, right, top = _bounds.read()
    (width,) = _width.read()
    if not width:
        return False
    x_scale, y_scale, x_shift, y_shift = placed
    if -_EVEN < top - bottom - 2 * width < _EVEN:
        start, end = left + width, right - width
        at = (top + bottom) / 2 * y_scale + y_shift
        rules.across.append(Rule(at, start * x_scale + x_shift, end * x_scale + x_shift))
    elif -_EVEN < right - left - 2 * width < _EVEN:
        start, end = top - width, bottom + width
        at = (left + right) / 2 * x_scale + x_shift
        rules.down.append(Rule(at, start * y_scale + y_shift, end * y_scale + y_shift))
    else:
        return False
    if width * x_scale > rules.widest:
        rules.widest = width * x_scale
    return True


def _add_shapes(rules: Rules, path: int, placed: Matrix, count: int) -> None:
    """Add what is straight of the lines, rectangles and other shapes of a path."""
    object_matrix(path, _matrix.at[0])
    a, b, c, d, e, f = _matrix.read()
    points: list[Point] = []
    starts = [0]
    for number in range(count):
        segment = path_segment(path, number)
        segment_point(segment, *_point.at)
        x, y = _point.read()
        points.append(placed.of(a * x + c * y + e, b * x + d * y + f))
        if number > 1:  # a shape has two points at least
            kind = segment_type(segment)
            if kind == BEZIER_TO:
                raise Unsure("a curve is drawn")
            if kind == MOVE_TO:
                starts.append(number)
    for first, last in pairwise([*starts, count]):
        if _add_shape(rules, points[first:last]):
            stroke_width(path, *_width.at)
            rules.widest = max(rules.widest, _width.read()[0] * hypot(a, b) * placed.x_scale)


def _add_shape(rules: Rules, points: list[Point]) -> bool:
    """Add the straight stretches of one shape, and say whether it is a single line."""
    is_line = len(points) == _LINE or (len(points) == 3 and points[0] == points[2])
    for (x0, y0), (x1, y1) in pairwise(points[:_LINE] if is_line else points):
        if y0 == y1:
            rules.across.append(Rule(y0, min(x0, x1), max(x0, x1)))
        elif x0 == x1:
            rules.down.append(Rule(x0, min(y0, y1), max(y0, y1)))
        elif is_line:
            raise Unsure("a line is slanted")
    return is_line
