"""When a source is due: hourly, daily, weekly, or as a cron expression says."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice, pairwise

from cronsim import CronSim

_INTERVALS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
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
