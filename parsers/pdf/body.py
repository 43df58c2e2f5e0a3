"""The pages of a PDF as one run of lines and tables, without what every page repeats."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from parsers.pdf.agreement import engines_agree
from parsers.pdf.furniture import running_lines, without_furniture
from parsers.pdf.layout import Cell, Line, Page, Table
from parsers.records import Check, PageSpot, Problem

_AT_RULE = 3.0
"""Points; text that begins so close to the outline of a table ran out of it."""
_UNMAPPED = re.compile(r"\(cid:[0-9]+\)")


@dataclass(frozen=True, slots=True)
class Block:
    """A line or a table, with the page it stands on."""

    page: int
    content: Line | Table

    @property
    def spot(self) -> PageSpot:
        """Where it stands."""
        return PageSpot(self.page, self.content.box)


@dataclass(frozen=True)
class Left:
    """What stands on the pages and belongs to no record, heading or prose, or is in doubt."""

    in_tables: tuple[Problem, ...]
    """Characters within the outline of a table that are in no cell, or run into another one."""
    unmapped: tuple[Problem, ...]
    """Characters for which the file does not say which letter they are."""
    on_pages: tuple[Problem, ...]
    """Text outside the tables that is no whole line."""
    words: tuple[Problem, ...]
    """Two lines of a cell that may be one word: they are read as two."""
    differences: tuple[Problem, ...]
    """What two engines read differently."""

    def all(self) -> tuple[Problem, ...]:
        """Return all of it."""
        return self.in_tables + self.unmapped + self.on_pages + self.words + self.differences

    def guarded_by(self, guard: Callable[[Iterable[Problem]], tuple[Problem, ...]]) -> Left:
        """Return the same, each kind passed through ``guard``."""
        kinds = self.in_tables, self.unmapped, self.on_pages, self.words, self.differences
        return Left(*(guard(problems) for problems in kinds))


@dataclass(frozen=True)
class Body:
    """What the pages hold, in reading order."""

    blocks: tuple[Block, ...]
    notice: str | None
    left: Left
    engines_agree: Check


def tables_of(blocks: Sequence[Block]) -> list[int]:
    """Return the page of each table among ``blocks``."""
    return [block.page for block in blocks if isinstance(block.content, Table)]


def goes_on(before: Sequence[Block], page: int) -> bool:
    """Say whether a table of ``page`` goes on with one of the page before.

    ``before`` are the blocks above it: it does if none of them is on this page.
    """
    return bool(before) and before[-1].page < page and tables_of(before)[-1:] == [page - 1]


def body_of(pages: Iterable[Page]) -> Body:
    """Return the lines and tables of all pages, from top to bottom, page furniture left out."""
    pages = list(pages)
    running = running_lines(pages)
    blocks: list[Block] = []
    notices: dict[str, None] = {}
    in_tables: list[Problem] = []
    unmapped: list[Problem] = []
    on_pages: list[Problem] = []
    words: list[Problem] = []
    for page in pages:
        lines, said = without_furniture(page, running)
        notices |= dict.fromkeys(said)
        beside = [line for line in lines if _is_beside(line, page.tables)]
        on_pages += [_left("text_beside_table", page, line) for line in beside]
        on_pages += [_left("turned_text", page, page.turned)] if page.turned else []
        in_tables += [
            _left("text_over_rule", page, line) for line in beside if _runs_out(line, page.tables)
        ]
        in_tables += [
            _left("text_in_no_cell", page, line) for table in page.tables for line in table.strays
        ]
        in_tables += [
            _left("text_over_rule", page, line)
            for table in page.tables
            for row in table.rows
            for pair in row.crossings
            for line in pair
        ]
        words += [
            _left("broken_word", page, replace(one, text=f"{one.text} {other.text}"))
            for cell in _cells(page.tables)
            for one, other in cell.broken_words
        ]
        content: list[Line | Table] = [line for line in lines if line not in beside]
        content += page.tables
        content.sort(key=lambda each: (each.box[1], each.box[0]))
        blocks += [Block(page.number, each) for each in content]
        unmapped += [
            _left("unmapped_character", page, line)
            for line in _all_lines(content)
            if _UNMAPPED.search(line.text)
        ]
    return Body(
        blocks=tuple(blocks),
        notice=next(iter(notices), None),
        left=Left(
            in_tables=tuple(in_tables),
            unmapped=tuple(unmapped),
            on_pages=tuple(on_pages),
            words=tuple(words),
            differences=tuple(problem for page in pages for problem in page.differences),
        ),
        engines_agree=engines_agree(pages),
    )


def _is_beside(line: Line, tables: Iterable[Table]) -> bool:
    return any(table.box[1] < line.middle < table.box[3] for table in tables)


def _runs_out(line: Line, tables: Iterable[Table]) -> bool:
    """Say whether a line beside a table begins or ends where its outline does."""
    return any(
        table.box[1] < line.middle < table.box[3]
        and min(abs(line.box[0] - table.box[2]), abs(line.box[2] - table.box[0])) < _AT_RULE
        for table in tables
    )


def _left(kind: str, page: Page, line: Line) -> Problem:
    said = {
        "text_beside_table": "text stands beside a table",
        "turned_text": "text runs in another direction than the page",
        "text_in_no_cell": "text within a table stands in none of its cells",
        "text_over_rule": "text runs over a rule into the next cell",
        "broken_word": "two lines of a cell may be one word, which the column was too narrow for",
        "unmapped_character": "the file does not say which letters these characters are",
    }[kind]
    return Problem(kind, f"page {page.number}: {said}", line.text, (page.spot(line.box),))


def _all_lines(content: Iterable[Line | Table]) -> Iterator[Line]:
    for each in content:
        if isinstance(each, Line):
            yield each
        else:
            for cell in _cells([each]):
                yield from cell.lines


def _cells(tables: Iterable[Table]) -> Iterator[Cell]:
    """Yield every cell once, also one that spans."""
    for table in tables:
        cells = (cell for row in table.rows for cell in row.cells if cell is not None)
        yield from {id(cell): cell for cell in cells}.values()
