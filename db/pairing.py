"""Pairing the rows of two editions, one to one.

Rows are paired before they are compared, in tiers; what a tier pairs is out of the next. Neither
the order of the rows nor their place on the page counts, and duplicates are kept apart.

1. the same row: all content equal;
2. where the record type names a ``wording`` (a section: its body): the same wording under two keys,
   once on either side, where what stands under these keys on the other side is another text. In a
   manual that knows sections by their numbers, a new one moves on all that follow it;
3. where it names a ``wording``: wordings that share a run of words and are alike enough to be one
   text, where what stands under their keys (and second keys) on the other side is another text: a
   section that was amended as it was renumbered;
4. the same key (a listing: jurisdiction, date and policy; a section: the host's id);
5. where it names a ``second_key`` (a section: its number): that equal, without a choice;
6. where it names a ``similar`` field: the rest of the *identity* equal (a listing: its
   jurisdiction) and the similar field alike;
7. where it names a ``wording``: wordings alike as in 3;
8. where it names a field that ``fills_in`` (an agreement: its county): the rest of the key equal,
   one candidate on either side, and one of the two without a value there. Two values that differ
   are two places: many townships of a state share a name;
9. where it names a field that ``renames``: all other content equal, one candidate on either side,
   the same state and kind of place, and two spellings of one name (``db.spelling``);
10. what is left was removed, or added.

Likeness pairs and does no more: whether a pair differs, and in what, is said by its content alone.
Nowhere is each row compared with each: rows are looked up by what they have in common, and where
too many have it in common (``MOST_OF_ONE_PLACE``, ``MOST_SHARING``) it pairs none of them.
"""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from rapidfuzz import fuzz, process

from db.apart import apart
from db.places import printed_place
from db.spelling import respelt
from parsers.records import Record

SIMILAR = 80.0
"""Of 100: two wordings of one policy ("… Policy on Cooperation" with a word more) score above 85;
different instruments of one county ("Resolution 12", "Sheriff's Policy") below 60."""
MOST_OF_ONE_PLACE = 300
"""Rows of one place and one edition that are compared by likeness; of more it pairs none."""
SAME_TEXT = 85.0
"""Of 100, for bodies of sections. Measured on 13 sections of a real code: two *different* sections
score 58 at most, one of which two families of words were replaced 94, one with three numbers
changed 99.9. Between 60 and 85 a person has to say; there is none, so they stay two."""
OTHER_TEXT = 60.0
"""Below this, two texts under one key are different sections, by the same measure."""
SHORTEST_TEXT = 40
"""Characters: "(Reserved)" or "Repealed." makes no two sections one."""

RUN = 4
"""Words in a row that two texts must share to be compared at all: each of 3,000 with each of 3,000
takes minutes."""
MOST_SHARING = 100
"""Rows that share a run of words, or a key; of more it is a formula, and says nothing of a text."""


@dataclass(frozen=True, eq=False)
class Row:
    """A record with its content, which is asked for by every tier."""

    record: Record
    content: dict[str, Any]
    canonical: str

    @classmethod
    def of(cls, record: Record) -> Row:
        """Return the record with its content worked out."""
        content = record.content()
        return cls(record, content, canonical(content))

    @cached_property
    def key(self) -> str:
        """The identity of the row."""
        return self.record.row_key()

    def text(self, field: str) -> str:
        """Return a field of the content, empty where it is no text."""
        value = self.content[field]
        return value if isinstance(value, str) else ""

    def folded(self, field: str) -> str:
        """Return a field as printed, without its case and its white space."""
        return _folded(getattr(self.record, field))


Pair = tuple[Row, Row]


@dataclass(frozen=True)
class Paired:
    """Which rows of two editions are one and differ; those that do not differ are left out."""

    changed: list[Pair]
    renamed: list[Pair]
    removed: list[Record]
    added: list[Record]


def pair(before: Sequence[Record], after: Sequence[Record]) -> Paired:
    """Return how the rows of two editions of one record type go together.

    What was removed and what was added is in the order of its edition.
    """
    left, right = (
        sorted(map(Row.of, records), key=lambda row: (row.record.position, row.canonical))
        for records in _without_same(before, after)
    )
    _take(left, right, lambda row: row.canonical)
    pairs: list[Pair] = []
    renames: list[Pair] = []
    if left and right:
        kind = type(left[0].record)
        pairs += _take_moved(left, right, kind)
        pairs += _take_displaced(left, right, kind)
        pairs += _take(left, right, lambda row: row.key)
        pairs += _take_second_key(left, right, kind)
        pairs += _take_similar(left, right, kind)
        pairs += _take_reworded(left, right, kind)
        pairs += _take_filled_in(left, right, kind)
        renames = _take_renames(left, right, kind)
    return Paired(pairs, renames, [row.record for row in left], [row.record for row in right])


def canonical(value: object) -> str:
    """Return a content as text, the same for equal ones."""
    return json.dumps(value, default=asdict, ensure_ascii=False, sort_keys=True)


def _without_same(
    before: Sequence[Record], after: Sequence[Record]
) -> tuple[list[Record], list[Record]]:
    """Set aside the rows that print the same values: most do, and need not be looked into."""
    return apart(_with_values(before), _with_values(after))


def _with_values(records: Iterable[Record]) -> Iterator[tuple[Hashable, Record]]:
    for record in records:
        yield (
            tuple(
                canonical(value) if isinstance(value, dict) else value
                for value in (getattr(record, name) for name in record.value_fields())
            ),
            record,
        )


def _take(left: list[Row], right: list[Row], key: Callable[[Row], Hashable]) -> list[Pair]:
    """Pair rows of equal key, in the order of their content, and take them out of both lists."""
    waiting: dict[Hashable, deque[Row]] = defaultdict(deque)
    for row in sorted(left, key=lambda row: row.canonical):
        waiting[key(row)].append(row)
    pairs = [
        (waiting[key(row)].popleft(), row)
        for row in sorted(right, key=lambda row: row.canonical)
        if waiting[key(row)]
    ]
    _leave_out(left, right, pairs)
    return pairs


def _take_moved(left: list[Row], right: list[Row], kind: type[Record]) -> list[Pair]:
    """Pair rows of one wording under two keys, where these keys have another text by now."""
    if kind.wording is None:
        return []
    wording = kind.wording
    of_key = _by(left, right, lambda row: row.key)
    pairs = []
    for text, (gone, come) in _by(left, right, lambda row: row.text(wording)).items():
        if len(text) < SHORTEST_TEXT or len(gone) != 1 or len(come) != 1:
            continue
        old, new = gone[0], come[0]
        there, here = of_key[old.key][1], of_key[new.key][0]
        if _says_another(text, there, wording) and _says_another(text, here, wording):
            pairs.append((old, new))
    _leave_out(left, right, pairs)
    return pairs


def _take_displaced(left: list[Row], right: list[Row], kind: type[Record]) -> list[Pair]:
    """Pair rows whose wordings are alike, where both their keys have another text by now.

    So a section that was amended as it was renumbered is not taken for the one that has its number.
    """
    if kind.wording is None:
        return []
    wording, second = kind.wording, kind.second_key
    of_key = _by(left, right, lambda row: row.key)
    of_second = _by(left, right, lambda row: row.folded(second) if second else "")

    def is_displaced(row: Row, other_side: int) -> bool:
        name = row.folded(second) if second else ""
        others = of_key[row.key][other_side] + (of_second[name][other_side] if name else [])
        return _says_another(row.text(wording), others, wording)

    olds = [row for row in left if is_displaced(row, 1)]
    news = [row for row in right if is_displaced(row, 0)]
    pairs = _take_reworded(olds, news, kind)
    _leave_out(left, right, pairs)
    return pairs


def _says_another(text: str, rows: Sequence[Row], wording: str) -> bool:
    """Say whether all ``rows`` of a key have another text; a key of too many rows says nothing."""
    return len(rows) <= MOST_SHARING and not any(
        fuzz.ratio(text, row.text(wording), score_cutoff=OTHER_TEXT) for row in rows
    )


def _take_second_key(left: list[Row], right: list[Row], kind: type[Record]) -> list[Pair]:
    """Pair rows of an equal second key, where there is no choice."""
    if kind.second_key is None:
        return []
    named = kind.second_key
    pairs = [
        (gone[0], come[0])
        for name, (gone, come) in _by(left, right, lambda row: row.folded(named)).items()
        if name and len(gone) == 1 == len(come)
    ]
    _leave_out(left, right, pairs)
    return pairs


def _by(
    left: list[Row], right: list[Row], key: Callable[[Row], str]
) -> dict[str, tuple[list[Row], list[Row]]]:
    """Return the rows of both sides by ``key``."""
    groups: dict[str, tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    for side, rows in enumerate((left, right)):
        for row in rows:
            groups[key(row)][side].append(row)
    return groups


def _take_similar(left: list[Row], right: list[Row], kind: type[Record]) -> list[Pair]:
    """Pair rows whose place is the same and whose ``similar`` field is alike, best first."""
    if kind.similar is None or kind.place is None:
        return []
    similar = kind.similar
    pairs: list[Pair] = []
    for olds, news in _by(left, right, lambda row: _folded(printed_place(row.record))).values():
        if 0 < len(olds) <= MOST_OF_ONE_PLACE and 0 < len(news) <= MOST_OF_ONE_PLACE:
            pairs += _alike([(olds, news)], lambda row: row.folded(similar), SIMILAR)
    _leave_out(left, right, pairs)
    return pairs


def _take_reworded(left: list[Row], right: list[Row], kind: type[Record]) -> list[Pair]:
    """Pair rows whose wordings are alike, best first."""
    if kind.wording is None:
        return []
    wording = kind.wording
    sharing: dict[str, list[Row]] = defaultdict(list)
    for row in left:
        for run in _runs(row.text(wording)):
            sharing[run].append(row)
    groups = []
    for row in right:
        runs = _runs(row.text(wording))
        shared = [sharing[run] for run in runs if 0 < len(sharing.get(run, ())) <= MOST_SHARING]
        groups.append((list({id(old): old for olds in shared for old in olds}.values()), [row]))
    pairs = _alike(groups, lambda row: row.text(wording), SAME_TEXT)
    _leave_out(left, right, pairs)
    return pairs


def _runs(text: str) -> set[str]:
    words = text.split() if len(text) >= SHORTEST_TEXT else []
    return {" ".join(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


def _alike(
    groups: Iterable[tuple[list[Row], list[Row]]], text: Callable[[Row], str], least: float
) -> list[Pair]:
    """Return the pairs of rows of one group whose texts score ``least`` or more, best first."""
    scored = []
    for number, (olds, news) in enumerate(groups):
        texts = [text(old) for old in olds]
        for j, new in enumerate(news):
            for _, score, i in process.extract(
                text(new), texts, scorer=fuzz.ratio, score_cutoff=least, limit=None
            ):
                old = olds[i]
                scored.append((-score, (old.canonical, new.canonical), number, i, j, old, new))
    pairs: list[Pair] = []
    taken: set[int] = set()
    for *_, old, new in sorted(scored, key=lambda each: each[:5]):
        if id(old) not in taken and id(new) not in taken:
            taken |= {id(old), id(new)}
            pairs.append((old, new))
    return pairs


def _take_filled_in(left: list[Row], right: list[Row], kind: type[Record]) -> list[Pair]:
    """Pair rows of which one lacks a field of the key, where the rest of it leaves no choice."""
    if kind.fills_in is None:
        return []
    filled = kind.fills_in
    rest = [name for name in kind.key if name != filled]
    groups = _by(left, right, lambda row: canonical([_folded(row.content[name]) for name in rest]))
    pairs = [
        (gone[0], come[0])
        for gone, come in groups.values()
        if len(gone) == 1 == len(come)
        and None in (getattr(gone[0].record, filled), getattr(come[0].record, filled))
    ]
    _leave_out(left, right, pairs)
    return pairs


def _take_renames(left: list[Row], right: list[Row], kind: type[Record]) -> list[Pair]:
    """Pair rows that differ in the spelling of their name alone, where there is no choice."""
    if kind.renames is None:
        return []
    name = kind.renames
    groups = _by(
        left, right, lambda row: canonical({k: v for k, v in row.content.items() if k != name})
    )
    pairs: list[Pair] = []
    for group in groups.values():
        olds, news = (_by_name(rows, name) for rows in group)
        pairs += [
            (olds[old][0], news[new][0])
            for old, new in respelt(olds, news)
            if len(olds[old]) == 1 == len(news[new])
        ]
    _leave_out(left, right, pairs)
    return pairs


def _by_name(rows: Iterable[Row], field: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(getattr(row.record, field) or "", []).append(row)
    return found


def _leave_out(left: list[Row], right: list[Row], pairs: list[Pair]) -> None:
    """Take the paired rows out of both lists, whose order stays."""
    old_ids, new_ids = {id(old) for old, _ in pairs}, {id(new) for _, new in pairs}
    left[:] = [row for row in left if id(row) not in old_ids]
    right[:] = [row for row in right if id(row) not in new_ids]


def _folded(value: str | None) -> str:
    return " ".join((value or "").split()).casefold()
