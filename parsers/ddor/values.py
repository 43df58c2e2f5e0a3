"""The rows of the three tables as records.

A row whose count is no number, or that names no jurisdiction, becomes no record but a problem. A
date that cannot be read is kept as printed, and said to be unread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from parsers.ddor.columns import PLACE, SHAPES, names_counties
from parsers.ddor.rows import PrintedRow, misfit_of
from parsers.ddor.sections import LABELS
from parsers.printed_dates import iso_as_printed, iso_day
from parsers.records import (
    DeclinedDetainer,
    DetainerCount,
    Listing,
    Offence,
    Problem,
    Record,
)

_NUMBER = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+")
_PLACE_AND_OFFICE = re.compile(r"(?P<place>.*\S)\s*\((?P<office>[^()]+)\)")
_DISPOSITION = re.compile(
    r"\s*\((?:(?P<conviction>convict\w*)|(?P<charge>charg\w*))\)"
    r"\s*(?:(?:[;,.&/]|[-–—](?=\s)|and\b)\s*)*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class ReadRows:
    """The records of a section, and what could not be read."""

    records: list[Record]
    misfits: list[Problem]
    problems: list[Problem]


def number_of(text: str) -> int | None:
    """Return a whole number, thousands parted by commas or not; None for anything else."""
    return int(text.replace(",", "")) if _NUMBER.fullmatch(text) else None


def reads_count(row: PrintedRow) -> bool:
    """Say whether the count of a row of Section I is a number."""
    return number_of(row.text("detainers_issued")) is not None


def reads_detainer(row: PrintedRow) -> bool:
    """Say whether both dates of a row of Section II are days."""
    return None not in (iso_day(row.text("date_declined")), iso_day(row.text("date_issued")))


def reads_listing(row: PrintedRow) -> bool:
    """Say whether the date of a row of Section III is one, and its brackets are closed."""
    place = row.text(PLACE)
    closed = place.count("(") == place.count(")")
    return closed and iso_as_printed(row.text("date_enacted")) is not None


def read_counts(rows: Sequence[PrintedRow]) -> ReadRows:
    """Return Section I; ranks count the places with more detainers, so that ties share one."""
    counts = [number_of(row.text("detainers_issued")) for row in rows]

    def record(row: PrintedRow, position: int) -> DetainerCount | tuple[str, str]:
        count = number_of(row.text("detainers_issued"))
        if count is None:
            said = row.text("detainers_issued") or "nothing"
            return "not_a_number", f"has {said} where the number of detainers stands"
        return DetainerCount(
            rank=1 + sum(other is not None and other > count for other in counts),
            jurisdiction=row.text(PLACE),
            level="county" if names_counties(row.place_label) else None,
            detainers_issued=count,
            other_columns=row.other_texts,
            position=position,
            evidence=row.spots,
        )

    return _read("section_i", rows, record, ())


def read_detainers(rows: Sequence[PrintedRow]) -> ReadRows:
    """Return Section II: one record a detainer, with the offences of its cell taken apart."""

    def record(row: PrintedRow, position: int) -> DeclinedDetainer:
        return DeclinedDetainer(
            jurisdiction=row.text(PLACE),
            facility=row.text("facility") or None,
            date_declined=iso_day(row.text("date_declined")),
            date_declined_text=row.text("date_declined"),
            citizenship=row.text("citizenship") or None,
            date_issued=iso_day(row.text("date_issued")),
            date_issued_text=row.text("date_issued"),
            activity=row.text("activity"),
            offences=tuple(
                offence for item in row.items("activity") for offence in offences_of(item)
            ),
            other_columns=row.other_texts,
            position=position,
            evidence=row.spots,
        )

    return _read("section_ii", rows, record, (("date_declined", iso_day), ("date_issued", iso_day)))


def read_listings(rows: Sequence[PrintedRow]) -> ReadRows:
    """Return Section III, jurisdiction and field office taken apart."""

    def record(row: PrintedRow, position: int) -> Listing:
        place, office = row.text(PLACE), row.text("field_office") or None
        match = _PLACE_AND_OFFICE.fullmatch(place) if office is None else None
        if match is not None:
            place, office = match["place"], match["office"]
        return Listing(
            jurisdiction=place,
            field_office=office,
            date_enacted=iso_as_printed(row.text("date_enacted")),
            date_enacted_text=row.text("date_enacted") or None,
            policy=row.text("policy") or None,
            criteria=row.items("criteria"),
            other_columns=row.other_texts,
            position=position,
            evidence=row.spots,
        )

    return _read("section_iii", rows, record, (("date_enacted", iso_as_printed),))


def offences_of(activity: str) -> list[Offence]:
    """Return the offences of a cell, or of one of its bullets.

    A disposition in brackets ends an offence, and so does a semicolon; other signs do only behind
    such a bracket, since labels hold them too. Brackets that say neither stay in the label.
    """
    offences: list[Offence] = []
    start = 0
    for match in _DISPOSITION.finditer(activity):
        disposition = "conviction" if match["conviction"] else "charge"
        *stated_without, last = activity[start : match.start()].split(";")
        offences += [Offence(label.strip(), None) for label in stated_without if label.strip()]
        offences.append(Offence(last.strip(), disposition))
        start = match.end()
    rest = activity[start:].split(";")
    return offences + [Offence(label.strip(), None) for label in rest if label.strip()]


def _read(
    section: str,
    rows: Sequence[PrintedRow],
    record: Callable[[PrintedRow, int], Record | tuple[str, str]],
    dates: Sequence[tuple[str, Callable[[str], str | None]]],
) -> ReadRows:
    """Make a record of each row that ``record`` can make one of; else it says kind and clause."""
    found = ReadRows([], [], [])
    for row in rows:
        texts = [row.text(name) for name in row.cells]
        if not row.text(PLACE):
            clause = "names no jurisdiction"
            found.misfits.append(misfit_of(section, "no_jurisdiction", clause, texts, row.spots))
            continue
        made = record(row, len(found.records) + 1)
        if isinstance(made, tuple):
            found.misfits.append(misfit_of(section, *made, texts, row.spots))
            continue
        found.records.append(made)
        place = row.text(PLACE)
        if place.count("(") != place.count(")"):
            found.problems.append(
                _problem(section, "open_bracket", "a bracket is not closed", row, place)
            )
        readers = dict(dates)
        for name in SHAPES[section].required:
            if not row.text(name) and name not in readers:
                clause = f"{name} is empty"
                found.problems.append(_problem(section, "missing_value", clause, row, ""))
        for name, read in readers.items():
            said = row.text(name)
            if read(said) is None:
                clause = f"{name} is no date; it is kept as printed"
                found.problems.append(_problem(section, "unreadable_date", clause, row, said))
    return found


def _problem(section: str, kind: str, clause: str, row: PrintedRow, text: str) -> Problem:
    page = row.spots[0].page
    return Problem(kind, f"page {page}: {LABELS[section]}: {clause}", text or None, row.spots)
