"""What stands beside the rows of a difference: corrections of their publisher, words of others.

Neither is part of what differs: a row that was corrected stays as it was printed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from sqlite_utils import Database

from db.comparison import Edition, TableComparison
from db.corrected import Mark, Marks, marks_of_reading, marks_of_readings
from db.diff import RowChange
from db.statements import Said, said_beside_row
from parsers.records import Record

_Key = tuple[str, int, int]
"""A change by its table and the positions of its row before and after, 0 for none."""


@dataclass(frozen=True)
class Beside:
    """The corrections of the rows of two editions, and what others say of the rows that differ."""

    before: Marks = field(default_factory=dict)
    after: Marks = field(default_factory=dict)
    of_tables: Mapping[str, tuple[Mark, ...]] = field(default_factory=dict)
    """By table, each correction that a row of either edition carries, whether or not it differs."""
    of_changes: Mapping[_Key, tuple[Said, ...]] = field(default_factory=dict)

    def marks(self, change: RowChange) -> tuple[Mark, ...]:
        """Return the corrections of the row of a change, on either side of it, each once."""
        found: dict[int, Mark] = {}
        for side, row in ((self.before, change.before), (self.after, change.after)):
            if row is not None:
                for mark in side.get((row.table, row.position), ()):
                    found[mark.correction_id] = mark
        return tuple(found.values())

    def said(self, change: RowChange) -> tuple[Said, ...]:
        """Return what others say of the row of a change, or of the change, the newest first."""
        return self.of_changes.get(_key(change), ())

    def corrections(self, table: str | None = None) -> tuple[Mark, ...]:
        """Return the corrections of all tables, or of one, each once."""
        tables = self.of_tables if table is None else [table]
        marks = [mark for name in tables for mark in self.of_tables.get(name, ())]
        return tuple({mark.correction_id: mark for mark in marks}.values())

    def only(self, tables: Collection[str]) -> Beside:
        """Return what may be shown where only ``tables`` may be seen."""
        shown = self if "corrections" in tables else Beside(of_changes=self.of_changes)
        shown = replace(
            shown,
            of_tables={name: marks for name, marks in shown.of_tables.items() if name in tables},
        )
        return shown if {"statements", "notes"} <= set(tables) else replace(shown, of_changes={})


def beside(
    db: Database, before: Edition, after: Edition, tables: Iterable[TableComparison]
) -> Beside:
    """Return what stands beside the rows of two editions, which differ in ``tables``."""
    readings = (before.reading_id, after.reading_id)
    return Beside(
        marks_of_reading(db, before.reading_id),
        marks_of_reading(db, after.reading_id),
        marks_of_readings(db, readings),
        _said(db, before, after, tables),
    )


def _said(
    db: Database, before: Edition, after: Edition, tables: Iterable[TableComparison]
) -> dict[_Key, tuple[Said, ...]]:
    if not db.execute("SELECT EXISTS (SELECT 1 FROM statements_and_notes)").fetchone()[0]:
        return {}
    found = {}
    for table in tables:
        for change in table.changes or []:
            told = _public_id(db, before, after, change.row)
            said = said_beside_row(db, after.source_id, change.row, told)
            if said:
                found[_key(change)] = tuple(said)
    return found


def _public_id(db: Database, before: Edition, after: Edition, row: Record) -> str | None:
    """Return the public id of the change to a row between two editions, None if none is told."""
    found = db.execute(
        """SELECT public_id FROM changes WHERE source_id = ? AND table_name = ? AND row_key = ?
        AND edition_before_id = ? AND edition_after_id = ? AND superseded_at IS NULL""",
        [after.source_id, row.table, row.row_key(), before.id, after.id],
    ).fetchone()
    return str(found[0]) if found else None


def _key(change: RowChange) -> _Key:
    row_before, row_after = change.before, change.after
    return (
        change.row.table,
        row_before.position if row_before else 0,
        row_after.position if row_after else 0,
    )
