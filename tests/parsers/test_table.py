"""A source without code: an HTML table read through a map of its columns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.errors import NotThisDocument, ReadingError, Unreadable
from parsers.html_table import find_table, parse_page, shown_text, table_rows
from parsers.options import BadOptions
from parsers.printed_dates import iso_as_printed
from parsers.records import HtmlSpot, Listing, Reading
from parsers.table import PARSER
from tests.parsers.golden import FIXTURES, assert_expected, outcome

FOLDER = FIXTURES / "table"
DOCUMENTS = sorted(
    path for path in FOLDER.iterdir() if path.suffix in (".html", ".csv", ".xlsx", ".pdf")
)
OPTIONS: dict[str, Any] = json.loads((FOLDER / "options.json").read_text())
COLUMNS = OPTIONS["columns"]


def options_of(page: Path) -> dict[str, Any]:
    own = page.with_name(f"{page.stem}.options.json")
    shared = OPTIONS if page.suffix == ".html" else {}
    return {**shared, **json.loads(own.read_text())} if own.exists() else shared


def read(name: str, **options: Any) -> Reading:
    page = FOLDER / f"{name}.html"
    return PARSER.read(page.read_bytes(), {**options_of(page), **options})


def listings(name: str, **options: Any) -> list[Any]:
    return read(name, **options).rows(Listing)


def table(*rows: str) -> bytes:
    header = "".join(f"<th>{label}</th>" for label in COLUMNS)
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f"<html><body><table><tr>{header}</tr>{body}</table></body></html>".encode()


def read_rows(*rows: str) -> Reading:
    return PARSER.read(table(*rows), {"record": "listings", "columns": COLUMNS})


ROW = "<td>Tarn</td><td>2014</td><td>Order</td><td>None</td>"


@pytest.mark.parametrize("page", DOCUMENTS, ids=lambda path: path.stem)
def test_a_document_is_read_as_expected(page: Path) -> None:
    assert_expected(page, outcome(PARSER, page.read_bytes(), options_of(page)))


def test_every_expectation_has_its_page() -> None:
    names = {path.name.removesuffix(".expected.json") for path in FOLDER.glob("*.expected.json")}
    assert names == {path.stem for path in DOCUMENTS}
    assert names


def test_a_listing_is_a_row_with_its_texts_collapsed() -> None:
    tarn, brackwater, oakholt = listings("list")
    assert tarn.jurisdiction == "Tarn, Westmarch"
    assert (tarn.date_enacted, tarn.date_enacted_text) == ("2017-02", "February 2017")
    assert tarn.policy == "Ordinance 12 as amended"
    assert tarn.criteria == (
        "Will not honor a detainer without a warrant",
        "Will honor one for: murder arson",
    )
    assert brackwater.criteria == ("Will not honor",)
    assert (oakholt.policy, oakholt.criteria, oakholt.field_office) == (None, (), None)


def test_the_edition_has_the_title_and_the_notice_of_the_page() -> None:
    edition = read("list").edition
    assert edition.title == "Jurisdictions of Freedonia that limit cooperation"
    assert edition.notice == "SPECIMEN, NOT AN OFFICIAL PAGE"
    assert read("list", title_select=None).edition.title is None


@pytest.mark.parametrize(("select", "count"), [("h2", 0), ("td", 16)])
def test_a_title_that_is_not_one_element_is_reported(select: str, count: int) -> None:
    reading = read("list", title_select=select)
    assert reading.edition.title is None
    (problem,) = reading.problems
    assert problem.kind == "title_not_found"
    assert f"{count} elements" in problem.message


@pytest.mark.parametrize(
    ("body", "notice"),
    [
        ("<p><b>SPECIMEN</b>, not a page of <i>anyone</i></p>", "SPECIMEN, not a page of anyone"),
        ("SPECIMEN page", "SPECIMEN page"),
        ("<div>SPECIMEN page<p>more</p></div>", "SPECIMEN page"),
        ("<p>Not a SPECIMEN</p>", None),
        ("<p>SPECIMENS</p>", None),
    ],
)
def test_a_specimen_says_so_in_its_first_words(body: str, notice: str | None) -> None:
    page = table(ROW).replace(b"<table>", f"{body}<table>".encode())
    reading = PARSER.read(page, {"record": "listings", "columns": COLUMNS})
    assert reading.edition.notice == notice


@pytest.mark.parametrize("page", ["list", "rows-that-are-no-listings", "two-tables-one-selected"])
def test_the_evidence_selects_the_row(page: str) -> None:
    soup = parse_page((FOLDER / f"{page}.html").read_bytes())
    for row in listings(page):
        (spot,) = row.evidence
        assert isinstance(spot, HtmlSpot)
        (element,) = soup.select(spot.anchor)
        assert (shown_text(element) or "").startswith(row.jurisdiction)


@pytest.mark.parametrize("identity", ["tarn", "2017", "a b", "x:y.z"])
def test_a_row_with_an_id_is_found_by_it(identity: str) -> None:
    page = table(ROW).replace(b"<tr><td>", f'<tr id="{identity}"><td>'.encode())
    soup = parse_page(page)
    row = table_rows(soup, find_table(soup, None))[1]
    assert row.anchor.startswith("#")
    assert [element["id"] for element in soup.select(row.anchor)] == [identity]


def test_an_id_that_stands_twice_is_not_used() -> None:
    page = table(ROW, ROW).replace(b"<tr><td>", b'<tr id="same"><td>')
    soup = parse_page(page)
    first, second = table_rows(soup, find_table(soup, None))[1:]
    assert [len(soup.select(row.anchor)) for row in (first, second)] == [1, 1]
    assert first.anchor != second.anchor


def test_a_cell_that_spans_rows_stands_in_each() -> None:
    assert [(row.date_enacted, row.criteria) for row in listings("rows-spanned")] == [
        ("2017-02", ("Will not honor a detainer without a warrant",)),
        ("2017-02", ("Will not honor a detainer without a warrant",)),
        ("2014", ("Will not honor a detainer without a warrant",)),
    ]


def test_a_cell_does_not_reach_beyond_its_row_group() -> None:
    page = b"""<table><thead><tr><th>Jurisdiction</th></tr></thead>
    <tbody><tr><td rowspan="9">Tarn</td></tr></tbody>
    <tbody><tr><td>Oakholt</td></tr></tbody></table>"""
    columns = {"Jurisdiction": "jurisdiction"}
    reading = PARSER.read(page, {"record": "listings", "columns": columns})
    assert [row.to_json()["jurisdiction"] for row in reading.records] == ["Tarn", "Oakholt"]


@pytest.mark.parametrize("span", ["", "x", "-2", "1"])
def test_a_span_that_is_no_number_is_one(span: str) -> None:
    other = ROW.replace("Tarn", "Oakholt")
    reading = read_rows(
        ROW.replace("<td>Tarn", f'<td rowspan="{span}" colspan="{span}">Tarn'), other
    )
    assert len(reading.records) == 2
    assert not reading.problems


def test_a_row_with_a_cell_over_columns_is_no_listing() -> None:
    reading = read("columns-spanned")
    assert len(reading.records) == 1
    (problem,) = reading.problems
    assert (problem.kind, problem.text) == ("spanning_cell", "WESTMARCH")


def test_rows_that_are_no_listings_are_problems_with_their_text() -> None:
    reading = read("rows-that-are-no-listings")
    assert len(reading.records) == 1
    assert {problem.kind: problem.text for problem in reading.problems} == {
        "text_above_table": "As known today",
        "repeated_header": "Jurisdiction | Date Enacted | Policy | Criteria",
        "ragged_row": "Ellmoor | 2014",
        "missing_value": "2014 | Order",
        "table_foot": "Total: 1",
    }


def test_an_unknown_column_is_reported_with_its_name_and_values() -> None:
    reading = read("unknown-columns")
    named, unnamed = reading.problems
    assert (named.kind, named.text) == ("unknown_column", "Notes")
    assert "1 of 1 rows (first: renewed)" in named.message
    assert "(no header)" in unnamed.message
    (header,) = [check for check in reading.checks if check.name == "header_known"]
    assert not header.passed
    assert "Notes" in header.message
    assert all(check.passed for check in read("list").checks)


def test_headers_are_found_whatever_their_case_and_order() -> None:
    page = b"""<table><tr><th>POLICY</th><th> jurisdiction </th></tr>
    <tr><td>Order</td><td>Tarn</td></tr></table>"""
    columns = {"Jurisdiction": "jurisdiction", "Policy": "policy"}
    (row,) = PARSER.read(page, {"record": "listings", "columns": columns}).rows(Listing)
    assert isinstance(row, Listing)
    assert (row.jurisdiction, row.policy) == ("Tarn", "Order")


def test_text_beside_a_list_of_criteria_is_reported() -> None:
    (problem,) = read("text-beside-criteria").problems
    assert (problem.kind, problem.text) == ("text_beside_list", "Since 2017: Will not honor")


def test_bytes_that_are_not_text_are_reported() -> None:
    (problem,) = read("bytes-not-utf-8").problems
    assert problem.kind == "undecodable_text"


def test_scripts_and_comments_in_a_cell_are_not_its_text() -> None:
    cell = "<td>Ta<!-- x -->rn<script>y()</script></td>"
    (row,) = read_rows(ROW.replace("<td>Tarn</td>", cell)).rows(Listing)
    assert isinstance(row, Listing)
    assert row.jurisdiction == "Tarn"


def test_a_table_without_rows_fails_its_required_check() -> None:
    assert [check.name for check in read("no-rows").failed_required()] == ["rows_read"]
    assert not read("list").failed_required()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("filled-by-script", "no table on the page"),
        ("two-tables", "2 tables on the page"),
        ("table-in-table", "select"),
        ("header-missing", "missing: Policy"),
        ("header-twice", "Policy stands in the table more than once"),
    ],
)
def test_another_page_is_refused(name: str, says: str) -> None:
    with pytest.raises(NotThisDocument, match=says):
        read(name)


@pytest.mark.parametrize(
    ("name", "select", "says"),
    [
        ("list", "table.none", "no table that table.none selects"),
        ("two-tables", "table", "2 tables that table selects"),
        ("list", "h1", "selects a <h1>"),
        ("table-in-table", "body > table", "holds another table"),
    ],
)
def test_a_selector_must_name_one_table(name: str, select: str, says: str) -> None:
    with pytest.raises(NotThisDocument, match=says):
        read(name, select=select)


def test_the_inner_one_of_two_tables_can_be_selected() -> None:
    assert len(listings("table-in-table", select="td table")) == 1


@pytest.mark.parametrize(
    ("document", "says"),
    [(b"", "not an HTML page"), (b"%PDF-1.7 <<>>", "a PDF"), (b"PK\x03\x04<", "a workbook")],
)
def test_what_is_no_page_is_refused(document: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        PARSER.read(document, OPTIONS)


def test_a_page_that_begins_like_xml_is_read() -> None:
    page = b"<?xml version='1.0'?>" + table(ROW).replace(b"<html>", b"").replace(b"</html>", b"")
    assert len(PARSER.read(page, {"record": "listings", "columns": COLUMNS}).records) == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"record": "agreements"}, "record: "),
        ({"columns": {}}, "columns: "),
        ({"columns": {"Place": "place"}}, "Place: 'place' is not a field; allowed: jurisdiction"),
        ({"columns": {"Policy": "policy"}}, "no column fills jurisdiction"),
        ({"columns": {"A": "jurisdiction", "B": "jurisdiction"}}, "B: jurisdiction is filled"),
        ({"columns": {"A": "jurisdiction", " a": "policy"}}, "the header is named twice"),
        ({"columns": {" ": "jurisdiction"}}, "the header of jurisdiction is empty"),
        ({"select": "table["}, "select: .*'table\\[' is not a CSS selector"),
        ({"title_select": ":::"}, "title_select: "),
        ({"colums": {}}, "colums: "),
    ],
)
def test_a_wrong_option_is_named(change: dict[str, Any], says: str) -> None:
    with pytest.raises(BadOptions, match=says):
        PARSER.read(table(ROW), {**OPTIONS, **change})


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("2017", "2017"),
        ("February 2017", "2017-02"),
        ("Feb 2017", "2017-02"),
        ("2017-02", "2017-02"),
        ("February 3, 2017", "2017-02-03"),
        ("2017-02-03", "2017-02-03"),
        ("Jul-14", None),
        ("5/8/2017", None),
        ("February", None),
        ("February 30, 2017", None),
        ("about 2017", None),
    ],
)
def test_a_date_is_as_exact_as_it_was_printed(printed: str, iso: str | None) -> None:
    assert iso_as_printed(printed) == iso


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(document: bytes) -> None:
    try:
        reading = PARSER.read(b"<table>" + document, OPTIONS)
    except ReadingError:
        return
    assert not reading.records


@given(st.lists(st.text("<>trdh/ pan=\"'2", max_size=12), max_size=12))
def test_broken_markup_gives_rows_as_wide_as_their_cells(pieces: list[str]) -> None:
    page = parse_page(table(*pieces))
    tables = page.find_all("table")
    for row in table_rows(page, tables[0]):
        assert len(row.cells) == len(row.texts)
        assert len(page.select(row.anchor)) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_a_page_that_declares_no_encoding_is_not_read_by_a_guess_at_its_letters(
    encoding: str,
) -> None:
    page = parse_page("<p>§ 28-250 – “Findings”</p>".encode(encoding))
    assert page.get_text().strip("\ufeff\n") == "§ 28-250 – “Findings”"
