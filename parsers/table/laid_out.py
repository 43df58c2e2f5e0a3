"""A table as a whole: its header, and the rows below it, those that a page broke made whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from parsers.errors import NotThisDocument
from parsers.table.header import Header, find_header, has_header
from parsers.table.options import TableOptions
from parsers.table.shape import Part, Row, row_text

STRUCK_OUT = "struck_out", "has text that is struck out"
_FOREIGN = "foreign_table", "stands in a table that has not the headers of the column map"


@dataclass(frozen=True, slots=True)
class Table:
    """The header of a table, and its rows by what becomes of them."""

    header: Header
    above: tuple[Row, ...]
    """Rows above the header."""
    body: tuple[Row, ...]
    """The rows below it that have text, but those that a filter dropped."""
    dropped: Counter[int]
    """How many rows each filter dropped, by its place in the options."""
    doubtful: tuple[Row, ...] = ()
    """First rows of a page that may be the rest of the row above."""
    notice: str | None = None
    """What a document that is no official one says of itself above its header."""

    @property
    def rows(self) -> list[Row]:
        """The rows that become records: those without a fault."""
        return [row for row in self.body if row.fault is None]


def laid_out(parts: Sequence[Part], wanted: TableOptions) -> Table:
    """Return the table that the parts of a document make up.

    A part that repeats the header, or that goes on with the one before, belongs to it; rows of
    another are foreign. Raises NotThisDocument if there is no header.
    """
    if not parts:
        raise NotThisDocument(
            "there is no ruled table on its pages",
            remedy="look at the document: this parser reads tables with rules around their cells",
        )
    first = _first(parts, wanted)
    begins, header = find_header(parts[first].rows, wanted)
    top = parts[first].rows[:begins]
    body: list[Row] = [
        *(row.with_fault(*_FOREIGN) for part in parts[:first] for row in part.rows),
        *parts[first].rows[begins + len(header.rows) :],
    ]
    doubtful: list[Row] = []
    belongs = True
    for part in parts[first + 1 :]:
        rows = list(part.rows)
        headed = _without_header(rows, header, wanted)
        belongs = headed or (part.goes_on and belongs) or not header.rows
        if not belongs:
            body += [row.with_fault(*_FOREIGN) for row in rows]
            continue
        if part.goes_on and rows and body:
            rest = _rest(body[-1], rows[0], header, wanted)
            if rest is not None:
                body[-1], rows = rest, rows[1:]
            elif _lacks(rows[0], body, header):
                doubtful.append(rows[0])
        body += rows
    notice = next((t for row in top if (t := row_text(row.texts)).startswith("SPECIMEN")), None)
    checked = [_checked(row, header) for row in body if any(row.texts)]
    kept, dropped = _filtered(checked, header, wanted)
    return Table(
        header=header,
        above=tuple(row for row in top if not row_text(row.texts).startswith("SPECIMEN")),
        body=tuple(kept),
        dropped=dropped,
        doubtful=tuple(doubtful),
        notice=notice,
    )


def _first(parts: Sequence[Part], wanted: TableOptions) -> int:
    """Return the first part that has the header; the one that lacks least where none has."""
    for number, part in enumerate(parts):
        if not wanted.header_rows or has_header(part.rows, wanted):
            return number
    return max(range(len(parts)), key=lambda number: len(parts[number].rows))


def _without_header(rows: list[Row], header: Header, wanted: TableOptions) -> bool:
    """Take the header that a page repeats off the top of its rows; say whether there was one."""
    repeated = [row.texts for row in rows[: len(header.rows)]]
    if not header.rows or repeated != [row.texts for row in header.rows]:
        return False
    del rows[: len(header.rows)]
    return True


def _rest(above: Row, row: Row, header: Header, wanted: TableOptions) -> Row | None:
    """Return the last row of a page with its rest, if the first row of the next is that.

    It is if nothing stands in the columns that name a row.
    """
    if above.fault or row.fault or any(row.text(n) for n in _key_columns(header, wanted)):
        return None
    return above.with_rest(row) if any(row.texts) else None


def _lacks(row: Row, body: Sequence[Row], header: Header) -> bool:
    """Say whether a row lacks a value that all rows above it have."""
    sound = [each for each in body if each.fault is None and len(each.cells) == len(row.cells)]
    return len(sound) > 1 and any(
        not row.text(column) and all(each.text(column) for each in sound)
        for column in header.columns.values()
    )


def _key_columns(header: Header, wanted: TableOptions) -> list[int]:
    """Return the columns that name a row."""
    key = wanted.key or ("jurisdiction",)
    mapped = [head for head, field in wanted.columns.items() if field in key]
    joined = [head for field, heads in wanted.join.items() if field in key for head in heads]
    return [header.column(head) for head in (*mapped, *joined)]


def _checked(row: Row, header: Header) -> Row:
    """Return a row of the body with why it cannot become a record, if it cannot."""
    if header.rows and header.is_repeated(row):
        return replace(row, fault=("repeated_header", "repeats the header"))
    wanted = len(header.labels)
    if row.fault is None and len(row.cells) != wanted:
        what = "header" if header.rows else "table"
        return row.with_fault(
            "ragged_row", f"has {len(row.cells)} cells where the {what} has {wanted}"
        )
    if row.fault is None and any(row.cells[n].is_struck for n in header.columns.values()):
        return row.with_fault(*STRUCK_OUT)
    return row


def _filtered(
    rows: Sequence[Row], header: Header, wanted: TableOptions
) -> tuple[list[Row], Counter[int]]:
    """Return the rows that no filter drops, and how many each dropped, the first that does."""
    kept = []
    dropped = Counter[int]()
    key = _key_columns(header, wanted)
    for row in rows:
        by = _dropped_by(row, header, wanted) if row.fault is None else None
        if by is not None:
            dropped[by] += 1
        elif row.fault is None and not any(row.text(column) for column in key):
            named = " or ".join(wanted.key) or "jurisdiction"
            kept.append(row.with_fault("missing_value", f"names no {named}"))
        else:
            kept.append(row)
    return kept, dropped


def _dropped_by(row: Row, header: Header, wanted: TableOptions) -> int | None:
    for number, each in enumerate(wanted.row_filter):
        if each.drops(row.text(header.column(each.column))):
            return number
    return None
