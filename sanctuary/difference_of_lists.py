"""What differs between the lists of two publishers: on the one and not on the other, and on both.

Places are compared by what their printed names are taken for, names that stand for no place are
kept apart. Nothing is ever "removed": one list says nothing of what another does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlite_utils import Database

from db.comparison import Edition
from db.corrected import Mark, marks_of_reading
from db.errors import NoSuchEdition
from db.row_address import RowAddress, reader_of
from db.sources import Source, load_source
from db.statements import Said, statements_about
from db.statements import spoken_of as all_spoken_of
from db.timeline import ListState
from db.two_lists import TABLES, NamingRow, naming_rows, state_of_edition
from db.withheld import gives_no_rows
from sanctuary.wording import counted, day_and_time, describe, seen_in_public

IDENTITY = frozenset({"jurisdictions", "jurisdiction_names"})
"""Without which no two names are one place."""


@dataclass(frozen=True)
class Entry:
    """A row of one of the lists, with what stands beside it."""

    row: NamingRow
    address: RowAddress
    corrections: tuple[Mark, ...]
    """What its publisher has said was wrong with it."""
    said: tuple[Said, ...]
    """What others say of it."""


@dataclass(frozen=True)
class Place:
    """A place, and the rows of either list that name it."""

    id: str
    name: str
    kind: str
    state: str
    one: tuple[Entry, ...]
    other: tuple[Entry, ...]


@dataclass(frozen=True)
class ListSide:
    """One of the two lists, in the edition that is compared."""

    source: Source
    edition: Edition
    state: ListState | None
    """How the list stands today, if this edition is its newest."""
    rows: int
    unresolved: tuple[Entry, ...]
    """Rows whose name stands for no place that is known: each may be any place."""

    @property
    def name(self) -> str:
        """The list and its publisher."""
        return f"{self.source.title} ({self.source.publisher})"

    @property
    def words(self) -> str:
        """Which edition it is and when it was seen, in words."""
        return f"{describe(self.edition)}, {seen_in_public(self.edition)}"

    @property
    def standing(self) -> str:
        """How it stands today, in a sentence."""
        last = day_and_time(self.edition.public_until)
        match self.state:
            case None:
                return "A later edition of this list is held."
            case ListState.ENDED:
                return f"The series has ended: this is what it last stated, seen on {last}."
            case ListState.WITHDRAWN:
                return f"Its publisher took it down: this is what it last stated, seen on {last}."
            case ListState.NOT_OBSERVED:
                return f"Not observed today: this is what it last stated, seen on {last}."
            case ListState.PUBLIC:
                return "It stands today, as far as observed."

    @property
    def silence(self) -> str:
        """What it means that a place is not named here, in a sentence; empty where no more."""
        if self.source.partial:
            return f"Of {self.name} only a part is known: that a place is not on it says nothing."
        return ""


@dataclass(frozen=True)
class TwoLists:
    """Two editions of two lists beside each other; places are in the order of state and name."""

    one: ListSide
    other: ListSide
    both: tuple[Place, ...]
    only_one: tuple[Place, ...]
    only_other: tuple[Place, ...]

    def notices(self) -> list[str]:
        """What the documents say of themselves if they are no official ones, each once."""
        editions = (self.one.edition, self.other.edition)
        return sorted({edition.notice for edition in editions if edition.notice})

    @property
    def summary(self) -> str:
        """How many places are on which, in one sentence."""
        return (
            f"{counted(len(self.both), 'place')} on both; {len(self.only_one):,} "
            f"{self.on(self.one)}; {len(self.only_other):,} {self.on(self.other)}."
        )

    def on(self, side: ListSide) -> str:
        """Return that something is on a list and not on the other, as words without a subject."""
        other = self.other if side is self.one else self.one
        known = "the part that is known of " if other.source.partial else ""
        return f"on {side.name}, not on {known}{other.name}"

    def heading(self, side: ListSide) -> str:
        """Return the same as it begins a line."""
        return f"O{self.on(side)[1:]}"


def difference_of_lists(
    db: Database, one: Edition, other: Edition, tables: Collection[str], now: str
) -> TwoLists:
    """Return how the editions of two lists differ, from those ``tables`` that may be seen.

    ``now`` is the moment for which it is said how the lists stand. Raises NoSuchEdition if a
    document is withheld.
    """
    spoken_of = all_spoken_of(db) if {"statements", "notes"} <= set(tables) else frozenset()
    entries = [_entries(db, edition, tables, spoken_of) for edition in (one, other)]
    places: dict[str, tuple[list[Entry], list[Entry]]] = defaultdict(lambda: ([], []))
    for side, found in enumerate(entries):
        for entry in found:
            if entry.row.jurisdiction_id is not None:
                places[entry.row.jurisdiction_id][side].append(entry)
    named = sorted(
        (_place(*each) for each in places.values()),
        key=lambda place: (place.state, place.name, place.id),
    )
    sides = [_side(db, *each, now) for each in zip((one, other), entries, strict=True)]
    return TwoLists(
        sides[0],
        sides[1],
        both=tuple(each for each in named if each.one and each.other),
        only_one=tuple(each for each in named if not each.other),
        only_other=tuple(each for each in named if not each.one),
    )


def _side(db: Database, edition: Edition, entries: list[Entry], now: str) -> ListSide:
    source = load_source(db, edition.source_id)
    unresolved = tuple(entry for entry in entries if entry.row.jurisdiction_id is None)
    state = state_of_edition(db, source, edition, now)
    return ListSide(source, edition, state, len(entries), unresolved)


def _entries(
    db: Database, edition: Edition, tables: Collection[str], spoken_of: frozenset[str]
) -> list[Entry]:
    if gives_no_rows(db, edition.reading_id):
        remedy = "the table `withheld` says why"
        raise NoSuchEdition(edition.name, "the document of this edition is withheld", remedy)
    reader = reader_of(db, edition.reading_id)
    marks = marks_of_reading(db, edition.reading_id) if "corrections" in tables else {}
    return [
        Entry(
            row,
            RowAddress(edition.source_id, edition.document_sha256, table, row.position, reader),
            marks.get((table, row.position), ()),
            _said(db, edition.source_id, row, spoken_of),
        )
        for table in TABLES
        if table in tables
        for row in naming_rows(db, edition.reading_id, table)
    ]


def _said(
    db: Database, source_id: str, row: NamingRow, spoken_of: frozenset[str]
) -> tuple[Said, ...]:
    """Return what others say of a row; most rows nobody speaks of, and need not be looked for."""
    if not spoken_of & {row.jurisdiction_id, row.printed, row.row_key}:
        return ()
    return tuple(
        statements_about(
            db,
            jurisdiction_id=row.jurisdiction_id,
            source_id=source_id,
            row_key=row.row_key,
            printed=row.printed,
        )
    )


def _place(one: Iterable[Entry], other: Iterable[Entry]) -> Place:
    one, other = tuple(one), tuple(other)
    row = next(entry.row for entry in (*one, *other))
    return Place(
        row.jurisdiction_id or "", row.place or "", row.kind or "", row.state or "", one, other
    )
