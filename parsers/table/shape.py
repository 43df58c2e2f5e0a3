"""What every form of a table is read into: rows of cells, and the place each row stands at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from parsers.records import Check, Problem, Spot


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says; texts have their white space collapsed."""

    text: str
    """Empty where there is none."""
    items: tuple[str, ...] = ()
    """One text an item, of a cell that holds a list."""
    beside_items: bool = False
    """There is text beside the list."""
    is_error: bool = False
    """It holds an error of the program that made it: ``#REF!``."""
    is_struck: bool = False
    """Some of it is struck out."""
    is_raised: bool = False
    """Some of it is raised, and may be the mark of a note."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: one cell a column, one that spans stands in each."""

    cells: tuple[Cell, ...]
    spots: tuple[Spot, ...]
    fault: tuple[str, str] | None = None
    """Why it cannot be a row of the list, as a kind and a clause."""

    @property
    def texts(self) -> tuple[str, ...]:
        """The text of each cell, empty where there is none."""
        return tuple(cell.text for cell in self.cells)

    def text(self, column: int) -> str:
        """Return the text of a column from 0; empty beyond the last."""
        return self.cells[column].text if column < len(self.cells) else ""

    def with_rest(self, rest: Row) -> Row | None:
        """Return this row with what stands of it on the next page; None where no page breaks it."""
        return None

    def with_fault(self, kind: str, clause: str) -> Row:
        """Return this row as one that cannot be a row of the list."""
        return replace(self, fault=self.fault or (kind, clause))


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that stand under each other: a whole table, or what of it is on one page."""

    rows: tuple[Row, ...]
    goes_on: bool = False
    """It stands at the top of a page, and the part before it at the foot of the page before."""


@dataclass(frozen=True)
class Found:
    """What a document holds, by its form."""

    parts: tuple[Part, ...]
    title: str | None = None
    notice: str | None = None
    """What a document that is no official one says of itself."""
    checks: tuple[Check, ...] = ()
    problems: tuple[Problem, ...] = ()


def row_text(texts: Sequence[str]) -> str:
    """Return what a row prints as one text, each value once."""
    return " | ".join(dict.fromkeys(text for text in texts if text))
