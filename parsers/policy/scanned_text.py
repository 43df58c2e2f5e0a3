"""Text that was recognised on scanned pages: its paragraphs, and whether it can be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from parsers.pdf.layout import joined

_ENUMERATOR = re.compile(
    r"\(?(?:[0-9]{1,2}(?:\.[0-9]{1,2})?|[A-Za-z]|[ivx]{1,4})[.)]\s+\S|[0-9]{1,2}\.[0-9]{1,2}\s+\S|"
    r"SECTION\s+[0-9]|(?:NOW,? THEREFORE|WHEREAS|RESOLVED|BE IT)\b|[•·▪]\s",
    re.IGNORECASE,
)
_ITEM = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}\s+\S")
"""The head of an item of minutes; what stands below it may be no sentence."""
_ENDS = re.compile(r"[.:;!?][”\"’)]*$|[;,] (?:and|or)$")
_WORD = re.compile(r"[\"“‘'(\[]*[A-Za-z]+(?:[-’'/][A-Za-z]+)*[\"”’'.,;:!?)\]]*")
_NUMBER = re.compile(r"[$#§(\[]*[0-9][0-9.,:/()-]*(?:%|st|nd|rd|th|[ap]\.?m\.?)?[\"”’'.,;:!?)\]]*")
_WORD_LIKE = re.compile(r"[A-Z]?[a-z’'/-]+|[A-Z’'/-]+|(?:Mc|Mac|De|Di|La|Le|Van|O’|O')[A-Z][a-z]+")
_VOWEL = re.compile(r"[aeiouy]", re.IGNORECASE)
_FIVE_CONSONANTS = re.compile(r"[bcdfghjklmnpqrstvwxz]{6}", re.IGNORECASE)


def paragraphs(lines: Sequence[str]) -> list[str]:
    """Return recognised lines as paragraphs, white space collapsed.

    A line begins one if the line above is blank, ends a sentence before a capital, or is a head in
    capitals or with the number of an item; or if it begins with an enumerator or a word such as
    WHEREAS.
    """
    found: list[list[str]] = []
    above = ""
    for line in (" ".join(line.split()) for line in lines):
        if line:
            if found and above and not _begins(above, line):
                found[-1].append(line)
            else:
                found.append([line])
        above = line
    return [joined(group) for group in found]


def _begins(above: str, line: str) -> bool:
    if _ENUMERATOR.match(line) or _ITEM.match(above) or above.isupper() != line.isupper():
        return True
    return _ENDS.search(above) is not None and not line[:1].islower()


def readable_share(lines: Iterable[str]) -> float:
    """Return which part of the signs that stand between blanks are words or numbers, 0 to 1.

    What has no letter and no digit does not count: recognised text has specks. A word is written
    in small letters, in capitals or with a capital first, and has a vowel, unless it is of two
    letters.
    """
    signs = [sign for line in lines for sign in line.split() if re.search("[A-Za-z0-9]", sign)]
    if not signs:
        return 0.0
    return sum(map(_is_readable, signs)) / len(signs)


def _is_readable(sign: str) -> bool:
    if _NUMBER.fullmatch(sign) or re.fullmatch(r"(?:[A-Z]\.)+,?", sign):
        return True
    if not _WORD.fullmatch(sign):
        return False
    word = sign.strip("\"“”‘’'()[].,;:!?")
    if not word or not _WORD_LIKE.fullmatch(word) or _FIVE_CONSONANTS.search(word):
        return False
    if len(word) == 1:
        return word in "aAI"
    return len(word) == 2 or word.isupper() or _VOWEL.search(word) is not None


def lines_of(texts: Iterable[str]) -> Iterator[str]:
    """Yield the lines of texts in which ``<br />`` may end a line, as it stands here."""
    for text in texts:
        yield from re.split(r"\r\n?|\n|\f|<br\s*/?>", text, flags=re.IGNORECASE)
