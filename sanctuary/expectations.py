"""What a source is expected to give, checked before a reading is accepted."""

from __future__ import annotations

from parsers.records import Check, Reading, TableKind
from sanctuary.sources import Source


def checks(source: Source, reading: Reading, rows_before: int) -> tuple[Check, ...]:
    """Return the checks of ``source`` on a reading, all of them required.

    ``rows_before`` is how many standing rows the edition before it has, 0 if there is none.
    """
    rows = sum(record.kind is TableKind.STANDING for record in reading.records)
    expect = source.expect
    found = []
    if expect.min_rows is not None:
        found.append(
            _check(
                "enough_rows",
                rows >= expect.min_rows,
                f"{rows} rows were read where at least {expect.min_rows} are expected",
                f"at least {expect.min_rows}",
                rows,
            )
        )
    if expect.max_rows is not None:
        found.append(
            _check(
                "not_too_many_rows",
                rows <= expect.max_rows,
                f"{rows} rows were read where at most {expect.max_rows} are expected",
                f"at most {expect.max_rows}",
                rows,
            )
        )
    if rows_before:
        lost = 1 - rows / rows_before
        found.append(
            _check(
                "not_too_many_lost",
                lost <= expect.max_lost,
                f"the list went from {rows_before} to {rows} rows, a loss of more than "
                f"{expect.max_lost:.0%}",
                f"at most {expect.max_lost:.0%} lost",
                rows,
            )
        )
    if source.editions == "period":
        stated = reading.edition.period_start is not None and reading.edition.period_end is not None
        found.append(
            _check("period_known", stated, "the period of the report is not known", "a period", "")
        )
    return tuple(found)


def _check(name: str, passed: bool, fault: str, expected: str, actual: object) -> Check:
    message = "as expected" if passed else fault
    return Check(name, passed, True, message, expected, str(actual))
