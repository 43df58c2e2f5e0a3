"""How a source stands: red is only what a person should see to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from db.captures import Capture, finish_run, record_capture, record_problem, start_run
from db.readings import Decision, ReadBy, reject, store_failure, store_reading
from db.sources import save_source
from db.standing import SourceStanding, standings
from parsers.records import Check, Problem
from tests.db.history import (
    LIST,
    NOW,
    REPORT,
    changes,
    listing,
    load,
    load_gone,
    new_database,
    reading,
)

PAGE = "http://127.0.0.1/list"
FAILED = (Check("enough_rows", False, True, "no row where 30 are expected"),)


@pytest.fixture
def db(tmp_path: Path) -> Database:
    db = new_database(tmp_path)
    load(db, LIST, "2025-06-01T10:00:00Z", reading([listing()]), address=PAGE)
    return db


def standing(db: Database) -> SourceStanding:
    return {each.source_id: each for each in standings(db, NOW)}[LIST.id]


def attempt(db: Database, verdict: str, at: str, role: str = "document") -> int:
    """Record a run with one capture that brought no document; return the capture's id."""
    run_id = start_run(db, "run", "1", at)
    capture = Capture(LIST.id, role, PAGE, at, "own", verdict, reason="as the server says")
    capture_id = record_capture(db, capture, None, run_id, at)
    finish_run(db, run_id, {}, at)
    return capture_id


def test_an_import_is_seen_but_was_not_tried(db: Database) -> None:
    assert standing(db).last_seen == "2025-06-01T10:00:00Z"
    assert standing(db).last_tried is None
    assert standing(db).last_failure is None
    assert (standing(db).editions, standing(db).changes) == (1, 1)


def test_the_last_attempt_counts_not_those_before(db: Database) -> None:
    attempt(db, "blocked", "2025-06-02T10:00:00Z")
    assert standing(db).last_failure == f"{PAGE}: blocked: as the server says"
    attempt(db, "unchanged", "2025-06-03T10:00:00Z")
    assert standing(db).last_failure is None
    assert standing(db).last_tried == "2025-06-03T10:00:00Z"


def test_what_we_found_wrong_with_the_page_counts_until_the_next_run(db: Database) -> None:
    capture_id = attempt(db, "document", "2025-06-02T10:00:00Z", role="index")
    problem = Problem("no_links", "no link answers to the pattern")
    record_problem(db, LIST.id, capture_id, problem, "2025-06-02T10:00:01Z")
    assert standing(db).last_failure == "no link answers to the pattern"
    attempt(db, "document", "2025-06-03T10:00:00Z", role="index")
    assert standing(db).last_failure is None


def test_a_page_that_is_gone_is_no_failure_but_is_told(db: Database) -> None:
    load_gone(db, LIST, "2025-06-02T10:00:00Z", PAGE)
    assert (standing(db).gone, standing(db).taken_down) == (True, False)
    load_gone(db, LIST, "2025-06-03T10:00:00Z", PAGE)
    assert (standing(db).gone, standing(db).taken_down) == (True, True)
    assert standing(db).last_failure is None
    load(db, LIST, "2025-06-04T10:00:00Z", reading([listing()]), address=PAGE)
    assert (standing(db).gone, standing(db).taken_down) == (False, False)


def test_a_series_that_ended_is_not_taken_down(db: Database) -> None:
    save_source(db, replace(LIST, lifecycle="ended"))
    for day in (2, 3):
        load_gone(db, LIST, f"2025-06-0{day}T10:00:00Z", PAGE)
    assert ("withdrawn",) in changes(db, "kind")
    assert not standing(db).taken_down


def test_problems_are_those_of_the_newest_edition(db: Database) -> None:
    noted = replace(
        reading([listing("B, Zembla")]), problems=(Problem("no_date", "odd"), Problem("x", "y"))
    )
    load(db, LIST, "2025-06-02T10:00:00Z", noted)
    assert standing(db).problems == 2
    load(db, LIST, "2025-06-03T10:00:00Z", reading([listing("C, Zembla")]))
    assert standing(db).problems == 0


def test_what_is_held_is_counted_and_says_why(db: Database) -> None:
    held = load(db, LIST, "2025-06-05T10:00:00Z", reading([], checks=FAILED))
    assert [(each.id, each.reasons) for each in standing(db).held] == [
        (held.id, ("no row where 30 are expected",))
    ]


def test_a_document_that_a_newer_parser_reads_is_undecided_no_more(db: Database) -> None:
    held = load(db, LIST, "2025-06-05T10:00:00Z", reading([], checks=FAILED), name="a file")
    newer = ReadBy(LIST.id, held.document_sha256, LIST.parser, "2")
    accepted = store_reading(db, newer, reading([listing("B, Zembla")]), (), NOW)
    assert accepted.status == "accepted"
    assert standing(db).held == ()


def test_an_unreadable_document_is_told_until_a_person_settles_it(db: Database) -> None:
    other = load(db, REPORT, "2025-06-05T10:00:00Z", reading([listing()], week=1))
    read_by = ReadBy(LIST.id, other.document_sha256, LIST.parser, "1")
    failed = store_failure(db, read_by, Problem("unreadable", "page 3: broken"), NOW)
    assert [(each.id, each.reasons) for each in standing(db).unreadable] == [
        (failed.id, ("page 3: broken",))
    ]
    reject(db, failed, Decision("vera", "a broken upload"), NOW)
    assert standing(db).unreadable == ()
