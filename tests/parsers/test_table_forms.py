"""One table is read alike from a CSV, a worksheet, a page and a PDF, strictly in each."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from reportlab.pdfgen.canvas import Canvas

from parsers.errors import NotThisDocument, Unreadable
from parsers.options import BadOptions
from parsers.records import Listing, PageSpot, Reading, TableRow
from parsers.registry import parser_named
from parsers.table import PARSER, form_of
from parsers.table.values import read_value
from tests.parsers.drawn_tables import FORMS, as_csv, as_html, as_pdf, as_pdf_pages
from tests.parsers.golden import FIXTURES

FOLDER = FIXTURES / "table"
HEADER = ["Jail", "Beds", "Note"]
OPTIONS: dict[str, Any] = {
    "record": "table_rows",
    "columns": {"Jail": "jail", "Beds": "beds", "Note": "note"},
    "key": ["jail"],
}


def rows_of(document: bytes, **options: Any) -> list[TableRow]:
    rows = PARSER.read(document, {**OPTIONS, **options}).rows(TableRow)
    assert all(isinstance(row, TableRow) for row in rows)
    return rows  # type: ignore[return-value]


def texts(document: bytes, **options: Any) -> list[list[object]]:
    return [list(row.fields.values()) for row in rows_of(document, **options)]


def fixture(name: str) -> Reading:
    options = json.loads((FOLDER / f"{name}.options.json").read_text())
    (document,) = (p for p in FOLDER.glob(f"{name}.*") if p.suffix in (".csv", ".xlsx", ".pdf"))
    return PARSER.read(document.read_bytes(), options)


WORD = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=8)
VALUE = st.one_of(st.just(""), WORD, st.lists(WORD, min_size=2, max_size=3).map(" ".join))


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(VALUE, VALUE), min_size=1, max_size=6).map(
        lambda pairs: [[f"jail {n}", *pair] for n, pair in enumerate(pairs)]
    )
)
def test_a_drawn_table_comes_back_the_same_from_every_form(body: list[list[str]]) -> None:
    expected = [[text or None for text in row] for row in body]
    for form, draw in FORMS.items():
        assert texts(draw([HEADER, *body])) == expected, form


@pytest.mark.parametrize("form", FORMS)
def test_the_bytes_tell_the_form(form: str) -> None:
    assert form_of(FORMS[form]([HEADER, ["Tarn", "1", ""]])) == form


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("other", FORMS)
def test_a_document_of_another_form_than_stated_is_refused(form: str, other: str) -> None:
    document = FORMS[other]([HEADER, ["Tarn", "1", ""]])
    if form == other:
        assert texts(document, format=form) == [["Tarn", "1", None]]
    else:
        with pytest.raises((Unreadable, NotThisDocument)):
            rows_of(document, format=form)


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({}, "html"),
        ({"format": "csv"}, "csv"),
        ({"delimiter": ";"}, "csv"),
        ({"sheet": "List"}, "xlsx"),
        ({"pages": "2-"}, "pdf"),
        ({"select": "table"}, "html"),
    ],
)
def test_what_is_fetched_is_judged_by_the_form_that_the_options_state(
    options: dict[str, Any], kind: str
) -> None:
    assert parser_named("table").wants({**OPTIONS, **options}) == kind


def test_a_table_goes_on_over_pages_that_repeat_its_header() -> None:
    body = [[f"jail {n}", str(n), "open"] for n in range(40)]
    rows = rows_of(as_pdf([HEADER, *body], height=200))
    assert [row.fields["jail"] for row in rows] == [row[0] for row in body]
    pages = {spot.page for row in rows for spot in row.evidence if isinstance(spot, PageSpot)}
    assert len(pages) > 3


def test_a_row_that_a_page_broke_is_whole_again_with_both_its_places() -> None:
    row = fixture("pdf-broken-rows").records[1]
    assert row.content()["criteria"] == ("Will not honor a detainer without a warrant of a judge",)
    assert [spot.page for spot in row.evidence if isinstance(spot, PageSpot)] == [1, 2]


def test_a_row_that_may_be_the_rest_of_another_holds_the_table() -> None:
    assert [c.name for c in fixture("pdf-broken-rows").failed_required()] == ["rows_whole"]


def test_a_table_under_other_headers_is_foreign() -> None:
    pages = [[HEADER, ["Tarn", "1", ""]], [["Mayor", "Since"], ["Ann", "2014"]]]
    reading = PARSER.read(as_pdf_pages(pages), OPTIONS)
    assert len(reading.records) == 1
    assert {p.kind for p in reading.problems} == {"ragged_row"}
    # Prose stands above it, so that it does not go on with the table of the page before.
    other = [["Tarn", "2014", "x"], ["Oakholt", "2015", "y"]]
    reading = PARSER.read(as_pdf_pages([pages[0], other], between="Of the year before"), OPTIONS)
    assert len(reading.records) == 1
    assert {p.kind for p in reading.problems} == {"foreign_table"}
    reading = PARSER.read(as_pdf_pages([pages[1], pages[0]]), OPTIONS)
    assert len(reading.records) == 1
    assert [p.text for p in reading.problems if p.kind == "foreign_table"] == [
        "Mayor | Since",
        "Ann | 2014",
    ]


def test_text_that_runs_over_a_rule_holds_the_table() -> None:
    out = io.BytesIO()
    page = Canvas(out, pagesize=(400, 200))
    page.grid([50, 150, 250, 350], [60, 90, 120])
    for x, text in zip((60, 160, 260), HEADER, strict=True):
        page.drawString(x, 100, text)
    page.drawString(60, 70, "Tarn Jail of the county of Westmarch")
    page.drawString(260, 70, "open")
    page.save()
    reading = PARSER.read(out.getvalue(), OPTIONS)
    assert [check.name for check in reading.failed_required()] == ["all_in_cells"]


def test_pages_that_are_not_wanted_are_not_read() -> None:
    pages = [[HEADER, [f"jail {page}", "1", ""]] for page in range(1, 6)]
    document = as_pdf_pages(pages)
    for wanted, found in (("2", [2]), ("2-3", [2, 3]), ("1,4-", [1, 4, 5])):
        read = [row.fields["jail"] for row in rows_of(document, pages=wanted)]
        assert read == [f"jail {page}" for page in found]


def test_broken_quotes_hold_the_table() -> None:
    reading = fixture("csv-quotes-broken")
    assert [check.name for check in reading.failed_required()] == ["quotes_closed"]
    assert [problem.kind for problem in reading.problems] == ["broken_quotes"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_what_parts_the_columns_is_told_by_the_header(delimiter: str) -> None:
    document = f"Jail{delimiter}Beds{delimiter}Note\nTarn{delimiter}1{delimiter}a,b;c|d\n".encode()
    if delimiter in ",;|":
        document = document.replace(b"a,b;c|d", b'"a,b;c|d"')
    assert texts(document) == [["Tarn", "1", "a,b;c|d"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_a_csv_is_read_in_the_encoding_that_is_declared(encoding: str) -> None:
    document = "Jail,Beds,Note\nMünster,1,\n".encode(encoding)
    declared = encoding.removesuffix("-sig")
    assert texts(document, encoding=declared, format="csv") == [["Münster", "1", None]]
    if declared != "utf-8":
        with pytest.raises(Unreadable, match="encoding"):
            rows_of(document, format="csv")


def test_a_cell_that_is_merged_over_rows_stands_in_each_and_over_columns_in_none() -> None:
    reading = fixture("xlsx-list")
    assert [row.content()["policy"] for row in reading.records[:2]] == ["Ordinance 12"] * 2
    kinds = [problem.kind for problem in reading.problems]
    assert kinds == ["sheet_not_read", "spanning_cell", "error_value"]


def test_a_sheet_is_found_by_its_header_or_its_name() -> None:
    document = (FOLDER / "xlsx-two-lists.xlsx").read_bytes()
    options = json.loads((FOLDER / "xlsx-two-lists.options.json").read_text())
    reading = PARSER.read(document, {**options, "sheet": "List 2"})
    assert len(reading.records) == 5
    assert not reading.problems
    with pytest.raises(NotThisDocument, match="there is no sheet List 3 with rows; there are: Lis"):
        PARSER.read(document, {**options, "sheet": "List 3"})


def test_rows_that_a_filter_drops_are_counted_and_said() -> None:
    reading = fixture("csv-rows-of-types")
    (check,) = [check for check in reading.checks if check.name == "rows_filtered"]
    assert check.actual == "2"
    assert "1 by drop where Status is closed" in check.message


@pytest.mark.parametrize(
    ("filter_", "kept"),
    [
        ({"action": "keep", "equals": ["1", "3"]}, ["a", "c"]),
        ({"action": "drop", "equals": "1"}, ["b", "c", "d"]),
        ({"action": "keep", "matches": "[12]"}, ["a", "b"]),
        ({"action": "drop", "matches": ".+"}, ["d"]),
        ({"action": "drop", "empty": True}, ["a", "b", "c"]),
        ({"action": "keep", "empty": True}, ["d"]),
        ({"action": "keep", "empty": False}, ["a", "b", "c"]),
    ],
)
def test_rows_are_kept_or_dropped_by_a_value(filter_: dict[str, Any], kept: list[str]) -> None:
    body = [[name, beds, ""] for name, beds in zip("abcd", ["1", "2", "3", ""], strict=True)]
    found = texts(as_csv([HEADER, *body]), row_filter=[{"column": "Beds", **filter_}])
    assert [row[0] for row in found] == kept


@pytest.mark.parametrize(
    ("kind", "printed", "value"),
    [
        ("integer", "1,204", 1204),
        ("integer", "-3", -3),
        ("integer", "0", 0),
        ("integer", "01001", None),
        ("integer", "1,20", None),
        ("integer", "1.5", None),
        ("integer", "12 beds", None),
        ("integer", "1234567890123456", None),
        ("number", "1,204.50", 1204.5),
        ("number", ".5", 0.5),
        ("number", "7%", None),
        ("number", "1e5", None),
        ("date", "February 2017", "2017-02"),
        ("date", "2/3/2017", None),
        ("date", "Jul-14", None),
        ("boolean", "YES", True),
        ("boolean", "false", False),
        ("boolean", "1", None),
        ("text", "01001", "01001"),
    ],
)
def test_a_value_that_does_not_fit_its_type_has_none(
    kind: Any, printed: str, value: object
) -> None:
    found, reason = read_value(kind, printed)
    assert (found, type(found)) == (value, type(value))
    assert (reason is None) == (value is not None)


def test_dates_and_truths_may_have_a_form_of_their_own() -> None:
    types = {"beds": {"date": "%d.%m.%Y"}, "note": {"boolean": ["x", "-"]}}
    body = [["a", "03.02.2017", "x"], ["b", "2017-02-03", "-"], ["c", "03.02.0217", "?"]]
    found = rows_of(as_csv([HEADER, *body]), types=types)
    assert [list(row.fields.values())[1:] for row in found] == [
        ["2017-02-03", True],
        ["2017-02-03", False],
        [None, None],
    ]
    assert found[2].fields_text == {"beds": "03.02.0217", "note": "?"}


def test_the_same_fault_in_many_rows_is_one_problem() -> None:
    body = [[name, "Jul-14", ""] for name in "abc"]
    (problem,) = PARSER.read(
        as_csv([HEADER, *body]), {**OPTIONS, "types": {"beds": "date"}}
    ).problems
    assert problem.message.startswith("3 rows from row 1 on: beds: Jul-14 is not a date")
    assert len(problem.evidence) == 3


@pytest.mark.parametrize("result", ["", "5"])
def test_a_formula_that_was_not_worked_out_holds_the_workbook(result: str) -> None:
    """What writes a workbook without a spreadsheet program stores formulas without results."""
    document = _with_formula("=2+3", f"<v>{result}</v>")
    reading = PARSER.read(document, OPTIONS)
    assert [row.fields["beds"] for row in reading.rows(TableRow)] == [result or None]  # type: ignore[attr-defined]
    failed = [] if result else ["formulas_worked_out"]
    assert [check.name for check in reading.failed_required()] == failed


def test_a_formula_may_give_a_text_without_a_letter() -> None:
    document = _with_formula('=""', "<v></v>", 't="str"')
    assert PARSER.read(document, OPTIONS).failed_required() == []


def _with_formula(formula: str, value: str, attributes: str = "") -> bytes:
    """Return a workbook with a formula for the beds of a jail, its result as XML."""
    book, packed, mended = Workbook(), io.BytesIO(), io.BytesIO()
    for row in (HEADER, ["Tarn", formula, "a"]):
        book.worksheets[0].append(row)
    book.save(packed)
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(mended, "w") as new:
        for name in old.namelist():
            part = old.read(name).replace(b"<v></v>", value.encode()).replace(b"<v />", b"<v/>")
            new.writestr(name, part.replace(b'<c r="B2"', f'<c r="B2" {attributes}'.encode()))
    return mended.getvalue()


@pytest.mark.parametrize(
    "struck",
    [
        "<tr><td><s>Tarn</s></td><td>5</td><td></td></tr>",
        "<tr><td>Tarn</td><td>5 <del>4</del></td><td></td></tr>",
        "<tr style='text-decoration:line-through'><td>Tarn</td><td>5</td><td></td></tr>",
    ],
)
def test_a_row_that_is_struck_out_holds_the_table(struck: str) -> None:
    page = as_html([HEADER, ["Klow", "3", "b"]]).replace(b"</table>", f"{struck}</table>".encode())
    reading = PARSER.read(page, OPTIONS)
    assert texts(page) == [["Klow", "3", "b"]]
    assert [problem.kind for problem in reading.problems] == ["struck_out"]
    (failed,) = reading.failed_required()
    assert failed.name == "rows_not_struck"
    assert "accept the reading" in failed.message


def test_a_raised_number_is_no_part_of_another() -> None:
    page = as_html([HEADER, ["Tarn", "12", "b"]]).replace(b"12", b"12<sup>2</sup>")
    reading = PARSER.read(page, {**OPTIONS, "types": {"beds": "integer"}})
    (row,) = reading.rows(TableRow)
    assert isinstance(row, TableRow)
    assert (row.fields["beds"], row.fields_text) == (None, {"beds": "122"})
    assert [problem.kind for problem in reading.problems] == ["raised_text"]


def test_a_raised_number_is_no_part_of_a_date() -> None:
    page = as_html([["Place", "Since"], ["Tarn", "June 12, 2014"]])
    options = {"record": "listings", "columns": {"Place": "jurisdiction", "Since": "date_enacted"}}
    page = page.replace(b"12,", b"1<sup>2</sup>,")
    (row,) = PARSER.read(page, options).rows(Listing)
    assert isinstance(row, Listing)
    assert row.date_enacted is None


def test_a_header_that_is_repeated_in_capitals_is_no_row() -> None:
    rows = [HEADER, ["Tarn", "5", ""], [header.upper() for header in HEADER], ["Klow", "3", ""]]
    assert texts(as_csv(rows)) == [["Tarn", "5", None], ["Klow", "3", None]]


def test_columns_of_one_name_or_of_none_keep_their_values_apart() -> None:
    rows = [[*HEADER, "More", "More", ""], ["Tarn", "5", "", "a", "b", "c"]]
    (row,) = rows_of(as_csv(rows))
    assert row.other_columns == {"More": "a", "More (column 5)": "b", "column 6": "c"}


def test_rows_with_one_key_are_reported() -> None:
    rows = [HEADER, ["Tarn", "1", ""], ["TARN", "2", ""]]
    reading = PARSER.read(as_html(rows), OPTIONS)
    assert [problem.kind for problem in reading.problems] == ["duplicate_key"]
    assert len(reading.records) == 2
    (problem,) = PARSER.read(as_html([HEADER, *[["Tarn", "1", ""]] * 9]), OPTIONS).problems
    assert problem.message.startswith("rows 1, 2, 3 and 6 more are the same by their key")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"key": []}, "key: name the fields that make it the same row"),
        ({"key": ["place"]}, "key: no column fills place"),
        ({"columns": {"Jail": "Jail"}}, "Jail: 'Jail' is not a name for a field; allowed: small"),
        ({"columns": {"Jail": "id"}}, "'id' is not a name for a field"),
        ({"columns": {"Jail": "true"}}, "'true' is not a name for a field"),
        ({"columns": {"Jail": "jail_text"}}, "'jail_text' is not a name for a field"),
        ({"columns": {"Jail": 'x"; DROP'}}, "is not a name for a field"),
        ({"types": {"beds": "float"}}, "types.beds"),
        ({"types": {"sink": "text"}}, "types: no column fills sink"),
        ({"types": {"beds": {"date": "%d %b %y"}}}, "a year of two digits is not completed"),
        ({"types": {"beds": {"date": "%d %Y"}}}, "a day needs its month"),
        ({"types": {"beds": {"boolean": ["x", "X"]}}}, "the same"),
        ({"level": "city"}, "level: it is for `record: listings`"),
        ({"state": "Freedonia"}, "state: it is for `record: listings`"),
        ({"join": {"place": ["Jail"]}}, "join: place: name two headers or more"),
        ({"join": {"jail": ["Jail", "Beds"]}}, "join: jail is filled by another column already"),
        ({"row_filter": [{"action": "drop", "column": "X", "empty": True}]}, "X is not in the col"),
        (
            {"row_filter": [{"action": "drop", "column": "Jail"}]},
            "one of equals, matches and empty",
        ),
        ({"row_filter": [{"action": "keep", "column": "Jail", "matches": "("}]}, "a regular expr"),
        ({"header_rows": 0}, "without header rows a column is named by its number"),
        ({"header_rows": 9}, "header_rows"),
        ({"pages": "3-1"}, "pages: allowed: pages like 3, 2-5"),
        ({"format": "xls"}, "format"),
        ({"format": "csv", "select": "table"}, "select: it is for `format: html`"),
        ({"sheet": "A", "pages": "2"}, "pages: it is for `format: pdf`"),
        ({"encoding": "latin-1"}, "encoding"),
        ({"delimiter": ":"}, "delimiter"),
    ],
)
def test_a_wrong_option_is_named(change: dict[str, Any], says: str) -> None:
    with pytest.raises(BadOptions) as error:
        PARSER.read(as_csv([HEADER]), {**OPTIONS, **change})
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"key": ["jurisdiction"]}, "key: a listing is known by its jurisdiction, date and policy"),
        ({"types": {"policy": "integer"}}, "types: policy of a listing is a text"),
        ({"level": "town"}, "level"),
        ({"state": {"column": " "}}, "the header of a column"),
    ],
)
def test_a_wrong_option_of_listings_is_named(change: dict[str, Any], says: str) -> None:
    options = {"record": "listings", "columns": {"A": "jurisdiction", "B": "policy"}, **change}
    with pytest.raises(BadOptions) as error:
        PARSER.read(b"A,B\n", options)
    assert says in str(error.value)


def test_a_workbook_keeps_the_dates_that_it_stores() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(HEADER)
    sheet.append(["Tarn", datetime(2017, 2, 3)])
    out = io.BytesIO()
    book.save(out)
    for kind in ("date", {"date": "%m/%d/%Y"}):
        found = texts(out.getvalue(), types={"beds": kind})
        assert found == [["Tarn", "2017-02-03", None]]
