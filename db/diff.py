"""Pairing the rows of two editions, and naming what differs.

Rows are paired before they are compared, one to one, in tiers; what a tier pairs is out of the
next. Neither the order of the rows nor their place on the page counts, and duplicates are kept
apart.

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
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from rapidfuzz import fuzz

from db.places import printed_place
from db.spelling import two_spellings_of_one_name
from parsers.records import Json, Record, Spot

SIMILAR = 80.0
"""Of 100: two wordings of one policy ("… Policy on Cooperation" with a word more) score above 85;
different instruments of one county ("Resolution 12", "Sheriff's Policy") below 60."""
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
"""Rows that share a run of words; of more it is a formula, and says nothing of a text."""


@dataclass(frozen=True)
class FieldChange:
    """One field of a row that differs, both sides in normal form."""

    field: str
    before: Json
    after: Json


@dataclass(frozen=True)
class RowChange:
    """What became of one row; ``kind`` is ``added``, ``removed``, ``changed`` or ``renamed``."""

    kind: str
    before: Record | None
    after: Record | None
    fields: tuple[FieldChange, ...]

    @property
    def row(self) -> Record:
        """The row as it stands after the change, or as it last stood."""
        return next(row for row in (self.after, self.before) if row is not None)

    def evidence_before(self) -> tuple[Spot, ...]:
        """Where the row was read in the earlier edition."""
        return self.before.evidence if self.before else ()

    def evidence_after(self) -> tuple[Spot, ...]:
        """Where the row was read in the later edition."""
        return self.after.evidence if self.after else ()


@dataclass(frozen=True, eq=False)
class _Row:
    """A record with its content, which is asked for by every tier."""

    record: Record
    content: dict[str, Any]
    canonical: str

    @classmethod
    def of(cls, record: Record) -> _Row:
        content = record.content()
        return cls(record, content, _canonical(content))

    @cached_property
    def key(self) -> str:
        return self.record.row_key()

    def text(self, field: str) -> str:
        value = self.content[field]
        return value if isinstance(value, str) else ""

    def folded(self, field: str) -> str:
        return _folded(getattr(self.record, field))


Pair = tuple[_Row, _Row]


def diff(before: Sequence[Record], after: Sequence[Record]) -> list[RowChange]:
    """Return what changed from ``before`` to ``after``, two editions of one record type.

    Changes and renames come first, in the order of the later edition, then what was added, then
    what was removed, in the order of its edition. Equal editions give an empty list.
    """
    left, right = [_Row.of(row) for row in before], [_Row.of(row) for row in after]
    _take(left, right, lambda row: row.canonical)
    pairs: list[Pair] = []
    renames: list[Pair] = []
    kind = type(next(iter([*before, *after]), None))
    if issubclass(kind, Record):
        pairs += _take_moved(left, right, kind)
        pairs += _take_displaced(left, right, kind)
        pairs += _take(left, right, lambda row: row.key)
        pairs += _take_second_key(left, right, kind)
        pairs += _take_similar(left, right, kind)
        pairs += _take_reworded(left, right, kind)
        pairs += _take_filled_in(left, right, kind)
        renames = _take_renames(left, right, kind)
    changes = [
        *(_paired("changed", *pair) for pair in pairs),
        *(_paired("renamed", *pair) for pair in renames),
    ]
    changes.sort(key=lambda change: change.row.position)
    new, old = [row.record for row in right], [row.record for row in left]
    changes += [RowChange("added", None, row, _all_fields(None, row)) for row in new]
    changes += [RowChange("removed", row, None, _all_fields(row, None)) for row in old]
    return changes


def _take(left: list[_Row], right: list[_Row], key: Callable[[_Row], Hashable]) -> list[Pair]:
    """Pair rows of equal key, in order, and take them out of both lists."""
    waiting: dict[Hashable, list[_Row]] = defaultdict(list)
    for row in left:
        waiting[key(row)].append(row)
    for rows in waiting.values():
        rows.sort(key=lambda row: row.canonical)
    pairs: list[Pair] = []
    rest: list[_Row] = []
    for row in sorted(right, key=lambda row: row.canonical):
        candidates = waiting[key(row)]
        if candidates:
            pairs.append((candidates.pop(0), row))
        else:
            rest.append(row)
    _keep(left, [row for rows in waiting.values() for row in rows])
    _keep(right, rest)
    return pairs


def _take_moved(left: list[_Row], right: list[_Row], kind: type[Record]) -> list[Pair]:
    """Pair rows of one wording under two keys, where these keys have another text by now."""
    if kind.wording is None:
        return []
    wording = kind.wording
    of_key = _by(left, right, lambda row: row.key)

    def says_another(text: str, rows: list[_Row]) -> bool:
        return all(fuzz.ratio(text, row.text(wording)) < OTHER_TEXT for row in rows)

    pairs = []
    for text, (gone, come) in _by(left, right, lambda row: row.text(wording)).items():
        if len(text) < SHORTEST_TEXT or len(gone) != 1 or len(come) != 1:
            continue
        old, new = gone[0], come[0]
        if says_another(text, of_key[old.key][1]) and says_another(text, of_key[new.key][0]):
            pairs.append((old, new))
    _leave_out(left, right, pairs)
    return pairs


def _take_displaced(left: list[_Row], right: list[_Row], kind: type[Record]) -> list[Pair]:
    """Pair rows whose wordings are alike, where both their keys have another text by now.

    So a section that was amended as it was renumbered is not taken for the one that has its number.
    """
    if kind.wording is None:
        return []
    wording, second = kind.wording, kind.second_key
    of_key = _by(left, right, lambda row: row.key)
    of_second = _by(left, right, lambda row: row.folded(second) if second else "")

    def is_displaced(row: _Row, other_side: int) -> bool:
        name = row.folded(second) if second else ""
        others = of_key[row.key][other_side] + (of_second[name][other_side] if name else [])
        text = row.text(wording)
        return all(fuzz.ratio(text, other.text(wording)) < OTHER_TEXT for other in others)

    olds = [row for row in left if is_displaced(row, 1)]
    news = [row for row in right if is_displaced(row, 0)]
    pairs = _take_reworded(olds, news, kind)
    _leave_out(left, right, pairs)
    return pairs


def _take_second_key(left: list[_Row], right: list[_Row], kind: type[Record]) -> list[Pair]:
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
    left: list[_Row], right: list[_Row], key: Callable[[_Row], str]
) -> dict[str, tuple[list[_Row], list[_Row]]]:
    """Return the rows of both sides by ``key``."""
    groups: dict[str, tuple[list[_Row], list[_Row]]] = defaultdict(lambda: ([], []))
    for side, rows in enumerate((left, right)):
        for row in rows:
            groups[key(row)][side].append(row)
    return groups


def _take_similar(left: list[_Row], right: list[_Row], kind: type[Record]) -> list[Pair]:
    """Pair rows whose place is the same and whose ``similar`` field is alike, best first."""
    if kind.similar is None or kind.place is None:
        return []
    similar = kind.similar
    groups = _by(left, right, lambda row: _folded(printed_place(row.record))).values()
    return _take_alike(left, right, groups, lambda row: row.folded(similar), SIMILAR)


def _take_reworded(left: list[_Row], right: list[_Row], kind: type[Record]) -> list[Pair]:
    """Pair rows whose wordings are alike, best first."""
    if kind.wording is None:
        return []
    wording = kind.wording
    sharing: dict[str, list[_Row]] = defaultdict(list)
    for row in left:
        for run in _runs(row.text(wording)):
            sharing[run].append(row)
    groups = []
    for row in right:
        runs = _runs(row.text(wording))
        shared = [sharing[run] for run in runs if 0 < len(sharing.get(run, ())) <= MOST_SHARING]
        groups.append((list({id(old): old for olds in shared for old in olds}.values()), [row]))
    return _take_alike(left, right, groups, lambda row: row.text(wording), SAME_TEXT)


def _runs(text: str) -> set[str]:
    words = text.split() if len(text) >= SHORTEST_TEXT else []
    return {" ".join(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


def _take_alike(
    left: list[_Row],
    right: list[_Row],
    groups: Iterable[tuple[list[_Row], list[_Row]]],
    text: Callable[[_Row], str],
    least: float,
) -> list[Pair]:
    """Pair rows of each group whose texts score ``least`` or more, best first."""
    scored = []
    for number, (olds, news) in enumerate(groups):
        for j, new in enumerate(news):
            for i, old in enumerate(olds):
                score = fuzz.ratio(text(old), text(new), score_cutoff=least)
                if score >= least:
                    scored.append((-score, (old.canonical, new.canonical), number, i, j, old, new))
    pairs: list[Pair] = []
    taken: set[int] = set()
    for *_, old, new in sorted(scored, key=lambda each: each[:5]):
        if id(old) not in taken and id(new) not in taken:
            taken |= {id(old), id(new)}
            pairs.append((old, new))
    _leave_out(left, right, pairs)
    return pairs


def _take_filled_in(left: list[_Row], right: list[_Row], kind: type[Record]) -> list[Pair]:
    """Pair rows of which one lacks a field of the key, where the rest of it leaves no choice."""
    if kind.fills_in is None:
        return []
    filled = kind.fills_in
    rest = [name for name in kind.key if name != filled]
    groups = _by(left, right, lambda row: _canonical([_folded(row.content[name]) for name in rest]))
    pairs = [
        (gone[0], come[0])
        for gone, come in groups.values()
        if len(gone) == 1 == len(come)
        and None in (getattr(gone[0].record, filled), getattr(come[0].record, filled))
    ]
    _leave_out(left, right, pairs)
    return pairs


def _take_renames(left: list[_Row], right: list[_Row], kind: type[Record]) -> list[Pair]:
    """Pair rows that differ in the spelling of their name alone, where there is no choice."""
    if kind.renames is None:
        return []
    name = kind.renames
    groups = _by(
        left, right, lambda row: _canonical({k: v for k, v in row.content.items() if k != name})
    )
    pairs: list[Pair] = []
    for gone, come in groups.values():
        if not gone or not come:
            continue
        likely = [
            (old, new)
            for old in gone
            for new in come
            if two_spellings_of_one_name(
                getattr(old.record, name) or "", getattr(new.record, name) or ""
            )
        ]
        olds = [id(old) for old, _ in likely]
        news = [id(new) for _, new in likely]
        pairs += [
            pair for pair in likely if olds.count(id(pair[0])) == 1 and news.count(id(pair[1])) == 1
        ]
    _leave_out(left, right, pairs)
    return pairs


def _leave_out(left: list[_Row], right: list[_Row], pairs: list[Pair]) -> None:
    old_ids, new_ids = {id(old) for old, _ in pairs}, {id(new) for _, new in pairs}
    _keep(left, [row for row in left if id(row) not in old_ids])
    _keep(right, [row for row in right if id(row) not in new_ids])


def _keep(rows: list[_Row], wanted: list[_Row]) -> None:
    rows[:] = sorted(wanted, key=lambda row: (row.record.position, row.canonical))


def _paired(kind: str, before: _Row, after: _Row) -> RowChange:
    return RowChange(kind, before.record, after.record, _all_fields(before.record, after.record))


def _all_fields(before: Record | None, after: Record | None) -> tuple[FieldChange, ...]:
    old = plain_content(before) if before else {}
    new = plain_content(after) if after else {}
    return tuple(
        FieldChange(name, old.get(name), new.get(name))
        for name in (new or old)
        if old.get(name) != new.get(name)
    )


def plain_content(record: Record) -> dict[str, Json]:
    """Return the content of ``record`` as plain JSON values."""
    content: dict[str, Json] = json.loads(_canonical(record.content(), sort=False))
    return content


def _canonical(value: object, *, sort: bool = True) -> str:
    return json.dumps(value, default=asdict, ensure_ascii=False, sort_keys=sort)


def _folded(value: str | None) -> str:
    return " ".join((value or "").split()).casefold()
