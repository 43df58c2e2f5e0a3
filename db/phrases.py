"""What a cell puts in quotation marks.

A phrase runs from a mark that opens to the first one that closes. ``“``, ``‘‘`` and two graves
open, ``”`` and ``’’`` close; a straight mark opens where white space, a bracket or a dash (or
nothing) stands before it, and closes where none of a word stands after it. A mark that opens before
the one before it was closed makes that one unbalanced; what is unbalanced to the end of the cell is
no phrase, since where it ends would be a guess. Single quotes are part of a phrase.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_DOUBLED = re.compile(r"‘‘|``|(?<!’)’’(?!’)|’’$|(?<!')''(?!')")
"""Two single marks that stand for a double one, as the Government Publishing Office sets them."""
_AS_ONE = {"‘‘": "“", "``": "“", "’’": "”", "''": '"'}
_OPENS, _CLOSES = "“„«", "”»"
_BEFORE = re.compile(r"[\s(\[{/\-\u2010-\u2015]")


def phrases_in(cell: str) -> Iterator[str]:
    """Yield the phrases of ``cell`` as printed, in their order, without those without a word."""
    text = _DOUBLED.sub(lambda mark: _AS_ONE[mark.group()], cell)
    start: int | None = None
    for match in re.finditer('[“„«”»"]', text):
        at = match.start()
        if start is not None and _may_close(text, at):
            phrase = text[start:at].strip()
            if re.search(r"\w", phrase):
                yield phrase
            start = None
        elif _may_open(text, at):
            start = at + 1


def _may_open(text: str, at: int) -> bool:
    if text[at] in _OPENS:
        return True
    return text[at] == '"' and (at == 0 or _BEFORE.match(text[at - 1]) is not None)


def _may_close(text: str, at: int) -> bool:
    if text[at] in _CLOSES:
        return True
    return text[at] == '"' and re.match(r"\w", text[at + 1 : at + 2]) is None
