"""A matter of Legistar, whichever way it was had: what is known of it, and its text.

The clerk's text begins with its drafter and title, each after a line such as ``..title``, and the
law after ``..body``. The page of the matter prints the same words without the dots.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.policy.result import PolicyOptions
from parsers.printed_dates import iso_day
from parsers.records import Problem, SectionEvent, Spot

_DOTTED = re.compile(r"\.\.\s*(?P<name>[A-Za-z][\w /-]*?)\s*:?")
_BARE = re.compile(r"(?P<name>drafter|title|body|recommendation|end)", re.IGNORECASE)
_AMENDS = re.compile(r"\(\((?P<out>.+?)\)\)", re.DOTALL)

TYPES = ("executive order", "ordinance", "resolution")
"""The instrument types that the name of a matter's type may say."""


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What was read of a matter; None where the document does not say."""

    file: str | None = None
    matter_id: str | None = None
    name: str | None = None
    title: str | None = None
    type: str | None = None
    status: str | None = None
    enacted: str | None = None
    """The date of enactment as the page prints it."""
    enactment: str | None = None
    """The number of the enactment."""
    version: str | None = None
    row_version: str | None = None
    restricted: bool = False
    """The clerk keeps it from the web."""
    address: str | None = None
    lines: tuple[str, ...] = ()
    """The text, a paragraph each; empty if there is none."""
    text_version: str | None = None
    """The version that the text is of, where that is said apart."""
    spots: tuple[Spot, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def instrument_type(self) -> str | None:
        """What the type's name says it is, None if it says nothing of the kind."""
        name = (self.type or "").casefold()
        return next((each for each in TYPES if each in name), None)

    @property
    def law(self) -> str | None:
        """The number it was enacted as, behind its type where that is a bare number."""
        if self.enactment is None:
            return None
        bare = self.enactment[:1].isdecimal() and self.type is not None
        return f"{self.type} {self.enactment}" if bare else self.enactment

    @property
    def version_label(self) -> str | None:
        """The version of the text, and of its row in the clerk's database."""
        version = self.version or self.text_version
        said = [f"Version {version}"] if version else []
        said += [f"row version {self.row_version}"] if self.row_version else []
        return ", ".join(said) or None

    @property
    def history_note(self) -> str | None:
        """What is printed of the enactment, under the labels of the page."""
        said = [f"Enactment date: {self.enacted}"] if self.enacted else []
        said += [f"Enactment #: {self.enactment}"] if self.enactment else []
        return "; ".join(said) or None

    @property
    def events(self) -> tuple[SectionEvent, ...]:
        """The enactment as an event."""
        if self.history_note is None:
            return ()
        return (SectionEvent("adopted", iso_day(self.enacted or ""), self.enacted, self.law),)


def stated_type(options: PolicyOptions) -> str | None:
    """Return the instrument type that the entry of the source states, None if it states none."""
    return options.instrument_type if "instrument_type" in options.model_fields_set else None


@dataclass(frozen=True)
class ClerkText:
    """The parts of the clerk's text."""

    title: str | None
    body: tuple[str, ...]
    problems: tuple[Problem, ...]


def clerk_text(lines: Sequence[str], spots: tuple[Spot, ...], *, dotted: bool) -> ClerkText:
    """Return the title and the body; without a line that begins the body, all of the text is it.

    ``dotted`` says whether the lines between the parts have their dots. What stands behind a
    further one of them (but ``..end``) is no law, and a problem with its text.
    """
    marks = [
        (index, mark["name"].casefold())
        for index, line in enumerate(lines)
        if (mark := (_DOTTED if dotted else _BARE).fullmatch(line))
    ]
    if not dotted:
        # Bare words begin parts only up to the body: below it they may be words of the law.
        names = [name for _, name in marks]
        marks = marks[: names.index("body") + 1] if "body" in names else []
    ends = [*(index for index, _ in marks[1:]), len(lines)][: len(marks)]
    parts = [
        (name, tuple(lines[start + 1 : end]))
        for (start, name), end in zip(marks, ends, strict=True)
    ]
    title = next((" ".join(text) for name, text in parts if name == "title"), None) or None
    problems = list(_amending(lines, spots))
    if "body" not in (name for name, _ in parts):
        drop = {index for index, _ in marks}
        body = tuple(line for index, line in enumerate(lines) if index not in drop)
        if body:
            problems.append(
                Problem("no_body_mark", "no line ..body begins the law: all is kept", None, spots)
            )
        return ClerkText(title, body, tuple(problems))
    number = next(i for i, (name, _) in enumerate(parts) if name == "body")
    for name, text in parts[number + 1 :]:
        if text and name != "end":
            problems.append(
                Problem("part_not_read", f"..{name} is no part of the law", "\n".join(text), spots)
            )
    return ClerkText(title, parts[number][1], tuple(problems))


def _amending(lines: Sequence[str], spots: tuple[Spot, ...]) -> list[Problem]:
    marked = _AMENDS.search("\n".join(lines))
    if marked is None:
        return []
    return [
        Problem(
            "amending_marks",
            "what the text takes out stands in (( )); what it puts in is not marked",
            " ".join(marked[0].split()),
            spots,
        )
    ]
