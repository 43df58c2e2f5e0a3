"""Dates as governments print them, kept as exact as they were printed."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_MONTH_NUMBERS = {
    name: number for number, month in enumerate(_MONTHS, 1) for name in (month, month[:3])
}
# What is printed. Numbers alone, as ``Jul-14`` or ``5/8/17`` have them, do not say which of them is
# the day.
_NAMED = re.compile(r"(?P<month>[A-Za-z]+) (?:(?P<day>[0-9]{1,2}), )?(?P<year>[0-9]{4})")
_ISO = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{1,2})(?:-(?P<day>[0-9]{1,2}| [1-9]))?)?")
_US_DAY = re.compile(r"(?P<month>[0-9]{1,2})/(?P<day>[0-9]{1,2})/(?P<year>[0-9]{4})")
FIRST_YEAR = 1900
"""A year before it is a slip of the pen: ``0217``."""
_STOP = re.compile(r"(?<=[A-Za-z])\.")
_SEPT = re.compile(r"\bSept\b")
_NUMBERS = re.compile(r"[0-9/\s]+")

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
    return _iso(_NAMED, text) or _iso(_ISO, text)


def iso_day(text: str) -> str | None:
    """Return a day that a United States agency prints in ISO 8601, or None.

    Beside the forms of ``iso_as_printed`` that name a whole day, ``5/8/2025`` is 8 May: the month
    comes first. One that lacks a separator (``05/082025``) or two digits of the year is not
    completed.
    """
    # A narrow column breaks even a number: 02/04/201 7.
    whole = "".join(text.split()) if _NUMBERS.fullmatch(text) else text
    iso = _iso(_NAMED, whole) or _iso(_ISO, whole) or _iso(_US_DAY, whole)
    return iso if iso is not None and len(iso) == len("2017-01-28") else None


def _iso(form: re.Pattern[str], text: str) -> str | None:
    plain = _SEPT.sub("Sep", _STOP.sub("", " ".join(text.split())))
    match = form.fullmatch(plain)
    if match is None:
        return None
    year, month, day = match["year"], match["month"], match["day"]
    number = _MONTH_NUMBERS.get(month.lower()) if form is _NAMED else int(month or 1)
    try:
        moment = date(int(year), number or 0, int(day or 1))
    except ValueError:
        return None
    if moment.year < FIRST_YEAR:
        return None
    return moment.isoformat()[: 10 if day else 7 if month else 4]
