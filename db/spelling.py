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

from parsers.records.one_slip import one_slip

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
    one_name, comma, one_state = one.rpartition(",")
    other_name, other_comma, other_state = other.rpartition(",")
    if comma != other_comma or (comma and _words(one_state) != _words(other_state)):
        return False
    ours, theirs = (_words(one_name), _words(other_name)) if comma else (_words(one), _words(other))
    if ours == theirs:
        return True
    if len(ours) != len(theirs):
        return False
    differing = [(a, b) for a, b in zip(ours, theirs, strict=True) if a != b]
    return len(differing) == 1 and one_slip(*differing[0])


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c)).replace("'", "")
    plain = plain.replace("’", "")
    words = re.findall(r"[^\W_]+|&", plain)
    return [_ABBREVIATIONS.get(word, word) for word in words]
