"""The sections of a page that has no structure of its own but headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field

from bs4 import Tag

from parsers.html_table import shown_text
from parsers.policy.html_text import readable

_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
_MARK = re.compile("(?P<before>.*?)\ue000(?P<place>[0-9]{1,6})\ue001(?P<after>.*)")
"""What stands for a heading while its text is set, in signs that Unicode leaves to private use."""
_NUMBER = re.compile(
    r"(?P<number>(?:Section|Sec\.|Article|Chapter|Part|Title|Policy|Subsection)\s+"
    r"(?:[0-9][\w-]*(?:\.\w+)*|[IVXLC]+|[A-Z])(?!\w)"
    r"|§+\s*[0-9][\w-]*(?:\.\w+)*|[0-9]+(?:\.[0-9]+)+\.?|(?:[0-9]+|[IVXLC]+|[A-Z])[.)]"
    r"|\([0-9A-Za-z]{1,4}\))"
    r"(?:\s*[.:–—-]\s+|\s+|[.:]?$)"
)


@dataclass(frozen=True, slots=True)
class PagePart:
    """A heading and the text below it, down to the next; the text above the first has none."""

    name: str
    """Its number, or its heading where it has none, below those of the headings above it."""
    number: str | None
    heading: str | None
    path: tuple[str, ...]
    lines: tuple[str, ...]
    element: Tag | None
    """The heading."""


@dataclass(slots=True)
class _Open:
    level: int
    number: str | None
    heading: str | None
    path: tuple[str, ...]
    names: tuple[str, ...]
    element: Tag | None
    lines: list[str] = field(default_factory=list)


def page_parts(elements: Sequence[Tag], drop: str) -> tuple[str | None, list[PagePart]]:
    """Return the title and the parts of a text.

    A single ``h1`` above all is the title and no part. A heading with no text of its own is a part
    only if none stands below it. ``drop`` is a CSS selector of what is left out.
    """
    headings, lines = _lines(elements, drop)
    title = _title(headings, lines)
    parts = [_Open(0, None, None, (), (), None)]
    for line in lines:
        mark = _mark(line, headings)
        if mark is None:
            parts[-1].lines.append(line)
            continue
        heading = headings[int(mark["place"])]
        before, after = mark["before"].strip(), mark["after"].strip()
        if heading is not title:
            parts.append(_below(parts, heading, before))
        elif before:
            parts[-1].lines.append(before)
        if after:
            parts[-1].lines.append(after)
    kept = [
        part for part, after in zip(parts, [*parts[1:], None], strict=True) if _stays(part, after)
    ]
    return (shown_text(title) if title else None), list(_named(kept))


def _lines(elements: Sequence[Tag], drop: str) -> tuple[list[Tag], list[str]]:
    """Return the headings, and the lines of the text with a mark where each of them stands."""
    headings: list[Tag] = []
    lines: list[str] = []
    for element in elements:
        whole = copy(element)
        both = zip(element.find_all(_HEADINGS), whole.find_all(_HEADINGS), strict=True)
        for ours, theirs in [pair for pair in both if _is_heading(pair[0])]:
            theirs.clear()
            theirs.append(f"\ue000{len(headings)}\ue001")
            headings.append(ours)
        lines += readable(whole, drop).split("\n")
    return headings, [line for line in lines if line]


def _mark(line: str, headings: Sequence[Tag]) -> re.Match[str] | None:
    """Return the mark on a line; a page may hold these signs itself, by accident or malice."""
    mark = _MARK.fullmatch(line)
    return mark if mark and int(mark["place"]) < len(headings) else None


def _is_heading(element: Tag) -> bool:
    """Whether a heading makes a section: with a text, and in no cell of a table."""
    return bool(shown_text(element)) and not element.find_parent(["td", "th", *_HEADINGS])


def _title(headings: Sequence[Tag], lines: Sequence[str]) -> Tag | None:
    marks = [mark for mark in (_mark(line, headings) for line in lines) if mark]
    shown = [headings[int(mark["place"])] for mark in marks]
    first = [heading for heading in shown if heading.name == "h1"]
    return first[0] if len(first) == 1 and shown[0] is first[0] else None


def _below(parts: Sequence[_Open], element: Tag, before: str) -> _Open:
    """Return a part that begins here; ``before`` is an enumerator in an element of its own."""
    printed = " ".join(part for part in (before, shown_text(element)) if part)
    level = int(element.name[1])
    above = next((part for part in reversed(parts) if part.level < level), parts[0])
    path = (*above.path, _printed(above)) if above.level else ()
    number = _NUMBER.match(printed)
    part = _Open(
        level=level,
        number=number["number"] if number else None,
        heading=(printed[number.end() :] if number else printed) or None,
        path=path,
        names=(),
        element=element,
    )
    part.names = (*above.names, part.number or part.heading or "")
    return part


def _printed(part: _Open) -> str:
    ends = (part.number or "").endswith((".", ")"))
    return (" " if ends else ": ").join(text for text in (part.number, part.heading) if text)


def _stays(part: _Open, after: _Open | None) -> bool:
    holds_others = after is not None and after.level > part.level
    return bool(part.lines) or (part.level > 0 and not holds_others)


def _named(parts: Sequence[_Open]) -> Iterator[PagePart]:
    """Yield the parts, each with a name of its own: what stands there twice is counted."""
    seen = Counter[str]()
    for part in parts:
        name = " > ".join(part.names) or "text"
        seen[name] += 1
        yield PagePart(
            name=name if seen[name] == 1 else f"{name} ({seen[name]})",
            number=part.number,
            heading=part.heading,
            path=part.path,
            lines=tuple(part.lines),
            element=part.element,
        )
