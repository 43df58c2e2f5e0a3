"""Loading a long series of a list."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sqlite_utils import Database

from benchmarks.figure import Figure, Goal, Median, Row
from benchmarks.measuring import RUNS, costs
from db.captures import Capture, Document, record_capture
from db.connection import open_database
from db.readings import ReadBy, keep_reading, store_reading
from db.sources import Source, save_source
from parsers.records import EditionClaim, Listing, Reading, SheetSpot, Spot

ROWS_OF_ONE = 1_000
EDITIONS = 100
LONG = 100_000
LOADS = 3

SOURCE = Source(
    id="invented-list",
    title="Invented list",
    publisher="Nobody",
    address=None,
    address_seen=False,
    lifecycle="active",
    parser="table",
    editions="content",
    confirm_after_seconds=0,
    why="A benchmark.",
)

SERIES = Row(
    f"loading {EDITIONS} editions of {ROWS_OF_ONE} rows, 1 % changed in each", "`executemany`"
)
GROWTH = Row("accepting the last ten of these editions", "the first ten after the first")
BULK = Row(
    f"storing a reading of {LONG:,} rows",
    "`executemany` of these rows into the same tables and indexes",
    Goal("at least 70 % of its speed", lambda ours, theirs: 0.7 * ours <= theirs),
)
ROWS = (BULK, SERIES, GROWTH)


def figures() -> list[Figure]:
    """Return what a long series costs to load, and its last editions against its first."""
    stored, written = bulk_timings()
    load, plain = costs(load_series, executemany_series)
    first, last = series_timings()
    return [
        BULK.figure(
            stored,
            written,
            "one transaction, search index and JSON in both; the peer is given the rows' keys and "
            "names, and hashes no content",
        ),
        SERIES.figure(load, plain, "ours with editions, changes, search and a commit an edition"),
        GROWTH.figure(
            last,
            first,
            "1 would be no growth; most of what is more SQLite takes for itself (see growth)",
        ),
    ]


def rows(count: int, changed: int = 0) -> list[Listing]:
    """Return a list in which the criteria of one row in a hundred say ``changed``."""
    row = Listing(
        jurisdiction="",
        field_office="Onhava",
        date_enacted="2017-02",
        date_enacted_text="February 2017",
        policy="County Ordinance 17-01",
        criteria=("Will not honor detainers without a warrant.",),
        position=1,
        evidence=(SheetSpot("Sheet1", 1),),
    )
    return [
        replace(
            row,
            jurisdiction=f"County {number}, Zembla",
            criteria=(f"Version {changed}.",) if number % 100 == changed % 100 else row.criteria,
            position=number,
            evidence=(SheetSpot("Sheet1", number),),
        )
        for number in range(1, count + 1)
    ]


def bulk_timings() -> tuple[Median, Median]:
    """Return the seconds of CPU that storing a long reading takes, and writing its rows alone."""
    listings = rows(LONG, 1)
    measured = [_bulk(listings) for _ in range(RUNS)]
    stored, written = zip(*measured, strict=True)
    return Median(stored, "s of CPU"), Median(written, "s of CPU")


def _bulk(listings: Sequence[Listing]) -> tuple[float, float]:
    reading = Reading(EditionClaim(), (Listing,), tuple(listings))
    moment, sha256 = "2025-01-01T00:00:00Z", "a" * 64
    with tempfile.TemporaryDirectory() as name:
        ours, plain = (open_database(Path(name) / f"{each}.db") for each in ("ours", "plain"))
        for db in (ours, plain):
            save_source(db, SOURCE)
            capture = Capture(
                SOURCE.id, "document", None, moment, "own", "document", document_sha256=sha256
            )
            record_capture(db, capture, Document(sha256, 1, None, None), None, moment)
        start = time.process_time()
        read_by = ReadBy(SOURCE.id, sha256, "table", "1")
        keep_reading(ours, read_by, reading, (), "accepted", moment)
        stored = time.process_time() - start
        given = {table: _held(ours, table) for table in ("readings", "jurisdiction_names")}
        known = ours.execute("SELECT row_key, name_id FROM listings ORDER BY id").fetchall()
        start = time.process_time()
        _write(plain, given, listings, known)
        written = time.process_time() - start
        if _held(plain, "listings") != _held(ours, "listings"):
            raise ValueError("the peer did not write the same rows")
        ours.close()
        plain.close()
    return stored, written


def _held(db: Database, table: str) -> list[tuple[object, ...]]:
    return db.execute(f"SELECT * FROM {table} ORDER BY id").fetchall()


def _write(
    db: Database,
    given: dict[str, list[tuple[object, ...]]],
    listings: Sequence[Listing],
    known: list[tuple[str, int]],
) -> None:
    """Write rows as a loader would that is made for this table alone and keeps no history.

    ``given`` are rows of other tables, ``known`` the key and the name's id of each listing.
    """
    encoded = json.JSONEncoder(ensure_ascii=False).encode
    columns = (
        "reading_id, position, evidence, jurisdiction, state, level, level_text, field_office, "
        "date_enacted, date_enacted_text, policy, criteria, other_columns, row_key, name_id"
    )

    def spot_as_mapping(spot: Spot) -> dict[str, object]:
        assert isinstance(spot, SheetSpot)
        return {"sheet": spot.sheet, "row": spot.row}

    with db.atomic():
        for table, values in given.items():
            marks = ", ".join("?" * len(values[0]))
            db.conn.executemany(f"INSERT INTO {table} VALUES ({marks})", values)
        marks = ", ".join("?" * 15)
        db.conn.executemany(
            f"INSERT INTO listings ({columns}) VALUES ({marks})",
            (
                (
                    1,
                    row.position,
                    encoded([spot_as_mapping(spot) for spot in row.evidence]),
                    row.jurisdiction,
                    row.state,
                    row.level,
                    row.level_text,
                    row.field_office,
                    row.date_enacted,
                    row.date_enacted_text,
                    row.policy,
                    encoded(row.criteria),
                    encoded(row.other_columns),
                    row_key,
                    name_id,
                )
                for row, (row_key, name_id) in zip(listings, known, strict=True)
            ),
        )
        db.execute("INSERT INTO listings_fts(listings_fts) VALUES ('rebuild')")


def load_series() -> None:
    """Load the whole series into a new database."""
    with tempfile.TemporaryDirectory() as folder:
        _load(Path(folder))


def series_timings() -> tuple[Median, Median]:
    """Return the seconds of CPU that ten early and the ten last editions took to accept."""
    first, last = [], []
    for _ in range(LOADS):
        with tempfile.TemporaryDirectory() as folder:
            seconds = _load(Path(folder))
        first.append(sum(seconds[1:11]))
        last.append(sum(seconds[-10:]))
    return Median(first, "s of CPU"), Median(last, "s of CPU")


def _load(folder: Path) -> list[float]:
    db = open_database(folder / "tracker.db")
    save_source(db, SOURCE)
    seconds = []
    for number in range(EDITIONS):
        moment = f"2025-{1 + number // 28:02}-{1 + number % 28:02}T00:00:00Z"
        sha256 = hashlib.sha256(moment.encode()).hexdigest()
        reading = Reading(EditionClaim(), (Listing,), tuple(rows(ROWS_OF_ONE, number)))
        capture = Capture(
            SOURCE.id, "document", None, moment, "own", "document", document_sha256=sha256
        )
        start = time.process_time()
        record_capture(db, capture, Document(sha256, 1, None, None), None, moment)
        store_reading(db, ReadBy(SOURCE.id, sha256, "table", "1"), reading, (), moment)
        seconds.append(time.process_time() - start)
    db.close()
    return seconds


def executemany_series() -> None:
    """Write as many rows of the same width into a table with as many indexes, and nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "plain.db")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(
            "CREATE TABLE listings (id INTEGER PRIMARY KEY, reading_id, position, evidence, "
            "jurisdiction, field_office, date_enacted, date_enacted_text, policy, criteria, key)"
        )
        for column in ("reading_id, position", "jurisdiction", "field_office", "key"):
            name = column.replace(", ", "_")
            connection.execute(f"CREATE INDEX by_{name} ON listings({column})")
        for number in range(EDITIONS):
            with connection:
                connection.executemany(
                    "INSERT INTO listings VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        (
                            number,
                            row.position,
                            '[{"sheet": "Sheet1", "row": 1}]',
                            row.jurisdiction,
                            row.field_office,
                            row.date_enacted,
                            row.date_enacted_text,
                            row.policy,
                            str(row.criteria),
                            row.row_key(),
                        )
                        for row in rows(ROWS_OF_ONE, number)
                    ),
                )
        connection.close()
