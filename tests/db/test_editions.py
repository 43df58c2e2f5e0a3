"""Which edition a capture shows, and how editions are numbered."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlite_utils import Database

from tests.db.history import LIST, REPORT, editions, listing, load, new_database, reading

A = reading([listing("A, Zembla")])
B = reading([listing("B, Zembla")])
A1, B1 = (
    reading([listing("A, Zembla")], week=1),
    reading([listing("B, Zembla")], week=1),
)


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return new_database(tmp_path)


def test_the_same_content_later_is_one_edition_seen_twice(db: Database) -> None:
    load(db, LIST, "2025-06-01T10:00:00Z", A)
    load(db, LIST, "2025-06-02T10:00:00Z", A)
    assert editions(db, LIST) == [(None, 1, "2025-06-01T10:00:00Z", "2025-06-02T10:00:00Z")]


def test_other_bytes_with_the_same_rows_in_another_order_are_no_new_edition(db: Database) -> None:
    two = [listing("A, Zembla"), listing("B, Zembla", position=2)]
    turned = [listing("B, Zembla"), listing("A, Zembla", position=2)]
    load(db, LIST, "2025-06-01T10:00:00Z", reading(two), name="first file")
    load(db, LIST, "2025-06-02T10:00:00Z", reading(turned), name="second file")
    assert len(editions(db, LIST)) == 1


def test_a_list_that_goes_back_has_three_editions_and_one_reading_serves_two(db: Database) -> None:
    for day, what in ((1, A), (2, B), (3, A)):
        load(db, LIST, f"2025-06-0{day}T10:00:00Z", what)
    assert [row[1] for row in editions(db, LIST)] == [1, 2, 3]
    assert db.execute("SELECT count(*) FROM readings").fetchone()[0] == 2
    assert db.execute("SELECT count(DISTINCT reading_id) FROM edition_readings").fetchone()[0] == 2


def test_a_second_document_for_a_period_is_a_revision_of_it(db: Database) -> None:
    load(db, REPORT, "2017-03-20T10:00:00Z", A1)
    load(db, REPORT, "2017-03-29T10:00:00Z", reading([listing("C, Zembla")], week=2))
    load(db, REPORT, "2017-04-10T10:00:00Z", B1)
    assert [row[:2] for row in editions(db, REPORT)] == [
        ("2017-01-28", 1),
        ("2017-01-28", 2),
        ("2017-02-04", 1),
    ]


def test_revisions_follow_the_order_of_publication_not_of_loading(db: Database) -> None:
    load(db, REPORT, "2017-04-10T10:00:00Z", B1)
    load(db, REPORT, "2017-03-20T10:00:00Z", A1)
    first = db.execute("SELECT jurisdiction FROM current_listings WHERE revision = 1").fetchone()
    assert first == ("A, Zembla",)


def test_a_late_document_between_two_equal_ones_splits_their_edition(db: Database) -> None:
    load(db, LIST, "2025-06-01T10:00:00Z", A)
    load(db, LIST, "2025-06-03T10:00:00Z", A)
    load(db, LIST, "2025-06-02T10:00:00Z", B)
    assert [row[1:] for row in editions(db, LIST)] == [
        (1, "2025-06-01T10:00:00Z", "2025-06-01T10:00:00Z"),
        (2, "2025-06-02T10:00:00Z", "2025-06-02T10:00:00Z"),
        (3, "2025-06-03T10:00:00Z", "2025-06-03T10:00:00Z"),
    ]


def test_the_old_file_beside_the_corrected_one_is_no_third_revision(db: Database) -> None:
    for day in (1, 2):
        load(db, REPORT, f"2017-04-0{day}T10:00:00Z", A1, address="http://127.0.0.1/old.pdf")
        load(db, REPORT, f"2017-04-0{day}T10:00:05Z", B1, address="http://127.0.0.1/new.pdf")
    assert [row[1:] for row in editions(db, REPORT)] == [
        (1, "2017-04-01T10:00:00Z", "2017-04-02T10:00:00Z"),
        (2, "2017-04-01T10:00:05Z", "2017-04-02T10:00:05Z"),
    ]


def test_a_copy_of_an_old_revision_that_turns_up_elsewhere_is_a_sighting_of_it(
    db: Database,
) -> None:
    load(db, REPORT, "2017-04-01T10:00:00Z", A1, address="http://127.0.0.1/r.pdf")
    load(db, REPORT, "2017-04-02T10:00:00Z", B1, address="http://127.0.0.1/r.pdf")
    load(db, REPORT, "2017-04-03T10:00:00Z", A1, address="http://127.0.0.1/mirror.pdf")
    assert len(editions(db, REPORT)) == 2


def test_an_address_that_goes_back_to_the_old_file_makes_a_third_revision(db: Database) -> None:
    for day, what in ((1, A1), (2, B1), (3, A1)):
        load(db, REPORT, f"2017-04-0{day}T10:00:00Z", what, address="http://127.0.0.1/r.pdf")
    assert [row[1] for row in editions(db, REPORT)] == [1, 2, 3]


def test_what_an_edition_showed_is_closed_not_overwritten(db: Database) -> None:
    again = reading([listing("A, Zembla", position=9)])
    load(db, LIST, "2025-06-02T10:00:00Z", A, name="late file", now="2026-01-01T00:00:00Z")
    load(db, LIST, "2025-06-01T10:00:00Z", again, name="early file", now="2026-01-02T00:00:00Z")
    shown = db.execute(
        """SELECT cause, recorded_at, superseded_at FROM edition_readings ORDER BY id"""
    ).fetchall()
    assert shown == [
        ("first", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"),
        ("first", "2026-01-02T00:00:00Z", None),
    ]
