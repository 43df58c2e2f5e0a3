"""A correction marks the rows that it names, in whatever revision, and no other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from db.corrected import marks_of_reading, marks_of_readings, marks_of_row
from db.settings import save_individual_rows
from parsers.records import Record
from tests.db.corrections import (
    WRONG,
    correction,
    counts,
    declined_in,
    load_corrections,
    load_notice,
    load_report,
    marked,
    resolve_names,
    week,
)
from tests.db.history import LIST, REPORT, load, new_database


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return new_database(tmp_path)


def issued_to(*names: str) -> tuple[Record, ...]:
    return counts(*((name, 5) for name in names))


def first(names: set[str]) -> list[tuple[str, int]]:
    return [(name, 1) for name in sorted(names)]


def test_the_four_rows_of_the_notice_are_marked_and_nassau_is_not(db: Database) -> None:
    load_report(db)
    load_notice(db)
    resolve_names(db)
    assert marked(db) == first(WRONG)
    assert "Nassau, New York" not in dict(marked(db))


def test_the_order_of_loading_makes_no_difference(db: Database, tmp_path: Path) -> None:
    load_notice(db)
    load_report(db)
    resolve_names(db)
    other = new_database(tmp_path / "other")
    load_report(other)
    resolve_names(other)
    load_notice(other)
    resolve_names(other)
    assert marked(db) == marked(other) == first(WRONG)


def test_the_rows_stay_marked_in_the_old_revision_after_the_document_was_replaced(
    db: Database,
) -> None:
    load_report(db)
    load_report(db, without=frozenset(WRONG), day="29")
    load_notice(db)
    resolve_names(db)
    assert marked(db) == first(WRONG)


def test_a_row_that_still_stands_in_a_later_revision_is_marked_there_too(db: Database) -> None:
    load_report(db)
    load_report(db, without=frozenset({"Cook, Illinois"}), day="29")
    load_notice(db)
    resolve_names(db)
    assert marked(db) == [(name, revision) for revision in (1, 2) for name in sorted(WRONG)]


def test_a_county_of_that_name_in_another_state_or_week_is_not_marked(db: Database) -> None:
    load_report(db)
    load(db, REPORT, "2017-03-29T10:00:00Z", week(2, issued_to("Franklin, Iowa")))
    load(db, REPORT, "2017-04-06T10:00:00Z", week(1, issued_to("Franklin, Texas", "Nassau, Iowa")))
    load_notice(db)
    resolve_names(db)
    assert marked(db) == first(WRONG)


def test_without_a_resolved_name_only_the_same_printed_name_counts(db: Database) -> None:
    load_report(db)
    load(db, REPORT, "2017-03-29T10:00:00Z", week(1, issued_to("Franklin County, Iowa")))
    load_notice(db)
    assert marked(db) == [("Franklin County, Iowa", 2)]


def test_two_printed_names_alike_that_are_two_places_are_not_one(db: Database) -> None:
    """The notice has "Franklin County, Iowa"; the row of that print was decided to be another's."""
    load_report(db)
    load(db, REPORT, "2017-03-29T10:00:00Z", week(1, issued_to("Franklin County, Iowa")))
    load_notice(db)
    resolve_names(db)
    db.execute(
        """UPDATE jurisdiction_names SET jurisdiction_id = 'us/nv/county/clark'
        WHERE printed = 'Franklin County, Iowa' AND source_id = ?""",
        [REPORT.id],
    )
    assert ("Franklin County, Iowa", 2) not in marked(db)


def test_a_correction_without_a_table_or_of_another_source_marks_nothing(db: Database) -> None:
    load(db, REPORT, "2017-03-20T10:00:00Z", week(1, issued_to("Kinbote, Zembla")))
    load_corrections(db, correction("Kinbote, Zembla", None))
    assert marked(db) == []
    db.execute("UPDATE corrections SET table_name = 'detainer_counts'")
    assert marked(db) == [("Kinbote, Zembla", 1)]
    db.execute("UPDATE sources SET corrects = ? WHERE corrects IS NOT NULL", [LIST.id])
    assert marked(db) == []


def test_the_mark_names_publisher_page_and_window_and_says_it_once(db: Database) -> None:
    load_report(db)
    load_corrections(db)
    load_notice(db, "2017-04-12T08:30:00Z")
    load_notice(db, "2017-04-20T08:30:00Z")
    resolve_names(db)
    (said,) = db.execute(
        "SELECT correction FROM current_detainer_counts WHERE jurisdiction = 'Franklin, Iowa'"
    ).fetchone()
    assert said.startswith(
        "Zembla Ministry said in “Corrections”, between 2017-04-10 10:00 UTC and "
        "2017-04-12 08:30 UTC: Due to a data processing error, the Jan. 28"
    )
    assert said.count("Zembla Ministry") == 1


def test_a_correction_stays_said_after_its_page_says_something_else(db: Database) -> None:
    load_report(db)
    load_notice(db)
    load_corrections(db, replace(correction("Kinbote, Zembla"), position=2))
    resolve_names(db)
    assert marked(db) == first(WRONG)


def test_rows_about_individuals_and_the_counts_of_their_places_are_marked(db: Database) -> None:
    rows = (declined_in("Kinbote, Zembla", 1), declined_in("Onhava, Zembla", 2))
    load(db, REPORT, "2017-03-20T10:00:00Z", week(1, rows))
    load_corrections(db, correction("Kinbote, Zembla"))
    assert marked(db, "current_declined_detainers") == [("Kinbote, Zembla", 1)]
    assert marked(db, "current_declined_counts") == [("Kinbote, Zembla", 1)]
    assert [mark.text for mark in marks_of_row(db, "declined_detainers", 1)] == [
        "The rows of Kinbote, Zembla were wrong."
    ]
    assert marks_of_row(db, "declined_detainers", 2) == ()


@pytest.mark.parametrize(
    ("level", "rows", "marks"), [("full", 1, 1), ("counts", 0, 1), ("off", 0, 0)]
)
def test_marks_do_not_open_what_is_closed(db: Database, level: str, rows: int, marks: int) -> None:
    load(db, REPORT, "2017-03-20T10:00:00Z", week(1, (declined_in("Kinbote, Zembla", 1),)))
    load_corrections(db, correction("Kinbote, Zembla"))
    save_individual_rows(db, level)
    (reading_id,) = db.execute("SELECT reading_id FROM declined_detainers").fetchone()
    assert len(marks_of_reading(db, reading_id)) == rows
    assert len(marks_of_readings(db, [reading_id]).get("declined_detainers", ())) == marks
