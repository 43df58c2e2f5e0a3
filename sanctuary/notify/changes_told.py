"""Changes as the sections of a message: by source and state, many of one step as one sentence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from sqlite_utils import Database

from db.log import LoggedChange
from parsers.records import RECORD_BY_TABLE
from sanctuary.notify.links import PublicAddresses, links_of, links_of_step
from sanctuary.notify.message import Entry, Field, Group, Section
from sanctuary.sentences import sentence_of_many
from sanctuary.site.changes_shown import Beside, Showing, ShownChange
from sanctuary.words import Piece

MANY = 5
"""Changes of one kind and step that stand one by one; more of them are one sentence."""
NAMED = 8
"""Of those so many are named."""
MOST = 40
"""Entries of one message."""
SHORT = 60
"""Characters of a value that is told before and after; of longer ones the words are marked."""
EMPTY = "(empty)"
_NAMING = frozenset({"host id", "number", "heading"})
"""Fields by which the sentence names a section that came or went."""
LONGEST_FIELD = 1000
"""Characters of a field that differs; the page of the change has the whole."""


@dataclass(frozen=True)
class Told:
    """The sections of a message, and how many changes stand in none for want of room."""

    sections: tuple[Section, ...]
    left_out: int


def sections_of(db: Database, changes: Sequence[LoggedChange], site: str | None) -> Told:
    """Return changes as sections, those of a source together, in it by state.

    ``site`` is where the pages are; without it there are no links.
    """
    to = PublicAddresses(site or "")
    showing = Showing(db, to, changes, frozenset(RECORD_BY_TABLE) | {"notes"})
    room, left_out, sections = MOST, 0, []
    for _, some in groupby(sorted(changes, key=_order), lambda change: change.source_id):
        of_source = list(some)
        groups: dict[str | None, list[Entry]] = defaultdict(list)
        for state, step in _steps(of_source):
            if room == 0:
                left_out += len(step)
                continue
            room -= 1
            entry = _one(showing, step[0]) if len(step) == 1 else _many(to, showing, step)
            groups[state].append(entry if site else _without_links(entry, step))
        if groups:
            sections.append(_section(of_source, groups))
    return Told(tuple(sections), left_out)


def _order(change: LoggedChange) -> tuple[str, ...]:
    return (change.source_id, change.state or "", change.observed_by, *_step(change))


def _step(change: LoggedChange) -> tuple[str, ...]:
    """Return what changes have in common that one sentence can tell."""
    editions = (change.edition_before_id, change.edition_after_id)
    return (change.kind, change.cause, change.table_name or "", *map(str, editions))


def _steps(changes: Iterable[LoggedChange]) -> Iterator[tuple[str | None, list[LoggedChange]]]:
    """Yield what is an entry each, with its state: many of a step have none in common."""
    by_step: dict[tuple[str, ...], list[LoggedChange]] = defaultdict(list)
    for change in changes:
        by_step[_step(change)].append(change)
    for step in by_step.values():
        if len(step) > MANY and _may_be_named(step[0]):
            yield None, step
        else:
            yield from ((change.state, [change]) for change in step)


def _may_be_named(change: LoggedChange) -> bool:
    record = RECORD_BY_TABLE.get(change.table_name or "")
    return record is not None and not record.individual


def _section(changes: Sequence[LoggedChange], groups: dict[str | None, list[Entry]]) -> Section:
    first = changes[0]
    return Section(
        title=f"{first.source_title} ({first.publisher})",
        notices=tuple(dict.fromkeys(each.notice for each in changes if each.notice)),
        groups=tuple(
            Group(state, tuple(groups[state])) for state in sorted(groups, key=lambda s: s or "")
        ),
    )


def _one(showing: Showing, change: LoggedChange) -> Entry:
    shown = showing.shown(change)
    return Entry(
        sentence=shown.sentence,
        lines=(f"Seen {shown.window}.", *_beside(shown)),
        fields=tuple(_fields(shown)),
        links=links_of(shown),
    )


def _fields(shown: ShownChange) -> Iterator[Field]:
    """Yield the fields that differ; of a row that came or went not what the sentence says."""
    change = shown.change
    for each in shown.fields:
        text = "".join(piece.text for piece in each.pieces)
        is_one_sided = text and all(piece.mark == "same" for piece in each.pieces)
        if not (is_one_sided and (each.name in _NAMING or text in (change.place, change.detail))):
            yield Field(each.name, _cut(_short(each.pieces)))


def _short(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """Return both sides of a short value in full, with an arrow between; of others the pieces."""
    before = "".join(piece.text for piece in pieces if piece.mark != "new")
    after = "".join(piece.text for piece in pieces if piece.mark != "gone")
    if before == after or max(len(before), len(after)) > SHORT:
        return pieces
    arrow = Piece("same", " → ")
    return (Piece("gone", before or EMPTY), arrow, Piece("new", after or EMPTY))


def _many(to: PublicAddresses, showing: Showing, step: list[LoggedChange]) -> Entry:
    shown = showing.shown(step[0])
    states = Counter(change.state for change in step if change.state)
    of_states = ", ".join(f"{state} {count:,}" for state, count in states.most_common())
    lines = [f"Seen {shown.window}."]
    if of_states:
        lines.append(f"By state: {of_states}.")
    beside = (said for change in step for said in _beside(showing.beside(change)))
    return Entry(
        sentence=sentence_of_many(step[:NAMED], len(step)),
        lines=(*lines, *list(dict.fromkeys(beside))[:NAMED]),
        links=links_of_step(to, shown),
        count=len(step),
    )


def _beside(beside: Beside) -> Iterator[str]:
    yield from beside.caveats
    yield from (f"Corrected by its publisher: {said}" for said in beside.corrections)
    yield from (f"Said of it by {each.words}" for each in beside.said)


def _without_links(entry: Entry, step: Sequence[LoggedChange]) -> Entry:
    found = step[0]
    asked = (
        f"change {found.public_id}"
        if len(step) == 1
        else f"`sanctuary log --source {found.source_id} --kind {found.kind}` has all of them"
    )
    return replace(entry, lines=(*entry.lines, asked), links=())


def _cut(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    found, room = [], LONGEST_FIELD
    for piece in pieces:
        if len(piece.text) > room:
            found.append(Piece(piece.mark, f"{piece.text[:room]} …"))
            break
        found.append(piece)
        room -= len(piece.text)
    return tuple(found)
