"""When a printed name is a known one with a slip of the pen in it.

The same rule as for rows of a list (``db/spelling.py``): one word holds one letter left out, put
in or doubled, or two neighbours swapped. A letter *replaced* by another is how names of
neighbouring counties differ (Dallam and Dallas, Texas).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, Levenshtein

SHORTEST_SLIP = 5
"""Letters of the longer word: shorter names differ by one letter too often (Lee, Lea)."""

ALIKE = 85.0
"""Of 100: seven letters, one of them replaced."""
LIKE = 75.0
"""Of 100: from here on a known name is shown as what an unresolved one could be."""
FAR = 10.0
"""How much less alike the next name must be, where all names are known."""
NEXT = 4.0
"""How much less alike the next name must be where only a slip of the pen counts."""

# What a scan confuses: capital I, small l and the digit 1, and capital O and the nought.
_LOOK_ALIKE = str.maketrans("l10", "iio")


def one_slip(one: str, other: str) -> bool:
    """Say whether two words are one but for a single slip of the pen."""
    if max(len(one), len(other)) < SHORTEST_SLIP or not (one.isalpha() and other.isalpha()):
        return False
    if len(one) == len(other):
        return OSA.distance(one, other) == 1 and Levenshtein.distance(one, other) == 2
    return abs(len(one) - len(other)) == 1 and Levenshtein.distance(one, other) == 1


def look_alike(one: str, other: str) -> bool:
    """Say whether two words differ only in letters that a scan confuses."""
    return one != other and one.translate(_LOOK_ALIKE) == other.translate(_LOOK_ALIKE)


def slip_in(printed: str, known: str) -> bool:
    """Say whether two names, as keys, have the same words but one, which holds one slip."""
    ours, theirs = printed.split(), known.split()
    if len(ours) != len(theirs):
        return False
    differing = [(a, b) for a, b in zip(ours, theirs, strict=True) if a != b]
    return len(differing) == 1 and one_slip(*differing[0])


@dataclass(frozen=True)
class Likeness:
    """The known name that a printed one must be a misspelling of."""

    known: str
    score: float
    """Of 100."""


def misspelling_of(printed: str, known: Iterable[str], *, complete: bool) -> Likeness | None:
    """Return the one name, of all ``known`` of a kind in a state, that ``printed`` misspells.

    The printed name must not be a known one itself. One slip of the pen will do, if no other name
    is nearly as like. Where the names are ``complete`` (all counties of a state, not all of its
    places), any difference will do that leaves the names ``ALIKE`` and every other name far off:
    ``Berrian`` is Berrien in Michigan, but ``Dallan`` in Texas may be Dallam or Dallas.
    """
    names = list(known)
    if printed in names:
        return None
    ranked = process.extract(printed, names, scorer=fuzz.ratio, limit=2)
    if not ranked:
        return None
    (best, score, _), *others = ranked
    gap = score - others[0][1] if others else score
    if slip_in(printed, best) and gap >= (FAR if complete else NEXT):
        return Likeness(best, round(score, 1))
    if complete and score >= ALIKE and gap >= FAR:
        return Likeness(best, round(score, 1))
    return None


def like_names(printed: str, known: Iterable[str]) -> list[str]:
    """Return the few known names that are most like a printed one: for a person to decide."""
    found = process.extract(printed, list(known), scorer=fuzz.ratio, limit=3, score_cutoff=LIKE)
    return [name for name, _, _ in found]
