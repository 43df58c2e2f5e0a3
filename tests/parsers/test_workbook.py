"""Opening a workbook: values, links and the files that must not get in."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import datetime
from io import BytesIO

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from parsers import workbook
from parsers.errors import Unreadable
from parsers.workbook import Cell, open_workbook


def made(fill: Callable[[Worksheet], None]) -> bytes:
    """Return a workbook of one sheet that ``fill`` writes to."""
    book = Workbook()
    fill(book.worksheets[0])
    return saved(book)


def saved(book: Workbook) -> bytes:
    document = BytesIO()
    book.save(document)
    return document.getvalue()


def with_part(document: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a package with one part changed."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(document)) as source, zipfile.ZipFile(packed, "w", 8) as target:
        for part in source.namelist():
            content = source.read(part)
            target.writestr(part, change(content) if part == name else content)
    return packed.getvalue()


def one_cell(sheet: Worksheet) -> None:
    sheet["A1"] = "x"


SHEET = "xl/worksheets/sheet1.xml"


def test_rows_keep_their_number_in_the_sheet_and_blank_ones_are_left_out() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = "head"
        sheet["A2"] = " \u00a0"
        sheet["B4"] = "value"
        sheet["A9"] = ""

    (sheet,) = open_workbook(made(fill)).sheets
    assert [row.number for row in sheet.rows] == [1, 4]
    assert [cell.text for cell in sheet.rows[1].cells] == [None, "value"]


def test_a_cell_beyond_the_last_column_is_empty() -> None:
    (sheet,) = open_workbook(made(one_cell)).sheets
    assert sheet.rows[0].cell(7) == Cell(None)


def test_hidden_rows_are_read() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = "shown"
        sheet["A2"] = "hidden"
        sheet.row_dimensions[2].hidden = True

    (sheet,) = open_workbook(made(fill)).sheets
    assert [row.cell(0).text for row in sheet.rows] == ["shown", "hidden"]


def test_a_link_is_its_target_with_its_location() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = "link"
        sheet["A1"].hyperlink = "https://www.example.org/a.pdf"
        sheet["A1"].value = "link"
        sheet["B1"].hyperlink = "https://www.example.org/b.pdf"
        sheet["B1"].hyperlink.location = "page=2"
        sheet["C1"] = "no link"

    (sheet,) = open_workbook(made(fill)).sheets
    assert [cell.link for cell in sheet.rows[0].cells] == [
        "https://www.example.org/a.pdf",
        "https://www.example.org/b.pdf#page=2",
        None,
    ]
    assert sheet.rows[0].cell(0).text == "link"


def test_an_error_of_the_spreadsheet_is_told_from_the_same_text() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = "#N/A"
        sheet["B1"] = "#N/A"
        sheet["B1"].data_type = "s"

    (sheet,) = open_workbook(made(fill)).sheets
    assert [(cell.text, cell.is_error) for cell in sheet.rows[0].cells] == [
        ("#N/A", True),
        ("#N/A", False),
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (" as typed\u00a0", " as typed\u00a0"),
        (45785, "45785"),
        (1.5, "1.5"),
        (True, "TRUE"),
        (datetime(2025, 5, 8), "2025-05-08"),
        (datetime(2025, 5, 8, 14, 30), "2025-05-08T14:30:00"),
    ],
)
def test_the_text_of_a_value(value: object, text: str | None) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = "first"
        sheet["B1"] = value  # type: ignore[assignment]

    (sheet,) = open_workbook(made(fill)).sheets
    assert sheet.rows[0].cell(1).text == text


def test_a_date_counted_from_1904_is_the_same_day() -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.worksheets[0]["A1"] = datetime(2025, 5, 8)
    opened = open_workbook(saved(book))
    assert opened.sheets[0].rows[0].cell(0).text == "2025-05-08"
    assert opened.epoch == CALENDAR_MAC_1904


def test_a_serial_number_beyond_all_dates_is_an_error_value() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = 10**9
        sheet["A1"].number_format = "mm-dd-yy"

    (sheet,) = open_workbook(made(fill)).sheets
    assert sheet.rows[0].cell(0).is_error


def test_the_title_of_the_properties() -> None:
    book = Workbook()
    book.properties.title = "SPECIMEN"
    assert open_workbook(saved(book)).title == "SPECIMEN"
    assert open_workbook(made(one_cell)).title is None


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html>Access Denied</html>", "an HTML page"),
        (b"\n  <HTML><body>", "an HTML page"),
        (b"\xef\xbb\xbf<html>", "an HTML page"),
        (b"<?xml version='1.0'?><Error/>", "text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "old .xls"),
        (b"%PDF-1.7", "not an XLSX workbook"),
        (made(one_cell)[:-40], "cut short"),
    ],
)
def test_what_is_no_workbook_is_refused_by_name(document: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        open_workbook(document)


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        target.writestr("a.txt", "no workbook")
    with pytest.raises(Unreadable, match="broken"):
        open_workbook(packed.getvalue())


def test_a_workbook_with_a_torn_part_is_refused() -> None:
    with pytest.raises(Unreadable, match="broken"):
        open_workbook(with_part(made(one_cell), SHEET, lambda part: part[: len(part) // 2]))


def test_a_workbook_with_a_flipped_byte_is_refused() -> None:
    document = bytearray(made(one_cell))
    middle = document.index(b"xl/workbook.xml") + 40
    document[middle] ^= 0xFF
    with pytest.raises(Unreadable, match="broken"):
        open_workbook(bytes(document))


def test_a_workbook_that_unpacks_to_a_hundred_times_its_size_is_refused() -> None:
    bomb = with_part(made(one_cell), SHEET, lambda part: part + b" " * 5_000_000)
    assert len(bomb) < 50_000
    with pytest.raises(Unreadable, match=r"would unpack to 5,\d"):
        open_workbook(bomb)


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    document = made(one_cell)
    monkeypatch.setattr(workbook, "MAX_UNPACKED_BYTES", 1000)
    with pytest.raises(Unreadable, match="would unpack to"):
        open_workbook(document)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_part_with_a_document_type_is_refused(encoding: str) -> None:
    def declare(part: bytes) -> bytes:
        _, _, root = part.decode().rpartition("<worksheet")
        entity = '<!DOCTYPE worksheet [<!ENTITY a "aaaa">]><worksheet'
        head = f"<?xml version='1.0' encoding='{encoding}'?>"
        return (head + entity + root).encode(encoding)

    with pytest.raises(Unreadable, match="document type declaration"):
        open_workbook(with_part(made(one_cell), SHEET, declare))


@pytest.mark.parametrize("reference", ["A1:XFD1048576", "A:XFD", "1:1048576"])
@pytest.mark.parametrize("element", ["mergeCell", "hyperlink"])
def test_a_range_of_more_cells_than_any_list_has_is_refused(element: str, reference: str) -> None:
    def spread(part: bytes) -> bytes:
        one = f'<{element}s><{element} ref="{reference}"/></{element}s>'.encode()
        return part.replace(b"</sheetData>", b"</sheetData>" + one)

    with pytest.raises(Unreadable, match="more than 1,000,000 cells"):
        open_workbook(with_part(made(one_cell), SHEET, spread))


def test_more_cells_than_any_list_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(sheet: Worksheet) -> None:
        for row in range(1, 12):
            sheet.cell(row, 1).value = "x"

    document = made(fill)
    open_workbook(document)
    monkeypatch.setattr(workbook, "MAX_CELLS", 10)
    with pytest.raises(Unreadable, match="more than 10 cells"):
        open_workbook(document)


def test_two_cells_at_the_far_corners_are_refused_instead_of_all_between() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = "x"
        sheet["XFD1048576"] = "x"

    with pytest.raises(Unreadable, match="spans 1,048,576 rows by 16,384 columns"):
        open_workbook(made(fill))


def packed(*parts: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    document = BytesIO()
    with zipfile.ZipFile(document, "w", how) as target:
        for name, content in parts:
            target.writestr(name, content)
    return document.getvalue()


@pytest.mark.parametrize(
    "name",
    ["../outside.xml", "xl/../../outside.xml", "/etc/outside.xml", "C:/outside.xml", r"xl\..\o.xml",
     "xl//sheet.xml", "./xl/sheet.xml"],
)  # fmt: skip
def test_a_part_whose_name_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(Unreadable, match="has the name of a trap; do not open it unseen"):
        open_workbook(packed((name, b"<x/>")))


@pytest.mark.parametrize("second", [SHEET, SHEET.upper()])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_is_there_twice_is_refused(second: str) -> None:
    with pytest.raises(Unreadable, match=r"has the part .* twice"):
        open_workbook(packed((SHEET, b"<x/>"), (second, b"<y/>")))


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_part_packed_in_another_way_is_refused(how: int) -> None:
    with pytest.raises(Unreadable, match="packed as no workbook is"):
        open_workbook(packed((SHEET, b"<x/>"), how=how))


def test_a_part_that_is_locked_is_refused() -> None:
    document = bytearray(packed((SHEET, b"<x/>")))
    document[document.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(Unreadable, match="locked with a password"):
        open_workbook(bytes(document))


def test_more_parts_than_any_workbook_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_PARTS", 3)
    with pytest.raises(Unreadable, match=r"has \d+ parts"):
        open_workbook(made(one_cell))


def test_a_part_is_unpacked_no_further_than_the_directory_declares() -> None:
    size = 3_000_000
    honest = packed((SHEET, b" " * size))
    claimed = honest.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    with pytest.raises(Unreadable, match="broken"):  # what was read does not fit its checksum
        open_workbook(claimed)


@pytest.mark.parametrize(
    "encoding", ["utf-32", "utf-32-be", "cp037", "latin-1", "shift_jis", "utf-7", "none-such"]
)
def test_a_part_in_an_encoding_that_hides_it_from_the_guard_is_refused(encoding: str) -> None:
    def declare(part: bytes) -> bytes:
        _, _, root = part.decode().rpartition("<worksheet")
        text = f"<?xml version='1.0' encoding='{encoding}'?><worksheet{root}"
        return text.encode("ascii" if encoding == "none-such" else encoding)

    with pytest.raises(Unreadable, match="in another encoding than UTF"):
        open_workbook(with_part(made(one_cell), SHEET, declare))
