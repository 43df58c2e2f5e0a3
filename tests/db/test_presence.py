"""How much a list named over time: what was seen, what turned in between, and what nobody saw."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from db.presence import Presence, Seen, presence, runs_before, stretches
from db.sources import save_source
from tests.db.history import LIST, agreement, listing, load, load_gone, new_database, reading

A, B = listing("Kinbote, Zembla"), listing("Shade, Zembla", position=2)
PAGE = "http://127.0.0.1/list"
NOW = "2025-07-01T00:00:00Z"


@pytest.fixture
def db(tmp_path: Path) -> Database:
    """A list whose states hold for two days between captures."""
    return new_database(tmp_path)


def day(number: int, hour: int = 10) -> str:
    return f"2025-06-{number:02}T{hour:02}:00:00Z"


def told(found: Presence) -> list[tuple[str, str, str, int | None]]:
    return [(each.seen, each.since[5:13], each.until[5:13], each.names) for each in found.stretches]


def test_two_captures_that_agree_are_one_time_in_which_the_list_was_seen(db: Database) -> None:
    load(db, LIST, day(1), reading([A, B]))
    load(db, LIST, day(2), reading([A, B]))
    assert told(presence(db, LIST.id, day(3))) == [("public", "06-01T10", "06-03T10", 2)]


def test_a_list_that_changed_did_so_in_between(db: Database) -> None:
    load(db, LIST, day(1), reading([A, B]))
    load(db, LIST, day(2), reading([A]))
    assert told(presence(db, LIST.id, day(2, 12))) == [
        ("public", "06-01T10", "06-01T10", 2),
        ("changed in between", "06-01T10", "06-02T10", None),
        ("public", "06-02T10", "06-02T12", 1),
    ]


def test_captures_too_far_apart_leave_a_gap_though_they_agree(db: Database) -> None:
    load(db, LIST, day(1), reading([A]))
    load(db, LIST, day(9), reading([A]))
    assert told(presence(db, LIST.id, day(10))) == [
        ("public", "06-01T10", "06-01T10", 1),
        ("not observed", "06-01T10", "06-09T10", None),
        ("public", "06-09T10", "06-10T10", 1),
    ]


def test_after_the_last_capture_a_list_is_observed_for_the_longest_gap_and_no_longer(
    db: Database,
) -> None:
    load(db, LIST, day(1), reading([A]))
    assert told(presence(db, LIST.id, day(9))) == [
        ("public", "06-01T10", "06-03T10", 1),
        ("not observed", "06-03T10", "06-09T10", None),
    ]


def test_a_list_that_was_taken_down_stays_so_however_long_nobody_looks(db: Database) -> None:
    load(db, LIST, day(1), reading([A]), address=PAGE)
    load_gone(db, LIST, day(2), PAGE)
    load_gone(db, LIST, day(2, 18), PAGE)
    assert told(presence(db, LIST.id, NOW)) == [
        ("public", "06-01T10", "06-01T10", 1),
        ("changed in between", "06-01T10", "06-02T10", None),
        ("withdrawn", "06-02T10", "07-01T00", None),
    ]


def test_one_failed_fetch_is_no_withdrawal(db: Database) -> None:
    load(db, LIST, day(1), reading([A]), address=PAGE)
    load_gone(db, LIST, day(2), PAGE)
    assert {seen for seen, *_ in told(presence(db, LIST.id, day(3)))} == {"public"}


def test_a_series_that_ended_has_ended_though_it_is_still_up(db: Database) -> None:
    save_source(db, replace(LIST, lifecycle="ended", ended_on="2025-06-02"))
    load(db, LIST, day(1), reading([A]))
    load(db, LIST, day(3), reading([A]))
    assert told(presence(db, LIST.id, day(4))) == [
        ("public", "06-01T10", "06-02T00", 1),
        ("ended", "06-02T00", "06-04T10", None),
    ]


def test_a_name_that_is_printed_twice_counts_once_and_agreements_count_each(db: Database) -> None:
    load(db, LIST, day(1), reading([A, replace(A, policy="Other Rule", position=2)]))
    assert presence(db, LIST.id, day(2)).stretches[0].names == 1
    other = replace(LIST, id="zembla-agreements")
    save_source(db, other)
    two = [agreement("Onhava Police"), agreement("Onhava Police", position=2, signed="2025-05-09")]
    load(db, other, day(1), reading(two))
    found = presence(db, other.id, day(2))
    assert (found.table, found.stretches[0].names) == ("agreements", 2)


def test_a_capture_of_a_day_to_come_says_nothing_yet(db: Database) -> None:
    load(db, LIST, day(5), reading([A]))
    found = presence(db, LIST.id, day(1))
    assert (found.stretches, found.last_seen) == ((), None)


@given(st.dictionaries(st.integers(1, 28), st.sampled_from("AB-"), min_size=1))
def test_every_moment_from_the_first_capture_to_now_lies_in_one_stretch(
    seen: dict[int, str],
) -> None:
    db = Database(memory=True)
    db.table("list_events").insert_all(
        {
            "capture_id": number,
            "source_id": LIST.id,
            "captured_at": day(number),
            "edition_id": {"A": 1, "B": 2}.get(what),
            "reading_id": 1,
        }
        for number, what in sorted(seen.items())
    )
    runs = runs_before(db, LIST, NOW)
    found = list(stretches(LIST, runs, {1: 2}, {1: "A", 2: "B"}, NOW))
    db.close()
    assert (found[0].since, found[-1].until) == (day(min(seen)), NOW)
    assert all(one.until == other.since for one, other in pairwise(found))
    longest = timedelta(seconds=LIST.max_gap_seconds)
    for each in found:
        since, until = map(datetime.fromisoformat, (each.since, each.until))
        looks = [seen[at] for at in seen if each.since <= day(at) <= each.until]
        if each.seen is Seen.PUBLIC:
            assert len(set(looks)) == 1
            assert until - since <= longest * len(looks)
        elif each.seen is Seen.TURNING:
            assert until - since <= longest
            assert len(set(looks)) == 2
        elif each.seen is Seen.WITHDRAWN:
            assert set(looks) == {"-"}
