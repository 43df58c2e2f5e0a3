"""Tables as cells in a grid, and how far the cells that a reader found are those that are printed.

The measure is that of the table competition of ICDAR 2013 (Göbel, Hassan, Oro and Orsi, "ICDAR 2013
Table Competition"): of each cell with text, its next neighbour with text to the right and below.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple


class Cell(NamedTuple):
    """A cell, with the rows and columns that it covers, counted from 0, ends included."""

    text: str
    top: int
    left: int
    bottom: int
    right: int


Table = Sequence[Cell]


@dataclass(frozen=True)
class Counts:
    """What was printed in the tables of a document, what was found, and what of it is right."""

    printed: int
    found: int
    right: int
    rows: int
    right_rows: int


def counts(printed: Iterable[Table], found: Iterable[Table]) -> Counts:
    """Return how the tables that were found in a document compare with those printed in it."""
    printed, found = list(printed), list(found)
    neighbours = [sum(map(_neighbours, tables), Counter()) for tables in (printed, found)]
    rows = [sum(map(_rows, tables), Counter()) for tables in (printed, found)]
    return Counts(
        printed=neighbours[0].total(),
        found=neighbours[1].total(),
        right=(neighbours[0] & neighbours[1]).total(),
        rows=rows[0].total(),
        right_rows=(rows[0] & rows[1]).total(),
    )


def grid_of(rows: Sequence[Sequence[str | None]]) -> list[Cell]:
    """Return rows of texts as a table, each text a cell of its own."""
    return [
        Cell(text or "", row, column, row, column)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    ]


def without_spans(table: Table) -> Table:
    """Return a table with each text only in the first row and column that its cell covers."""
    return [cell._replace(bottom=cell.top, right=cell.left) for cell in table]


def _neighbours(table: Table) -> Counter[tuple[str, str, str]]:
    """Count the pairs of neighbours: which texts, and in which direction.

    White space does not count, as in the competition; nor does an empty cell between them.
    """
    across: dict[int, list[Cell]] = defaultdict(list)
    down: dict[int, list[Cell]] = defaultdict(list)
    for cell in table:
        if _bare(cell.text):
            for row in range(cell.top, cell.bottom + 1):
                across[row].append(cell)
            for column in range(cell.left, cell.right + 1):
                down[column].append(cell)
    beside = {
        pair
        for row in across.values()
        for pair in pairwise(sorted(row, key=lambda each: each.left))
    }
    below = {
        pair
        for column in down.values()
        for pair in pairwise(sorted(column, key=lambda each: each.top))
    }
    return Counter(
        (_bare(one.text), _bare(other.text), direction)
        for direction, pairs in (("right", beside), ("below", below))
        for one, other in pairs
    )


def _rows(table: Table) -> Counter[tuple[str, ...]]:
    """Count the rows, each as the text in every column; empty columns and rows do not count."""
    texts: dict[int, dict[int, str]] = defaultdict(dict)
    for cell in table:
        if text := _bare(cell.text):
            for row in range(cell.top, cell.bottom + 1):
                for column in range(cell.left, cell.right + 1):
                    texts[row][column] = text
    columns = sorted({column for row in texts.values() for column in row})
    return Counter(tuple(row.get(column, "") for column in columns) for row in texts.values())


def _bare(text: str) -> str:
    return "".join(text.split())
