"""An XLSX workbook as rows of cells, opened so that a hostile file can do no harm.

A workbook is a zip of XML parts. Before openpyxl builds it in memory, the guard here looks at what
it would unpack to: its size (zipfile never inflates more than the directory declares), the number
of cells, the area of merged cells and of links (openpyxl makes a cell for every one in a range),
and that no part has a document type declaration, which the Open Packaging Conventions forbid and
without which no XML entity can be defined. What is left (a slow but legal file) is for the limits
of the process that reads.
"""

from __future__ import annotations

import warnings
import zipfile
import zlib
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import TypeAlias, cast
from xml.parsers import expat

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell as OpenpyxlCell
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from parsers.errors import Unreadable

CellValue: TypeAlias = str | bool | int | float | datetime | date | time | timedelta | None

# The largest of ICE's workbooks of 2025 unpacks to 0.6 MB (6.2 times its size) and has 10,000
# cells; these leave room for a hundred times that.
MAX_UNPACKED_BYTES = 50_000_000
MAX_UNPACKED_RATIO = 100
MAX_CELLS = 1_000_000

_OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_REMEDY = "fetch it again, or save it as .xlsx by hand and import that"
_SUSPECT = "do not open it unseen; look at its parts by hand"
# What zipfile raises over broken, locked or foreign parts.
_ZIP_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)
_LAST_COLUMN, _LAST_ROW = 16_384, 1_048_576


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell holds and where its link leads."""

    value: CellValue
    """The stored value; of a formula, the result that was last calculated."""
    link: str | None = None
    """Target of the cell's hyperlink, as stored."""
    is_error: bool = False
    """The value is an error of the spreadsheet program (``#REF!``)."""

    @property
    def text(self) -> str | None:
        """The value as text: a text exactly as it stands, None for an empty cell.

        A date is written in ISO 8601, without its time at midnight: the file stores a serial
        number and a format, and what is shown depends on the reader's own locale.
        """
        match self.value:
            case None:
                return None
            case bool():
                return str(self.value).upper()
            case datetime() if self.value.time() == time():
                return self.value.date().isoformat()
            case datetime() | date() | time():
                return self.value.isoformat()
            case _:
                return str(self.value)

    @property
    def is_blank(self) -> bool:
        """Whether the cell has neither a link nor anything but white space."""
        return self.link is None and not (self.text or "").strip()


_EMPTY = Cell(None)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet; ``number`` counts from 1 as the spreadsheet program shows it."""

    number: int
    cells: tuple[Cell, ...]

    def cell(self, column: int) -> Cell:
        """Return the cell of a column counted from 0; an empty one beyond the last."""
        return self.cells[column] if column < len(self.cells) else _EMPTY


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet: its name and, in order, the rows that are not blank.

    Rows and columns that a filter or the author hides are read like all others.
    """

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Workbook:
    """The worksheets of a workbook, the title of its properties, and where its dates begin."""

    title: str | None
    epoch: datetime
    """What serial number 0 of a date stands for (1899-12-30, or 1904-01-01 in old Mac files)."""
    sheets: tuple[Sheet, ...]


def open_workbook(document: bytes) -> Workbook:
    """Return the worksheets of an XLSX document, each as its rows of values and links.

    Raises Unreadable if the bytes are no workbook, are broken, or unpack to too much.
    """
    _refuse_other_kinds(document)
    _refuse_bombs(document)
    # openpyxl warns of what is lost on saving (extensions, styles), which a reader never does, and
    # of serial numbers beyond all dates, which it hands over as an error value.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            # Whole, not read_only: openpyxl has the links of cells only then.
            loaded = load_workbook(BytesIO(document), data_only=True, keep_links=False)
        except Exception as error:  # openpyxl has no base class: KeyError, ValueError and others
            raise Unreadable(f"the workbook is broken ({error})", remedy=_REMEDY) from error
    with closing(loaded):
        return Workbook(
            title=loaded.properties.title,
            epoch=loaded.epoch,
            sheets=tuple(_sheet(worksheet) for worksheet in loaded.worksheets),
        )


def _refuse_other_kinds(document: bytes) -> None:
    head = document[:1024].lstrip().lower()
    if not document:
        raise Unreadable("the file is empty", remedy=_REMEDY)
    if document.startswith(_OLE_MAGIC):
        raise Unreadable(
            "the file is an old .xls workbook, or one locked with a password", remedy=_REMEDY
        )
    if head.startswith(b"<") or any(document.startswith(mark) for mark in _BYTE_ORDER_MARKS):
        kind = "an HTML page" if b"<html" in head or b"<!doctype html" in head else "text"
        raise Unreadable(f"the file is {kind}, not an XLSX workbook", remedy=_REMEDY)
    if not zipfile.is_zipfile(BytesIO(document)):
        raise Unreadable("the file is not an XLSX workbook, or is cut short", remedy=_REMEDY)


def _refuse_bombs(document: bytes) -> None:
    try:
        with zipfile.ZipFile(BytesIO(document)) as package:
            parts = package.infolist()
            unpacked = sum(part.file_size for part in parts)
            if unpacked > min(MAX_UNPACKED_BYTES, MAX_UNPACKED_RATIO * len(document)):
                raise Unreadable(
                    f"the workbook of {len(document):,} bytes would unpack to {unpacked:,}",
                    remedy=_SUSPECT,
                )
            tally = _Tally()
            for part in parts:
                tally.count(package.read(part))
    except _ZIP_FAULTS as error:
        raise Unreadable(f"the workbook is broken ({error})", remedy=_REMEDY) from error


class _Tally:
    """Counts, over the XML parts of a package, the cells that openpyxl would make of them."""

    def __init__(self) -> None:
        self._cells = 0

    def count(self, part: bytes) -> None:
        """Count the cells of one part; raise Unreadable if there are too many in all."""
        if not part.lstrip().startswith((b"<", *_BYTE_ORDER_MARKS)):
            return
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._element
        try:
            parser.Parse(part, True)
        except expat.ExpatError:
            # Nothing that openpyxl reads lies behind the fault; if it reads this part, it says so.
            return

    def _doctype(self, *_: object) -> None:
        raise Unreadable(
            "the workbook has a part with a document type declaration",
            remedy=_SUSPECT,
        )

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(" ")[2]:
            case "c":
                self._cells += 1
            case "mergeCell" | "hyperlink":
                self._cells += _area(attributes.get("ref", ""))
        if self._cells > MAX_CELLS:
            raise Unreadable(
                f"the workbook has more than {MAX_CELLS:,} cells",
                remedy=_SUSPECT,
            )


def _area(reference: str) -> int:
    try:
        left, top, right, bottom = range_boundaries(reference)
    except ValueError:  # no range: openpyxl refuses it, too
        return 0
    return (1 + (right or _LAST_COLUMN) - (left or 1)) * (1 + (bottom or _LAST_ROW) - (top or 1))


def _sheet(worksheet: Worksheet) -> Sheet:
    if worksheet.max_row * worksheet.max_column > MAX_CELLS:
        raise Unreadable(
            f"sheet {worksheet.title} spans {worksheet.max_row:,} rows by "
            f"{worksheet.max_column:,} columns",
            remedy=_SUSPECT,
        )
    rows = (
        Row(number, tuple(_cell(cell) for cell in cells))
        for number, cells in enumerate(worksheet.iter_rows(min_row=1, min_col=1), start=1)
    )
    return Sheet(
        worksheet.title,
        tuple(row for row in rows if not all(cell.is_blank for cell in row.cells)),
    )


def _cell(cell: OpenpyxlCell | MergedCell) -> Cell:
    link = cell.hyperlink
    target = None
    if link is not None:
        target = "#".join(part for part in (link.target or "", link.location) if part is not None)
    return Cell(
        value=cast(CellValue, cell.value),
        link=target or None,
        is_error=cell.data_type == "e",
    )
