"""What of a table does not become a record, or cannot be told from another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from parsers.records import PageSpot, Problem, Record
from parsers.table.laid_out import Table
from parsers.table.shape import Row, row_text

_EXAMPLES = 3
"""How many values of an unknown column, or rows of one key, a problem names."""


def other_rows(table: Table) -> Iterator[Problem]:
    """Yield the rows that become no record, and those that may be the rest of another."""
    for row in table.above:
        if any(row.texts):
            yield _row_problem(row, "text_above_table", "stands above the header")
    for row in table.body:
        if row.fault is not None:
            yield _row_problem(row, *row.fault)
    for row in table.doubtful:
        clause = "lacks a value that all rows above it have: it may be the rest of the one above"
        yield _row_problem(row, "doubtful_rest", clause)


def _row_problem(row: Row, kind: str, clause: str) -> Problem:
    spot = row.spots[0]
    where = f"page {spot.page}: " if isinstance(spot, PageSpot) else ""
    return Problem(kind, f"{where}a row {clause}", row_text(row.texts), row.spots)


def other_columns(table: Table) -> Iterator[Problem]:
    """Yield the columns that the map does not name, as far as they have a header or a value."""
    header, kept = table.header, table.rows
    for column, label in enumerate(header.labels):
        rows = [row for row in kept if row.text(column)]
        if column in header.columns.values() or not (label or rows):
            continue
        first = "; ".join(row.text(column) for row in rows[:_EXAMPLES])
        yield Problem(
            "unknown_column",
            f"column {column + 1} ({label or 'no header'}) is not in the column map; "
            f"values in {len(rows)} of {len(kept)} rows{f' (first: {first})' if first else ''}",
            label or None,
            tuple(spot for row in (*header.rows, *rows[:_EXAMPLES]) for spot in row.spots),
        )


def duplicate_keys(records: Sequence[Record]) -> Iterator[Problem]:
    """Yield the keys that more than one row has: which of them changes later cannot be told."""
    by_key: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        by_key[record.row_key()].append(record)
    for key, same in by_key.items():
        if len(same) > 1:
            rows = ", ".join(str(record.position) for record in same[:_EXAMPLES])
            if len(same) > _EXAMPLES:
                rows += f" and {len(same) - _EXAMPLES} more"
            yield Problem(
                "duplicate_key",
                f"rows {rows} are the same by their key; which of them changes later cannot be "
                "told",
                key,
                tuple(spot for record in same for spot in record.evidence),
            )
