"""The quarter that a report speaks of: by two days, or as a quarter of a fiscal year."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from parsers.ddor.prose import sentences
from parsers.printed_dates import iso_day
from parsers.printed_period import Period, period_in
from parsers.records import PageSpot

_ISSUED = re.compile(r"\bdetainers\s+(?:(?:that|which)\s+)?(?:were\s+)?issued\b(?P<when>.*)", re.S)
_YEAR = re.compile(r"\b(?:fiscal\s+year|FY)(?:\s*\(FY\))?\s*(?P<year>[0-9]{4})\b", re.IGNORECASE)
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_QUARTER = re.compile(
    r"\b(?:Q|quarter\s+)(?P<number>[1-4])\b|\b(?P<ordinal>first|second|third|fourth)\s+quarter\b"
    r"|\b(?P<short>[1-4])(?:st|nd|rd|th)\s+quarter\b",
    re.IGNORECASE,
)
_TO = r"\s*(?:to|through|and|[-–—])\s*"
_ISO = re.compile(rf"\b(\d{{4}})-(\d\d-\d\d){_TO}(?:(\d{{4}})-)?(\d\d-\d\d)\b")
_US = re.compile(rf"\b(\d{{1,2}}/\d{{1,2}}/\d{{4}}){_TO}(\d{{1,2}}/\d{{1,2}}/\d{{4}})\b")


@dataclass(frozen=True)
class Statement:
    """A text that states the period of a report, and where it stands."""

    text: str
    period: Period
    spots: tuple[PageSpot, ...]


def named_period(text: str) -> Period | None:
    """Return the period that a title names by its days or as a fiscal quarter, or None."""
    return days_in(text) or fiscal_quarter(text)


def sentence_periods(
    prose: Iterable[tuple[str, tuple[PageSpot, ...]]],
) -> Iterator[Statement]:
    """Yield each period that a sentence on the detainers issued states by its days.

    A fiscal quarter in a sentence may be another than the report's: when the series began, say.
    """
    for text, spots in prose:
        for sentence in sentences(text):
            issued = _ISSUED.search(sentence)
            period = days_in(issued["when"]) if issued else None
            if period is not None:
                yield Statement(sentence, period, spots)


def agreed(stated: Iterable[Statement]) -> Period | None:
    """Return the period if all that state one state the same."""
    different = {each.period for each in stated}
    return different.pop() if len(different) == 1 else None


def days_in(text: str) -> Period | None:
    """Return the period from the first to the last of two days, None if there are not two.

    In ISO 8601 the last day may lack the year of the first. A last day before the first is none.
    """
    if (found := _ISO.search(text)) is not None:
        year, first, other_year, last = found.groups()
        days = iso_day(f"{year}-{first}"), iso_day(f"{other_year or year}-{last}")
    elif (found := _US.search(text)) is not None:
        days = iso_day(found[1]), iso_day(found[2])
    else:
        return period_in(text)
    start, end = days
    return Period(start, end) if start and end and start <= end else None


def fiscal_quarter(text: str) -> Period | None:
    """Return the days of the fiscal quarter that a text names, None if it names not just one.

    A fiscal year of the United States begins on 1 October of the year before (31 U.S.C. 1102). A
    year of two digits is not completed.
    """
    years = {found["year"] for found in _YEAR.finditer(text)}
    quarters = {
        int(found["number"] or found["short"] or _ORDINALS[found["ordinal"].lower()])
        for found in _QUARTER.finditer(text)
    }
    if len(years) != 1 or len(quarters) != 1:
        return None
    fiscal_year, quarter = int(years.pop()), quarters.pop()
    year = fiscal_year - 1 if quarter == 1 else fiscal_year
    first_month = 10 if quarter == 1 else 3 * quarter - 5
    last_month = first_month + 2
    last_day = monthrange(year, last_month)[1]
    return Period(f"{year}-{first_month:02}-01", f"{year}-{last_month:02}-{last_day}")
