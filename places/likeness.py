"""When a printed name is a known one with a slip of the pen in it.

The same rule as for rows of a list (``db/spelling.py``): one word holds one letter left out, put
in or doubled, or two neighbours swapped. A letter *replaced* by another is how names of
neighbouring counties differ (Dallam and Dallas, Texas).
"""

from __future__ import annotations

from rapidfuzz.distance import OSA, Levenshtein

SHORTEST_SLIP = 5
"""Letters of the longer word: shorter names differ by one letter too often (Lee, Lea)."""

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
