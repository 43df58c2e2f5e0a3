"""What a person types into a search box, as terms that no syntax error can follow from."""

from __future__ import annotations

import re
from dataclasses import dataclass

from db.errors import UnfitSearch

LONGEST = 200
"""Characters in what is searched for."""
MOST_TERMS = 12
SHORTEST_PREFIX = 2
"""Letters before a ``*``: one letter begins too many words."""

_TERM = re.compile(r'"([^"]*)"?(\*?)|([^\s"]+)')
_WORD = re.compile(r"[^\W_]+")
"""What SQLite's tokenizer ``unicode61`` takes for a word: a run of letters and digits."""


@dataclass(frozen=True)
class Term:
    """One word, or words that have to follow one another; of a prefix the last is only begun."""

    words: tuple[str, ...]
    is_prefix: bool = False

    @property
    def fts(self) -> str:
        """The term in the language of FTS5, where nothing within quotes is syntax."""
        return f'"{" ".join(self.words)}"{" *" if self.is_prefix else ""}'

    def pattern(self) -> re.Pattern[str]:
        """Return what finds the term in a text that FTS5 does not index."""
        words = r"[\W_]+".join(map(re.escape, self.words))
        end = "" if self.is_prefix else r"(?![^\W_])"
        return re.compile(rf"(?<![^\W_]){words}{end}", re.IGNORECASE)


def terms_of(text: str) -> tuple[Term, ...]:
    """Return the terms of what was typed, in order; none where it holds no letter and no digit.

    Words are taken as they are; ``"…"`` holds words that follow one another, and a ``*`` after a
    word stands for any end of it. Raises UnfitSearch where it is too long.
    """
    if len(text) > LONGEST:
        raise UnfitSearch(f"more than {LONGEST} characters")
    found = []
    for phrase, star, plain in _TERM.findall(text):
        words = tuple(_WORD.findall(phrase or plain))
        if words:
            is_prefix = bool(star) or plain.endswith("*")
            found.append(Term(words, is_prefix and len(words[-1]) >= SHORTEST_PREFIX))
    if len(found) > MOST_TERMS:
        raise UnfitSearch(f"more than {MOST_TERMS} words")
    return tuple(dict.fromkeys(found))


def fts_of(terms: tuple[Term, ...]) -> str:
    """Return the terms in the language of FTS5: what is found has all of them."""
    return " AND ".join(term.fts for term in terms)
