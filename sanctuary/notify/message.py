"""A message before it has a form: what is said, without markup and without lengths."""

from __future__ import annotations

from dataclasses import dataclass

from sanctuary.wording import counted
from sanctuary.words import Piece

LONGEST_TITLE = 120
"""Characters of a title: what a telephone shows of it."""


@dataclass(frozen=True)
class Link:
    """An address of our own pages, with the words that lead to it."""

    words: str
    address: str


@dataclass(frozen=True)
class Field:
    """A field that differs: its words as they stayed, went and came."""

    name: str
    pieces: tuple[Piece, ...]
    """Nothing where its text is kept off."""


@dataclass(frozen=True)
class Entry:
    """One thing that happened."""

    sentence: str
    lines: tuple[str, ...] = ()
    """What belongs to it, a sentence each: when it was seen, caveats, what others say of it."""
    fields: tuple[Field, ...] = ()
    links: tuple[Link, ...] = ()
    """The first leads to the whole of it."""
    count: int = 1
    """How many changes it tells of."""


@dataclass(frozen=True)
class Group:
    """The entries of one source and state."""

    state: str | None
    """As printed; None where no state is said."""
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Section:
    """What one source is about."""

    title: str
    """The list or report with its publisher."""
    notices: tuple[str, ...]
    """What its documents say of themselves if they are no official ones."""
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Message:
    """What is told at once to one target."""

    title: str
    """On one line, ``LONGEST_TITLE`` characters at most."""
    sections: tuple[Section, ...]
    closing: tuple[str, ...]
    """How to understand it, and who asked for it."""
    links: tuple[Link, ...] = ()
    left_out: int = 0
    """Changes that stand in no section for want of room."""

    @property
    def ending(self) -> tuple[str, ...]:
        """What stands below the sections: first what was left out."""
        if not self.left_out:
            return self.closing
        more = counted(self.left_out, "more change")
        return (f"And {more}, for which there is no room here.", *self.closing)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries of all sections, in their order."""
        groups = (group for section in self.sections for group in section.groups)
        return tuple(entry for group in groups for entry in group.entries)
