"""What a search is, whatever it is over: words asked for, hits found, and the bounds of its cost.

What a search costs is bounded by how many rows it looks at, not by how many have the words: where
more than MOST_RANKED do, the newest of them are shown and none is counted. Rows about individuals
are in no index of words.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlite_utils import Database

from db.errors import UnfitSearch
from db.search_terms import Term, fts_of

MOST_RANKED = 4000
"""Rows with the words, of which the best are sought; if there are more, the newest are shown."""
_STEPS = 5000
"""Steps of SQLite between two looks at the clock."""
_OPEN, _CLOSE = "\ue000", "\ue001"
"""Around words that were searched for; characters that no Unicode text gives a meaning to."""
_WORDS_AROUND = 24
"""Words of a text in which those that were searched for are shown."""

Hit = TypeVar("Hit")


@dataclass(frozen=True)
class Asked:
    """What is searched for, and how many of a kind are shown at most."""

    terms: tuple[Term, ...]
    state: str | None = None
    """Two letters: what belongs to a place of that state alone; None for all."""
    most: int = 20


@dataclass(frozen=True)
class Part:
    """A run of a text; ``found`` if it is what was searched for."""

    text: str
    found: bool


Marked = tuple[Part, ...]
"""A text in parts, those marked that were searched for."""


@dataclass(frozen=True)
class Hits(Generic[Hit]):
    """What was found of one kind, the best first."""

    shown: tuple[Hit, ...]
    more: bool
    """There is more than is shown."""
    ranked: bool
    """The best come first; where too many have the words it is the newest."""


@contextmanager
def at_most(db: Database, seconds: float) -> Iterator[None]:
    """Let what is searched within take no longer. Raises UnfitSearch when it does."""
    until = time.monotonic() + seconds
    db.conn.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise UnfitSearch("it takes too long: too many texts have these words") from error
        raise
    finally:
        db.conn.set_progress_handler(None, 0)


def in_index(db: Database, index: str, asked: Asked) -> tuple[dict[int, float], bool]:
    """Return the rows of an index that have all terms, by number with their rank.

    The least rank is the best. With them, whether these are all: if not they are the newest, and
    in the place of ranks stand numbers that put them in that order.
    """
    query = fts_of(asked.terms)
    match = f"FROM {index} WHERE {index} MATCH ? ORDER BY rowid DESC LIMIT ?"
    numbers = [row[0] for row in db.execute(f"SELECT rowid {match}", [query, MOST_RANKED + 1])]
    if len(numbers) > MOST_RANKED:
        return {number: float(-number) for number in numbers[:MOST_RANKED]}, False
    return dict(db.execute(f"SELECT rowid, rank {match}", [query, MOST_RANKED])), True


def marked_in_index(
    db: Database, index: str, columns: Sequence[int], numbers: Iterable[int], asked: Asked
) -> dict[int, list[Marked]]:
    """Return of rows of an index what surrounds the terms in these columns, by number.

    Of a column that has none of them it is the beginning; columns that are empty are left out.
    """
    snippets = ", ".join(
        f"snippet({index}, {column}, :open, :close, '…', :words)" for column in columns
    )
    rows = db.execute(
        f"""SELECT rowid, {snippets} FROM {index}
        WHERE {index} MATCH :query AND rowid IN (SELECT value FROM json_each(:numbers))""",
        {
            "open": _OPEN,
            "close": _CLOSE,
            "words": _WORDS_AROUND,
            "query": fts_of(asked.terms),
            "numbers": json.dumps(list(numbers)),
        },
    )
    return {number: [marked(text) for text in texts if text] for number, *texts in rows}


def marked(text: str) -> Marked:
    """Return a text in which the signs of a mark stand as its parts."""
    parts = []
    for number, piece in enumerate(text.split(_OPEN)):
        found, closed, rest = piece.partition(_CLOSE)
        if number and closed:
            parts += [Part(found, found=True), Part(rest.replace(_CLOSE, ""), found=False)]
        else:
            parts.append(Part(piece.replace(_CLOSE, ""), found=False))
    return tuple(part for part in parts if part.text)


def mark(text: str, terms: Sequence[Term]) -> Marked:
    """Return a text that no index holds, with the terms in it marked."""
    spans = sorted(found.span() for term in terms for found in term.pattern().finditer(text))
    parts, done = [], 0
    for start, end in spans:
        if start >= done:
            parts += [Part(text[done:start], found=False), Part(text[start:end], found=True)]
            done = end
    parts.append(Part(text[done:], found=False))
    return tuple(part for part in parts if part.text)


def words_found(text: Marked) -> frozenset[str]:
    """Return what is marked, each once, in lower case."""
    return frozenset(part.text.casefold() for part in text if part.found)
