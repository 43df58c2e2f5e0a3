"""A panel of every county by week, for three lists over sixty weeks."""

from __future__ import annotations

import csv
import hashlib
import io
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from sqlite_utils import Database

from benchmarks.figure import Figure, Row
from benchmarks.history import SOURCE, rows
from benchmarks.measuring import costs
from db.captures import Capture, Document, record_capture
from db.connection import open_database
from db.readings import ReadBy, store_reading
from db.sources import save_source
from db.states import timeline_of
from parsers.records import EditionClaim, Listing, Reading
from sanctuary.panel import Panel, Wanted, open_panel
from sanctuary.panel_files import write_csv

WEEKS = 60
LISTS = ("list-a", "list-b", "list-c")
FIRST = date(2025, 1, 6)
NAMED = 100
"""Counties that a list names."""

PANEL = Row(
    f"panel of every county, {WEEKS} weeks, {len(LISTS)} lists as CSV",
    "each day of each county looked up",
)
ROWS = (PANEL,)


def figures() -> list[Figure]:
    """Return what a panel costs, beside looking each day of each county up for itself."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tracker.db"
        count = _load(file)
        ours, naive = costs(partial(write_panel, file), partial(write_day_by_day, file))
    said = f"{count * WEEKS * len(LISTS):,} rows; the other finds a window for each day"
    return [PANEL.figure(ours, naive, said)]


def _load(file: Path) -> int:
    """Load the lists, of whose names the first counties of the gazetteer are meant."""
    db = open_database(file)
    panel = _open(db)
    for number, list_id in enumerate(LISTS):
        source = replace(SOURCE, id=list_id, max_gap_seconds=28 * 24 * 3600)
        save_source(db, source)
        for week in range(0, WEEKS, 4):
            moment = f"{FIRST + timedelta(days=7 * week)}T10:00:00Z"
            sha256 = hashlib.sha256(f"{list_id}{moment}".encode()).hexdigest()
            listed = tuple(rows(NAMED)[: NAMED - week % 10 - number])
            capture = Capture(
                list_id, "document", None, moment, "own", "document", document_sha256=sha256
            )
            record_capture(db, capture, Document(sha256, 1, None, None), None, moment)
            read_by = ReadBy(list_id, sha256, "table", "1")
            store_reading(db, read_by, Reading(EditionClaim(), (Listing,), listed), (), moment)
    for number, unit in enumerate(panel.units[:NAMED], start=1):
        values = {"id": unit.id, "kind": unit.kind, "name": unit.name, "state": unit.state}
        db.table("jurisdictions").insert({**values, "authority": "a benchmark"})
        db.execute(
            "UPDATE jurisdiction_names SET jurisdiction_id = ?, status = 'resolved'"
            " WHERE printed = ?",
            [unit.id, f"County {number}, Zembla"],
        )
    db.conn.commit()
    db.close()
    return len(panel.units)


def _open(db: Database) -> Panel:
    last = FIRST + timedelta(days=7 * WEEKS - 1)
    return open_panel(db, Wanted("county", "week", (), str(FIRST), str(last)), str(last))


def write_panel(file: Path) -> None:
    """Write it as ``sanctuary panel`` does."""
    with closing(sqlite3.connect(file)) as connection:
        write_csv(_open(Database(connection)), io.BytesIO(), lambda: None)


def write_day_by_day(file: Path) -> None:
    """Write the same counts of days, finding the window of each day for itself."""
    with closing(sqlite3.connect(file)) as connection:
        db = Database(connection)
        panel = _open(db)
        writer = csv.writer(io.StringIO())
        timelines = [timeline_of(db, list_id) for list_id in LISTS]
        for unit in panel.units:
            for timeline in timelines:
                windows = timeline.windows(unit.id)
                for period in panel.periods:
                    states = []
                    day = period.start
                    while day <= period.end:
                        text = day.isoformat()
                        states.append(
                            next(
                                window.state
                                for window in windows
                                if (window.since or "") <= text <= (window.until or "9999")
                            )
                        )
                        day += timedelta(days=1)
                    counts = [states.count(state) for state in sorted(set(states))]
                    writer.writerow([unit.id, timeline.source.id, period.start, *counts])
