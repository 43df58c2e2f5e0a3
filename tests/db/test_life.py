"""When a page counts as taken down, and as published again."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlite_utils import Database

from tests.db.history import LIST, changes, listing, load, load_gone, new_database, reading

PAGE = "http://127.0.0.1/list"
ROWS = reading([listing()])


@pytest.fixture
def db(tmp_path: Path) -> Database:
    db = new_database(tmp_path)
    load(db, LIST, "2025-05-29T10:00:00Z", ROWS, address=PAGE)
    return db


def life(db: Database) -> list[tuple[str, str, str]]:
    return changes(db, "kind", "observed_after", "observed_by")[1:]


def test_one_answer_that_it_is_gone_is_no_withdrawal(db: Database) -> None:
    load_gone(db, LIST, "2025-06-01T10:00:00Z", PAGE)
    assert life(db) == []


def test_two_answers_too_close_together_are_none(db: Database) -> None:
    load_gone(db, LIST, "2025-06-01T10:00:00Z", PAGE)
    load_gone(db, LIST, "2025-06-01T10:05:00Z", PAGE)
    assert life(db) == []


def test_gone_twice_hours_apart_is_withdrawn_by_the_first(db: Database) -> None:
    load_gone(db, LIST, "2025-06-01T10:00:00Z", PAGE)
    load_gone(db, LIST, "2025-06-01T14:00:00Z", PAGE)
    assert life(db) == [("withdrawn", "2025-05-29T10:00:00Z", "2025-06-01T10:00:00Z")]


def test_the_same_page_again_is_restored_and_the_same_edition(db: Database) -> None:
    load_gone(db, LIST, "2025-06-01T10:00:00Z", PAGE)
    load_gone(db, LIST, "2025-06-02T10:00:00Z", PAGE)
    load(db, LIST, "2025-06-03T10:00:00Z", ROWS, address=PAGE)
    assert life(db) == [
        ("withdrawn", "2025-05-29T10:00:00Z", "2025-06-01T10:00:00Z"),
        ("restored", "2025-06-02T10:00:00Z", "2025-06-03T10:00:00Z"),
    ]
    assert db.execute("SELECT count(*) FROM editions").fetchone()[0] == 1


def test_an_address_that_never_gave_a_document_is_not_withdrawn(db: Database) -> None:
    for hour in (10, 20):
        load_gone(db, LIST, f"2025-06-01T{hour}:00:00Z", "http://127.0.0.1/never")
    assert life(db) == []


def test_a_withdrawn_list_does_not_stand_any_more_and_stands_again_when_restored(
    db: Database,
) -> None:
    def standing() -> int:
        return int(db.execute("SELECT count(*) FROM standing_listings").fetchone()[0])

    assert standing() == 1
    load_gone(db, LIST, "2025-06-01T10:00:00Z", PAGE)
    load_gone(db, LIST, "2025-06-02T10:00:00Z", PAGE)
    assert standing() == 0
    load(db, LIST, "2025-06-03T10:00:00Z", ROWS, address=PAGE)
    assert standing() == 1
