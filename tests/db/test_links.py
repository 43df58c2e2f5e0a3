"""A link that a page has no more is noticed, once."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlite_utils import Database

from db.links import GoneLink, note_links
from tests.db.history import REPORT, load_index, new_database

ONE, TWO = "http://127.0.0.1/reports/1.pdf", "http://127.0.0.1/reports/2.pdf"


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return new_database(tmp_path)


def page(db: Database, captured_at: str, *links: str) -> list[GoneLink]:
    return note_links(db, REPORT.id, load_index(db, REPORT, captured_at), links)


def test_the_first_page_has_lost_nothing(db: Database) -> None:
    assert page(db, "2025-06-01T10:00:00Z", ONE, TWO) == []


def test_a_link_that_is_there_no_more_is_told_with_when_it_was_last_there(db: Database) -> None:
    page(db, "2025-06-01T10:00:00Z", ONE, TWO)
    assert page(db, "2025-06-02T10:00:00Z", TWO) == [GoneLink(ONE, "2025-06-01T10:00:00Z")]


def test_it_is_told_once(db: Database) -> None:
    page(db, "2025-06-01T10:00:00Z", ONE, TWO)
    page(db, "2025-06-02T10:00:00Z", TWO)
    assert page(db, "2025-06-03T10:00:00Z", TWO) == []


def test_a_link_that_came_back_can_be_lost_again(db: Database) -> None:
    page(db, "2025-06-01T10:00:00Z", ONE)
    page(db, "2025-06-02T10:00:00Z", TWO)
    page(db, "2025-06-03T10:00:00Z", ONE, TWO)
    assert page(db, "2025-06-04T10:00:00Z", TWO) == [GoneLink(ONE, "2025-06-03T10:00:00Z")]


def test_a_page_whose_links_were_never_noted_hides_nothing(db: Database) -> None:
    page(db, "2025-06-01T10:00:00Z", ONE, TWO)
    load_index(db, REPORT, "2025-06-02T10:00:00Z")
    assert page(db, "2025-06-03T10:00:00Z", TWO) == [GoneLink(ONE, "2025-06-01T10:00:00Z")]


def test_since_when_a_link_is_there_is_kept(db: Database) -> None:
    page(db, "2025-06-01T10:00:00Z", ONE)
    page(db, "2025-06-02T10:00:00Z", ONE)
    rows = db.execute("SELECT first_capture_id, last_capture_id FROM links").fetchall()
    assert rows == [(1, 2)]
