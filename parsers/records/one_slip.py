"""Whether two words are one, but for a slip of the pen.

Likeness is no measure of names: Dallam and Dallas are two counties of Texas, one letter apart.
"""

from __future__ import annotations

from rapidfuzz.distance import OSA, Levenshtein

SHORTEST_SLIP = 5
"""Letters of the longer word: shorter names differ by one letter too often (Lee, Lea)."""


def one_slip(one: str, other: str) -> bool:
    """Say whether two words are one but for a letter left out, put in or doubled, or two swapped.

    A letter *replaced* by another is no slip: it is how names of neighbouring counties differ.
    """
    if max(len(one), len(other)) < SHORTEST_SLIP or not (one.isalpha() and other.isalpha()):
        return False
    if len(one) == len(other):
        return OSA.distance(one, other) == 1 and Levenshtein.distance(one, other) == 2
    return abs(len(one) - len(other)) == 1 and Levenshtein.distance(one, other) == 1
