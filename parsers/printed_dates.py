"""Dates as governments print them, kept as exact as they were printed."""

from __future__ import annotations

from datetime import datetime

_FORMS = (
    ("%Y", "%Y"),
    ("%B %Y", "%Y-%m"),
    ("%b %Y", "%Y-%m"),
    ("%Y-%m", "%Y-%m"),
    ("%B %d, %Y", "%Y-%m-%d"),
    ("%b %d, %Y", "%Y-%m-%d"),
    ("%Y-%m-%d", "%Y-%m-%d"),
)
"""What is printed, and the ISO 8601 form of it. Numbers alone, as ``Jul-14`` or ``5/8/17`` have
them, do not say which is the day."""


def iso_as_printed(text: str) -> str | None:
    """Return a printed date in ISO 8601 with no more parts than it has, or None.

    ``February 2017`` is ``2017-02``. The year has four digits; the month is a name in English, or
    the date is in ISO 8601 already.
    """
    for printed, iso in _FORMS:
        try:
            return datetime.strptime(text, printed).strftime(iso)
        except ValueError:
            continue
    return None
