"""An XLSX workbook as rows of cells, opened so that a hostile file can do no harm.

A workbook is a zip of XML parts. openpyxl never sees the zip itself, but one packed anew from parts
that were unpacked piece by piece, no further than the zip's directory declares, since zipfile's own
``read`` inflates a part whole before it cuts it off there. Looked at before: names, number and size
of the parts, the number of cells, the area of merged cells and of links (openpyxl makes a cell for
every one in a range), and that no part has a document type declaration, which the Open Packaging
Conventions (ECMA-376-2) forbid and without which no XML entity can be defined. What is left (a slow
but legal file) is for the limits of the process that reads.
"""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
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
MAX_PARTS = 10_000

_OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_REMEDY = "fetch it again, or save it as .xlsx by hand and import that"
_SUSPECT = "do not open it unseen; look at its parts by hand"
# What zipfile raises over broken, locked or foreign parts.
_ZIP_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)
_PIECE = 1 << 16
_IS_ENCRYPTED = 0x1
"""Flag of a part (APPNOTE.TXT 4.4.4)."""
_UNUSUAL_ENCODINGS = (b"\0\0\0<", b"<\0\0\0", b"\0\0\xfe\xff", b"\xff\xfe\0\0", b"Lo\xa7\x94")
"""How XML begins in UTF-32 and in EBCDIC (XML 1.0, appendix F)."""
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
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """The ranges whose cells are merged: first column, first row, last column, last row, from 1;
    the value stands in the first cell."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """The worksheets of a workbook, the title of its properties, and where its dates begin."""

    title: str | None
    epoch: datetime
    """What serial number 0 of a date stands for (1899-12-30, or 1904-01-01 in old Mac files)."""
    sheets: tuple[Sheet, ...]
    uncalculated: int = 0
    """How many cells have a formula whose result is not stored; they look empty."""


def open_workbook(document: bytes) -> Workbook:
    """Return the worksheets of an XLSX document, each as its rows of values and links.

    Raises Unreadable if the bytes are no workbook, are broken, or unpack to too much.
    """
    _refuse_other_kinds(document)
    package, uncalculated = _safe_package(document)
    # openpyxl warns of what is lost on saving (extensions, styles), which a reader never does, and
    # of serial numbers beyond all dates, which it hands over as an error value.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            # Whole, not read_only: openpyxl has the links of cells only then.
            loaded = load_workbook(package, data_only=True, keep_links=False)
        except Exception as error:  # openpyxl has no base class: KeyError, ValueError and others
            raise Unreadable(f"the workbook is broken ({error})", remedy=_REMEDY) from error
    with closing(loaded):
        return Workbook(
            title=loaded.properties.title,
            epoch=loaded.epoch,
            sheets=tuple(_sheet(worksheet) for worksheet in loaded.worksheets),
            uncalculated=uncalculated,
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


def _safe_package(document: bytes) -> tuple[BytesIO, int]:
    """Return the zip packed anew, and how many formulas in it have no result.

    Its parts are as they stand in it. Raises Unreadable for a bomb.
    """
    packed = BytesIO()
    tally = _Tally()
    try:
        with zipfile.ZipFile(BytesIO(document)) as package, zipfile.ZipFile(packed, "w") as safe:
            parts = [part for part in package.infolist() if not part.is_dir()]
            _refuse_directory(parts, len(document))
            for part in parts:
                content = _unpacked(package, part)
                tally.count(content)
                safe.writestr(part.filename, content)
    except _ZIP_FAULTS as error:
        raise Unreadable(f"the workbook is broken ({error})", remedy=_REMEDY) from error
    packed.seek(0)
    return packed, tally.uncalculated


def _refuse_directory(parts: Sequence[zipfile.ZipInfo], size: int) -> None:
    """Raise Unreadable for what the directory of the zip says that no workbook needs."""
    if len(parts) > MAX_PARTS:
        raise Unreadable(f"the workbook has {len(parts):,} parts", remedy=_SUSPECT)
    unpacked = sum(part.file_size for part in parts)
    if unpacked > min(MAX_UNPACKED_BYTES, MAX_UNPACKED_RATIO * size):
        raise Unreadable(
            f"the workbook of {size:,} bytes would unpack to {unpacked:,}", remedy=_SUSPECT
        )
    seen = set()
    for part in parts:
        name = part.filename
        if part.flag_bits & _IS_ENCRYPTED:
            raise Unreadable(f"its part {name!r} is locked with a password", remedy=_REMEDY)
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unreadable(f"its part {name!r} is packed as no workbook is", remedy=_SUSPECT)
        if "\\" in name or ":" in name or not {"", ".", ".."}.isdisjoint(name.split("/")):
            raise Unreadable(f"its part {name!r} has the name of a trap", remedy=_SUSPECT)
        # Names that differ in case alone are the same (ECMA-376-2, on part names).
        if name.casefold() in seen:
            raise Unreadable(f"it has the part {name!r} twice", remedy=_SUSPECT)
        seen.add(name.casefold())


def _unpacked(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    with package.open(part) as packed:
        return b"".join(iter(partial(packed.read, _PIECE), b""))


class _Tally:
    """Counts, over the XML parts of a package, the cells that openpyxl would make of them."""

    def __init__(self) -> None:
        self._cells = 0
        self.uncalculated = 0
        self._waits = self._is_text = self._in_value = False

    def count(self, part: bytes) -> None:
        """Count the cells of one part; raise Unreadable if there are too many in all."""
        if part.startswith(_UNUSUAL_ENCODINGS):
            raise _strange_encoding()
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._element
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        try:
            parser.Parse(part, True)
        except expat.ExpatError:
            # Nothing that openpyxl reads lies behind the fault; if it reads this part, it says so.
            return

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        # Others are forbidden (ECMA-376-2, on XML usage), and lxml knows some that expat does not.
        if (encoding or "utf-8").lower() not in ("utf-8", "utf-16", "us-ascii"):
            raise _strange_encoding()

    def _doctype(self, *_: object) -> None:
        raise Unreadable(
            "the workbook has a part with a document type declaration",
            remedy=_SUSPECT,
        )

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(" ")[2]:
            case "c":
                self._cells += 1
                # The result of a formula may be a text without a letter.
                self._waits, self._is_text = False, attributes.get("t") == "str"
            case "f":
                self._waits = not self._is_text
            case "v":
                self._in_value = True
            case "mergeCell" | "hyperlink":
                self._cells += _area(attributes.get("ref", ""))
        if self._cells > MAX_CELLS:
            raise Unreadable(
                f"the workbook has more than {MAX_CELLS:,} cells",
                remedy=_SUSPECT,
            )

    def _end(self, name: str) -> None:
        match name.rpartition(" ")[2]:
            case "c":
                self.uncalculated += self._waits
            case "v":
                self._in_value = False

    def _text(self, text: str) -> None:
        self._waits = self._waits and not self._in_value


def _strange_encoding() -> Unreadable:
    return Unreadable("the workbook has a part in another encoding than UTF", remedy=_SUSPECT)


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
        tuple(sorted(merged.bounds for merged in worksheet.merged_cells.ranges)),
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
