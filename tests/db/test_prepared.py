"""What is prepared when a document is accepted is always what follows from the rest."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from sqlite_utils import Database

from db.captures import UNREAD, finish_run, start_run
from db.list_events import renew_list_events
from db.migrations import eleventh, twelfth
from db.reading_sizes import count_current_rows, renew_sizes
from db.withholding import Order, withhold_document, withhold_row
from parsers.records import RECORD_TYPES
from tests.db.history import LIST, REPORT, listing, load, new_database, reading
from tests.db.test_observations import SOURCES, Operation, at, do, operations, recorded

EVENTS = "SELECT capture_id, source_id, captured_at, day, edition_id, reading_id FROM"
WAITING = "SELECT capture_id, source_id FROM"
SIZES = "SELECT * FROM reading_sizes ORDER BY 1, 2"


def rows(db: Database, sql: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in db.execute(sql).fetchall()]


def as_a_view(db: Database) -> list[tuple[object, ...]]:
    """Return the events as the view told them that the table took the place of."""
    db.execute(eleventh._LIST_EVENTS.replace("VIEW list_events", "TEMP VIEW told"))
    found = rows(db, f"{EVENTS} told ORDER BY 1")
    db.execute("DROP VIEW told")
    return found


def renewed(db: Database) -> list[list[tuple[object, ...]]]:
    for source in SOURCES:
        renew_list_events(db, source.id)
    for (reading_id,) in rows(db, "SELECT id FROM readings"):
        assert isinstance(reading_id, int)
        renew_sizes(db, reading_id)
    return prepared(db)


def prepared(db: Database) -> list[list[tuple[object, ...]]]:
    return [rows(db, f"{EVENTS} list_events ORDER BY 1"), rows(db, SIZES)]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(operations)
@example([("load", 2, 0, 0, 1), ("load", 3, 2, 1, 1), ("load", 0, 2, 0, 1)])
@example([("load", 9, 2, 1, 1), ("load", 9, 0, 2, 1), ("load", 8, 0, 0, 1)])
@example([("load", 9, 1, 0, 0), ("unchanged", 2, 1, 0, 0), ("found out", 8, 1, 0, 0)])
def test_what_is_prepared_step_by_step_is_what_is_derived_at_once(done: list[Operation]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        db = new_database(Path(folder))
        for number, operation in enumerate(done):
            do(db, operation, recorded(number))
            assert prepared(db)[0] == as_a_view(db)
            assert rows(db, f"{WAITING} unread_captures ORDER BY 1") == rows(
                db, f"{UNREAD} ORDER BY 1"
            )
        kept = prepared(db)
        assert renewed(db) == kept
        db.conn.close()


@pytest.fixture
def db(tmp_path: Path) -> Database:
    db = new_database(tmp_path)
    both = reading((listing(), listing("Shade, Zembla", position=2)))
    load(db, LIST, at(1), both, name="both")
    load(db, LIST, at(30), reading((listing(),)), name="one")
    load(db, REPORT, at(2), reading((listing(),), week=1), name="week")
    return db


def test_a_view_of_current_rows_is_counted_without_its_rows(db: Database) -> None:
    for record in RECORD_TYPES:
        if not record.individual:
            (counted,) = rows(db, f"SELECT count(*) FROM current_{record.table}")
            assert counted == (count_current_rows(db, record),)
    assert count_current_rows(db, RECORD_TYPES[3]) == 4


def test_what_is_withheld_is_prepared_no_more(db: Database) -> None:
    order = Order("By order.", "vera")
    withhold_row(db, "listings", 2, order, recorded(3))
    assert rows(db, "SELECT rows, names FROM reading_sizes") == [(1, 1), (1, 1), (1, 1)]
    (sha256,) = rows(db, "SELECT document_sha256 FROM readings WHERE source_id = 'zembla-report'")[
        0
    ]
    withhold_document(db, str(sha256), order, recorded(4))
    assert rows(db, "SELECT DISTINCT source_id FROM list_events") == [("zembla-list",)]
    kept = prepared(db)
    assert renewed(db) == kept


def test_a_database_of_before_gets_what_is_prepared(db: Database) -> None:
    kept = prepared(db)
    for table in ("list_events", "reading_sizes"):
        db.execute(f"DROP TABLE {table}")
    for statement in twelfth._FOUND_BY:
        db.execute(f"DROP INDEX {statement.split()[2]}")
    db.execute(eleventh._LIST_EVENTS)
    twelfth.m012_prepared(db)
    assert prepared(db) == kept


def test_a_run_that_ends_leaves_counts_of_the_indexes_and_no_sample_of_a_value(
    db: Database,
) -> None:
    db.execute("ANALYZE")
    db.execute("CREATE TABLE samples (tbl, idx, neq, nlt, ndlt, sample)")
    db.execute("PRAGMA writable_schema = ON")
    db.execute(
        """UPDATE sqlite_schema SET name = 'sqlite_stat4', tbl_name = 'sqlite_stat4',
        sql = replace(sql, 'samples', 'sqlite_stat4') WHERE name = 'samples'"""
    )
    db.execute("PRAGMA writable_schema = RESET")
    finish_run(db, start_run(db, "run", "1", recorded(5)), {}, recorded(5))
    tables = "SELECT name FROM sqlite_schema WHERE name LIKE 'sqlite_stat%'"
    assert rows(db, tables) == [("sqlite_stat1",)]
    assert ("listings",) in rows(db, "SELECT tbl FROM sqlite_stat1")


def test_the_dates_of_claims_are_looked_up_in_the_newest_editions_alone(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    plan = " ".join(row[3] for row in db.execute("EXPLAIN QUERY PLAN SELECT * FROM claim_dates"))
    assert "SEARCH policy_sections USING INDEX policy_sections_reading" in plan
    assert "section_texts" not in plan
    for table in ("edition_readings", "readings", "policy_sections", "section_events"):
        assert f"SCAN {table}" not in plan
