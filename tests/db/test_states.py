"""The five states of a place on a list, by the day on the public clock; stories on three clocks."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlite_utils import Database

from db.readings import ReadBy, keep_reading
from db.replay import replace_readings, standing_reading
from db.sources import save_source
from db.states import State, standing_lists, states_on, windows_of
from parsers.records import Reading
from tests.db.history import (
    LIST,
    NOW,
    REPORT,
    listing,
    load,
    load_gone,
    new_database,
    reading,
)

KINBOTE, SHADE, GRADUS = "zz/kinbote", "zz/shade", "zz/gradus"
PLACES = {"Kinbote, Zembla": KINBOTE, "Shade, Zembla": SHADE, "Gradus, Zembla": GRADUS}
A, B = listing("Kinbote, Zembla"), listing("Shade, Zembla", position=2)
PAGE, MOVED = "http://127.0.0.1/list", "http://127.0.0.1/list-2"


@pytest.fixture
def db(tmp_path: Path) -> Database:
    """A list whose states hold for two days between captures."""
    db = new_database(tmp_path)
    for place in PLACES.values():
        row = {"id": place, "kind": "county", "name": place, "state": "ZZ", "authority": "test"}
        db.table("jurisdictions").insert(row)
    return db


def day(number: int, hour: int = 10) -> str:
    return f"2025-06-{number:02}T{hour:02}:00:00Z"


def resolve(db: Database) -> None:
    for printed, place in PLACES.items():
        db.execute(
            """UPDATE jurisdiction_names SET jurisdiction_id = ?, status = 'resolved'
            WHERE printed = ?""",
            [place, printed],
        )


def days(
    db: Database, place: str, known_on: str | None = None, source: str = LIST.id
) -> list[tuple[str, int | None, int | None]]:
    """Return the windows of a place by their days in June: None where they do not end."""
    resolve(db)
    return [
        (str(window.state), in_june(window.since), in_june(window.until))
        for window in windows_of(db, source, place, known_on)
    ]


def in_june(day: str | None) -> int | None:
    return None if day is None else (date.fromisoformat(day) - date(2025, 5, 31)).days


def read_anew(db: Database, name: str, what: Reading, now: str) -> None:
    """Let version 2 of the parser read the document that was loaded under this name."""
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    stands = standing_reading(db, LIST.id, sha256)
    assert stands is not None
    with db.atomic():
        by = ReadBy(LIST.id, sha256, LIST.parser, "2")
        replace_readings(
            db, LIST, {stands: keep_reading(db, by, what, (), "accepted", now).id}, now
        )


def test_before_the_first_capture_and_long_after_the_last_nothing_is_observed(db: Database) -> None:
    load(db, LIST, day(1), reading([A]))
    assert days(db, KINBOTE) == [
        ("not observed", None, 0),
        ("listed", 1, 3),
        ("not observed", 4, None),
    ]
    assert days(db, GRADUS)[1] == ("not listed", 1, 3)


def test_between_two_captures_that_agree_the_state_holds_up_to_max_gap(db: Database) -> None:
    for number in (1, 3, 6):
        load(db, LIST, day(number), reading([A]))
    assert days(db, KINBOTE)[1:] == [
        ("listed", 1, 3),
        ("not observed", 4, 5),
        ("listed", 6, 8),
        ("not observed", 9, None),
    ]


def test_between_two_that_differ_only_the_place_that_differs_is_not_observed(db: Database) -> None:
    load(db, LIST, day(1), reading([A]))
    load(db, LIST, day(3), reading([A, B]))
    assert days(db, KINBOTE)[1] == ("listed", 1, 5)
    assert days(db, SHADE)[1:4] == [
        ("not listed", 1, 1),
        ("not observed", 2, 2),
        ("listed", 3, 5),
    ]


def test_a_day_has_the_state_of_its_last_capture(db: Database) -> None:
    load(db, LIST, day(1, 8), reading([A]))
    load(db, LIST, day(1, 20), reading([B]))
    assert days(db, KINBOTE)[1] == ("not listed", 1, 3)


def test_the_days_up_to_a_change_are_judged_by_the_first_capture_of_its_day(db: Database) -> None:
    load(db, LIST, day(1), reading([A]))
    load(db, LIST, day(3, 8), reading([A]))
    load(db, LIST, day(3, 20), reading([B]))
    assert days(db, KINBOTE)[1:3] == [("listed", 1, 2), ("not listed", 3, 5)]


def test_a_list_that_was_taken_down_is_withdrawn_from_the_first_time_it_was_gone(
    db: Database,
) -> None:
    load(db, LIST, day(1), reading([A]), address=PAGE)
    load_gone(db, LIST, day(4), PAGE)
    assert days(db, KINBOTE)[1:] == [("listed", 1, 3), ("not observed", 4, None)]
    load_gone(db, LIST, day(5), PAGE)
    assert days(db, KINBOTE)[1:] == [
        ("listed", 1, 1),
        ("not observed", 2, 3),
        ("withdrawn", 4, None),
    ]
    assert days(db, GRADUS)[3] == ("withdrawn", 4, None)


def test_a_list_that_came_back_was_withdrawn_as_long_as_it_was_found_gone(db: Database) -> None:
    load(db, LIST, day(1), reading([A]), address=PAGE)
    for number in (2, 9):
        load_gone(db, LIST, day(number), PAGE)
    load(db, LIST, day(12), reading([A]), address=PAGE)
    assert days(db, KINBOTE)[1:5] == [
        ("listed", 1, 1),
        ("withdrawn", 2, 9),
        ("not observed", 10, 11),
        ("listed", 12, 14),
    ]


def test_a_list_that_moved_is_not_withdrawn(db: Database) -> None:
    load(db, LIST, day(1), reading([A]), address=PAGE)
    load(db, LIST, day(2), reading([A]), address=MOVED)
    for number in (3, 4):
        load_gone(db, LIST, day(number), PAGE)
    assert days(db, KINBOTE)[1] == ("listed", 1, 4)
    for number in (5, 6):
        load_gone(db, LIST, day(number), MOVED)
    assert days(db, KINBOTE)[-1] == ("withdrawn", 5, None)


def test_absence_from_a_list_known_in_part_says_nothing(db: Database) -> None:
    save_source(db, replace(LIST, partial=True))
    load(db, LIST, day(1), reading([A]))
    assert days(db, KINBOTE)[1] == ("listed", 1, 3)
    assert days(db, GRADUS) == [("not observed", None, None)]


def test_a_series_has_ended_from_the_day_its_publisher_said_so(db: Database) -> None:
    save_source(db, replace(LIST, lifecycle="ended", ended_on="2025-06-03"))
    for number in (1, 2, 3, 4):
        load(db, LIST, day(number), reading([A]))
    assert days(db, KINBOTE)[1:] == [("listed", 1, 2), ("ended", 3, None)]


def test_a_series_without_a_day_has_ended_when_its_last_capture_holds_no_more(
    db: Database,
) -> None:
    save_source(db, replace(LIST, lifecycle="ended"))
    assert days(db, KINBOTE) == [("not observed", None, None)]
    load(db, LIST, day(1), reading([A]))
    assert days(db, KINBOTE)[1:] == [("listed", 1, 3), ("ended", 4, None)]


def test_whoever_has_the_proof_a_capture_counts(db: Database) -> None:
    load(db, LIST, day(1), reading([A]))
    db.execute("UPDATE captures SET proof = 'archive'")
    assert days(db, KINBOTE)[1] == ("listed", 1, 3)


def test_a_name_that_is_not_resolved_lists_no_place_and_is_counted_beside_the_answer(
    db: Database,
) -> None:
    load(db, LIST, day(1), reading([A, listing("Gradus or Shade", position=2)]))
    resolve(db)
    db.execute(
        """UPDATE jurisdiction_names SET status = 'unresolved', candidates = ?
        WHERE printed = 'Gradus or Shade'""",
        [f'["{GRADUS}"]'],
    )
    gradus, shade, kinbote = (
        windows_of(db, LIST.id, place)[1] for place in (GRADUS, SHADE, KINBOTE)
    )
    assert (gradus.state, gradus.unresolved_names) == (State.NOT_LISTED, 1)
    assert (shade.state, shade.unresolved_names) == (State.NOT_LISTED, 0)
    assert (kinbote.state, kinbote.unresolved_names) == (State.LISTED, 0)


def test_each_report_replaces_the_one_before_it_though_that_is_still_up(db: Database) -> None:
    save_source(db, replace(REPORT, max_gap_seconds=14 * 24 * 3600))
    one, two = "http://127.0.0.1/1.pdf", "http://127.0.0.1/2.pdf"
    load(db, REPORT, day(1), reading([A], week=1), address=one)
    load(db, REPORT, day(8), reading([B], week=2), address=two)
    load(db, REPORT, day(9), reading([A], week=1), address=one)
    assert days(db, KINBOTE, source=REPORT.id)[1:4] == [
        ("listed", 1, 1),
        ("not observed", 2, 7),
        ("not listed", 8, 22),
    ]


def test_a_window_names_the_first_and_the_last_capture_in_it(db: Database) -> None:
    for number in (1, 2, 3):
        load(db, LIST, day(number), reading([A]))
    resolve(db)
    before, listed, _ = windows_of(db, LIST.id, KINBOTE)
    assert (before.first_capture_id, before.last_capture_id) == (None, None)
    assert (listed.first_capture_id, listed.last_capture_id) == (1, 3)


def test_what_all_lists_say_on_a_day(db: Database) -> None:
    load(db, LIST, day(1), reading([A]))
    load(db, LIST, day(2), reading([A, B]))
    load(db, REPORT, day(2), reading([B], week=1))
    resolve(db)
    assert standing_lists(db) == [LIST.id, REPORT.id]
    assert [
        (each.source_id, each.jurisdiction_id, str(each.state))
        for each in states_on(db, "2025-06-01")
    ] == [
        (LIST.id, KINBOTE, "listed"),
        (LIST.id, SHADE, "not listed"),
        (REPORT.id, SHADE, "not observed"),
    ]


def test_a_day_that_is_none_is_refused(db: Database) -> None:
    with pytest.raises(ValueError, match="June"):
        windows_of(db, LIST.id, KINBOTE, known_on="June")
    with pytest.raises(KeyError):
        windows_of(db, "unknown", KINBOTE)


# A corrected report: the public saw the correction on the 5th, and so did we.
def test_story_of_a_corrected_report(db: Database) -> None:
    save_source(db, replace(REPORT, max_gap_seconds=14 * 24 * 3600))
    where = "http://127.0.0.1/1.pdf"
    first = reading([A, B], week=1)
    load(db, REPORT, day(1), first, address=where, now="2025-06-01T11:00:00Z")
    corrected = reading([A], week=1)
    load(db, REPORT, day(5), corrected, address=where, now="2025-06-05T11:00:00Z")
    assert days(db, SHADE, source=REPORT.id)[1:4] == [
        ("listed", 1, 1),
        ("not observed", 2, 4),
        ("not listed", 5, 19),
    ]
    # On the 4th this database knew of no correction.
    assert days(db, SHADE, "2025-06-04", REPORT.id)[1] == ("listed", 1, 15)


# An old document that is found late: it was public on the 2nd, and known here only on the 20th.
def test_story_of_an_old_document_that_was_found_late(db: Database) -> None:
    load(db, LIST, day(1), reading([A]), now=day(1, 11))
    load(db, LIST, day(3), reading([A]), now=day(3, 11))
    load(db, LIST, day(2), reading([B]), now=day(20, 11))
    assert days(db, KINBOTE)[1:4] == [
        ("listed", 1, 1),
        ("not listed", 2, 2),
        ("listed", 3, 5),
    ]
    assert days(db, KINBOTE, "2025-06-19")[1] == ("listed", 1, 5)
    assert days(db, KINBOTE, "2025-06-20") == days(db, KINBOTE)


# A better parser: the world did not change, and what this database said before stays said.
def test_story_of_a_new_parser(db: Database) -> None:
    load(db, LIST, day(1), reading([A]), name="one", now=day(1, 11))
    read_anew(db, "one", reading([A, B]), day(10, 11))
    assert days(db, SHADE)[1] == ("listed", 1, 3)
    assert days(db, SHADE, "2025-06-09")[1] == ("not listed", 1, 3)
    kinds = {row[0] for row in db.execute("SELECT kind FROM changes WHERE superseded_at IS NULL")}
    assert kinds == {"published"}


# A withdrawal is known here when it is confirmed, and was public when the page was first gone.
def test_story_of_a_list_that_was_withdrawn_and_restored(db: Database) -> None:
    load(db, LIST, day(1), reading([A]), address=PAGE, now=day(1, 11))
    for number in (2, 3):
        load_gone(db, LIST, day(number), PAGE, now=day(number, 11))
    load(db, LIST, day(8), reading([A]), address=PAGE, now=day(8, 11))
    assert days(db, KINBOTE, "2025-06-02")[1] == ("listed", 1, 3)
    assert days(db, KINBOTE, "2025-06-03")[1:] == [("listed", 1, 1), ("withdrawn", 2, None)]
    assert days(db, KINBOTE)[1:5] == [
        ("listed", 1, 1),
        ("withdrawn", 2, 3),
        ("not observed", 4, 7),
        ("listed", 8, 10),
    ]


def test_nothing_was_known_before_anything_was_recorded(db: Database) -> None:
    load(db, LIST, day(1), reading([A]), now=NOW)
    assert days(db, KINBOTE, "2025-12-31") == [("not observed", None, None)]
