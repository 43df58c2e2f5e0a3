"""When a printed name is a known one with a slip of the pen in it.

The same rule as for rows of a list (``db/spelling.py``): one word holds one slip
(``parsers.records.one_slip``), and all others are equal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from parsers.records.one_slip import one_slip

SHORTEST_REPLACED = 7
"""Letters of a word, one of which may be replaced where all names are known."""
FAR = 3
"""By how many letters every other known name must differ from a misspelt one."""
LIKE = 75.0
"""Of 100: from here on a known name is shown as what an unresolved one could be."""

# What a scan confuses: capital I, small l and the digit 1, and capital O and the nought.
_LOOK_ALIKE = str.maketrans("l10", "iio")


def look_alike(one: str, other: str) -> bool:
    """Say whether two words differ only in letters that a scan confuses."""
    return one != other and one.translate(_LOOK_ALIKE) == other.translate(_LOOK_ALIKE)


@dataclass(frozen=True)
class Likeness:
    """The known name that a printed one must be a misspelling of."""

    known: str
    score: float
    """Of 100."""


def misspelling_of(printed: str, known: Iterable[str], *, complete: bool) -> Likeness | None:
    """Return the one name, of all ``known`` of a kind in a state, that ``printed`` misspells.

    Names are keys (``places.words``). One word of it holds one slip of the pen; where the names
    are ``complete`` (all counties of a state, not all of its places), a long word may have one
    letter replaced: ``Berrian`` is Berrien in Michigan. None if the printed name is a known one
    itself, or if another is nearly as like: ``Dalas`` in Texas could be Dallam, too. Of names that
    are not all known also if the first letter is another: ``Calvin`` is not Alvin, Texas.
    """
    near = process.extract(printed, list(known), scorer=OSA.distance, limit=2, score_cutoff=FAR - 1)
    if len(near) != 1:
        return None
    name, distance, _ = near[0]
    words, theirs = printed.split(), name.split()
    if distance != 1 or len(words) != len(theirs):
        return None
    differing = [(a, b) for a, b in zip(words, theirs, strict=True) if a != b]
    if len(differing) != 1:
        return None
    word, other = differing[0]
    if not complete and word[0] != other[0]:
        return None
    replaced = complete and len(word) == len(other) >= SHORTEST_REPLACED and word.isalpha()
    if not (replaced or one_slip(word, other)):
        return None
    return Likeness(name, likeness(printed, name))


def likeness(one: str, other: str) -> float:
    """Return how alike two keys are, of 100."""
    return round(fuzz.ratio(one, other), 1)


def like_names(printed: str, known: Iterable[str]) -> list[str]:
    """Return the few known names that are most like a printed one: for a person to decide."""
    found = process.extract(printed, list(known), scorer=fuzz.ratio, limit=3, score_cutoff=LIKE)
    return [name for name, _, _ in found]
