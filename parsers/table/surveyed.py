"""Which tables a document holds, before anybody has said which column is what."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from parsers.registry import Way
from parsers.table import find_rows, form_of
from parsers.table.option_values import Form
from parsers.table.options import TableOptions
from parsers.table.shape import Found, Part, Row

_NUMBER = re.compile(r"[^\w\s]?[0-9][0-9.,/:%$-]*")
_SHARE = 0.6
"""The share of the columns over which a header has a text."""
_LOOKED_AT = 30
"""Rows among which the header is looked for."""
_SHOWN = 3
_DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A table that a document holds."""

    where: Mapping[str, Any]
    """The options of the table parser that find it."""
    header: tuple[str, ...]
    """What stands over each column, empty where nothing does; without a header, the numbers of
    the columns from 1."""
    has_header: bool
    rows: int
    """How many rows without a fault it has below the header."""
    telling: tuple[int, ...]
    """The columns that tell its rows apart, from 0; all where some rows are alike."""
    first: tuple[tuple[str, ...], ...]
    """Its first rows."""


def survey_tables(document: bytes) -> list[Surveyed]:
    """Return the tables of a document that have two columns and a row at least.

    They are in the order of the document: of a page each table that holds no other, of a workbook
    each sheet, of a PDF its ruled tables as one. Which row is the header is a guess: the first that
    has a text over most columns. Raises Unreadable if the bytes are broken.
    """
    form = form_of(document)
    tables = (_surveyed(where, found) for where, found in _tables(document, form))
    return [table for table in tables if table is not None]


def _tables(document: bytes, form: Form) -> Iterator[tuple[dict[str, Any], Found]]:
    match form:
        case "html":
            places = list(_of_page(document))
        case "xlsx":
            places = list(_of_workbook(document))
        case "csv":
            places = [_of_csv(document)]
        case "pdf":
            places = [{"format": "pdf"}]
    for where in places:
        any_column = {"record": "table_rows", "columns": {"1": "it"}, "key": ("it",)}
        options = TableOptions.model_validate({**any_column, "header_rows": 0, **where})
        yield where, find_rows(document, options, Way.FAST)


def _of_page(document: bytes) -> Iterator[dict[str, Any]]:
    from parsers.html_table import css_path, ids_of, parse_page

    page = parse_page(document)
    ids = ids_of(page)
    tables = [table for table in page.find_all("table") if table.find("table") is None]
    alone = len(page.find_all("table")) == 1
    for table in tables:
        number = 1 + len(table.find_previous_siblings("table"))
        yield {} if alone else {"select": css_path(table, number, ids)}


def _of_workbook(document: bytes) -> Iterator[dict[str, Any]]:
    from parsers.workbook import open_workbook

    sheets = [sheet.name for sheet in open_workbook(document).sheets if sheet.rows]
    for name in sheets:
        yield {"format": "xlsx"} if len(sheets) == 1 else {"format": "xlsx", "sheet": name}


def _of_csv(document: bytes) -> dict[str, Any]:
    """Return encoding and delimiter: the sign that gives most rows of one width."""
    encoding = "utf-8"
    if document.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        try:
            document.decode()
        except UnicodeDecodeError:
            encoding = "windows-1252"
    where = {"format": "csv"} | ({} if encoding == "utf-8" else {"encoding": encoding})
    lines = document.decode(encoding, "replace").splitlines()[:200]
    alike = {}
    for sign in _DELIMITERS:
        widths = Counter(line.count(sign) for line in lines if sign in line)
        alike[sign] = max(widths.values(), default=0)
    best = max(_DELIMITERS, key=lambda sign: alike[sign])
    return {**where, "delimiter": best}


def _surveyed(where: Mapping[str, Any], found: Found) -> Surveyed | None:
    rows = [row for part in _of_one_table(found.parts) for row in part.rows if any(row.texts)]
    width = max((len(row.cells) for row in rows), default=0)
    if width < 2:
        return None
    begins = _header(rows, width)
    header = _padded(rows[begins], width) if begins is not None else ()
    below = rows if begins is None else rows[begins + 1 :]
    body = [_padded(row, width) for row in below if row.fault is None]
    body = [texts for texts in body if texts != header]
    if not body:
        return None
    named = [n for n in range(width) if not header or _is_named_once(header, n)]
    telling = _telling(body, named)
    return Surveyed(
        where=where,
        header=header or tuple(str(number) for number in range(1, width + 1)),
        has_header=bool(header),
        rows=len(body),
        telling=telling,
        first=tuple(body[:_SHOWN]),
    )


def _of_one_table(parts: Sequence[Part]) -> Sequence[Part]:
    """Return the parts of the first table that has two columns: a PDF has one part a page."""
    wide = [max((len(row.cells) for row in part.rows), default=0) for part in parts]
    first = next((n for n, width in enumerate(wide) if width > 1), None)
    return (
        [] if first is None else [p for p, w in zip(parts, wide, strict=True) if w == wide[first]]
    )


def _header(rows: Sequence[Row], width: int) -> int | None:
    """Return which row is the header; None where the first that could be holds mostly numbers."""
    for number, row in enumerate(rows[:_LOOKED_AT]):
        texts = [text for text in row.texts if text]
        if len(texts) < max(2, _SHARE * width) or len(set(texts)) < len(texts):
            continue
        numbers = sum(_NUMBER.fullmatch(text) is not None for text in texts)
        return None if _NUMBER.fullmatch(row.text(0)) or 2 * numbers > len(texts) else number
    return None


def _padded(row: Row, width: int) -> tuple[str, ...]:
    return row.texts + ("",) * (width - len(row.cells))


def _is_named_once(header: Sequence[str], column: int) -> bool:
    folded = [label.casefold() for label in header]
    return bool(folded[column]) and folded.count(folded[column]) == 1


def _telling(body: Sequence[tuple[str, ...]], columns: Sequence[int]) -> tuple[int, ...]:
    """Return the first columns that tell the rows apart and are filled in each of them."""
    filled = [n for n in columns if all(texts[n] for texts in body)] or list(columns)
    for column in filled:
        if len({texts[column] for texts in body}) == len(body):
            return (column,)
    for many in range(2, len(filled) + 1):
        if len({tuple(texts[n] for n in filled[:many]) for texts in body}) == len(body):
            return tuple(filled[:many])
    return tuple(columns)
