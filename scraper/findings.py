"""What is wrong with an archive, by what a person can do about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """A file or folder of the archive that is not as it should be."""

    place: str
    """Where it lies: its path, or its address."""


@dataclass(frozen=True)
class Damaged(Finding):
    """A document that is not what it was: a copy of its file, or its bytes put anew, mend it."""

    sha256: str
    reason: str
    """A clause without a full stop."""


@dataclass(frozen=True)
class BaseMissing(Finding):
    """A document that may be whole, but is stored against one that is missing or damaged.

    When that one is mended, this one is.
    """

    sha256: str
    base: str
    """The hash of the document that it is stored against."""
    reason: str
    """Why that one cannot be read, as a clause without a full stop."""


@dataclass(frozen=True)
class Stray(Finding):
    """Something that the archive did not put there, or not under that name."""


@dataclass(frozen=True)
class Leftover(Finding):
    """The temporary file of a writer that died, if none writes now; ``Archive.sweep`` takes it."""


@dataclass(frozen=True)
class Unreadable(Finding):
    """A folder whose files cannot be listed, and so were not looked at."""

    reason: str
    """A clause without a full stop."""
