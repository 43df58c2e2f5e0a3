"""Looking up a chapter or a section in a table of contents that a host opens line by line."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from parsers.bundle import Wanted
from parsers.cell_values import collapsed
from parsers.errors import NotThisDocument
from parsers.policy.code_titles import number_and_heading
from parsers.policy.host_steps import Steps

MOST_OPENED = 80
"""Lines that are opened to find one: each is a request."""
_SHOWN = 12
_LABELLED = re.compile(r"(?P<label>[a-z]+\.?|§+)\s*(?P<rest>\S.*)")
_LABELS = {
    "§": "section",
    "sec": "section",
    "ch": "chapter",
    "art": "article",
    "div": "division",
    "appendice": "appendix",
}
"""What stands for the word itself; the plural is taken off before."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table of contents."""

    node: str
    """What the host calls it."""
    title: str
    is_open: bool
    """Whether lines stand below it."""
    plain: Any
    """As the host gives it."""


@dataclass(frozen=True, slots=True)
class Contents:
    """How a host opens a line: what to ask for, and the lines that the answer holds."""

    ask: Callable[[Line], Wanted]
    lines: Callable[[Any], list[Line]]


def looked_up(names: Sequence[str], first: Sequence[Line], contents: Contents) -> Steps[Line]:
    """Return the line that the last of ``names`` calls, each below the one before it.

    ``first`` are the outermost lines. A name is a number with or without its label (``Chapter 46``,
    ``§ 46-37``, ``2.129``) or a whole heading. Levels that are not named are looked through, the
    outermost first; below a line with the same label as the name nothing is looked for.

    Raises NotThisDocument if no line or more than one has the name, and where it would take more
    than ``MOST_OPENED`` requests.
    """
    found: Line | None = None
    opened = 0
    for name in names:
        around = [*first] if found is None else (yield from _below([found], contents))
        level = around
        while not (hits := [line for line in level if is_called(line.title, name)]):
            closed = [line for line in level if line.is_open and _may_hold(line.title, name)]
            opened += len(closed)
            if not closed or opened > MOST_OPENED:
                raise _none(name, found, around, opened)
            level = yield from _below(closed, contents)
        if len(hits) > 1:
            raise NotThisDocument(
                f"{len(hits)} lines of the table of contents are {name}: {_named(hits)}",
                remedy="name what it stands in before it, in the option find",
            )
        found = hits[0]
    if found is None:
        raise NotThisDocument("the option find is empty", remedy="name the chapter or section")
    return found


def is_called(title: str, name: str) -> bool:
    """Say whether a title has a name: its number and, where both have one, its label."""
    number, _ = number_and_heading(name)
    if number is None:
        printed, heading = number_and_heading(title)
        bare = _taken_apart(title)[1]
        return _folded(name) in (_folded(title), _folded(printed), _folded(heading), bare)
    (label, wanted), (other, here) = _taken_apart(name), _taken_apart(title)
    return wanted == here and (None in (label, other) or label == other)


def _may_hold(title: str, name: str) -> bool:
    label, _ = _taken_apart(name)
    other, number = _taken_apart(title)
    return number is None or label is None or label != other


def is_of_a_section(title: str) -> bool:
    """Say whether a title is numbered as a section is: ``§ 1``, ``1141.01``; no chapter's is."""
    label, number = _taken_apart(title)
    return number is not None and label in (None, "section")


def _taken_apart(title: str) -> tuple[str | None, str | None]:
    """Return the label of a title, as one word for all its spellings, and the bare number."""
    number, _ = number_and_heading(title)
    if number is None:
        return None, None
    folded = number.casefold()
    labelled = _LABELLED.fullmatch(folded)
    if labelled is None or not re.match(r"[a-z]*\.?\s|§", folded):
        return None, folded
    label = labelled["label"].rstrip(".")
    label = "§" if label.startswith("§") else label.removesuffix("s")
    return _LABELS.get(label, label), labelled["rest"]


def _folded(text: str | None) -> str | None:
    plain = collapsed(text or "")
    return plain.casefold().rstrip(" .:") if plain else None


def _below(lines: Sequence[Line], contents: Contents) -> Steps[list[Line]]:
    answers = yield [contents.ask(line) for line in lines if line.is_open]
    return [line for answer in answers for line in contents.lines(answer)]


def _none(name: str, found: Line | None, around: Sequence[Line], opened: int) -> NotThisDocument:
    where = f"below {found.title}" if found else "in the table of contents"
    if opened > MOST_OPENED:
        return NotThisDocument(
            f"no line {where} is {name} without opening more than {MOST_OPENED} of them",
            remedy=f"name what it stands in before it, in the option find: {_named(around)}",
        )
    return NotThisDocument(
        f"no line {where} is {name}", remedy=f"mend the option find; there is: {_named(around)}"
    )


def _named(lines: Sequence[Line]) -> str:
    shown = "; ".join(f"{line.title} ({line.node})" for line in lines[:_SHOWN])
    more = len(lines) - _SHOWN
    return f"{shown or 'nothing'}{f'; and {more} more' if more > 0 else ''}"
