"""Two texts, word by word: what stayed, what went, what came."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

# A number is one word, with its commas and points.
_WORD = re.compile(r"\s+|\d+(?:[.,]\d+)+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Piece:
    """A run of text; ``mark`` is ``same``, ``gone`` or ``new``."""

    mark: str
    text: str


def marked(before: str, after: str) -> list[Piece]:
    """Return the pieces of both texts in reading order.

    The pieces ``same`` and ``gone`` make up ``before``, ``same`` and ``new`` make up ``after``.
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    pieces = []
    for step, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if step == "equal":
            pieces.append(Piece("same", "".join(old[a:b])))
            continue
        if a < b:
            pieces.append(Piece("gone", "".join(old[a:b])))
        if c < d:
            pieces.append(Piece("new", "".join(new[c:d])))
    return pieces


KEPT = 40
"""Characters of an unchanged run that stay on either side of a change."""


def shortened(pieces: list[Piece]) -> list[Piece]:
    """Return the pieces with the middle of long unchanged runs left out: ``…`` stands for it."""
    return [
        Piece(piece.mark, f"{piece.text[:KEPT]} … {piece.text[-KEPT:]}")
        if piece.mark == "same" and len(piece.text) > 3 * KEPT
        else piece
        for piece in pieces
    ]
