"""The dates of a schedule: spread, and in their own zone, over every oddity of the calendar."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanctuary.schedule import next_date, offset
from tests.sanctuary.commands import Commands

NEW_YORK = "America/New_York"


def dates(schedule: str, timezone: str, after: str, count: int) -> list[str]:
    """Return the next dates of the source ``zembla-list``, without its offset."""
    found = []
    moment = datetime.fromisoformat(after)
    moved = offset("zembla-list", schedule)
    for _ in range(count):
        date = next_date("zembla-list", schedule, timezone, moment)
        assert date > moment
        found.append((date - moved).strftime("%Y-%m-%d %H:%M"))
        moment = date
    return found


@pytest.mark.parametrize(
    ("schedule", "after", "expected"),
    [
        # 02:30 does not exist on March 8: right after the hour that is left out.
        (
            "30 2 * * *",
            "2026-03-06T12:00:00Z",
            ["2026-03-07 07:30", "2026-03-08 07:00", "2026-03-09 06:30"],
        ),
        # 01:30 exists twice on November 1: the first of them, and not the second.
        (
            "30 1 * * *",
            "2026-10-31T12:00:00Z",
            ["2026-11-01 05:30", "2026-11-02 06:30"],
        ),
        # Midnight stays midnight: a day of 23 hours, a day of 25.
        (
            "daily",
            "2026-03-07T12:00:00Z",
            ["2026-03-08 05:00", "2026-03-09 04:00"],
        ),
        (
            "daily",
            "2026-10-31T12:00:00Z",
            ["2026-11-01 04:00", "2026-11-02 05:00"],
        ),
        # Hourly is hourly, through the hour that comes twice as well.
        (
            "hourly",
            "2026-11-01T04:30:00Z",
            ["2026-11-01 05:00", "2026-11-01 06:00", "2026-11-01 07:00"],
        ),
        ("weekly", "2026-12-28T12:00:00Z", ["2027-01-04 05:00", "2027-01-11 05:00"]),
        ("daily", "2026-12-31T12:00:00Z", ["2027-01-01 05:00"]),
        ("0 0 29 2 *", "2026-12-31T12:00:00Z", ["2028-02-29 05:00", "2032-02-29 05:00"]),
        ("15 23 31 12 *", "2026-12-31T12:00:00Z", ["2027-01-01 04:15", "2028-01-01 04:15"]),
    ],
)
def test_dates_keep_to_the_calendar_of_their_zone(
    schedule: str, after: str, expected: list[str]
) -> None:
    assert dates(schedule, NEW_YORK, after, len(expected)) == expected


def test_an_attempt_within_the_second_of_two_equal_hours_is_not_followed_by_the_first() -> None:
    # 01:45 for the second time; the first 01:50 was an hour ago less five minutes.
    date = next_date("a", "50 1,2 * * *", NEW_YORK, datetime.fromisoformat("2026-11-01T06:45:00Z"))
    assert date.isoformat() == "2026-11-01T07:50:00+00:00"


@pytest.mark.parametrize(
    ("schedule", "share"), [("hourly", 600), ("daily", 3600), ("weekly", 6 * 3600)]
)
def test_sources_are_spread_and_each_keeps_its_place(schedule: str, share: int) -> None:
    offsets = [offset(f"source-{n}", schedule) for n in range(200)]
    assert offsets == [offset(f"source-{n}", schedule) for n in range(200)]
    assert len(set(offsets)) > 100
    assert all(timedelta(0) <= each < timedelta(seconds=share) for each in offsets)
    assert all(each.microseconds == 0 for each in offsets)


def test_a_cron_expression_is_kept_to_the_minute() -> None:
    assert offset("zembla-list", "30 9 * * 1-5") == timedelta(0)


@given(
    source_id=st.text("abc-", min_size=1, max_size=5),
    schedule=st.sampled_from(["hourly", "daily", "weekly", "30 1,2 * * *", "*/7 * * * *"]),
    timezone=st.sampled_from(["UTC", NEW_YORK, "Australia/Lord_Howe", "Asia/Kathmandu"]),
    seconds=st.integers(0, 3 * 366 * 86_400),
)
def test_the_next_date_is_later_and_no_interval_is_left_out(
    source_id: str, schedule: str, timezone: str, seconds: int
) -> None:
    after = datetime.fromisoformat("2026-01-01T00:00:00Z") + timedelta(seconds=seconds)
    date = next_date(source_id, schedule, timezone, after)
    longest = {"hourly": 1, "daily": 25, "weekly": 7 * 24 + 1, "30 1,2 * * *": 25}
    assert timedelta(0) < date - after <= timedelta(hours=longest.get(schedule, 1))


SOURCES = """
sources:
  - id: freedonia-list
    address: http://127.0.0.1/a
    schedule: "30 9 * * 1-5"
    timezone: America/New_York
    &rest
  - id: freedonia-ended
    address: http://127.0.0.1/b
    lifecycle: ended
    &rest
  - id: freedonia-imported
    address: null
    &rest
"""
REST = "title: T\n    publisher: P\n    parser: notices\n    editions: content\n    why: W"


def test_the_list_says_when_each_was_tried_and_is_due(sanctuary: Commands) -> None:
    sanctuary.sources_file.write_text(SOURCES.replace("&rest", REST))
    for words in (("schedule",), ("schedule", "list")):
        lines = sanctuary(*words).out.splitlines()
        assert [line.split() for line in lines[1:]] == [
            ["freedonia-list", "never", "now", "30", "9", "*", "*", "1-5", "America/New_York"],
            ["freedonia-ended", "never", "-", "ended"],
            ["freedonia-imported", "never", "-", "no", "address"],
        ]
    first, ended, imported = sanctuary("schedule", "list", "--json").data()
    assert (first["due"], first["last_tried"], first["fetched"]) == (True, None, True)
    assert (ended["due"], ended["next_due"]) == (False, None)
    assert (imported["due"], imported["fetched"]) == (False, False)
    assert not sanctuary.data_dir.exists()
