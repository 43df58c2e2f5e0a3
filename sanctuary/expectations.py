"""What a source is expected to give, checked before a reading is accepted."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from parsers.records import Check, Reading, Record, TableKind
from sanctuary.sources import Expect, Source
from sanctuary.wording import counted


def checks(source: Source, reading: Reading, rows_before: int, moment: str) -> tuple[Check, ...]:
    """Return the checks of ``source`` on a reading, all of them required.

    ``rows_before`` is how many standing rows the edition before it has, 0 if there is none;
    ``moment`` when the document was public (ISO 8601).
    """
    rows = [record for record in reading.records if record.kind is TableKind.STANDING]
    found = [*_counts(source.expect, len(rows), rows_before)]
    found += [_filled(rows, column, share) for column, share in source.expect.filled.items()]
    found += [
        _newest(rows, column, age, moment) for column, age in source.expect.newest_within.items()
    ]
    if source.editions == "period":
        stated = reading.edition.period_start is not None and reading.edition.period_end is not None
        found.append(
            _check("period_known", stated, "the period of the report is not known", "a period", "")
        )
    return tuple(found)


def _counts(expect: Expect, rows: int, rows_before: int) -> Iterator[Check]:
    if expect.min_rows is not None:
        yield _check(
            "enough_rows",
            rows >= expect.min_rows,
            f"{_were_read(rows)} where at least {expect.min_rows} are expected",
            f"at least {expect.min_rows}",
            rows,
        )
    if expect.max_rows is not None:
        yield _check(
            "not_too_many_rows",
            rows <= expect.max_rows,
            f"{_were_read(rows)} where at most {expect.max_rows} are expected",
            f"at most {expect.max_rows}",
            rows,
        )
    if rows_before:
        yield _check(
            "not_too_many_lost",
            1 - rows / rows_before <= expect.max_lost,
            f"the list went from {counted(rows_before, 'row')} to {rows:,}, a loss of more than "
            f"{expect.max_lost:.0%}",
            f"at most {expect.max_lost:.0%} lost",
            rows,
        )


def _were_read(rows: int) -> str:
    return f"{counted(rows, 'row')} {'was' if rows == 1 else 'were'} read"


def _filled(rows: list[Record], column: str, share: float) -> Check:
    filled = sum(getattr(row, column, None) not in (None, "", ()) for row in rows)
    return _check(
        f"filled_{column}",
        bool(rows) and filled >= share * len(rows),
        f"{filled} of {len(rows)} rows have a value in {column}, where {share:.0%} are expected",
        f"{share:.0%} of the rows",
        filled,
    )


def _newest(rows: list[Record], column: str, age: timedelta, moment: str) -> Check:
    dates = [day for row in rows if (day := _last_day(getattr(row, column, None))) is not None]
    newest = max(dates, default=None)
    oldest_allowed = datetime.fromisoformat(moment).astimezone(UTC).date() - age
    return _check(
        f"newest_{column}",
        newest is not None and newest >= oldest_allowed,
        f"the newest date in {column} is {newest or 'none'}, where one of {oldest_allowed} or "
        "later is expected",
        f"{oldest_allowed} or later",
        newest or "",
    )


def _last_day(value: object) -> date | None:
    """Return the last day of a date that may lack its day or month, None for no date."""
    parts = str(value or "").split("-")
    if not all(part.isdigit() for part in parts):
        return None
    year, month, *day = [*map(int, parts), 12][: max(2, len(parts))]
    try:
        return date(year, month, day[0] if day else calendar.monthrange(year, month)[1])
    except ValueError:  # calendar's own error for a month is one, too
        return None


def _check(name: str, passed: bool, fault: str, expected: str, actual: object) -> Check:
    message = "as expected" if passed else fault
    return Check(name, passed, True, message, expected, str(actual))
