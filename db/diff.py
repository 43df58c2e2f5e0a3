"""Pairing the rows of two editions, and naming what differs.

Rows are paired before they are compared, one to one, in tiers; what a tier pairs is out of the
next. Neither the order of the rows nor their place on the page counts, and duplicates are kept
apart.

1. the same row: all content equal;
2. the same key (a listing: jurisdiction, date and policy);
3. where the record type names a ``similar`` field: the rest of the *identity* equal (a listing:
   its jurisdiction) and the similar field alike;
4. where it names a field that ``fills_in`` (an agreement: its county): the rest of the key equal,
   one candidate on either side, and one of the two without a value there. Two values that differ
   are two places: many townships of a state share a name;
5. where it names a field that ``renames``: all other content equal, one candidate on either side,
   the same state and kind of place, and two spellings of one name (``db.spelling``);
6. what is left was removed, or added.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import asdict, dataclass

from rapidfuzz import fuzz

from db.spelling import two_spellings_of_one_name
from parsers.records import Json, Record, Spot

SIMILAR = 80.0
"""Of 100: two wordings of one policy ("… Policy on Cooperation" with a word more) score above 85;
different instruments of one county ("Resolution 12", "Sheriff's Policy") below 60."""


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


Pair = tuple[Record, Record]


def diff(before: Sequence[Record], after: Sequence[Record]) -> list[RowChange]:
    """Return what changed from ``before`` to ``after``, two editions of one record type.

    Changes and renames come first, in the order of the later edition, then what was added, then
    what was removed, in the order of its edition. Equal editions give an empty list.
    """
    left, right = list(before), list(after)
    _take(left, right, _content_key)
    pairs = _take(left, right, lambda row: row.row_key())
    pairs += _take_similar(left, right)
    pairs += _take_filled_in(left, right)
    renames = _take_renames(left, right)
    changes = [
        *(_paired("changed", *pair) for pair in pairs),
        *(_paired("renamed", *pair) for pair in renames),
    ]
    changes.sort(key=lambda change: change.row.position)
    changes += [RowChange("added", None, row, _all_fields(None, row)) for row in right]
    changes += [RowChange("removed", row, None, _all_fields(row, None)) for row in left]
    return changes


def _take(left: list[Record], right: list[Record], key: Callable[[Record], Hashable]) -> list[Pair]:
    """Pair rows of equal key, in order, and take them out of both lists."""
    waiting: dict[Hashable, list[Record]] = defaultdict(list)
    for row in left:
        waiting[key(row)].append(row)
    for rows in waiting.values():
        rows.sort(key=_content_key)
    pairs: list[Pair] = []
    rest: list[Record] = []
    for row in sorted(right, key=_content_key):
        candidates = waiting[key(row)]
        if candidates:
            pairs.append((candidates.pop(0), row))
        else:
            rest.append(row)
    _keep(left, [row for rows in waiting.values() for row in rows])
    _keep(right, rest)
    return pairs


def _take_similar(left: list[Record], right: list[Record]) -> list[Pair]:
    """Pair rows whose place is the same and whose ``similar`` field is alike, best first."""
    sample = next(iter([*left, *right]), None)
    if sample is None or sample.similar is None or sample.place is None:
        return []
    similar, place = sample.similar, sample.place
    by_place: dict[Hashable, list[int]] = defaultdict(list)
    for index, row in enumerate(left):
        by_place[_folded(getattr(row, place))].append(index)
    scored = []
    for index, row in enumerate(right):
        for candidate in by_place[_folded(getattr(row, place))]:
            score = fuzz.ratio(
                _folded(getattr(left[candidate], similar)), _folded(getattr(row, similar))
            )
            if score >= SIMILAR:
                tie = (_content_key(left[candidate]), _content_key(row))
                scored.append((-score, tie, candidate, index))
    pairs: list[Pair] = []
    taken_left: set[int] = set()
    taken_right: set[int] = set()
    for _, _, candidate, index in sorted(scored):
        if candidate in taken_left or index in taken_right:
            continue
        taken_left.add(candidate)
        taken_right.add(index)
        pairs.append((left[candidate], right[index]))
    _keep(left, [row for i, row in enumerate(left) if i not in taken_left])
    _keep(right, [row for i, row in enumerate(right) if i not in taken_right])
    return pairs


def _take_filled_in(left: list[Record], right: list[Record]) -> list[Pair]:
    """Pair rows of which one lacks a field of the key, where the rest of it leaves no choice."""
    sample = next(iter([*left, *right]), None)
    if sample is None or sample.fills_in is None:
        return []
    filled = sample.fills_in
    rest = [name for name in sample.key if name != filled]
    groups: dict[Hashable, tuple[list[Record], list[Record]]] = defaultdict(lambda: ([], []))
    for side, rows in enumerate((left, right)):
        for row in rows:
            content = row.content()
            groups[tuple(_folded(content[name]) for name in rest)][side].append(row)
    pairs = [
        (gone[0], come[0])
        for gone, come in groups.values()
        if len(gone) == 1 == len(come)
        and None in (getattr(gone[0], filled), getattr(come[0], filled))
    ]
    _leave_out(left, right, pairs)
    return pairs


def _take_renames(left: list[Record], right: list[Record]) -> list[Pair]:
    """Pair rows that differ in the spelling of their name alone, where there is no choice."""
    sample = next(iter([*left, *right]), None)
    if sample is None or sample.renames is None:
        return []
    name = sample.renames
    groups: dict[str, tuple[list[Record], list[Record]]] = defaultdict(lambda: ([], []))
    for side, rows in enumerate((left, right)):
        for row in rows:
            others = {k: v for k, v in row.content().items() if k != name}
            groups[_canonical(others)][side].append(row)
    pairs: list[Pair] = []
    for gone, come in groups.values():
        if not gone or not come:
            continue
        likely = [
            (old, new)
            for old in gone
            for new in come
            if two_spellings_of_one_name(getattr(old, name) or "", getattr(new, name) or "")
        ]
        olds = [id(old) for old, _ in likely]
        news = [id(new) for _, new in likely]
        pairs += [
            pair for pair in likely if olds.count(id(pair[0])) == 1 and news.count(id(pair[1])) == 1
        ]
    _leave_out(left, right, pairs)
    return pairs


def _leave_out(left: list[Record], right: list[Record], pairs: list[Pair]) -> None:
    old_ids, new_ids = {id(old) for old, _ in pairs}, {id(new) for _, new in pairs}
    _keep(left, [row for row in left if id(row) not in old_ids])
    _keep(right, [row for row in right if id(row) not in new_ids])


def _keep(rows: list[Record], wanted: list[Record]) -> None:
    rows[:] = sorted(wanted, key=lambda row: (row.position, _content_key(row)))


def _paired(kind: str, before: Record, after: Record) -> RowChange:
    return RowChange(kind, before, after, _all_fields(before, after))


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


def _content_key(record: Record) -> str:
    return _canonical(record.content())


def _folded(value: str | None) -> str:
    return " ".join((value or "").split()).casefold()
