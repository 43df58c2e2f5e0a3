"""A CSV as rows (RFC 4180): encoding and delimiter as declared, or told without a doubt."""

from __future__ import annotations

import csv
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Sequence

from parsers.cell_values import collapsed
from parsers.errors import NotThisDocument, Unreadable
from parsers.records import Check, Problem, SheetSpot
from parsers.table.header import has_header
from parsers.table.options import TableOptions
from parsers.table.shape import Cell, Found, Part, Row

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_OTHER_KINDS = {b"%PDF-": "a PDF", b"PK\x03\x04": "a zip or a workbook"}
_SHEET = ""
"""A CSV has one sheet, which has no name."""


def read_csv(document: bytes, wanted: TableOptions) -> Found:
    """Return the rows of a CSV; its rows count from 1, empty lines among them.

    Where the quotes do not close, what stands before is read and a required check fails. Raises
    Unreadable if the bytes are no text in the declared encoding, NotThisDocument if it cannot be
    told what parts the columns.
    """
    text = _decoded(document, wanted.encoding)
    delimiter = wanted.delimiter or _told(text, wanted)
    records, fault = _split(text, delimiter)
    check = Check(
        "quotes_closed",
        passed=fault is None,
        required=True,
        message=fault or "Every quote is closed.",
    )
    problems = []
    if fault is not None:
        spot = SheetSpot(_SHEET, len(records) + 1)
        problems.append(Problem("broken_quotes", fault, evidence=(spot,)))
    return Found((Part(_rows(records)),), checks=(check,), problems=tuple(problems))


def _rows(records: Sequence[Sequence[str]]) -> tuple[Row, ...]:
    return tuple(
        Row(
            tuple(Cell(collapsed(value) or "") for value in record),
            (SheetSpot(_SHEET, number),),
        )
        for number, record in enumerate(records, 1)
        if any(value.strip() for value in record)
    )


def _decoded(document: bytes, encoding: str) -> str:
    for magic, kind in _OTHER_KINDS.items():
        if document.startswith(magic):
            raise Unreadable(f"the file is {kind}, not a CSV", remedy="fetch it again")
    if document.lstrip()[:1] == b"<" and b"<html" in document[:1024].lower():
        raise Unreadable("the file is an HTML page, not a CSV", remedy="fetch it again")
    if encoding == "utf-8":
        encoding = "utf-8-sig"
        if document.startswith((BOM_UTF16_BE, BOM_UTF16_LE)):
            raise Unreadable("the file is in UTF-16", remedy="declare `encoding: utf-16`")
    try:
        text = document.decode(encoding)
    except UnicodeDecodeError as error:
        line = document[: error.start].count(b"\n") + 1
        raise Unreadable(
            f"line {line} is not in {encoding.removesuffix('-sig')}",
            remedy="declare the option encoding",
        ) from error
    if "\0" in text:
        raise Unreadable("the file holds a byte that no text has", remedy="declare its encoding")
    return text


def _split(text: str, delimiter: str) -> tuple[list[list[str]], str | None]:
    """Return the records up to the first whose quotes are broken, and what is wrong with it."""
    records: list[list[str]] = []
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            record = next(reader, None)
        except csv.Error as error:
            fault = f"The row that begins in line {begins} has quotes that do not close ({error})."
            return records, f"{fault[:-1]}; what follows is not read."
        if record is None:
            return records, None
        records.append(record)


def _lines(text: str) -> Sequence[str]:
    """Return the lines of a text, parted by CR and LF and no other sign."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n")
    return [f"{line}\n" for line in whole.removesuffix("\n").split("\n")] if whole else []


def _told(text: str, wanted: TableOptions) -> str:
    """Return the one sign that parts the columns; raise NotThisDocument if there is no such one."""
    fit = [sign for sign in _DELIMITERS if _fits(_split(text, sign)[0], wanted)]
    if len(fit) == 1:
        return fit[0]
    if not fit and wanted.header_rows:
        return ","  # no row has all headers, however they are parted: the map says which lack
    names = " or ".join(_DELIMITERS[sign] for sign in fit) or "no sign"
    raise NotThisDocument(
        f"it cannot be told what parts the columns ({names})",
        remedy="declare the option delimiter",
    )


def _fits(records: Sequence[Sequence[str]], wanted: TableOptions) -> bool:
    if wanted.header_rows:
        return has_header(_rows(records), wanted)
    widths = {len(record) for record in records if any(record)}
    return len(widths) == 1 and max(widths) > 1
