"""The period that a text names by its first and its last day."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsers.printed_dates import DAY, iso_day


@dataclass(frozen=True)
class Period:
    """First and last day in ISO 8601."""

    start: str
    end: str


def period_in(text: str) -> Period | None:
    """Return the period that a text names by two days, None if it names none.

    A first day without a year is of the year of the second. If it would lie after it then, the
    week crosses the turn of a year, and which years are meant is not guessed.
    """
    days = list(re.finditer(DAY, text))
    if len(days) != 2:
        return None
    first, last = days
    start, end = _iso(first, first["year"] or last["year"]), _iso(last, last["year"])
    if start is None or end is None or start > end:
        return None
    return Period(start, end)


def _iso(day: re.Match[str], year: str | None) -> str | None:
    return iso_day(f"{day['month']} {day['day']}, {year}") if year else None
