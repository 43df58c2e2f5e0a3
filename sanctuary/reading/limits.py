"""What a process has to do, what that may cost, and the problem that says which limit it met."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from parsers.records import Problem
from parsers.registry import Way

LIMIT_KINDS = frozenset({"too_large", "too_slow", "too_many_pages", "crashed"})
"""Problems that other limits, or another machine, might not have."""


@dataclass(frozen=True)
class Task:
    """What a process is to do with the bytes that it is given."""

    parser: str
    options: dict[str, Any]
    """Of the source."""
    address: str | None = None
    """None to read a document. Else the address of the source, to say what its host is to be asked
    for next; the bytes are the packed parts that came."""
    way: Way = Way.VERIFIED
    """How a document is read."""
    is_probe: bool = False
    """The parser itself is looked at (``sanctuary.reading.probe``)."""


@dataclass(frozen=True)
class ReadingLimits:
    """The limits of the process that reads one document.

    A report of 35 pages takes 45 MB and 3 s of a core, the largest PDF and workbook of a folder
    of sixty real ones 75 MB and 1 s: each limit leaves room for more than ten times that.
    """

    address_space_mb: int = 2_000
    """Memory that the process may ask for, in megabytes (10^6 bytes), its own start included."""
    resident_mb: int = 1_000
    """Memory that it may hold at a time, in megabytes."""
    cpu_seconds: int = 300
    """Time of a core."""
    wall_seconds: float = 600.0
    """Time on the clock: more than that of a core, since others work on the machine, too."""
    pages: int = 1_000
    """Pages of a PDF."""

    @property
    def text(self) -> str:
        """The limits as text: two texts differ if a document might be read under one alone."""
        return " ".join(f"{name}={value}" for name, value in dataclasses.asdict(self).items())


def over_limit(kind: str, what: str, setting: str) -> Problem:
    """Return the problem of a document that ran into the limit that ``setting`` names.

    ``what`` is a clause that says the limit and, where it is known, how far the document went.
    """
    return Problem(
        kind,
        f"{what}; if you trust the document, raise settings.reading.{setting} in sources.yml and "
        "read it again by `sanctuary replay --accept`",
    )
