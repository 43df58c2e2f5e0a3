"""Comparing two editions: all their tables, each in the way that its kind allows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database

from db.counts import count_individual
from db.diff import RowChange, diff
from db.rows import load_rows_apart
from parsers.records import RECORD_TYPES, DetainerCount, Record, ReportTotal, TableKind


@dataclass(frozen=True)
class Edition:
    """One edition and the reading it shows."""

    id: int
    source_id: str
    period_start: str | None
    period_end: str | None
    revision: int
    public_from: str
    public_until: str
    reading_id: int
    document_sha256: str
    notice: str | None

    @property
    def period(self) -> str | None:
        """The period as it is typed: ``2017-01-28..2017-02-03``."""
        return f"{self.period_start}..{self.period_end}" if self.period_start else None

    @property
    def name(self) -> str:
        """A name that stays: the period and revision, or the day it was first seen and its id."""
        return f"{self.period}@{self.revision}" if self.period else f"#{self.id}"

    @property
    def selector(self) -> str:
        """What finds it again in any copy of this history: its period, or when it was first seen.

        Two editions of a list that were first seen in the same second share one
        (``db.selectors.selectors_of`` tells them apart).
        """
        return f"{self.period}@{self.revision}" if self.period else self.public_from


EDITIONS = """SELECT editions.id, editions.source_id, editions.period_start, editions.period_end,
    editions.revision, editions.public_from, editions.public_until,
    readings.id AS reading_id, readings.document_sha256, readings.notice
    FROM editions JOIN edition_readings ON edition_readings.edition_id = editions.id
        AND edition_readings.superseded_at IS NULL
    JOIN readings ON readings.id = edition_readings.reading_id"""


def load_editions(db: Database, ids: Iterable[int]) -> list[Edition]:
    """Return the editions of these ids by id, without those that show no reading any more."""
    wanted = sorted(ids)
    marks = ",".join("?" * len(wanted))
    rows = db.query(f"{EDITIONS} WHERE editions.id IN ({marks}) ORDER BY editions.id", wanted)
    return [Edition(**row) for row in rows]


@dataclass(frozen=True)
class Number:
    """A number that both editions state or add up to; None where one does not."""

    name: str
    before: int | None
    after: int | None


@dataclass(frozen=True)
class TableComparison:
    """What changed in one table; ``changes`` is None where rows cannot be compared."""

    record: type[Record]
    rows_before: int
    rows_after: int
    changes: list[RowChange] | None
    """None for a table of different periods: its rows are different events, only counts compare."""
    withheld: bool = False
    """The rows could be compared, but are about individuals and may not be shown."""
    numbers: tuple[Number, ...] = ()
    """Of a table of different periods: the detainers that it counts."""

    def count(self, kind: str) -> int:
        """Return how many changes of that kind there are."""
        return sum(change.kind == kind for change in self.changes or [])

    @property
    def unchanged(self) -> int | None:
        """How many rows stand in both as they are; None where rows are not compared."""
        if self.changes is None:
            return None
        return self.rows_after - sum(change.after is not None for change in self.changes)


def compare(
    db: Database, before: Edition, after: Edition, individual_rows: str = "full"
) -> list[TableComparison]:
    """Return the comparison of every table that either edition has rows in.

    Standing tables are compared row by row; tables of a period only between revisions of one
    period. Where ``individual_rows`` is ``counts``, those about individuals are only counted, and
    not even that where it is ``off``; their rows are then not read.
    """
    same_period = (before.period_start, before.period_end) == (after.period_start, after.period_end)
    found = []
    for record in RECORD_TYPES:
        withheld = record.individual and individual_rows != "full"
        if withheld and individual_rows != "counts":
            continue
        if (record.kind is TableKind.STANDING or same_period) and not withheld:
            old, new = load_rows_apart(db, before.reading_id, after.reading_id, record)
            if old.rows or new.rows:
                changes = diff(old.records, new.records)
                found.append(TableComparison(record, old.rows, new.rows, changes))
        else:
            counts = [_count(db, edition.reading_id, record) for edition in (before, after)]
            if any(counts):
                hidden = withheld and same_period
                numbers = _numbers(db, before, after, record)
                found.append(TableComparison(record, counts[0], counts[1], None, hidden, numbers))
    return found


_NUMBERS: dict[type[Record], str] = {
    ReportTotal: """SELECT name, number FROM report_totals
        WHERE reading_id = ? AND number IS NOT NULL ORDER BY position""",
    DetainerCount: """SELECT 'detainers_issued', sum(detainers_issued) FROM detainer_counts
        WHERE reading_id = ?""",
}


def _numbers(
    db: Database, before: Edition, after: Edition, record: type[Record]
) -> tuple[Number, ...]:
    if record not in _NUMBERS:
        return ()
    old, new = (
        dict(db.execute(_NUMBERS[record], [edition.reading_id]).fetchall())
        for edition in (before, after)
    )
    return tuple(Number(name, old.get(name), new.get(name)) for name in {**old, **new})


def _count(db: Database, reading_id: int, record: type[Record]) -> int:
    if record.individual:
        return count_individual(db, reading_id, record)
    return int(
        db.execute(
            f"SELECT count(*) FROM {record.table} WHERE reading_id = ?",
            [reading_id],
        ).fetchone()[0]
    )
