"""Two texts, word by word: what stayed, what went, what came."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from parsers.records.same_text import same_text

# A number is one word, with its commas and points.
_WORD = re.compile(r"\s+|\d+(?:[.,]\d+)+|\w+|[^\w\s]")


MOST_COMPARED = 1_000_000_000
"""Words of the one text times words of the other; beyond that all is marked. A bit is kept for each
pair, which makes 125 MB; two texts of 100,000 characters have about so many."""


@dataclass(frozen=True)
class Piece:
    """A run of text; ``mark`` is ``same``, ``gone`` or ``new``."""

    mark: str
    text: str


def marked(before: str, after: str) -> list[Piece]:
    """Return the pieces of both texts in reading order.

    The pieces ``same`` and ``gone`` make up ``before``, ``same`` and ``new`` make up ``after``.
    """
    return _pieces(_WORD.findall(before), _WORD.findall(after), str)


def redline(before: str, after: str) -> list[Piece]:
    """Return the pieces of two prints of a text of which the words count, not how they are set.

    As ``marked``, but other white space, quotes or dashes of the same words are no difference:
    what is ``same`` is shown as ``after`` has it.
    """
    pieces = _pieces(_WORD.findall(before), _WORD.findall(after), _as_word)
    return [piece for piece in pieces if piece.text]


def _as_word(token: str) -> str:
    return same_text(token) or (" " if token.isspace() else "")


def _pieces(old: list[str], new: list[str], key: Callable[[str], str]) -> list[Piece]:
    ours, theirs = [key(word) for word in old], [key(word) for word in new]
    gone: list[str] = []
    come: list[str] = []
    pieces: list[Piece] = []
    steps = _steps(ours, theirs)
    for number, (equal, a, b, c, d) in enumerate(steps):
        inside = 0 < number < len(steps) - 1
        # Two replaced words with a blank between them are one change.
        if equal and not (inside and "".join(theirs[c:d]).isspace()):
            pieces += _changed(gone, come)
            gone, come = [], []
            pieces.append(Piece("same", "".join(new[c:d])))
        else:
            gone += old[a:b]
            come += new[c:d]
    return pieces + _changed(gone, come)


def _changed(gone: list[str], come: list[str]) -> list[Piece]:
    found = (Piece("gone", "".join(gone)), Piece("new", "".join(come)))
    return [piece for piece in found if piece.text]


def _steps(ours: list[str], theirs: list[str]) -> list[tuple[bool, int, int, int, int]]:
    """Return the runs of words that are equal, or not, with their places in both."""
    if len(ours) * len(theirs) > MOST_COMPARED:
        return [(False, 0, len(ours), 0, len(theirs))]
    return [
        (step.tag == "equal", step.src_start, step.src_end, step.dest_start, step.dest_end)
        for step in Indel.opcodes(ours, theirs)
    ]


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
