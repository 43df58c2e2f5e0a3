"""What a report says of itself, compared with what was read, and with what stands on its pages."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from parsers.ddor.period import Period
from parsers.ddor.prose import Stated
from parsers.ddor.rows import PrintedRow
from parsers.ddor.sections import LABELS, SECTIONS, Outline
from parsers.ddor.values import number_of
from parsers.pdf.body import Left
from parsers.records import Check, DeclinedDetainer, DetainerCount, Listing, Problem, Record

_SHOWN = 3
"""How many places or texts a message names."""


def of_structure(
    outline: Outline, records: dict[str, list[Record]], misfits: Sequence[Problem]
) -> list[Check]:
    """Return whether all sections were found, all have rows, and every row became a record."""
    missing = [LABELS[name] for name in outline.missing]
    empty = [LABELS[name] for name in SECTIONS[:3] if not records[name]]
    return [
        Check(
            "sections_found",
            passed=not missing,
            required=True,
            message=f"The heading of {_and(missing)} was not found."
            if missing
            else "All four sections were found.",
            expected=", ".join(LABELS[name] for name in SECTIONS),
            actual=", ".join(LABELS[name] for name in SECTIONS if name not in outline.missing),
        ),
        Check(
            "rows_read",
            passed=not empty,
            required=True,
            message=f"No row was read in {_and(empty)}." if empty else "Every table has rows.",
            expected="at least 1 each",
            actual=", ".join(f"{LABELS[name]}: {len(records[name])}" for name in SECTIONS[:3]),
        ),
        Check(
            "every_row_fits",
            passed=not misfits,
            required=True,
            message=f"{_some(misfits)}." if misfits else "Every row of the tables was read.",
            expected="0",
            actual=str(len(misfits)),
        ),
    ]


def of_period(
    stated: Sequence[tuple[str, Period]], period: Period | None, records: Sequence[Record]
) -> list[Check]:
    """Return whether the title and the sections state one period, and the dates lie in it."""
    different = sorted({f"{each.start}..{each.end}" for _, each in stated})
    agree = len(different) == 1
    checks = [
        Check(
            "period_agrees",
            passed=agree,
            required=True,
            message="The title and the sections state the same period."
            if agree
            else f"The report states more than one period: {_and(different)}."
            if different
            else "The report states no period that can be read.",
            expected="one period",
            actual=", ".join(different),
        )
    ]
    detainers = [row for row in records if isinstance(row, DeclinedDetainer)]
    if period is not None:
        outside = [
            row
            for row in detainers
            if row.date_declined and not period.start <= row.date_declined <= period.end
        ]
        unread = sum(row.date_declined is None for row in detainers)
        mostly_read = 2 * unread <= len(detainers)
        checks.append(
            Check(
                "declined_in_period",
                passed=not outside and mostly_read,
                required=True,
                message=f"Outside the period: {len(outside)} of {len(detainers)} declined dates."
                if outside
                else f"Of {len(detainers)} declined dates {unread} could not be read."
                if unread
                else "All declined dates lie in the period.",
                expected="0 outside, most of them read",
                actual=f"{len(outside)} outside, {unread} not read",
            )
        )
    early = [
        row
        for row in detainers
        if row.date_declined and row.date_issued and row.date_declined < row.date_issued
    ]
    checks.append(
        Check(
            "issued_before_declined",
            passed=not early,
            required=False,
            message=f"Declined before issued: {len(early)} of {len(detainers)} detainers."
            if early
            else "No detainer was declined before it was issued.",
            expected="0",
            actual=str(len(early)),
        )
    )
    return checks


def of_counts(
    stated: Stated, counts: Sequence[Record], printed: Sequence[PrintedRow]
) -> list[Check]:
    """Return whether the rows of Section I agree with its stated numbers and with their order."""
    rows = [row for row in counts if isinstance(row, DetainerCount)]
    total = sum(row.detainers_issued for row in rows)
    numbers = [row.detainers_issued for row in rows]
    ranks = [number_of(row.text("rank")) for row in printed if row.text("rank")]
    in_order = all(one >= other for one, other in pairwise(numbers))
    ranked = not ranks or ranks == [row.rank for row in rows]
    return [
        _agrees(
            "listed_total",
            stated.total,
            total,
            f"The counts of Section I add up to {total:,}",
            "The report states no total of the listed jurisdictions.",
        ),
        _agrees(
            "listed_jurisdictions",
            stated.jurisdictions,
            len(rows),
            f"Section I lists {len(rows)} jurisdictions",
            "The report does not state how many jurisdictions it lists.",
        ),
        Check(
            "ranks_agree",
            passed=in_order and ranked,
            required=False,
            message="The rows of Section I stand in the order of their counts."
            if in_order and ranked
            else "The rows of Section I do not stand in the order of their counts."
            if not in_order
            else "The printed ranks are not those of the counts.",
            expected=", ".join(map(str, sorted(numbers, reverse=True))),
            actual=", ".join(map(str, numbers)),
        ),
    ]


def of_order(listings: Sequence[Record]) -> Check:
    """Return whether the listings are sorted with the most recent first, as Section III says.

    A year compares with a month by the year alone.
    """
    rows = [row for row in listings if isinstance(row, Listing)]
    dates = [(row.date_enacted, row.jurisdiction) for row in rows if row.date_enacted]
    late = [
        place
        for (above, _), (below, place) in pairwise(dates)
        if below[: len(above)] > above[: len(below)]
    ]
    return Check(
        "newest_first",
        passed=not late,
        required=False,
        message=f"Newer than the listing above: {_first(late)}."
        if late
        else "The listings are sorted with the most recent first.",
        expected="0",
        actual=str(len(late)),
    )


def of_pages(left: Left) -> list[Check]:
    """Return whether every character on the pages was accounted for, in tables and outside."""
    return [
        _nothing_left("tables_accounted", left.in_tables, "Every character of the tables", True),
        _nothing_left("characters_read", left.unmapped, "Every character that was printed", True),
        _nothing_left("pages_accounted", left.on_pages, "All text outside the tables", False),
        _nothing_left("words_whole", left.words, "Every word of the tables", False),
    ]


def _nothing_left(name: str, left: Sequence[Problem], what: str, required: bool) -> Check:
    return Check(
        name,
        passed=not left,
        required=required,
        message=f"{_some(left)}." if left else f"{what} was read.",
        expected="0",
        actual=str(len(left)),
    )


def _agrees(name: str, stated: int | None, read: int, said: str, silent: str) -> Check:
    if stated is None:
        return Check(name, passed=True, required=True, message=silent, actual=str(read))
    agree = stated == read
    return Check(
        name,
        passed=agree,
        required=True,
        message=f"{said}, as the report states."
        if agree
        else f"{said}, but the report states {stated:,}.",
        expected=str(stated),
        actual=str(read),
    )


def _some(problems: Sequence[Problem]) -> str:
    rest = len(problems) - 1
    more = f", and {rest} more" if rest else ""
    first = problems[0]
    shown = f": {first.text}" if first.text and not first.individual else ""
    return f"{first.message}{shown}{more}"


def _first(texts: Sequence[str]) -> str:
    different = list(dict.fromkeys(texts))
    more = ", …" if len(different) > _SHOWN else ""
    return "; ".join(different[:_SHOWN]) + more


def _and(names: Sequence[str]) -> str:
    return " and ".join(names)
