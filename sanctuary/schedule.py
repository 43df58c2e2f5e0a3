"""The dates of a schedule: hourly, daily, weekly, or as a cron expression says.

Not every source comes at the full hour: hourly, daily and weekly ones are moved by an offset that
is made from their id and stays. A cron expression is the operator's own word, and is kept to the
minute. What falls into the hour that a change to summer time leaves out comes right after it, and
what falls into the hour that comes twice comes once, as Debian's cron has it.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from cronsim import CronSim

_INTERVALS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
}
_CRON = {"hourly": "0 * * * *", "daily": "0 0 * * *", "weekly": "0 0 * * 1"}
_SPREAD = {
    "hourly": timedelta(minutes=10),
    "daily": timedelta(hours=1),
    "weekly": timedelta(hours=6),
}
_FIRINGS = 400
"""Enough to see the longest gap of what comes at least daily, or on some days of each month."""


def longest_interval(schedule: str) -> timedelta:
    """Return the longest time between two dates of a schedule."""
    if schedule in _INTERVALS:
        return _INTERVALS[schedule]
    firings = islice(CronSim(schedule, datetime(2025, 1, 1)), _FIRINGS)
    return max(
        (later - earlier for earlier, later in pairwise(firings)), default=timedelta(days=366)
    )


def offset(source_id: str, schedule: str) -> timedelta:
    """Return by how much the dates of a source are moved: always the same, in whole seconds."""
    spread = _SPREAD.get(schedule)
    if spread is None:
        return timedelta(0)
    digest = hashlib.sha256(source_id.encode()).digest()
    return timedelta(seconds=int.from_bytes(digest[:8]) % int(spread.total_seconds()))


def next_date(source_id: str, schedule: str, timezone: str, after: datetime) -> datetime:
    """Return the first date of a source's schedule after the moment ``after``, in UTC.

    ``timezone`` is the zone in which the schedule is meant.
    """
    moved = offset(source_id, schedule)
    start = (after - moved).astimezone(ZoneInfo(timezone))
    # In the hour that comes twice the first firing can be one of an hour ago.
    firings = CronSim(_CRON.get(schedule, schedule), start)
    dates = (firing.astimezone(UTC) + moved for firing in firings)
    return next(date for date in dates if date > after)
