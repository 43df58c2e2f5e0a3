"""What a publisher has said was wrong with rows of its own documents, to be shown with them.

A correction concerns the rows of its report's period, in whatever revision and whether or not the
document was ever replaced. Which rows these are is said by the views ``corrected_rows``,
``corrected_detainers`` (rows about individuals) and ``corrected_declined_counts``.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlite_utils import Database

from db.settings import individual_rows

VIEWS = {
    "detainer_counts": "corrected_rows",
    "listings": "corrected_rows",
    "declined_detainers": "corrected_detainers",
    "declined_counts": "corrected_declined_counts",
}
"""By table: the view that says which of its rows are corrected."""
_OPEN = {
    "full": ("detainer_counts", "listings", "declined_detainers"),
    "counts": ("detainer_counts", "listings", "declined_counts"),
    "off": ("detainer_counts", "listings"),
}
"""By the setting on rows about individuals: the tables of which marks may be shown."""


@dataclass(frozen=True)
class Mark:
    """One correction, as it is said beside a row that it concerns."""

    correction_id: int
    said: str
    """The whole mark in one sentence: publisher, list, between which captures, and the text."""
    publisher: str
    source_id: str
    """The source that holds the correction."""
    title: str
    """Its title."""
    said_after: str | None
    """The last capture without it; None if there was none."""
    said_by: str
    """The first capture with it."""
    report: str
    """The document that it corrects, as the notice names it."""
    jurisdiction: str
    """As the notice prints it."""
    text: str
    """The sentence that says what was wrong."""
    document_sha256: str
    evidence: str
    """Where it was read, as JSON."""
    notice: str | None
    """What the document says of itself if it is no official one."""

    def data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {**asdict(self), "evidence": json.loads(self.evidence)}


Marks = Mapping[tuple[str, int], tuple[Mark, ...]]
"""By table and position in the document: the marks of a row."""
_MARK = """correction_id, said, publisher, source_id, title, said_after, said_by, report,
    corrected_jurisdiction AS jurisdiction, text, document_sha256, evidence, notice"""


def _are_corrected(db: Database, readings: Iterable[int]) -> bool:
    """Say whether any correction is about the period of one of these readings: of most none is.

    Which rows it concerns is said by the views, which look at all that was ever corrected.
    """
    wanted = list(readings)
    return bool(
        db.execute(
            f"""SELECT EXISTS (SELECT 1 FROM readings
            JOIN sources ON sources.corrects = readings.source_id
            JOIN corrections ON corrections.period_start = readings.period_start
                AND corrections.period_end = readings.period_end
            JOIN readings AS saying ON saying.id = corrections.reading_id
                AND saying.source_id = sources.id
            WHERE readings.id IN ({",".join("?" * len(wanted))}))""",
            wanted,
        ).fetchone()[0]
    )


def marks_of_row(db: Database, table: str, row_id: int) -> tuple[Mark, ...]:
    """Return the marks of one row, in the order of their notices.

    Empty for a row of a table that corrections never name. The caller knows that the row may be
    shown.
    """
    if table not in VIEWS:
        return ()
    of_row = f"SELECT reading_id FROM {table} WHERE id = ?"
    if not _are_corrected(db, [reading for (reading,) in db.execute(of_row, [row_id])]):
        return ()
    rows = db.query(
        f"""SELECT {_MARK} FROM {VIEWS[table]} WHERE table_name = ? AND row_id = ?
        ORDER BY said_by, correction_id""",
        [table, row_id],
    )
    return tuple(Mark(**row) for row in rows)


def marks_of_readings(db: Database, readings: Iterable[int]) -> dict[str, tuple[Mark, ...]]:
    """Return by table the marks that rows of these readings carry, as far as they may be shown.

    Where rows about individuals are closed, those of the counts of their places stand for them.
    """
    wanted = sorted(set(readings))
    found: dict[str, dict[int, Mark]] = defaultdict(dict)
    if not _are_corrected(db, wanted):
        return {}
    for table in _OPEN[individual_rows(db)]:
        for row in db.query(
            f"""SELECT {_MARK} FROM {VIEWS[table]}
            WHERE table_name = ? AND reading_id IN ({",".join("?" * len(wanted))})""",
            [table, *wanted],
        ):
            of = "declined_detainers" if table == "declined_counts" else table
            found[of][row["correction_id"]] = Mark(**row)
    return {
        table: tuple(sorted(marks.values(), key=lambda mark: (mark.said_by, mark.correction_id)))
        for table, marks in found.items()
    }


def marks_of_change(
    db: Database, table: str, place: str, editions: Iterable[int | None]
) -> tuple[Mark, ...]:
    """Return the marks of the rows that print ``place`` in a table of these editions.

    For a table about individuals, or one that corrections never name, there are none.
    """
    if VIEWS.get(table) != "corrected_rows":
        return ()
    wanted = [edition for edition in editions if edition is not None]
    rows = db.query(
        f"""SELECT {_MARK} FROM corrected_rows WHERE table_name = ? AND jurisdiction = ?
        AND reading_id IN (SELECT reading_id FROM edition_readings WHERE superseded_at IS NULL
            AND edition_id IN ({",".join("?" * len(wanted))}))
        ORDER BY said_by, correction_id""",
        [table, place, *wanted],
    )
    return tuple({row["correction_id"]: Mark(**row) for row in rows}.values())


def marks_of_reading(db: Database, reading_id: int) -> Marks:
    """Return the marks of every row of a reading, as far as its rows may be shown."""
    found: dict[tuple[str, int], list[Mark]] = defaultdict(list)
    if not _are_corrected(db, [reading_id]):
        return {}
    for table in _OPEN[individual_rows(db)]:
        if table == "declined_counts":
            continue
        for row in db.query(
            f"""SELECT position, {", ".join(f"marked.{name}" for name in _NAMES)}
            FROM (SELECT row_id, {_MARK} FROM {VIEWS[table]}
                WHERE table_name = '{table}' AND reading_id = ?) AS marked
            JOIN {table} ON {table}.id = row_id ORDER BY said_by, correction_id""",
            [reading_id],
        ):
            found[table, row.pop("position")].append(Mark(**row))
    return {key: tuple(marks) for key, marks in found.items()}


_NAMES = tuple(Mark.__dataclass_fields__)
