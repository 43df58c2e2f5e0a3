"""What is checked of a table: that it has rows, known columns, and how many rows were left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from parsers.records import Check, Record
from parsers.table.laid_out import STRUCK_OUT, Table
from parsers.table.option_values import RowFilter
from parsers.table.options import TableOptions


def rows_read(records: Sequence[Record], wanted: TableOptions) -> Check:
    """Check that there is a row at all."""
    what = "listings" if wanted.record == "listings" else "rows"
    return Check(
        "rows_read",
        passed=bool(records),
        required=True,
        message=f"The table has {len(records)} {what}.",
        expected="at least 1",
        actual=str(len(records)),
    )


def header_known(table: Table, wanted: TableOptions) -> Check:
    """Check that the column map names every header; of no header it names the columns."""
    printed = [label for label in table.header.labels if label]
    strange = [table.header.labels[column] for column in table.header.unknown]
    return Check(
        "header_known",
        passed=not strange,
        required=False,
        message=f"Columns not known: {', '.join(strange)}."
        if strange
        else "Every column is known.",
        expected=", ".join(wanted.headers),
        actual=", ".join(printed),
    )


def rows_whole(table: Table) -> Iterator[Check]:
    """Hold a table of which a row may be the rest of another, where there is such a row."""
    if table.doubtful:
        count = len(table.doubtful)
        yield Check(
            "rows_whole",
            passed=False,
            required=True,
            message="The first row of a page may be the rest of the row above"
            + (f", on {count} pages." if count > 1 else "."),
            expected="0",
            actual=str(count),
        )


def rows_not_struck(table: Table) -> Iterator[Check]:
    """Hold a table with a row that is struck out: it stands there, and is taken back."""
    count = sum(row.fault == STRUCK_OUT for row in table.body)
    if count:
        yield Check(
            "rows_not_struck",
            passed=False,
            required=True,
            message=f"{count} {'row has' if count == 1 else 'rows have'} text that is struck out. "
            "Look at the document: if they were taken off the list, accept the reading.",
            expected="0",
            actual=str(count),
        )


def rows_filtered(table: Table, wanted: TableOptions) -> Iterator[Check]:
    """Say how many rows the filters left out, where there are some filters."""
    if not wanted.row_filter:
        return
    count = table.dropped.total()
    parts = [
        f"{table.dropped[number]} by {_said(each)}"
        for number, each in enumerate(wanted.row_filter)
        if table.dropped[number]
    ]
    left_out = f"{count} {'row was' if count == 1 else 'rows were'} left out"
    yield Check(
        "rows_filtered",
        passed=True,
        required=False,
        message=f"{left_out}{': ' if parts else ''}{'; '.join(parts)}.",
        actual=str(count),
    )


def _said(each: RowFilter) -> str:
    if each.equals:
        how = f"is {' or '.join(each.equals)}"
    elif each.matches is not None:
        how = f"matches {each.matches}"
    else:
        how = "is empty" if each.empty else "is not empty"
    return f"{each.action} where {each.column} {how}"
