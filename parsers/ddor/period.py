"""The period of a report: as its title states it, and as the titles of its sections do."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsers.ddor.sections import Outline, line_text
from parsers.printed_dates import DAY, iso_day


@dataclass(frozen=True)
class Period:
    """First and last day in ISO 8601."""

    start: str
    end: str


def stated_periods(outline: Outline) -> list[tuple[str, Period]]:
    """Return every period that the report states, with the text that states it."""
    texts = [line_text(outline.period) if outline.period else None]
    texts += [part.heading.text for part in outline.parts if part.heading]
    found = []
    for text in texts:
        period = period_in(text or "")
        if text and period is not None:
            found.append((text, period))
    return found


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
