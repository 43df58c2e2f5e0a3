"""Laws and minutes as plain text: what begins a section, where the numbers say so beyond doubt.

A number counts only if it is the next one: an ordinance quotes sections of the code it amends, and
minutes quote ordinances. Where there are no numbers that run on, the text is one part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

_SECTION = re.compile(
    r"(?P<label>SEC(?:TION|\.)\s*(?P<number>[0-9]{1,3}))\s*(?:[.:]|\s[-–—]|$)\s*(?P<rest>.*)",
    re.IGNORECASE,
)
_ITEM = re.compile(r"(?P<label>(?P<number>[0-9]{1,2}(?:\.[0-9]{1,2})?))[.)]?\s+(?P<rest>\S.*)")
_LONGEST_HEADING = 80
_FEWEST_ITEMS = 3
"""A text with fewer numbered items may hold a list, not an agenda."""

Number = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A numbered part of a text, or all of one without numbers."""

    number: str | None
    """As printed: ``SECTION 3``, ``9.1``; None for what stands before the first."""
    key: str
    """The number alone; ``preamble`` for what stands before the first, ``text`` for all of it."""
    heading: str | None
    path: tuple[str, ...]
    """The items above it."""
    lines: tuple[str, ...]

    @property
    def body(self) -> str:
        """The text below the heading, a paragraph a line."""
        return "\n".join(self.lines)


def law_parts(lines: Sequence[str]) -> list[Part]:
    """Return the sections of an ordinance (``SECTION 1.``, ``SECTION 2.``), the recitals before.

    What stands in the line of the number is the heading if it ends with a colon, or is in capitals;
    else it is the first paragraph.
    """
    return _parts(lines, _section_head, fewest=1)


def agenda_parts(lines: Sequence[str]) -> list[Part]:
    """Return the items of minutes: ``9. HEAD IN CAPITALS``, below it ``9.1 Any head``."""
    return _parts(lines, _item_head, fewest=_FEWEST_ITEMS)


@dataclass(frozen=True, slots=True)
class _Head:
    label: str
    number: Number
    heading: str | None
    rest: str | None


def _section_head(line: str) -> _Head | None:
    match = _SECTION.fullmatch(line)
    if match is None:
        return None
    rest = match["rest"].strip()
    number = (int(match["number"]),)
    is_heading = rest.endswith(":") and not rest.casefold().endswith("as follows:")
    if (is_heading or rest.isupper()) and len(rest) <= _LONGEST_HEADING:
        return _Head(match["label"], number, rest.rstrip(":."), None)
    return _Head(match["label"], number, None, rest or None)


def _item_head(line: str) -> _Head | None:
    match = _ITEM.fullmatch(line)
    if match is None:
        return None
    number = tuple(map(int, match["number"].split(".")))
    rest = match["rest"].strip()
    lead, colon, after = rest.partition(":")
    if len(number) == 1 and not lead.isupper():
        return None
    if colon and lead.isupper():
        return _Head(match["label"], number, lead, after.strip() or None)
    return _Head(match["label"], number, rest, None)


def _parts(
    lines: Sequence[str], head_of: Callable[[str], _Head | None], *, fewest: int
) -> list[Part]:
    heads = list(_heads(lines, head_of))
    if len(heads) < fewest:
        return [Part(None, "text", None, (), tuple(lines))] if lines else []
    starts = [index for index, _ in heads]
    found = [Part(None, "preamble", None, (), tuple(lines[: starts[0]]))] if starts[0] else []
    for (start, head), end in zip(heads, [*starts[1:], len(lines)], strict=True):
        above = tuple(
            f"{other.label} {other.heading or ''}".strip()
            for _, other in heads
            if other is not head and other.number == head.number[: len(other.number)]
        )
        rest = (head.rest,) if head.rest else ()
        key = ".".join(map(str, head.number))
        found.append(Part(head.label, key, head.heading, above, (*rest, *lines[start + 1 : end])))
    return found


def _heads(
    lines: Sequence[str], head_of: Callable[[str], _Head | None]
) -> Iterator[tuple[int, _Head]]:
    """Yield the lines that bear the next number, from 1 on."""
    last: Number = ()
    for index, line in enumerate(lines):
        head = head_of(line)
        if head is not None and follows(last, head.number):
            last = head.number
            yield index, head


def follows(before: Number, after: Number) -> bool:
    """Say whether a number is the next: the first below, or one on at any depth."""
    return after == (*before, 1) or any(
        after == (*before[:depth], before[depth] + 1) for depth in range(len(before))
    )
