"""Addresses with a date in them: which documents of a series can be expected, and where.

A series has one document for a week, month or year, counted from its first period on, and a
template from which the address of each is made.
"""

from __future__ import annotations

import hashlib
import re
import string
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, count, islice, takewhile, zip_longest
from typing import Literal, TypeAlias

from dateutil.relativedelta import relativedelta

Every: TypeAlias = Literal["week", "month", "year"]

_STEPS: dict[Every, relativedelta] = {
    "week": relativedelta(days=7),
    "month": relativedelta(months=1),
    "year": relativedelta(years=1),
}
_CODE = re.compile(r"%(-(?=[ymdjVUW]))?([YymdjBbGVUW])")
_CODES = "%Y %y %m %d %j %B %b %U %W, %G and %V (ISO year and week), and %-m to leave out a zero"
_HOST = re.compile(r"https?://[^/\s\\@{}?#]+/")
_COMPARED: dict[Every, int] = {"week": 28 * 366 // 7, "month": 24, "year": 28}
"""Periods of which no two may have one address. After 28 years a calendar is the same again."""


@dataclass(frozen=True)
class Probe:
    """An address to ask for, and the period that its document would be of."""

    address: str
    start: date
    end: date
    """The last day of the period."""


def check_template(template: str, every: Every, first: date) -> None:
    """Raise ValueError, saying what is allowed, if no series of addresses can be made.

    A template is an http or https address in which ``{start:%Y-%m-%d}`` and ``{end:…}`` stand for
    the first and last day of a period, written by codes of strftime; ``{{`` is a brace. Nothing
    else may stand in braces: a template is a setting, and must not reach into the program.
    """
    if not _HOST.match(template):
        raise ValueError("allowed: an http or https address with the date after its host")
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError as error:
        raise ValueError(f"allowed in braces: start and end ({error})") from None
    for _, field, codes, conversion in parts:
        if field is None:
            continue
        if field not in ("start", "end") or conversion is not None:
            raise ValueError(f"allowed in braces: start and end; it says {field!r}")
        rest = _CODE.sub("", codes or "")
        if not codes or "%" in rest or "{" in rest:
            raise ValueError(f"allowed after {field}: {_CODES}; it says {codes!r}")
    seen: dict[str, Probe] = {}
    for probe in islice(_periods(template, every, first), _COMPARED[every]):
        other = seen.setdefault(probe.address, probe)
        if other is not probe:
            raise ValueError(
                f"the {every}s from {other.start} and from {probe.start} would have one address, "
                f"{probe.address}; the template needs more of the date (with %V the ISO year, %G)"
            )


def expected(
    template: str,
    every: Every,
    first: date,
    found: Collection[str],
    today: date,
    ahead: int,
    at_most: int,
) -> list[Probe]:
    """Return which addresses of a series to ask for next, at most ``at_most`` of them.

    ``template`` is one that ``check_template`` lets pass. ``first`` is the first day of the first
    period; every other one begins a whole number of weeks, months or years later (on the last day
    of a month that has no such day). ``found`` are the addresses that have given a document.
    Periods count up to the one of ``today`` and ``ahead`` more.

    Half of the places are for periods after the newest that was found: from both ends in turn, for
    a series may go on where it left off or where it is now. The other half go to the rest of them
    and to gaps before the newest, drawn by lot for each address and day, so that none is asked for
    every day and none never. Places that one half leaves free go to the other, and a single
    place is of the first half.
    """
    known = list(takewhile(lambda p: p.start <= today, _periods(template, every, first)))
    known += islice(_periods(template, every, first), len(known), len(known) + ahead)
    newest = max((n for n, probe in enumerate(known) if probe.address in found), default=-1)
    after = known[newest + 1 :]
    gaps = [probe for probe in known[: newest + 1] if probe.address not in found]
    near = list(_from_both_ends(after))
    half = at_most - at_most // 2
    drawn = sorted([*near[half:], *gaps], key=lambda probe: _lot(probe, today))
    return [*near[:half], *drawn][:at_most]


def _periods(template: str, every: Every, first: date) -> Iterator[Probe]:
    """Yield the periods of a series, up to the last year that a date can have."""
    for number in count():
        try:
            start = first + number * _STEPS[every]
            end = first + (number + 1) * _STEPS[every] - timedelta(days=1)
        except (OverflowError, ValueError):
            return
        yield Probe(_address(template, start, end), start, end)


def _address(template: str, start: date, end: date) -> str:
    days = {"start": start, "end": end}
    return "".join(
        literal + (_written(days[field], codes or "") if field else "")
        for literal, field, codes, _ in string.Formatter().parse(template)
    )


def _written(day: date, codes: str) -> str:
    def one(code: re.Match[str]) -> str:
        text = day.strftime(f"%{code[2]}")
        return text.lstrip("0") or "0" if code[1] else text

    return _CODE.sub(one, codes)


def _from_both_ends(probes: list[Probe]) -> Iterator[Probe]:
    half = (len(probes) + 1) // 2
    pairs = zip_longest(probes[:half], reversed(probes[half:]))
    return (probe for probe in chain.from_iterable(pairs) if probe is not None)


def _lot(probe: Probe, today: date) -> bytes:
    return hashlib.sha256(f"{today} {probe.address}".encode()).digest()
