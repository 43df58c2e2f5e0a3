"""What stands around a place in an archived page, answer or sheet: its text, never its markup.

``passage_at`` and ``block_at`` are for a process that is confined, since the document comes from
outside; what they answer is data whose every value is checked (``read_passage``). Opening a
workbook takes long, so of a sheet a block of rows is taken at a time.
"""

from __future__ import annotations

import csv
import json
import re
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from bs4 import BeautifulSoup, Tag
from pydantic import TypeAdapter, ValidationError

from parsers.bundle import parts_of
from parsers.html_table import parse_page, table_rows
from parsers.policy.html_text import readable
from parsers.policy.saved_page import saved_page
from parsers.records import HtmlSpot, PartSpot, SheetSpot
from parsers.workbook import open_workbook

ROWS_AROUND = 6
"""Rows of a table before and after one."""
BLOCK = 200
"""Rows of a sheet that are taken at a time."""
_TEXT_AROUND = 1_200
_LONGEST = 8_000
"""Characters of the passage itself."""
_LONGEST_CELL = 500
_MOST_CELLS = 40
_DELIMITERS = ",;\t|"
FORM = 1
"""Raise it when another passage is taken: those that are kept are taken anew."""
_STEP = re.compile(r"\.?([A-Za-z_][A-Za-z0-9_-]*)|\[([0-9]+)\]")
_CUT = "…"


@dataclass(frozen=True)
class Text:
    """A passage within its text, a paragraph a line."""

    before: str
    passage: str
    after: str


@dataclass(frozen=True)
class SeenRow:
    """A row of a table as it stands in the document."""

    number: int
    """Of the sheet, or of the table of a page, from 1."""
    cells: tuple[str, ...]
    is_row: bool = False
    """It is the one that is asked for."""


@dataclass(frozen=True)
class Rows:
    """A row within its table."""

    rows: tuple[SeenRow, ...]
    first: SeenRow | None
    """The first row of the table, where it is not among them: it often has the headings."""
    sheet: str | None
    """The name of the sheet; empty for a CSV, None for a table of a page."""


Passage = Text | Rows
_ADAPTER: TypeAdapter[Any] = TypeAdapter(Passage)


class NoPassage(Exception):
    """The place is not in the document."""


def passage_at(document: bytes, spot: HtmlSpot | PartSpot) -> bytes:
    """Return what stands around ``spot``, as ``read_passage`` takes it.

    Raises NoPassage if there is no such place, and what the libraries raise on a broken document.
    """
    match spot:
        case PartSpot(part, anchor):
            found = _in_bytes(_part(document, part), anchor)
        case HtmlSpot(anchor):
            found = _in_bytes(document, anchor)
    return json.dumps(asdict(found)).encode("ascii")


def block_at(document: bytes, sheet: str, block: int) -> bytes:
    """Return the rows of a block of a sheet, and some around it, as ``read_passage`` takes it.

    Blocks count from 0 (``block_of``). Raises what ``passage_at`` does.
    """
    rows = _sheet_rows(document, sheet) if sheet else _csv_rows(document)
    first, last = block * BLOCK + 1 - ROWS_AROUND, (block + 1) * BLOCK + ROWS_AROUND
    shown = tuple(_seen(row) for row in rows if first <= row[0] <= last)
    return json.dumps(asdict(Rows(shown, _seen(rows[0]) if rows else None, sheet))).encode("ascii")


def block_of(spot: SheetSpot) -> int:
    """Return the block that a row of a sheet is in."""
    return (spot.row - 1) // BLOCK


def cut_out(block: Passage, row: int) -> Rows:
    """Return a row of a sheet with those around it.

    Raises NoPassage if the block does not have it.
    """
    rows = block.rows if isinstance(block, Rows) else ()
    where = next((at for at, each in enumerate(rows) if each.number == row), None)
    if where is None or not isinstance(block, Rows):
        raise NoPassage(f"there is no row {row}")
    return _around(rows, where, block.first, block.sheet)


def read_passage(answer: bytes) -> Passage:
    """Return the passage that ``passage_at`` wrote.

    Raises ValueError for anything else.
    """
    try:
        found: Passage = _ADAPTER.validate_json(answer)
    except ValidationError as error:
        raise ValueError("it is no passage") from error
    return found


def _part(document: bytes, name: str) -> bytes:
    for part in parts_of(document) or ():
        if part.name == name:
            return part.body
    raise NoPassage("the document has no such part")


def _in_bytes(document: bytes, anchor: str) -> Passage:
    if document.lstrip()[:1] in (b"{", b"["):
        return _in_json(json.loads(document), anchor)
    return _in_page(parse_page(saved_page(document).html), anchor)


def _in_page(page: BeautifulSoup, anchor: str) -> Passage:
    by_id = page.find(id=anchor)
    found = by_id or next(iter(page.select(anchor, limit=1)), None)
    if not isinstance(found, Tag):
        raise NoPassage(f"the page has no element {anchor}")
    if found.name == "tr" and (rows := _in_table(page, found)):
        return rows
    return _in_text(page, found)


def _in_table(page: BeautifulSoup, row: Tag) -> Rows | None:
    table = row.find_parent("table")
    if not isinstance(table, Tag):
        return None
    rows = table_rows(page, table)
    where = next((at for at, each in enumerate(rows) if _is_in(row, each.cells)), None)
    if where is None:
        return None
    seen = [_seen((number, each.texts)) for number, each in enumerate(rows, 1)]
    return _around(seen, where, seen[0], None)


def _is_in(row: Tag, cells: Sequence[Tag]) -> bool:
    return any(cell.parent is row for cell in cells)


def _in_text(page: BeautifulSoup, found: Tag) -> Text:
    # Nobody can have put what is drawn by lot into the page.
    begin, end = secrets.token_hex(16), secrets.token_hex(16)
    marks = []
    for word in (begin, end):
        mark = page.new_tag("p")
        mark.string = word
        marks.append(mark)
    found.insert(0, marks[0])
    found.append(marks[1])
    text = readable(page)
    before, _, rest = text.partition(begin)
    passage, _, after = rest.partition(end)
    return _cut(before, passage, after)


def _cut(before: str, passage: str, after: str) -> Text:
    before, passage, after = before.strip("\n"), passage.strip("\n"), after.strip("\n")
    return Text(
        before if len(before) <= _TEXT_AROUND else _CUT + before[-_TEXT_AROUND:],
        _shortened(passage, _LONGEST),
        _shortened(after, _TEXT_AROUND),
    )


def _in_json(whole: Any, anchor: str) -> Text:
    here, above, last = whole, None, None
    at = 0
    for step in _STEP.finditer(anchor):
        if step.start() != at:
            break
        name, number = step.groups()
        try:
            above, last = here, name if number is None else int(number)
            here = here[last]
        except (KeyError, IndexError, TypeError) as error:
            raise NoPassage(f"the answer has no {anchor}") from error
        at = step.end()
    if at != len(anchor):
        raise NoPassage(f"{anchor} is no path")
    before = after = ""
    if isinstance(above, list) and isinstance(last, int):
        before = "\n".join(map(_plain, above[max(0, last - 2) : last]))
        after = "\n".join(map(_plain, above[last + 1 : last + 3]))
    return _cut(before, _plain(here), after)


def _plain(value: Any) -> str:
    """Return the texts in a value of JSON, each on a line of its own, with its name."""
    if isinstance(value, str):
        return readable(BeautifulSoup(value, "lxml")) if "<" in value else value
    if isinstance(value, dict):
        named = {name: _plain(each) for name, each in value.items() if isinstance(each, str)}
        return "\n".join(f"{name}: {text}" for name, text in named.items() if text)
    return json.dumps(value, ensure_ascii=False)


def _around(rows: Sequence[SeenRow], where: int, first: SeenRow | None, sheet: str | None) -> Rows:
    """Return the row at ``where`` among ``rows`` with those around it; ``first`` is the table's."""
    begin = max(0, where - ROWS_AROUND)
    shown = rows[begin : where + ROWS_AROUND + 1]
    asked = rows[where].number
    is_there = any(first is not None and row.number == first.number for row in shown)
    return Rows(
        tuple(replace(row, is_row=row.number == asked) for row in shown),
        None if is_there else first,
        sheet,
    )


def _seen(row: tuple[int, Sequence[str]]) -> SeenRow:
    number, cells = row
    return SeenRow(number, tuple(_shortened(cell, _LONGEST_CELL) for cell in cells[:_MOST_CELLS]))


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[:longest] + _CUT


def _sheet_rows(document: bytes, name: str) -> list[tuple[int, list[str]]]:
    for sheet in open_workbook(document).sheets:
        if sheet.name == name:
            return [(row.number, [cell.text or "" for cell in row.cells]) for row in sheet.rows]
    raise NoPassage(f"the workbook has no sheet {name}")


def _csv_rows(document: bytes) -> list[tuple[int, list[str]]]:
    """Return the rows of a CSV: cells by the sign that fits most rows, else each line as it is."""
    encoding = "utf-16" if document.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    text = document.decode(encoding, errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    lines = [f"{line}\n" for line in text.removesuffix("\n").split("\n")]
    parted = [list(csv.reader(lines, delimiter=sign)) for sign in _DELIMITERS]
    fit = [_alike(rows) for rows in parted]
    is_told = fit.count(max(fit)) == 1
    rows = parted[fit.index(max(fit))] if is_told else [[line.rstrip("\n")] for line in lines]
    return [(number, row) for number, row in enumerate(rows, 1) if any(c.strip() for c in row)]


def _alike(rows: Sequence[Sequence[str]]) -> int:
    """Return how many rows have the same number of cells, and more than one."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return max(widths.values(), default=0)
