"""Where two engines that share no code read a page differently: cell by cell, line by line.

White space does not count, since engines measure it differently. Nor do boxes that differ by less
than a point, nor where a line is broken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from parsers.pdf.layout import BULLET, Cell, Line, Page, Table, box_around
from parsers.pdf.pdfium_pages import Unvouched
from parsers.records import Box, Check, PageSpot, Problem
from parsers.registry import ENGINES_AGREE

ENGINES_DIFFER = "engines_differ"
"""The kind of problem that says it: its text has what each engine reads, a line each."""
_FIRST, _SECOND = "pdfplumber", "PDFium"
_SAME = 1.0
"""Points by which the edges of one cell may differ."""
_MOSTLY = 0.5
"""Of the area that two tables cover together: what one table has in common with itself."""
_WHOLE_PAGE = (0.0, 0.0, 0.0, 0.0)
_NAMED = 5
"""How many pages a message names."""
_MANY = 50
"""Cells that one engine alone finds: where there are more, the table as a whole is another."""


def compared(page: Page, other: Page | Unvouched) -> Page:
    """Return a page as the first engine reads it, with all that the second reads differently.

    Or with why the second cannot vouch for what it reads there.
    """
    if isinstance(other, Unvouched):
        return replace(page, unvouched=other.reason)
    return replace(page, compared=True, differences=tuple(_differences(page, other)))


def found_by_second(other: Page | Unvouched) -> Page:
    """Return a page that the second engine alone finds: an empty one, which differs.

    What it reads there is not told, since nobody knows in which part of the document it stands.
    """
    said = f"page {other.number}: {_SECOND} finds this page, {_FIRST} does not"
    problem = Problem(ENGINES_DIFFER, said, evidence=(PageSpot(other.number, _WHOLE_PAGE),))
    return Page(other.number, (), (), None, compared=True, differences=(problem,))


def engines_agree(pages: Iterable[Page]) -> Check:
    """Return the check that both engines read the same, or which pages one read alone.

    Its message holds nothing of what is printed.
    """
    pages = list(pages)
    count = sum(len(page.differences) for page in pages)
    differ = [page.number for page in pages if page.differences]
    if differ:
        said = f"Two engines read {_counted(count, 'place')} differently, on {_named(differ)}."
    elif any(page.compared for page in pages):
        said = "Two engines read the same."
    else:
        said = "Each page was read by one engine alone: nothing was compared."
    return Check(
        ENGINES_AGREE,
        passed=not differ,
        required=True,
        message=said + "".join(_alone(pages)),
        expected="0",
        actual=str(count),
    )


def _alone(pages: Sequence[Page]) -> Iterator[str]:
    """Yield a sentence for each reason for which the first engine alone read pages."""
    for reason in dict.fromkeys(page.unvouched for page in pages if page.unvouched):
        numbers = [page.number for page in pages if page.unvouched == reason]
        yield f" By {_FIRST} alone: {_named(numbers)} ({reason})."


def _named(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:_NAMED]))
    more = f" and {len(numbers) - _NAMED} more" if len(numbers) > _NAMED else ""
    return f"{'page' if len(numbers) == 1 else 'pages'} {shown}{more}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _differences(page: Page, other: Page) -> Iterator[Problem]:
    found = _Found(page.number)
    ours, theirs = list(page.lines), list(other.lines)
    unmatched = list(other.tables)
    for table in page.tables:
        same = max(unmatched, key=lambda each: _common(table.box, each.box), default=None)
        if same is None or _common(table.box, same.box) < _MOSTLY:
            inside = _text(_inside(theirs, table.box))
            theirs = _outside(theirs, table.box)
            yield found.alone("table", table.box, _text(_lines_of(table)), inside)
            continue
        unmatched.remove(same)
        yield from _in_table(found, table, same)
    for table in unmatched:
        inside = _text(_inside(ours, table.box))
        ours = _outside(ours, table.box)
        yield found.alone("table", table.box, inside, _text(_lines_of(table)), by=_SECOND)
    yield from _in_lines(found, ours, theirs)
    turned = [[each.turned] if each.turned else [] for each in (page, other)]
    yield from _in_lines(found, *turned)


def _in_table(found: _Found, table: Table, other: Table) -> Iterator[Problem]:
    matched = list(_matched(_cells(table), _cells(other)))
    lines, others = _lines_of(table), _lines_of(other)
    if sum(None in pair for pair in matched) > _MANY:
        yield found.differs("table", table.box, _text(lines), _text(others))
        return
    seen: list[Box] = []
    for cell, same in matched:
        if cell is not None and same is not None:
            if cell.lines != same.lines and _squeezed(cell.text) != _squeezed(same.text):
                yield found.differs("cell", cell.box, cell.text, same.text)
        elif cell is not None:
            seen.append(cell.box)
            yield found.alone("cell", cell.box, cell.text, _text(_inside(others, cell.box)))
        elif same is not None and not any(_holds(box, same.box) for box in seen):
            inside = _text(_inside(lines, same.box))
            yield found.alone("cell", same.box, inside, same.text, by=_SECOND)
    yield from _in_lines(found, table.strays, other.strays)


def _matched(
    cells: Sequence[Cell], others: Sequence[Cell]
) -> Iterator[tuple[Cell | None, Cell | None]]:
    """Yield the cells of one table with those of the other, None where there is no counterpart.

    What the first alone has comes before what the second alone has.
    """
    by_box = {cell.box: cell for cell in others}
    near: list[Cell] = []
    for cell in cells:
        same = by_box.pop(cell.box, None)
        if same is None:
            near.append(cell)
        else:
            yield cell, same
    alone = 0
    for cell in near:
        left = by_box.values() if alone <= _MANY else ()
        same = next((each for each in left if _is_near(cell.box, each.box)), None)
        if same is None:
            alone += 1
        else:
            del by_box[same.box]
        yield cell, same
    for cell in by_box.values():
        yield None, cell


def _in_lines(found: _Found, lines: Sequence[Line], others: Sequence[Line]) -> Iterator[Problem]:
    """Yield where lines differ, neighbouring ones as one place."""
    if lines == others:
        return
    ours, theirs = ([_squeezed(_printed(line)) for line in each] for each in (lines, others))
    if "".join(ours) == "".join(theirs):
        return
    for what, first, after, other_first, other_after in SequenceMatcher(
        None, ours, theirs, autojunk=False
    ).get_opcodes():
        if what == "equal":
            continue
        mine, yours = lines[first:after], others[other_first:other_after]
        if "".join(ours[first:after]) != "".join(theirs[other_first:other_after]):
            box = box_around(line.box for line in (*mine, *yours))
            yield found.differs("text", box, _text(mine), _text(yours))


@dataclass(frozen=True)
class _Found:
    """Makes the problems of one page."""

    page: int

    def differs(self, what: str, box: Box, ours: str, theirs: str) -> Problem:
        """Return that both engines find something, and read it differently."""
        said = f"page {self.page}: two engines read a {what} differently"
        if what == "text":
            said = f"page {self.page}: two engines read text outside the cells differently"
        return self._problem(said, box, ours, theirs)

    def alone(self, what: str, box: Box, ours: str, theirs: str, by: str = _FIRST) -> Problem:
        """Return that one engine alone finds something; the other may read its text elsewhere."""
        said = f"page {self.page}: {by} alone finds a {what} here"
        return self._problem(said, box, ours, theirs)

    def _problem(self, said: str, box: Box, ours: str, theirs: str) -> Problem:
        text = f"{_FIRST}: {ours or '(nothing)'}\n{_SECOND}: {theirs or '(nothing)'}"
        return Problem(ENGINES_DIFFER, said, text, (PageSpot(self.page, box),))


def _cells(table: Table) -> list[Cell]:
    """Return every cell once, also one that spans."""
    by_box = {cell.box: cell for row in table.rows for cell in row.cells if cell is not None}
    return list(by_box.values())


def _lines_of(table: Table) -> list[Line]:
    return [*(line for cell in _cells(table) for line in cell.lines), *table.strays]


def _printed(line: Line) -> str:
    return f"{BULLET} {line.text}" if line.is_bullet else line.text


def _text(lines: Iterable[Line]) -> str:
    return " ".join(" ".join(map(_printed, lines)).split())


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _inside(lines: Sequence[Line], box: Box) -> list[Line]:
    """Return the lines whose middle is in a box."""
    return [line for line in lines if _holds(box, line.box)]


def _outside(lines: Sequence[Line], box: Box) -> list[Line]:
    return [line for line in lines if not _holds(box, line.box)]


def _holds(box: Box, other: Box) -> bool:
    """Say whether the middle of ``other`` is in ``box``."""
    across, down = (other[0] + other[2]) / 2, (other[1] + other[3]) / 2
    return box[0] <= across <= box[2] and box[1] <= down <= box[3]


def _is_near(box: Box, other: Box) -> bool:
    return all(abs(one - two) < _SAME for one, two in zip(box, other, strict=True))


def _common(box: Box, other: Box) -> float:
    """Return how much of what two boxes cover together lies in both."""
    width = min(box[2], other[2]) - max(box[0], other[0])
    height = min(box[3], other[3]) - max(box[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / (_area(box) + _area(other) - width * height)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
