"""Whether two printed names are spellings of one name, without a list of all places.

Likeness alone would join Franklin County, Iowa to Franklin County, Ohio, or Dallam County, Texas
to Dallas County, Texas, one letter apart. So the state must be the same, there must be as many
words, and all of them equal but for case, marks and usual abbreviations; one single word may hold
one slip of the pen: a letter left out, put in or doubled, or two neighbours swapped. A letter
*replaced* by another is no slip here, since it is how names of neighbouring counties differ; nor
does any slip turn one kind of place (county, city, town) into another.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator

from parsers.records.one_slip import SHORTEST_SLIP, one_slip

MOST_SHARING = 100
"""Names that are one but for one letter of one word; more are a series and no slips of the pen."""

_ABBREVIATIONS = {
    "st": "saint",
    "ste": "sainte",
    "ft": "fort",
    "mt": "mount",
    "co": "county",
    "dept": "department",
    "twp": "township",
    "&": "and",
}


def two_spellings_of_one_name(one: str, other: str) -> bool:
    """Say whether ``one`` and ``other`` name the same place or agency in two spellings.

    The part after the last comma is the state and must be the same. Equal names give False:
    there is nothing to rename.
    """
    if one == other:
        return False
    (our_state, ours), (their_state, theirs) = _state_and_words(one), _state_and_words(other)
    if our_state != their_state:
        return False
    if ours == theirs:
        return True
    if len(ours) != len(theirs):
        return False
    differing = [(a, b) for a, b in zip(ours, theirs, strict=True) if a != b]
    return len(differing) == 1 and one_slip(*differing[0])


def respelt(before: Collection[str], after: Collection[str]) -> list[tuple[str, str]]:
    """Return the pairs of two spellings of one name, each the only one of the other on its side.

    Names are looked up by what two spellings have in common, never each compared with each.
    """
    after_of, before_of = _only_spellings(before, after), _only_spellings(after, before)
    return [(old, new) for old, new in after_of.items() if before_of.get(new) == old]


def _only_spellings(names: Collection[str], others: Collection[str]) -> dict[str, str]:
    """Return of ``names`` those that have one other spelling among ``others``, and which."""
    of_form: dict[str, list[str]] = defaultdict(list)
    for other in others:
        for form in _forms(other):
            of_form[form].append(other)
    found = {}
    for name in names:
        seen = {
            other
            for form in _forms(name)
            if len(sharing := of_form.get(form, [])) <= MOST_SHARING
            for other in sharing
        }
        spellings = [other for other in seen if two_spellings_of_one_name(name, other)]
        if len(spellings) == 1:
            found[name] = spellings[0]
    return found


def _forms(name: str) -> set[str]:
    """Return the name without marks, whole and with each letter left out that a slip may concern.

    Two spellings of one name have at least one of these forms in common.
    """
    state, words = _state_and_words(name)
    return {f"{state}: {' '.join(form)}" for form in (words, *_with_a_letter_out(words))}


def _with_a_letter_out(words: list[str]) -> Iterator[list[str]]:
    for at, word in enumerate(words):
        if len(word) >= SHORTEST_SLIP and word.isalpha():
            for letter in range(len(word)):
                yield [*words[:at], word[:letter] + word[letter + 1 :], *words[at + 1 :]]


def _state_and_words(name: str) -> tuple[list[str] | None, list[str]]:
    """Return the words after the last comma, None without one, and those before it."""
    before, comma, after = name.rpartition(",")
    return (_words(after), _words(before)) if comma else (None, _words(name))


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c)).replace("'", "")
    plain = plain.replace("’", "")
    words = re.findall(r"[^\W_]+|&", plain)
    return [_ABBREVIATIONS.get(word, word) for word in words]
