"""The time, in the one form that the database knows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], str]


def utc_now() -> str:
    """Return the time as ISO 8601 in UTC, to the second: ``2025-06-01T15:16:00Z``."""
    return in_utc(datetime.now(UTC))


def in_utc(moment: datetime) -> str:
    """Return a moment in that form; without a zone it is taken to be UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    naive = aware.astimezone(UTC).replace(tzinfo=None)
    return f"{naive.isoformat(timespec='seconds')}Z"


def parse_moment(text: str) -> str:
    """Return a moment that a person typed (``2025-06-01T15:16``, with or without a zone).

    Raises ValueError for anything that is no ISO 8601.
    """
    try:
        return in_utc(datetime.fromisoformat(text.strip()))
    except OverflowError:
        raise ValueError(f"{text!r} is outside the calendar") from None
