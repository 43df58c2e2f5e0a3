"""Dates as governments print them, kept as exact as they were printed."""

from __future__ import annotations

import re
from datetime import datetime

_MONTHS = (
    ("%Y", "%Y"),
    ("%B %Y", "%Y-%m"),
    ("%b %Y", "%Y-%m"),
    ("%Y-%m", "%Y-%m"),
)
_DAYS = (
    ("%B %d, %Y", "%Y-%m-%d"),
    ("%b %d, %Y", "%Y-%m-%d"),
    ("%Y-%m-%d", "%Y-%m-%d"),
)
"""What is printed, and the ISO 8601 form of it. Numbers alone, as ``Jul-14`` or ``5/8/17`` have
them, do not say which is the day."""
FIRST_YEAR = 1900
"""A year before it is a slip of the pen: ``0217``."""
_NUMBERS = re.compile(r"[0-9/\s]+")
_US_DAY = (("%m/%d/%Y", "%Y-%m-%d"),)

DAY = (
    r"(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+"
    r"(?P<day>[0-9]{1,2})(?:,?\s+(?P<year>[0-9]{4}))?"
)
"""A regular expression for a day that a sentence names; the year may be missing."""


def iso_as_printed(text: str) -> str | None:
    """Return a printed date in ISO 8601 with no more parts than it has, or None.

    ``February 2017`` is ``2017-02``. The year has four digits; the month is a name in English, or
    the date is in ISO 8601 already.
    """
    return _iso(text, (*_MONTHS, *_DAYS))


def iso_day(text: str) -> str | None:
    """Return a day that a United States agency prints in ISO 8601, or None.

    Beside the forms of ``iso_as_printed`` that name a whole day, ``5/8/2025`` is 8 May: the month
    comes first. One that lacks a separator (``05/082025``) or two digits of the year is not
    completed.
    """
    # A narrow column breaks even a number: 02/04/201 7.
    whole = "".join(text.split()) if _NUMBERS.fullmatch(text) else text
    return _iso(whole, (*_DAYS, *_US_DAY))


def _iso(text: str, forms: tuple[tuple[str, str], ...]) -> str | None:
    plain = re.sub(r"\bSept\b", "Sep", re.sub(r"(?<=[A-Za-z])\.", "", " ".join(text.split())))
    for printed, iso in forms:
        try:
            moment = datetime.strptime(plain, printed)
        except ValueError:
            continue
        return moment.strftime(iso) if moment.year >= FIRST_YEAR else None
    return None
