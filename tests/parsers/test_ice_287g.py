"""Reading ICE's 287(g) workbooks: every trap known of them has a fixture named for it."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils.datetime import CALENDAR_WINDOWS_1900

from parsers.cell_values import collapsed, read_date, read_link, read_text
from parsers.errors import NotThisDocument, ReadingError, Unreadable
from parsers.ice_287g import PARSER
from parsers.records import Agreement, Reading, SheetSpot, content_hash
from parsers.web_address import web_address
from parsers.workbook import Cell, CellValue
from tests.parsers.golden import FIXTURES, assert_expected, outcome

FOLDER = FIXTURES / "ice-287g"
WORKBOOKS = sorted(FOLDER.glob("*.xlsx"))
EPOCH = CALENDAR_WINDOWS_1900


def read(name: str) -> Reading:
    return PARSER.read((FOLDER / f"{name}.xlsx").read_bytes(), {})


def agreements(name: str) -> list[Any]:
    return read(name).rows(Agreement)


def kinds(reading: Reading) -> list[str]:
    return [problem.kind for problem in reading.problems]


def check(reading: Reading, name: str) -> Any:
    return next(check for check in reading.checks if check.name == name)


@pytest.mark.parametrize("fixture", WORKBOOKS, ids=lambda path: path.stem)
def test_a_workbook_is_read_as_expected(fixture: Path) -> None:
    assert_expected(fixture, outcome(PARSER, fixture.read_bytes(), {}))


def test_every_expectation_has_its_workbook() -> None:
    names = {path.name.removesuffix(".expected.json") for path in FOLDER.glob("*.expected.json")}
    assert names == {path.stem for path in WORKBOOKS}
    assert names


def test_the_columns_tell_a_participating_list_from_a_pending_one() -> None:
    assert {row.status for row in agreements("participating")} == {"participating"}
    assert {row.status for row in agreements("pending")} == {"pending"}


def test_a_row_says_where_it_stands() -> None:
    rows = agreements("participating")
    assert [row.position for row in rows] == [1, 2, 3, 4]
    assert [row.evidence for row in rows] == [(SheetSpot("Sheet1", n),) for n in (2, 3, 4, 5)]


def test_equal_rows_are_kept_apart() -> None:
    first, second = agreements("equal-rows")
    assert first.content() == second.content()
    assert first.evidence != second.evidence


def test_other_order_is_the_same_content_and_other_rows_are_not() -> None:
    same = content_hash(read("participating").records)
    assert content_hash(read("participating-other-order").records) == same
    assert content_hash(read("participating-other-content").records) != same


def test_white_space_is_collapsed_beside_the_text_of_the_cell() -> None:
    first, second = agreements("white-space")
    assert first.support_type == "Task Force Model"
    assert first.support_type_text == "Task Force Model "
    assert first.agency == "Gr\u00e9sville Police Department"
    assert first.county_text == "Ellmoor County\u00a0"
    assert second.evidence == (SheetSpot("Sheet1", 4),)
    assert not read("white-space").problems


def test_a_broken_date_is_kept_as_printed_with_its_row() -> None:
    reading = read("date-as-text")
    broken = [row for row in reading.rows(Agreement) if row.content()["signed"] == "05/082025"]
    assert len(broken) == 1
    problem = next(p for p in reading.problems if p.text == "05/082025")
    assert problem.kind == "unreadable_date"
    assert problem.evidence == (SheetSpot("Sheet1", 5),)
    assert "row 5" in problem.message


@pytest.mark.parametrize("printed", ["05/082025", "7/72025", "13/08/2025", "5/8/25", "May 8", ""])
def test_a_text_that_is_no_whole_date_is_never_completed(printed: str) -> None:
    value = read_date(Cell(printed), EPOCH)
    assert value.normal is None
    assert value.faults


@given(st.dates(date(1996, 9, 30), date(2099, 12, 31)))
def test_a_day_reads_the_same_in_every_whole_form(day: date) -> None:
    forms: list[CellValue] = [
        datetime(day.year, day.month, day.day),
        f"{day.month}/{day.day}/{day.year}",
        f"{day:%m/%d}/{day.year:04}",
        day.isoformat(),
        (day - EPOCH.date()).days,
    ]
    for form in forms:
        assert read_date(Cell(form), EPOCH).normal == day.isoformat()


def test_serial_numbers_count_from_the_workbooks_own_epoch() -> None:
    assert read_date(Cell(44323), datetime(1904, 1, 1)).normal == "2025-05-08"
    assert read_date(Cell(44323), EPOCH).normal == "2021-05-07"


@pytest.mark.parametrize("number", [0, 1, 2025, 35337, 73051, 5082025, 10**12, -1, True, 45785.5])
def test_a_number_that_is_no_signing_day_is_not_a_date(number: float) -> None:
    assert read_date(Cell(number), EPOCH).normal is None


@given(st.text())
def test_normal_text_is_normal_already(text: str) -> None:
    once = collapsed(text)
    assert collapsed(once) == once
    assert once is None or (once == once.strip() and "\u00a0" not in once)


def test_an_error_value_is_no_name() -> None:
    value = read_text(Cell("#REF!", is_error=True))
    assert (value.normal, value.faults[0].kind) == (None, "error_value")
    assert read_text(Cell("#REF!")).normal == "#REF!"


def test_the_same_fault_in_many_rows_is_one_problem_with_all_of_them() -> None:
    (problem,) = read("county-not-available").problems
    assert problem.evidence == (SheetSpot("Sheet1", 2), SheetSpot("Sheet1", 3))
    assert "2 rows" in problem.message
    assert [row.county for row in agreements("county-not-available")] == [
        None,
        None,
        "Brackwater County",
    ]


def test_the_address_is_the_link_of_the_cell_or_the_address_it_prints() -> None:
    rows = agreements("links")
    assert [row.moa_url and row.moa_url.rpartition("/")[2] for row in rows] == [
        "a.pdf",
        "b.pdf",
        None,
        None,
        "c.pdf",
        "d.pdf",
        None,
    ]
    assert [row.moa_url_text for row in rows][:4] == [
        "link",
        "link ",
        "link pending",
        "link pending ",
    ]
    assert not read("links").problems


def test_an_addendum_has_a_link_of_its_own() -> None:
    first, second = agreements("addendum-column")
    assert first.addendum_url == "https://www.example.org/moa/brackwater_addendum.pdf"
    assert (second.addendum_url, second.addendum_url_text) == (None, None)


def test_two_names_over_one_link_are_reported() -> None:
    reading = read("link-to-one-of-two")
    (row,) = reading.rows(Agreement)
    assert isinstance(row, Agreement)
    assert (row.moa_url, row.addendum_url) == ("https://www.example.org/moa/a.pdf", None)
    assert kinds(reading) == ["unexpected_link_text"]


def test_a_printed_address_that_is_not_the_link_is_reported() -> None:
    cell = Cell("https://www.example.org/a.pdf", link="https://www.example.org/b.pdf")
    value = read_link(cell)
    assert value.normal == "https://www.example.org/b.pdf"
    assert [fault.kind for fault in value.faults] == ["unexpected_link_text"]


def test_a_link_that_is_pending_and_there_is_reported() -> None:
    value = read_link(Cell("link pending", link="https://www.example.org/a.pdf"))
    assert [fault.kind for fault in value.faults] == ["unexpected_link_text"]


def test_a_link_promised_without_an_address_is_reported() -> None:
    reading = read("link-without-address")
    assert kinds(reading) == ["no_web_address", "no_web_address"]


@pytest.mark.parametrize(
    "link",
    [
        "mailto:a@example.org",
        "javascript:alert(1)",
        "file:///C:/a.pdf",
        "../a.pdf",
        "#Sheet2!A1",
        "https:///a.pdf",
        "http://[bad/a.pdf",
        "",
    ],
)
def test_only_an_address_of_the_web_is_an_address(link: str) -> None:
    assert web_address(link) is None


def test_an_address_is_taken_out_of_the_mail_filters_wrapping() -> None:
    reading = read("link-wrapped-by-mail-filter")
    (row,) = reading.rows(Agreement)
    assert isinstance(row, Agreement)
    assert row.moa_url == "https://www.example.org/moa/brackwater_tfm.pdf"
    assert kinds(reading) == ["wrapped_link"]


@pytest.mark.parametrize(
    "query",
    ["", "?url=", "?url=mailto%3Aa", "?data=x", "?url=https%3A//a.example&url=https%3A//b.example"],
)
def test_a_wrapping_without_one_address_in_it_is_no_address(query: str) -> None:
    assert web_address(f"https://gcc02.safelinks.protection.outlook.com/{query}") is None


def test_an_unknown_column_is_reported_with_its_name_and_values() -> None:
    reading = read("unknown-columns")
    named, unnamed = reading.problems
    assert (named.kind, named.text) == ("unknown_column", "Notes")
    assert "column F (Notes)" in named.message
    assert "1 of 2 rows (first: renewed)" in named.message
    assert "column G (no header)" in unnamed.message
    assert not check(reading, "header_known").passed
    assert "Notes" in check(reading, "header_known").message


def test_a_list_without_counties_is_read_and_says_so() -> None:
    reading = read("county-column-missing")
    assert kinds(reading) == ["missing_column"]
    assert not check(reading, "header_known").passed
    assert [row.county for row in agreements("county-column-missing")] == [None]


def test_a_row_with_a_support_type_but_no_agency_stays_and_fails_the_check() -> None:
    reading = read("agency-blank")
    (row,) = reading.rows(Agreement)
    assert isinstance(row, Agreement)
    assert row.agency is None
    assert kinds(reading) == ["missing_value"]
    failed = check(reading, "no_blank_agency")
    assert (failed.passed, failed.message) == (False, "No agency is named in row 2.")
    assert check(read("pending"), "no_blank_agency").passed


def test_rows_that_are_no_agreements_are_problems_with_their_text() -> None:
    reading = read("rows-that-are-no-agreements")
    assert len(reading.records) == 2
    assert {problem.kind: problem.text for problem in reading.problems} == {
        "text_above_table": "Pending agreements",
        "repeated_header": "STATE | LAW ENFORCEMENT AGENCY | TYPE | COUNTY | SUPPORT TYPE",
        "not_an_agreement": "As of the day of invention",
    }


def test_a_sheet_beside_the_list_is_reported() -> None:
    (problem,) = read("second-sheet").problems
    assert (problem.kind, problem.text) == ("sheet_not_read", "Made by hand")
    assert problem.evidence == (SheetSpot("Notes", 1),)


def test_a_list_without_rows_fails_its_required_check() -> None:
    reading = read("no-rows")
    assert [check.name for check in reading.failed_required()] == ["rows_read"]
    assert not read("pending").failed_required()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("column-missing", "missing: SUPPORT TYPE"),
        ("column-twice", "COUNTY stands there twice"),
        ("signed-without-moa", "SIGNED and MOA"),
        ("two-lists", "Sheet1, Old"),
        ("empty-sheet", "LAW ENFORCEMENT AGENCY"),
    ],
)
def test_another_workbook_is_refused(name: str, says: str) -> None:
    with pytest.raises(NotThisDocument, match=says):
        read(name)


@pytest.mark.parametrize(
    ("name", "says"), [("html-page", "an HTML page"), ("cut-short", "cut short")]
)
def test_what_is_no_workbook_is_refused(name: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read(name)


def test_a_workbook_of_ours_says_that_it_is_a_specimen() -> None:
    assert read("pending").edition.notice == "SPECIMEN, NOT AN ICE DOCUMENT"


def test_another_title_of_a_workbook_is_no_notice() -> None:
    book = load_workbook(FOLDER / "pending.xlsx")
    book.properties.title = "Pending agencies"
    document = BytesIO()
    book.save(document)
    assert PARSER.read(document.getvalue(), {}).edition.notice is None


def test_the_same_bytes_give_the_same_reading() -> None:
    assert read("participating") == read("participating")


@given(st.data())
def test_a_damaged_workbook_is_read_or_refused(data: st.DataObject) -> None:
    document = bytearray((FOLDER / "pending.xlsx").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        document[data.draw(st.integers(0, len(document) - 1))] = data.draw(st.integers(0, 255))
    try:
        reading = PARSER.read(bytes(document), {})
    except ReadingError:
        return
    assert reading.records == read("pending").records
