"""What a capture costs with few editions held and with many: a new one, a late one, one unchanged.

One history of a list is made by accepting its editions one after the other; it is copied as it
stands with 10, 100, 1,000 and 5,000 of them.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from benchmarks.figure import Figure, Median, Row, ratio_at_most
from benchmarks.history import SOURCE, rows
from db.captures import Capture, Document, known_document, record_capture, unread
from db.connection import open_database
from db.readings import ReadBy, find_reading, show_captures, store_reading
from db.sources import save_source
from parsers.records import EditionClaim, Listing, Reading

HELD = (10, 100, 1_000, 5_000)
ROWS_OF_ONE = 200
RUNS = 7
LIST = replace(SOURCE, address="https://lists.example/list")
NEW = "accepting one edition more"
LATE = "accepting a late one in the middle"
UNCHANGED = "a capture that says unchanged"
_NUMBERS = ("id", "reading_id")
COPIED = "SQLite alone writing the rows of the last edition once more"


def _row(what: str, held: int) -> Row:
    goal = ratio_at_most(1.2) if held == HELD[-1] and what != COPIED else None
    return Row(f"{what}, {held:,} editions held", f"with {HELD[0]} held", goal)


ROWS = tuple(_row(what, held) for what in (NEW, LATE, UNCHANGED, COPIED) for held in HELD[1:])


def figures() -> list[Figure]:
    """Return what captures cost with many editions held beside what they cost with few."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _make(folder)
        tasks = {
            NEW: lambda db, held: _accept(db, held, _moment(held)),
            LATE: lambda db, held: _accept(db, held, _moment(held // 2, hours=12)),
            UNCHANGED: _see_again,
            COPIED: _copy,
        }
        costs = {
            (what, held): cost for what, do in tasks.items() for held, cost in _costs(folder, do)
        }
    return [
        _row(what, held).figure(
            costs[what, held], costs[what, HELD[0]], f"{ROWS_OF_ONE} rows, 1 % changed in each"
        )
        for what in tasks
        for held in HELD[1:]
    ]


def _make(folder: Path) -> None:
    db = _open(folder / "growing.db")
    save_source(db, LIST)
    for number in range(HELD[-1] + 1):
        if number in HELD:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            shutil.copy(folder / "growing.db", folder / f"{number}.db")
        if number < HELD[-1]:
            _accept(db, number, _moment(number))
    db.close()


def _open(path: Path) -> Database:
    db = open_database(path)
    # What a disk takes to answer is the same for all.
    db.execute("PRAGMA synchronous = OFF")
    return db


def _costs(folder: Path, do: Callable[[Database, int], None]) -> list[tuple[int, Median]]:
    """Return the cost with each number of editions held, measured in turn on fresh copies."""
    runs: dict[int, list[float]] = {held: [] for held in HELD}
    for _ in range(RUNS):
        for held in HELD:
            copy = folder / "copy.db"
            shutil.copy(folder / f"{held}.db", copy)
            db = _open(copy)
            # So that none is slower for being read for the first time.
            list(unread(db, LIST.id))
            start = time.process_time()
            do(db, held)
            runs[held].append((time.process_time() - start) * 1000)
            db.close()
    return [(held, Median(times, "ms of CPU")) for held, times in runs.items()]


def _moment(number: int, hours: int = 0) -> str:
    return f"{datetime(2010, 1, 1) + timedelta(days=number, hours=hours):%Y-%m-%dT%H:%M:%SZ}"


def _sha256(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def _capture(number: int, moment: str, verdict: str) -> Capture:
    return Capture(
        LIST.id, "document", LIST.address, moment, "own", verdict, document_sha256=_sha256(number)
    )


def _accept(db: Database, number: int, moment: str) -> None:
    capture = _capture(number, moment, "document")
    record_capture(db, capture, Document(_sha256(number), 1, None, None), None, moment)
    reading = Reading(EditionClaim(), (Listing,), tuple(rows(ROWS_OF_ONE, number)))
    read_by = ReadBy(LIST.id, _sha256(number), LIST.parser, "1")
    store_reading(db, read_by, reading, (), moment)


def _see_again(db: Database, held: int) -> None:
    moment = _moment(held)
    known_document(db, LIST.id, "document", LIST.address or "")
    record_capture(db, _capture(held - 1, moment, "unchanged"), None, None, moment)
    for each in list(unread(db, LIST.id)):
        stored = find_reading(db, ReadBy(LIST.id, each.document_sha256, LIST.parser, "1"))
        if stored is not None:
            show_captures(db, stored, "first", moment)


def _copy(db: Database, _: int) -> None:
    """Write rows into the table and its indexes as SQLite does it, with nothing of ours around."""
    columns = ", ".join(name for name in db["listings"].columns_dict if name not in _NUMBERS)
    db.execute("PRAGMA foreign_keys = OFF")
    with db.atomic():
        db.execute(
            f"""INSERT INTO listings ({columns}, reading_id)
            SELECT {columns}, reading_id + 1 FROM listings
            WHERE reading_id = (SELECT max(reading_id) FROM listings)"""
        )
