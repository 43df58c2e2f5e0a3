"""A difference laid out for a page: counts on top, then table by table, kind by kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from sqlite_utils import Database

from db.comparison import Edition, TableComparison
from db.diff import RowChange
from db.row_address import RowAddress, reader_of
from db.statements import Said
from parsers.records import HtmlSpot, PageSpot, PartSpot, Record, SheetSpot, Spot, TableKind
from sanctuary.beside import Beside
from sanctuary.difference import (
    KINDS,
    Difference,
    counts_of,
    fields_said,
    happened,
    pieces_of,
    table_summary,
    title_of,
    unchanged,
    window,
)
from sanctuary.sections import in_words
from sanctuary.site.published import IN_WORDS
from sanctuary.wording import TABLE_TITLES, describe, seen_in_public
from sanctuary.words import Piece

MOST_SHOWN = 200
"""Rows of one kind and table on a page; the other forms have them all."""


@dataclass(frozen=True)
class Field:
    """One field of a row: its name, and its words as they stayed, went and came."""

    name: str
    pieces: list[Piece]

    @property
    def before(self) -> list[Piece]:
        """Its words as they stood in the first edition."""
        return [piece for piece in self.pieces if piece.mark != "new"]

    @property
    def after(self) -> list[Piece]:
        """Its words as they stand in the second."""
        return [piece for piece in self.pieces if piece.mark != "gone"]


@dataclass(frozen=True)
class ReadOn:
    """Where a row was read in one of the two editions."""

    address: RowAddress
    words: str


@dataclass(frozen=True)
class Row:
    """What became of one row, and where it was read."""

    number: int
    """In the order of the page, from 1: what leads from one change to the next."""
    title: str
    happened: str
    """What became of a section, in words; of another row nothing."""
    fields: list[Field]
    before: ReadOn | None
    after: ReadOn | None
    corrections: list[str]
    """What its publisher has said was wrong with it."""
    said: tuple[Said, ...]
    """What others say of it."""


@dataclass(frozen=True)
class Group:
    """The rows of a table that changed in one way."""

    kind: str
    count: int
    rows: list[Row]

    @property
    def unshown(self) -> int:
        """How many rows the page leaves to the other forms."""
        return self.count - len(self.rows)


@dataclass(frozen=True)
class Table:
    """One table of the comparison; ``counts`` is None where only the numbers of rows compare."""

    name: str
    title: str
    summary: str
    rows_before: int
    rows_after: int
    counts: list[int] | None
    unchanged: str | None
    """How many rows stand in both as they are, in words; None where rows are not compared."""
    groups: list[Group]
    states_issued: bool
    corrections: list[str]
    """What its publisher has said was wrong with rows of either edition."""


@dataclass(frozen=True)
class Side:
    """One of the two editions, in words."""

    words: str
    seen: str
    document: str


@dataclass(frozen=True)
class Compared:
    """All that the page says of a difference."""

    summary: str
    sides: list[Side]
    window: str | None
    """When what differs changed; None where nothing does, or for a look back in time."""
    turned: bool
    notices: list[str]
    caveats: list[str]
    kinds: tuple[str, ...]
    totals: list[int]
    tables: list[Table]
    of_a_period: bool
    publish: str
    """What is not shown of the texts, in words; empty where all is."""
    names_individuals: bool
    individual_rows: str

    @property
    def rows(self) -> list[Row]:
        """The changes that the page shows, in its order."""
        return [row for table in self.tables for group in table.groups for row in group.rows]


def compared(db: Database, diff: Difference) -> Compared:
    """Return ``diff`` as the page shows it."""
    sides = tuple(_Read.of(db, edition) for edition in (diff.before, diff.after))
    numbers = count(1)
    of_a_period = any(table.record.kind is TableKind.PERIOD for table in diff.tables)
    return Compared(
        summary=f"{diff.source.publisher}: {counts_of(diff)}.",
        sides=[_side(diff.before), _side(diff.after)],
        window=window(diff) if of_a_period or any(diff.changes()) else None,
        turned=diff.observed_by is None and diff.before.id != diff.after.id,
        notices=diff.notices(),
        caveats=list(diff.caveats),
        kinds=KINDS,
        totals=[diff.count(kind) for kind in KINDS],
        tables=[_table(table, diff.beside, sides, numbers) for table in diff.tables],
        of_a_period=of_a_period,
        publish=IN_WORDS[diff.source.publish],
        names_individuals=any(table.record.individual and table.changes for table in diff.tables),
        individual_rows=diff.individual_rows,
    )


@dataclass(frozen=True)
class _Read:
    """Of which document the rows of an edition are, and who read it."""

    source_id: str
    document_sha256: str
    read_by: str

    @classmethod
    def of(cls, db: Database, edition: Edition) -> _Read:
        reader = reader_of(db, edition.reading_id)
        return cls(edition.source_id, edition.document_sha256, reader)

    def on(self, row: Record | None) -> ReadOn | None:
        if row is None:
            return None
        place = (row.table, row.position, self.read_by)
        address = RowAddress(self.source_id, self.document_sha256, *place)
        return ReadOn(address, _places(row.evidence) or f"row {row.position}")


def _side(edition: Edition) -> Side:
    return Side(describe(edition), seen_in_public(edition), edition.document_sha256)


def _table(
    table: TableComparison, around: Beside, sides: Sequence[_Read], numbers: Iterator[int]
) -> Table:
    groups = []
    for kind in KINDS:
        changes = [change for change in table.changes or [] if change.kind == kind]
        if changes:
            rows = [_row(change, around, sides, next(numbers)) for change in changes[:MOST_SHOWN]]
            groups.append(Group(kind, len(changes), rows))
    return Table(
        name=table.record.table,
        title=TABLE_TITLES[table.record.table],
        summary=table_summary(table),
        rows_before=table.rows_before,
        rows_after=table.rows_after,
        counts=None if table.changes is None else [table.count(kind) for kind in KINDS],
        unchanged=unchanged(table),
        groups=groups,
        states_issued=table.record.table == "detainer_counts"
        or (table.record.table == "report_totals" and bool(groups)),
        corrections=[mark.said for mark in around.corrections(table.record.table)],
    )


def _row(change: RowChange, around: Beside, sides: Sequence[_Read], number: int) -> Row:
    fields = [
        Field(field.field.replace("_", " "), pieces_of(change, field))
        for field in fields_said(change)
    ]
    before, after = sides
    return Row(
        number,
        title_of(change),
        in_words(happened(change)),
        fields,
        before.on(change.before),
        after.on(change.after),
        [mark.said for mark in around.marks(change)],
        around.said(change),
    )


def _places(spots: Sequence[Spot]) -> str:
    return " and ".join(dict.fromkeys(_place(spot) for spot in spots))


def _place(spot: Spot) -> str:
    match spot:
        case PageSpot():
            return f"page {spot.page}"
        case SheetSpot():
            return f"row {spot.row} of sheet “{spot.sheet}”" if spot.sheet else f"row {spot.row}"
        case HtmlSpot():
            return "the web page"
        case PartSpot():
            return "an answer of its host"
