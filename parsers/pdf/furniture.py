"""What every page repeats: page numbers, notices, running heads and feet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from parsers.pdf.layout import Line, Page

TOP, FOOT = "top", "foot"
Running = Mapping[str, frozenset[str]]
"""The running lines of each end of the pages, with every number as ``#``."""

_PAGE_NUMBER = re.compile(
    r"(?:Page\s+|[-–—]\s*)?[0-9]{1,3}(?:\s+of\s+[0-9]{1,3}|\s*[-–—])?", re.IGNORECASE
)
_NUMBER = re.compile(r"[0-9]+")
_NOTICE = re.compile(r"SPECIMEN\b.*")
"""What a document that is no official one prints at the edge of its pages."""
_EDGE = 3
"""Lines at each end of a page among which running lines are looked for."""
_FEWEST = 3
"""Pages that have to repeat a line for it to be running."""


def running_lines(pages: Sequence[Page]) -> Running:
    """Return the lines that stand at one end of half of the pages, and of no fewer than three.

    What runs above the first page is the title itself, and the name of the agency: only what the
    pages behind it repeat counts.
    """
    needed = max(_FEWEST, len(pages) / 2)
    found = {}
    for end in (TOP, FOOT):
        counts = Counter(
            text
            for page in pages
            for text in {_without_number(line) for line in _at(page, end)[:_EDGE]}
        )
        found[end] = frozenset(text for text, count in counts.items() if count >= needed)
    return found


def without_furniture(page: Page, running: Running) -> tuple[list[Line], list[str]]:
    """Return the lines of a page that are no furniture, and the notices among those that are."""
    at_top = _furniture(page, TOP, running[TOP] if page.number > 1 else frozenset())
    furniture = at_top + _furniture(page, FOOT, running[FOOT])
    kept = [line for line in page.lines if line not in furniture]
    return kept, [line.text for line in furniture if _is_notice(line)]


def _furniture(page: Page, end: str, running: Collection[str]) -> list[Line]:
    """Return the furniture at one end of a page: from its edge on, until something else stands."""
    found = []
    for line in _at(page, end):
        is_number = _PAGE_NUMBER.fullmatch(line.text) is not None
        if not (is_number or _is_notice(line) or _without_number(line) in running):
            break
        found.append(line)
    return found


def _at(page: Page, end: str) -> list[Line]:
    """Return the lines at one end of a page, the outermost first; those behind a table are not."""
    if end == TOP:
        first = min((table.box[1] for table in page.tables), default=float("inf"))
        return [line for line in page.lines if line.middle < first]
    last = max((table.box[3] for table in page.tables), default=0.0)
    return [line for line in reversed(page.lines) if line.middle > last]


def _without_number(line: Line) -> str:
    """Return the text of a line with every number as ``#``: that of the page differs on each.

    A number alone stays: it may be the last line of a paragraph.
    """
    return _NUMBER.sub("#", line.text) if re.search("[A-Za-z]", line.text) else line.text


def _is_notice(line: Line) -> bool:
    return _NOTICE.fullmatch(line.text) is not None
