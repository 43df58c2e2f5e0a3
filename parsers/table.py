"""A source without code: the rows of an HTML table, read through a map of its columns.

A row that has no cell of its own under every header, or that names no jurisdiction, is no listing
but a problem: which value belongs to which column is never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup, Tag

from parsers.cell_values import collapsed
from parsers.errors import NotThisDocument
from parsers.html_table import (
    TableRow,
    find_table,
    parse_page,
    shown_text,
    specimen_notice,
    table_rows,
)
from parsers.printed_dates import iso_as_printed
from parsers.records import Check, EditionClaim, HtmlSpot, Listing, Problem, Reading
from parsers.registry import Parser
from parsers.table_options import TableOptions, table_options

# What lxml puts for bytes that are not text in the encoding that a page declares.
_REPLACEMENT_CHARACTER = "\N{REPLACEMENT CHARACTER}"
_EXAMPLES = 3
"""How many values of an unknown column a problem quotes."""


@dataclass(frozen=True, slots=True)
class _Table:
    """The rows of a table, with the header row and what that says."""

    above: tuple[TableRow, ...]
    header: TableRow
    body: tuple[TableRow, ...]
    columns: Mapping[str, int]
    """Column of each field of the map, counted from 0."""

    @property
    def unknown(self) -> list[int]:
        """The columns that have a header, which the map does not name."""
        known = set(self.columns.values())
        return [n for n, label in enumerate(self.header.texts) if label and n not in known]

    def fault(self, row: TableRow) -> tuple[str, str] | None:
        """Return why a row of the body is no listing, if it is none, as a kind and a clause."""
        if all(row.texts[i : i + 1] == self.header.texts[i : i + 1] for i in self.columns.values()):
            return "repeated_header", "repeats the header"
        if row.is_footer:
            return "table_foot", "stands in the foot of the table"
        if row.spans_columns:
            return "spanning_cell", "has a cell that spans columns"
        if len(row.cells) != len(self.header.cells):
            wanted = len(self.header.cells)
            return "ragged_row", f"has {len(row.cells)} cells where the header has {wanted}"
        if not row.texts[self.columns["jurisdiction"]]:
            return "missing_value", "names no jurisdiction"
        return None


def read_table(document: bytes, options: Mapping[str, Any]) -> Reading:
    """Read the listings of an HTML page.

    Takes the bytes of the page and the options of ``parsers.table_options.TableOptions``. Returns
    one listing a row in the order of the page; texts have their white space collapsed, criteria
    are one string a list item of the cell, or the one text of a cell without a list. Raises
    BadOptions if the options are wrong, Unreadable if the bytes are no HTML, NotThisDocument if
    the table or one of its columns is not there or cannot be told from another.
    """
    wanted = table_options(options)
    page = parse_page(document)
    table = _read_header(table_rows(page, find_table(page, wanted.select)), wanted)
    kept = [row for row in table.body if any(row.texts) and table.fault(row) is None]
    read = [_listing(row, position, table) for position, row in enumerate(kept, 1)]
    listings = [listing for listing, _ in read]
    title, title_problems = _title(page, wanted.title_select)
    return Reading(
        edition=EditionClaim(title=title, notice=specimen_notice(page)),
        tables=(Listing,),
        records=tuple(listings),
        checks=(_rows_read(listings), _header_known(table, wanted)),
        problems=(
            *title_problems,
            *_other_rows(table),
            *_other_columns(table, kept),
            *(problem for _, problems in read for problem in problems),
        ),
    )


def _title(page: BeautifulSoup, select: str | None) -> tuple[str | None, list[Problem]]:
    if select is None:
        return None, []
    found = page.select(select)
    title = shown_text(found[0]) if len(found) == 1 else None
    if title is None:
        message = f"{select} selects {len(found)} elements, not one with a title"
        return None, [Problem("title_not_found", message)]
    return title, []


def _read_header(rows: Sequence[TableRow], wanted: TableOptions) -> _Table:
    """Return the table from the first row on that has every header of the map."""
    headers = {header.casefold(): field for header, field in wanted.columns.items()}
    missing = set(headers)
    for number, row in enumerate(rows):
        labels = [text.casefold() for text in row.texts]
        lacks = set(headers) - set(labels)
        if not lacks:
            for header in wanted.columns:
                if labels.count(header.casefold()) > 1:
                    raise NotThisDocument(
                        f"the column {header} stands in the table more than once",
                        remedy="look at the page: which of them holds cannot be told",
                    )
            columns = {field: labels.index(header) for header, field in headers.items()}
            return _Table(tuple(rows[:number]), row, tuple(rows[number + 1 :]), columns)
        missing = min(missing, lacks, key=len)
    names = ", ".join(header for header in wanted.columns if header.casefold() in missing)
    raise NotThisDocument(
        f"no row of the table has all the headers of the column map (missing: {names})",
        remedy="look at the page, and mend the option columns or select",
    )


def _listing(row: TableRow, position: int, table: _Table) -> tuple[Listing, list[Problem]]:
    problems = []
    cells = {field: row.cells[column] for field, column in table.columns.items()}
    texts = {field: shown_text(cell) for field, cell in cells.items()}
    spot = HtmlSpot(row.anchor)
    printed = texts.get("date_enacted")
    enacted = iso_as_printed(printed) if printed else None
    if printed and enacted is None:
        message = f"row {position}: {printed} is not a date; it is kept as printed"
        problems.append(Problem("unreadable_date", message, printed, (spot,)))
    criteria, beside = _criteria(cells.get("criteria"))
    if beside:
        message = f"row {position}: the criteria have text beside the list"
        problems.append(Problem("text_beside_list", message, beside, (spot,)))
    for text in texts.values():
        if text and _REPLACEMENT_CHARACTER in text:
            message = f"row {position}: a character is not in the page's own encoding"
            problems.append(Problem("undecodable_text", message, text, (spot,)))
    listing = Listing(
        jurisdiction=texts["jurisdiction"] or "",
        field_office=texts.get("field_office"),
        date_enacted=enacted,
        date_enacted_text=printed,
        policy=texts.get("policy"),
        criteria=criteria,
        other_columns={
            table.header.texts[column]: text
            for column in table.unknown
            if (text := row.texts[column])
        },
        position=position,
        evidence=(spot,),
    )
    return listing, problems


def _criteria(cell: Tag | None) -> tuple[tuple[str, ...], str | None]:
    """Return the criteria of a cell and, if there is text beside its list, the whole text."""
    text = shown_text(cell) if cell else None
    if cell is None or text is None:
        return (), None
    items = [item for item in cell.find_all("li") if item.find_parent("li") is None]
    criteria = tuple(item for item in map(shown_text, items) if item)
    if not criteria:
        return (text,), None
    return criteria, None if collapsed(" ".join(criteria)) == text else text


def _other_rows(table: _Table) -> Iterator[Problem]:
    for row in table.above:
        if any(row.texts):
            yield _row_problem(row, "text_above_table", "stands above the header")
    for row in table.body:
        fault = table.fault(row)
        if fault and any(row.texts):
            yield _row_problem(row, *fault)


def _row_problem(row: TableRow, kind: str, clause: str) -> Problem:
    text = " | ".join(dict.fromkeys(text for text in row.texts if text))
    return Problem(kind, f"a row {clause}", text, (HtmlSpot(row.anchor),))


def _other_columns(table: _Table, kept: Sequence[TableRow]) -> Iterator[Problem]:
    for column, label in enumerate(table.header.texts):
        rows = [row for row in kept if row.texts[column]]
        if column in table.columns.values() or not (label or rows):
            continue
        first = "; ".join(row.texts[column] for row in rows[:_EXAMPLES])
        yield Problem(
            "unknown_column",
            f"column {column + 1} ({label or 'no header'}) is not in the column map; "
            f"values in {len(rows)} of {len(kept)} rows{f' (first: {first})' if first else ''}",
            label or None,
            tuple(HtmlSpot(row.anchor) for row in (table.header, *rows[:_EXAMPLES])),
        )


def _rows_read(listings: Sequence[Listing]) -> Check:
    return Check(
        "rows_read",
        passed=bool(listings),
        required=True,
        message=f"The table has {len(listings)} listings.",
        expected="at least 1",
        actual=str(len(listings)),
    )


def _header_known(table: _Table, wanted: TableOptions) -> Check:
    printed = [label for label in table.header.texts if label]
    strange = [table.header.texts[column] for column in table.unknown]
    return Check(
        "header_known",
        passed=not strange,
        required=False,
        message=f"Columns not known: {', '.join(strange)}."
        if strange
        else "Every column is known.",
        expected=", ".join(wanted.columns),
        actual=", ".join(printed),
    )


PARSER = Parser(
    name="table",
    revision=2,
    libraries=("beautifulsoup4", "soupsieve", "lxml"),
    tables=(Listing,),
    reads="html",
    read=read_table,
)
