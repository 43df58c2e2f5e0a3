"""What changed, between which two captures, and what becomes of it when a document comes late."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlite_utils import Database

from tests.db.history import (
    LIST,
    REPORT,
    changes,
    declined,
    listing,
    load,
    load_index,
    new_database,
    reading,
)

A, B, C = listing("A, Zembla"), listing("B, Zembla", position=2), listing("C, Zembla", position=3)


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return new_database(tmp_path)


def day(number: int) -> str:
    return f"2025-06-{number:02}T10:00:00Z"


def test_the_first_edition_is_published_not_a_row_added_for_each(db: Database) -> None:
    load(db, LIST, day(1), reading([A, B]))
    assert changes(db, "kind", "place", "observed_after", "observed_by") == [
        ("published", None, None, day(1))
    ]


def test_rows_come_and_go_between_two_captures(db: Database) -> None:
    load(db, LIST, day(1), reading([A, B]))
    load(db, LIST, day(2), reading([A, B]))
    load(db, LIST, day(5), reading([A, C]))
    assert changes(db, "kind", "place", "state", "observed_after", "observed_by")[1:] == [
        ("added", "C, Zembla", "Zembla", day(2), day(5)),
        ("removed", "B, Zembla", "Zembla", day(2), day(5)),
    ]


def test_a_row_that_comes_back_has_returned_and_both_events_stay(db: Database) -> None:
    for number, rows in ((1, [A, B]), (2, [A]), (3, [A, B])):
        load(db, LIST, day(number), reading(rows))
    assert changes(db, "kind", "place")[1:] == [
        ("removed", "B, Zembla"),
        ("returned", "B, Zembla"),
    ]


def test_a_change_names_the_fields_with_both_sides_and_their_evidence(db: Database) -> None:
    load(db, LIST, day(1), reading([listing(criteria=("No.",))]))
    load(db, LIST, day(2), reading([listing(criteria=("Yes.",), position=4)]))
    fields = db.execute(
        "SELECT field, before, after, evidence_before, evidence_after FROM change_fields"
    ).fetchall()
    assert fields == [
        (
            "criteria",
            '["No."]',
            '["Yes."]',
            '[{"page": 1, "bbox": [1.0, 3.0, 3.0, 5.0]}]',
            '[{"page": 1, "bbox": [1.0, 6.0, 3.0, 8.0]}]',
        )
    ]


def test_between_weeks_only_the_standing_table_has_rows_that_change(db: Database) -> None:
    load(db, REPORT, day(1), reading([A, declined("Jail One")], week=1))
    load(db, REPORT, day(2), reading([A, B, declined("Jail Two")], week=2))
    assert changes(db, "kind", "table_name", "place") == [
        ("published", None, None),
        ("added", "listings", "B, Zembla"),
        ("published", None, None),
    ]


def test_within_a_week_every_difference_is_a_correction(db: Database) -> None:
    load(db, REPORT, day(1), reading([A, B], week=1))
    load(db, REPORT, day(2), reading([A, C], week=1))
    assert changes(db, "kind", "place")[1:] == [
        ("corrected", "B, Zembla"),
        ("corrected", "C, Zembla"),
    ]


def test_rows_about_individuals_are_counted_never_named(db: Database) -> None:
    load(db, REPORT, day(1), reading([declined("Jail One"), declined("Jail Two")], week=1))
    load(db, REPORT, day(2), reading([declined("Jail One")], week=1))
    assert changes(db, "kind", "table_name", "place", "row_key")[1:] == [
        ("corrected", "declined_detainers", None, "2017-01-28..2017-02-03")
    ]
    assert db.execute("SELECT field, before, after FROM change_fields").fetchall() == [
        ("rows", "2", "1"),
        ("rows_removed", None, "1"),
    ]


def test_a_week_is_compared_with_the_revision_that_was_public_then(db: Database) -> None:
    load(db, REPORT, day(1), reading([A, B], week=1))
    load(db, REPORT, day(2), reading([A], week=2))
    load(db, REPORT, day(3), reading([A], week=1))
    assert ("removed", "B, Zembla") in changes(db, "kind", "place")


def test_the_index_page_without_a_link_bounds_when_a_report_was_published(db: Database) -> None:
    load_index(db, REPORT, day(1))
    with_link = load_index(db, REPORT, day(3))
    load(
        db,
        REPORT,
        "2025-06-03T10:00:02Z",
        reading([A], week=1),
        address="http://127.0.0.1/w1.pdf",
        found_in=with_link,
    )
    assert changes(db, "observed_after", "observed_by") == [(day(1), "2025-06-03T10:00:02Z")]


def test_a_late_document_closes_what_it_overtakes_and_writes_the_successors(db: Database) -> None:
    load(db, LIST, day(1), reading([A, B]))
    load(db, LIST, day(9), reading([A, C]))
    load(db, LIST, day(5), reading([A]), now="2026-02-02T00:00:00Z")
    assert changes(db, "kind", "place", "observed_after", "observed_by")[1:] == [
        ("removed", "B, Zembla", day(1), day(5)),
        ("added", "C, Zembla", day(5), day(9)),
    ]
    closed = db.execute(
        "SELECT kind, place, superseded_at FROM changes WHERE superseded_at IS NOT NULL"
    ).fetchall()
    assert closed == [
        ("added", "C, Zembla", "2026-02-02T00:00:00Z"),
        ("removed", "B, Zembla", "2026-02-02T00:00:00Z"),
    ]


def test_a_change_whose_window_narrows_keeps_its_public_id(db: Database) -> None:
    load(db, LIST, day(1), reading([A, B]))
    load(db, LIST, day(9), reading([A]))
    (before,) = db.execute("SELECT public_id FROM changes WHERE kind = 'removed'").fetchall()
    load(db, LIST, day(5), reading([A, B]))
    assert changes(db, "kind", "public_id", "observed_after")[1:] == [
        ("removed", before[0], day(5))
    ]


def test_a_late_document_bounds_all_that_was_first_seen_in_the_same_second(db: Database) -> None:
    for name in ("Kinbote, Zembla", "Shade, Zembla"):
        load(db, LIST, "2025-06-02T10:00:00Z", reading([listing(name)]))
    load(db, LIST, "2025-06-01T10:00:00Z", reading([listing("Onhava, Zembla")]))
    windows = {row for row in changes(db, "observed_after", "observed_by") if row[0]}
    assert windows == {("2025-06-01T10:00:00Z", "2025-06-02T10:00:00Z")}
    sql = "SELECT count(*) FROM changes WHERE observed_after IS NULL AND superseded_at IS NULL"
    assert db.execute(f"{sql} AND kind != 'published'").fetchone() == (0,)


def test_a_late_document_makes_an_added_row_a_returned_one(db: Database) -> None:
    load(db, LIST, day(2), reading([A]))
    load(db, LIST, day(3), reading([A, B]))
    load(db, LIST, day(1), reading([A, B]))
    assert changes(db, "kind", "place")[1:] == [
        ("removed", "B, Zembla"),
        ("returned", "B, Zembla"),
    ]


def test_loading_the_same_again_writes_no_change(db: Database) -> None:
    load(db, LIST, day(1), reading([A]))
    load(db, LIST, day(2), reading([A, B]))
    count = db.execute("SELECT count(*) FROM changes").fetchone()
    load(db, LIST, day(3), reading([A, B]))
    assert db.execute("SELECT count(*) FROM changes").fetchone() == count
