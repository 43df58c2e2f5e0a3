"""When a source is due, by what came of the last attempts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from db.attempts import Tries, tries
from db.captures import Capture, record_capture, record_problem, start_run
from parsers.records import Problem
from sanctuary.clock import in_utc
from sanctuary.due import is_fetched, next_due
from sanctuary.sources import Source
from tests.db.history import LIST, listing, load, load_gone, new_database, reading

NOW = "2026-06-03T12:00:00Z"
PAGE = "http://127.0.0.1/list"


def watched(**keys: object) -> Source:
    entry = {
        "id": LIST.id,
        "title": "List of Zembla",
        "publisher": "Zembla Ministry",
        "address": PAGE,
        "parser": "table",
        "options": {"record": "listings", "columns": {"Jurisdiction": "jurisdiction"}},
        "editions": "content",
        # A cron expression, so that no offset stands between a test and its dates.
        "schedule": "0 0 * * 1",
        "why": "For tests.",
        **keys,
    }
    return Source.model_validate(entry)


def due(tried: Tries, now: str = NOW, **keys: object) -> str | None:
    date = next_due(watched(**keys), tried, datetime.fromisoformat(now))
    return in_utc(date) if date else None


def test_what_was_never_tried_is_due_at_once() -> None:
    assert due(Tries()) == NOW


def test_what_was_tried_is_due_at_the_next_date_even_if_that_was_missed() -> None:
    assert due(Tries("2026-06-03T10:00:00Z")) == "2026-06-08T00:00:00Z"
    assert due(Tries("2026-05-14T10:00:00Z")) == "2026-05-18T00:00:00Z"


@pytest.mark.parametrize(
    "keys", [{"lifecycle": "ended"}, {"lifecycle": "one-off"}, {"address": None}]
)
def test_what_is_over_or_only_imported_is_never_due(keys: dict[str, object]) -> None:
    assert due(Tries(), **keys) is None
    assert due(Tries("2026-05-14T10:00:00Z", first_gone="2026-05-14T10:00:00Z"), **keys) is None


def test_documents_with_an_address_by_date_need_none_of_their_own() -> None:
    dated = {
        "kind": "dated",
        "template": "http://127.0.0.1/{start:%Y-%m-%d}",
        "first": "2026-01-01",
    }
    assert is_fetched(watched(address=None, discover=dated))


@pytest.mark.parametrize(
    ("failures", "expected"),
    [(1, "11:00"), (2, "12:00"), (3, "14:00"), (4, "18:00")],
)
def test_after_a_failure_it_is_due_sooner_and_each_time_less_soon(
    failures: int, expected: str
) -> None:
    tried = Tries("2026-06-03T10:00:00Z", failures=failures)
    assert due(tried) == f"2026-06-03T{expected}:00Z"


def test_a_source_that_keeps_failing_is_tried_at_its_dates() -> None:
    assert due(Tries("2026-06-03T10:00:00Z", failures=50)) == "2026-06-08T00:00:00Z"
    often = due(Tries("2026-06-03T10:00:00Z", failures=1), schedule="*/5 * * * *")
    assert often == "2026-06-03T10:05:00Z"


def test_a_first_gone_makes_it_due_once_that_can_be_confirmed() -> None:
    tried = Tries("2026-06-03T10:00:00Z", first_gone="2026-06-03T10:00:00Z")
    assert due(tried) == "2026-06-03T13:00:00Z"
    assert due(tried, confirm_after="1h") == "2026-06-03T11:00:00Z"
    again = Tries("2026-06-03T11:00:00Z", first_gone="2026-06-03T10:00:00Z")
    assert due(again) == "2026-06-03T13:00:00Z"


def test_where_the_confirmation_failed_it_is_not_tried_every_minute() -> None:
    tried = Tries("2026-06-03T13:30:00Z", failures=1, first_gone="2026-06-03T10:00:00Z")
    assert due(tried, now="2026-06-03T13:31:00Z") == "2026-06-03T14:30:00Z"


def test_a_server_that_wants_to_be_left_alone_is_but_not_for_ever() -> None:
    last = "2026-06-03T10:00:00Z"
    later = Tries(last, failures=1, retry_after="2026-06-03T16:00:00Z")
    assert due(later) == "2026-06-03T16:00:00Z"
    sooner = Tries(last, failures=1, retry_after="2026-06-03T10:01:00Z")
    assert due(sooner) == "2026-06-03T11:00:00Z"
    for_ever = Tries(last, failures=1, retry_after="2099-01-01T00:00:00Z")
    assert due(for_ever) == "2026-06-10T10:00:00Z"


def test_an_attempt_in_the_future_makes_it_due_now() -> None:
    assert due(Tries("2029-06-03T10:00:00Z", retry_after="2029-06-04T10:00:00Z")) == NOW


# What the database knows of the last attempts.


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return new_database(tmp_path)


def attempt(
    db: Database, at: str, *answers: tuple[str, str], retry_after: str | None = None
) -> None:
    """Record a run whose captures have these roles and verdicts."""
    run_id = start_run(db, "run", "1", at)
    for role, verdict in answers:
        capture = Capture(LIST.id, role, PAGE, at, "own", verdict, retry_after=retry_after)
        record_capture(db, capture, None, run_id, at)


def known(db: Database, now: str = NOW) -> Tries:
    return tries(db, LIST, now)


def test_only_our_own_attempts_count(db: Database) -> None:
    load(db, LIST, "2026-06-01T10:00:00Z", reading([listing()]), address=PAGE)
    assert known(db) == Tries()
    attempt(db, "2026-06-02T10:00:00Z", ("document", "unchanged"))
    assert known(db) == Tries("2026-06-02T10:00:00Z")


def test_failures_in_a_row_are_counted_by_run(db: Database) -> None:
    attempt(db, "2026-06-01T10:00:00Z", ("document", "unchanged"))
    attempt(db, "2026-06-02T10:00:00Z", ("index", "document"), ("document", "blocked"))
    attempt(db, "2026-06-03T10:00:00Z", ("index", "document"))
    assert known(db).failures == 2
    attempt(db, "2026-06-03T11:00:00Z", ("document", "blocked"), ("document", "gone"))
    assert known(db).failures == 0


def test_a_retry_after_counts_for_the_last_attempt_only(db: Database) -> None:
    later = "2026-06-04T10:00:00Z"
    attempt(db, "2026-06-01T10:00:00Z", ("document", "blocked"), retry_after=later)
    assert known(db).retry_after == later
    attempt(db, "2026-06-02T10:00:00Z", ("document", "unchanged"))
    assert known(db).retry_after is None


def test_a_document_is_gone_for_the_first_time_until_it_is_confirmed_or_back(db: Database) -> None:
    load(db, LIST, "2026-06-01T10:00:00Z", reading([listing()]), address=PAGE)
    load_gone(db, LIST, "2026-06-02T10:00:00Z", PAGE)
    assert known(db).first_gone == "2026-06-02T10:00:00Z"
    load_gone(db, LIST, "2026-06-02T10:30:00Z", PAGE)
    assert known(db).first_gone == "2026-06-02T10:00:00Z"
    load_gone(db, LIST, "2026-06-02T13:00:00Z", PAGE)
    assert known(db).first_gone is None


def test_what_never_gave_a_document_is_not_gone(db: Database) -> None:
    attempt(db, "2026-06-02T10:00:00Z", ("document", "gone"))
    assert known(db).first_gone is None


def test_a_clock_that_was_ahead_neither_stops_a_source_nor_drives_it(db: Database) -> None:
    attempt(db, "2026-06-02T10:00:00Z", ("document", "unchanged"))
    attempt(db, "2029-01-01T00:00:00Z", ("document", "unchanged"))
    assert known(db) == Tries("2029-01-01T00:00:00Z")
    attempt(db, "2026-06-02T11:00:00Z", ("document", "unchanged"))
    assert known(db) == Tries("2026-06-02T11:00:00Z")


def test_a_run_that_broke_off_before_it_asked_is_a_failed_attempt(db: Database) -> None:
    start_run(db, "run", "1", "2026-06-02T10:00:00Z")
    problem = Problem("failed", "no such parser")
    record_problem(db, LIST.id, None, problem, "2026-06-02T10:00:01Z")
    assert known(db) == Tries("2026-06-02T10:00:01Z", failures=1)
