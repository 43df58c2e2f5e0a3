"""What stands on a page: lines of text, and tables of cells, each with its box."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.records import Box, PageSpot, Problem

BULLET = "•"
"""What stands for every bullet, whatever glyph of whatever font it is printed with."""

# A line that ends so is joined to the next without a blank: "Vincent-" + "Grenadines". Not before
# "and" or "or", which a suspended hyphen stands before: "city-" + "and county-run".
_JOINED = re.compile(r"\w[-\N{HYPHEN}\N{EN DASH}\N{EM DASH}/]")
_SUSPENDED = re.compile(r"(and|or)\b")
_SOFT_HYPHEN = "\N{SOFT HYPHEN}"
_LETTER = 0.6
"""Of the size: about the width of a letter."""
_APART = 1.0
"""Points; rules that are further apart are two."""
SPANNING_CELL = "spanning_cell", "has a cell that spans columns"
OPEN_CELL = "open_cell", "has a cell that its rules do not close"
"""Why a row is read by no columns, as a kind of problem and a clause."""
_HALF = 0.503
"""Tenths of a point to round up from. Half a tenth less 0.0003 points counts as half: that is more
than two engines differ by in one number, and less than a file gives numbers in."""
_TOUCHING = 0.5
"""Points; no text of one cell stands so close to that of the next, unless it runs into it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, its words parted by single blanks, without the bullet that begins it."""

    text: str
    box: Box
    is_bullet: bool
    """The line begins with a bullet."""
    style: tuple[str, float]
    """Name and size in points of the font that the text begins with."""

    @property
    def middle(self) -> float:
        """Half-way between its top and its bottom."""
        return (self.box[1] + self.box[3]) / 2


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a ruled table."""

    box: Box
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The lines joined, bullets as ``•``; empty if nothing is printed."""
        return _text(self.lines)

    @property
    def broken_words(self) -> list[tuple[Line, Line]]:
        """Lines that may be one word, which the cell was too narrow for.

        The first is one word that fills the cell, so that not one more letter had room, and the
        second goes on in small letters.
        """
        left = min((line.box[0] for line in self.lines), default=0.0)
        right = self.box[2] - (left - self.box[0])
        return [
            (one, other)
            for one, other in pairwise(self.lines)
            if one.text.isalpha()
            and other.text[:1].islower()
            and not other.is_bullet
            and right - one.box[2] < _LETTER * one.style[1]
        ]

    @property
    def items(self) -> tuple[str, ...]:
        """One text a bullet; what stands before the first bullet, or without any, is one too."""
        return _items(self.lines)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: one cell a column, one that spans rows or columns in each of them."""

    cells: tuple[Cell | None, ...]
    """None where the rules enclose no cell."""
    box: Box

    @property
    def texts(self) -> tuple[str, ...]:
        """The text of each cell, empty where there is none."""
        return tuple(cell.text if cell else "" for cell in self.cells)

    @property
    def crossings(self) -> list[tuple[Line, Line]]:
        """Lines of two neighbouring cells that touch: one text is printed over the rule."""
        return [
            (left, right)
            for one, other in pairwise(self.cells)
            if one is not None and other is not None and one is not other
            for left in one.lines
            for right in other.lines
            if right.box[0] - left.box[2] < _TOUCHING and left.box[1] < right.middle < left.box[3]
        ]

    @property
    def shared(self) -> list[int]:
        """The columns, from 0, whose cell reaches into the row above or below."""
        return [
            column
            for column, cell in enumerate(self.cells)
            if cell is not None
            and (cell.box[1] < self.box[1] - _APART or cell.box[3] > self.box[3] + _APART)
        ]

    @property
    def spans_columns(self) -> bool:
        """Whether a cell stands in more than one column."""
        return any(one is other and one is not None for one, other in pairwise(self.cells))


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table, or the part of one that is on this page."""

    box: Box
    rows: tuple[Row, ...]
    strays: tuple[Line, ...]
    """What is printed within the outline and in no cell."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its tables, and what stands outside them."""

    number: int
    """From 1."""
    lines: tuple[Line, ...]
    tables: tuple[Table, ...]
    turned: Line | None
    """All text that runs in another direction."""
    compared: bool = False
    """Two engines read it."""
    differences: tuple[Problem, ...] = ()
    """Where they read it differently."""
    unvouched: str | None = None
    """Why PDFium cannot vouch for it, as a clause, where pdfplumber alone read it."""

    def spot(self, box: Box) -> PageSpot:
        """Return a box of this page as evidence."""
        return PageSpot(self.number, box)


def joined(lines: Iterable[str]) -> str:
    """Return lines as one text; a hyphen at the end of a line stays, a soft hyphen goes."""
    text = ""
    for line in lines:
        if text.endswith(_SOFT_HYPHEN):
            text = text.removesuffix(_SOFT_HYPHEN) + line
        elif not text or (_JOINED.fullmatch(text, len(text) - 2) and not _SUSPENDED.match(line)):
            text += line
        else:
            text += f" {line}"
    return text


def text_of(cells: Sequence[Cell]) -> str:
    """Return the text of cells under each other, of which a page broke one, as one text."""
    return _text(line for cell in cells for line in cell.lines)


def _text(lines: Iterable[Line]) -> str:
    return joined(f"{BULLET} {line.text}" if line.is_bullet else line.text for line in lines)


def items_of(cells: Sequence[Cell]) -> tuple[str, ...]:
    """Return the text of such cells bullet by bullet, one text if they have none."""
    return _items([line for cell in cells for line in cell.lines])


def _items(lines: Sequence[Line]) -> tuple[str, ...]:
    return tuple(joined(line.text for line in item) for item in split_at_bullets(lines))


def split_at_bullets(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the lines in groups, each but perhaps the first beginning with a bullet."""
    groups: list[list[Line]] = []
    for line in lines:
        if line.is_bullet or not groups:
            groups.append([])
        groups[-1].append(line)
    return groups


def to_tenths(x0: float, top: float, x1: float, bottom: float) -> Box:
    """Return a box to a tenth of a point, halves up: the same whichever engine measured it."""
    # In a long document `round`, which goes by decimal digits, takes a tenth of the time.
    return (
        (x0 * 10 + _HALF) // 1 / 10,
        (top * 10 + _HALF) // 1 / 10,
        (x1 * 10 + _HALF) // 1 / 10,
        (bottom * 10 + _HALF) // 1 / 10,
    )


def box_around(boxes: Iterable[Box]) -> Box:
    """Return the smallest box that holds all of ``boxes``, of which there is at least one."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
