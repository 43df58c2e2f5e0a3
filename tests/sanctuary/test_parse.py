"""``sanctuary parse`` reads one file without a database and prints what is in it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from parsers.registry import parser_names
from sanctuary.shipped import shipped
from tests.sanctuary.commands import Commands, list_page
from tests.sanctuary.hostile import invented_page

FIXTURES = Path(__file__).parents[1] / "fixtures"
WORKBOOK = FIXTURES / "ice-287g" / "participating.xlsx"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "list.html"
    file.write_bytes(list_page(("A, Zembla", "Rule One"), ("B, Zembla", "Rule Two")))
    return file


def test_it_prints_document_edition_records_checks_and_problems(sanctuary: Commands) -> None:
    answer = sanctuary("parse", WORKBOOK, "--parser", "ice-287g")
    assert (answer.code, answer.err) == (0, "")
    data = answer.data()
    assert list(data) == ["document", "edition", "records", "checks", "problems"]
    document = data["document"]
    assert document["name"] == "participating.xlsx"
    assert document["sha256"] == hashlib.sha256(WORKBOOK.read_bytes()).hexdigest()
    assert document["size"] == WORKBOOK.stat().st_size
    assert document["parser"] == "ice-287g"
    assert "openpyxl-" in document["parser_version"]
    expected = json.loads(WORKBOOK.with_suffix(".expected.json").read_text())
    assert {name: data[name] for name in expected} == expected
    (row, *_) = data["records"]["agreements"]
    assert row["evidence"] == [{"sheet": "Sheet1", "row": 2}]


def test_it_needs_no_database_and_makes_none(sanctuary: Commands, page: Path) -> None:
    assert sanctuary("parse", page, "--source", "specimen-list").code == 0
    assert not sanctuary.data_dir.exists()


def test_a_source_lends_its_parser_and_its_options(sanctuary: Commands, page: Path) -> None:
    data = sanctuary("parse", page, "--source", "specimen-list").data()
    assert data["document"]["parser"] == "table"
    assert [row["jurisdiction"] for row in data["records"]["listings"]] == [
        "A, Zembla",
        "B, Zembla",
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "give either --parser or --source"),
        (("--parser", "table", "--source", "specimen-list"), "give either --parser or --source"),
        (("--source", "nowhere"), "no source 'nowhere'; there are: specimen-agreements"),
    ],
)
def test_wrong_words_are_a_usage_error(
    sanctuary: Commands, page: Path, words: tuple[str, ...], said: str
) -> None:
    answer = sanctuary("parse", page, *words)
    assert answer.code == 2
    assert said in answer.err
    assert answer.err.count("\n") == 1


def test_a_file_that_is_not_there_is_a_usage_error(sanctuary: Commands, tmp_path: Path) -> None:
    answer = sanctuary("parse", tmp_path / "nothing.pdf", "--parser", "ddor")
    assert answer.code == 2
    assert "nothing.pdf' does not exist" in answer.err


def test_an_unknown_parser_lists_those_there_are(sanctuary: Commands, page: Path) -> None:
    answer = sanctuary("parse", page, "--parser", "tea-leaves")
    assert answer.code == 1
    assert answer.err == (
        f"sanctuary: no parser 'tea-leaves'; there are: {', '.join(parser_names())}\n"
    )


@pytest.mark.parametrize(
    ("name", "parser"),
    [
        ("html-page.xlsx", "ice-287g"),
        ("cut-short.xlsx", "ice-287g"),
        ("empty-sheet.xlsx", "ice-287g"),
        ("column-missing.xlsx", "ice-287g"),
        ("participating.xlsx", "ddor"),
        ("participating.xlsx", "notices"),
        ("html-page.xlsx", "ddor"),
    ],
)
def test_what_cannot_be_read_is_one_line_with_the_file_and_what_to_do(
    sanctuary: Commands, name: str, parser: str
) -> None:
    answer = sanctuary("parse", FIXTURES / "ice-287g" / name, "--parser", parser)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith(f"sanctuary: {name}: ")
    assert answer.err.count("\n") == 1
    assert ";" in answer.err


def test_a_list_without_a_row_is_held_never_an_empty_list(sanctuary: Commands) -> None:
    answer = sanctuary("parse", FIXTURES / "ice-287g" / "no-rows.xlsx", "--parser", "ice-287g")
    assert answer.code == 3
    assert answer.err.startswith("sanctuary: no-rows.xlsx: ")
    assert answer.data()["records"]["agreements"] == []


def test_an_empty_file_is_unreadable_for_every_parser(sanctuary: Commands, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.write_bytes(b"")
    for parser in ("ddor", "ice-287g", "notices"):
        answer = sanctuary("parse", empty, "--parser", parser)
        assert answer.code == 1
        assert answer.err.count("\n") == 1


def test_a_value_that_cannot_be_read_is_a_problem_not_a_failure(sanctuary: Commands) -> None:
    answer = sanctuary("parse", FIXTURES / "ice-287g" / "date-as-text.xlsx", "--parser", "ice-287g")
    assert (answer.code, answer.err) == (0, "")
    assert any(problem["kind"] == "unreadable_date" for problem in answer.data()["problems"])


def test_a_failed_required_check_is_told_and_the_rows_are_printed_all_the_same(
    sanctuary: Commands, tmp_path: Path, hostile_parsers: None
) -> None:
    checks = (
        ("total_stated", False, True, "the rows add up to 9, the report states 10"),
        ("sorted", False, False, "the rows are not sorted"),
        ("period", True, True, "as stated"),
    )
    page = tmp_path / "list.html"
    page.write_bytes(invented_page(places=["Onhava"], checks=checks))
    answer = sanctuary("parse", page, "--parser", "invented")
    assert answer.code == 3
    assert answer.err == (
        "sanctuary: list.html: total_stated: the rows add up to 9, the report states 10\n"
    )
    assert len(answer.data()["records"]["listings"]) == 1
    assert [check["name"] for check in answer.data()["checks"]] == [
        "total_stated",
        "sorted",
        "period",
    ]


def test_a_parser_that_fails_is_told_in_one_line(
    sanctuary: Commands, tmp_path: Path, hostile_parsers: None
) -> None:
    page = tmp_path / "list.html"
    page.write_bytes(invented_page(fails="division\nby zero"))
    answer = sanctuary("parse", page, "--parser", "invented")
    assert answer.code == 1
    assert answer.err == (
        "sanctuary: list.html: the parser invented failed on it "
        "(ZeroDivisionError: division by zero); please report it with the document\n"
    )


def test_a_parser_whose_package_is_broken_is_told_with_the_package(
    sanctuary: Commands, page: Path, hostile_parsers: None
) -> None:
    answer = sanctuary("parse", page, "--parser", "not-loading")
    assert answer.code == 1
    assert answer.err == (
        "sanctuary: the parser not-loading of the package hostile-parsers does not load "
        "(ModuleNotFoundError: No module named 'nowhere_to_be_found'); "
        "mend the package, or take it off\n"
    )


def test_a_document_that_crashes_its_parser_is_told_in_one_line(
    sanctuary: Commands, tmp_path: Path, hostile_parsers: None
) -> None:
    file = tmp_path / "evil.txt"
    file.write_bytes(b"segfault")
    answer = sanctuary("parse", file, "--parser", "hostile")
    assert answer.code == 1
    assert answer.err == (
        "sanctuary: evil.txt: the parser hostile was ended by SIGSEGV; "
        "please report it with the document\n"
    )


def test_the_specimens_ship_with_the_program(sanctuary: Commands) -> None:
    answer = sanctuary(
        "parse", shipped("specimens") / "freedonia-2017-01-28-rev1.pdf", "--parser", "ddor"
    )
    assert answer.code == 0
    assert answer.data()["edition"]["notice"] == "SPECIMEN, NOT AN ICE DOCUMENT"
