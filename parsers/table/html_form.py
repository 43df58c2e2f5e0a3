"""An HTML table as rows: what spans rows is repeated, what spans columns is a fault."""

from __future__ import annotations

from itertools import takewhile

from bs4 import BeautifulSoup, Tag

from parsers.cell_values import collapsed
from parsers.html_table import (
    TableRow,
    find_table,
    parse_page,
    shown_text,
    specimen_notice,
    strikes,
    table_rows,
)
from parsers.records import HtmlSpot, Problem
from parsers.table.options import TableOptions
from parsers.table.shape import Cell, Found, Part, Row


def read_html(document: bytes, wanted: TableOptions) -> Found:
    """Return the rows of the table of a page.

    Raises Unreadable if the bytes are no HTML, NotThisDocument if the table is not there or cannot
    be told from another.
    """
    page = parse_page(document)
    rows = table_rows(page, find_table(page, wanted.select))
    title, problems = _title(page, wanted.title_select)
    return Found(
        parts=(Part(tuple(map(_row, rows))),),
        title=title,
        notice=specimen_notice(page),
        problems=tuple(problems),
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


def _row(row: TableRow) -> Row:
    fault = None
    if row.is_footer:
        fault = "table_foot", "stands in the foot of the table"
    elif row.spans_columns:
        fault = "spanning_cell", "has a cell that spans columns"
    return Row(tuple(map(_cell, row.cells)), (HtmlSpot(row.anchor),), fault)


def _cell(cell: Tag) -> Cell:
    text = shown_text(cell) or ""
    inner = [item for item in cell.find_all("li") if item.find_parent("li") is None]
    items = tuple(item for item in map(shown_text, inner) if item)
    around = [cell, *takewhile(lambda each: each.name != "table", cell.parents)]
    within = cell.find_all(True)
    struck = [cell] * any(map(strikes, around)) + [each for each in within if strikes(each)]
    return Cell(
        text,
        items,
        beside_items=bool(items) and collapsed(" ".join(items)) != text,
        is_struck=any(map(shown_text, struck)),
        is_raised=any(each.name == "sup" and shown_text(each) for each in within),
    )
