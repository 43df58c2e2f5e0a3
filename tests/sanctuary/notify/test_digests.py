"""Digests come on the clock of their zone, whatever the calendar does to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanctuary.notify.digests import told_at
from sanctuary.notify.settings import Day, NotifySettings, Rule

DAYS = get_args(Day)
ZONES = ("UTC", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia")
SETTINGS = NotifySettings(timezone="America/New_York")
A_DAY = timedelta(days=1)


def rule(**values: str) -> Rule:
    return Rule.model_validate({"name": "digest", "to": ["desk"], **values})


def due(rule: Rule, after: str) -> str:
    return told_at(rule, SETTINGS, datetime.fromisoformat(after)).isoformat()


@pytest.mark.parametrize(
    ("values", "after", "expected"),
    [
        ({"when": "daily"}, "2026-07-01T10:00:00+00:00", "2026-07-01T11:00:00+00:00"),
        ({"when": "daily"}, "2026-07-01T11:00:00+00:00", "2026-07-02T11:00:00+00:00"),
        ({"when": "daily", "timezone": "UTC"}, "2026-07-01T10:00:00+00:00",
         "2026-07-02T07:00:00+00:00"),
        # A Wednesday, and the Monday after it.
        ({"when": "weekly"}, "2026-07-01T10:00:00+00:00", "2026-07-06T11:00:00+00:00"),
        ({"when": "weekly", "day": "sunday"}, "2026-07-01T10:00:00+00:00",
         "2026-07-05T11:00:00+00:00"),
        # 02:30 does not exist on March 8, and 01:30 twice on November 1.
        ({"when": "daily", "at": "02:30"}, "2026-03-08T05:00:00+00:00",
         "2026-03-08T07:00:00+00:00"),
        ({"when": "daily", "at": "01:30"}, "2026-11-01T05:30:00+00:00",
         "2026-11-02T06:30:00+00:00"),
        ({}, "2026-07-01T10:00:00+00:00", "2026-07-01T10:00:00+00:00"),
    ],
)  # fmt: skip
def test_a_digest_is_due_in_its_own_zone(values: dict[str, str], after: str, expected: str) -> None:
    assert due(rule(**values), after) == expected


@given(
    st.datetimes(datetime(2010, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(ZONES),
    st.integers(0, 23),
    st.sampled_from((None, *DAYS)),
)
def test_it_comes_after_what_it_tells_and_once_a_day_or_week(
    after: datetime, zone: str, hour: int, day: str | None
) -> None:
    values = {"at": f"{hour:02}:30", "timezone": zone}
    values |= {"when": "weekly", "day": day} if day else {"when": "daily"}
    digest = rule(**values)
    first = told_at(digest, SETTINGS, after)
    second = told_at(digest, SETTINGS, first)
    every = 7 * A_DAY if day else A_DAY
    assert after < first
    # Samoa left out a whole day, and an hour may be left out or come twice.
    assert first - after <= every + timedelta(hours=26)
    assert timedelta() < second - first <= every + timedelta(hours=26)
    local = first.astimezone(ZoneInfo(zone))
    off = (local - local.replace(hour=hour, minute=30)) if local.hour >= hour else timedelta()
    assert off <= timedelta(hours=1)
    # What is told a moment before it is due is in it, too.
    assert told_at(digest, SETTINGS, first - timedelta(seconds=1)) == first
