"""A statement is read where its entry says that it stands, or refused."""

from __future__ import annotations

from typing import Any

import pytest

from parsers.errors import NotThisDocument
from parsers.options import BadOptions
from parsers.records import Statement
from parsers.statement import PARSER
from tests.parsers.golden import FIXTURES, assert_expected, outcome

FOLDER = FIXTURES / "statement"
PAGE: dict[str, Any] = {
    "kind": "announcement",
    "about": "doj-list",
    "places": ["Nevada"],
    "publisher": "U.S. Department of Justice",
    "select": ".text",
    "title_select": "h1",
    "date_select": "time",
}
DISPUTE = {
    **PAGE,
    "kind": "dispute",
    "about": "freedonia-list",
    "places": ["Example County, Freedonia", "Sample County, Freedonia"],
    "publisher": "Counties of Freedonia",
    "date_select": ".date",
}
LETTER = {
    "kind": "letter",
    "about": "freedonia-list",
    "places": ["Example County, Freedonia"],
    "publisher": "Example County, Freedonia",
    "title": "Letter to the publisher",
    "issued": "2025-06-02",
}
CASES = {
    "removal.html": PAGE,
    "dispute.html": DISPUTE,
    "two-titles.html": {**DISPUTE, "date_select": None},
    "letter.pdf": LETTER,
}


@pytest.mark.parametrize("name", CASES)
def test_a_document_is_read_as_expected(name: str) -> None:
    path = FOLDER / name
    assert_expected(path, outcome(PARSER, path.read_bytes(), CASES[name]))


def test_there_is_one_statement_for_each_place() -> None:
    rows = PARSER.read((FOLDER / "dispute.html").read_bytes(), DISPUTE).rows(Statement)
    assert [getattr(row, "jurisdiction", None) for row in rows] == DISPUTE["places"]


def test_a_date_that_cannot_be_read_is_kept_as_printed_and_not_guessed() -> None:
    reading = PARSER.read((FOLDER / "dispute.html").read_bytes(), DISPUTE)
    (row, _) = reading.rows(Statement)
    assert isinstance(row, Statement)
    assert (row.issued, row.issued_text) == (None, "On or about the first of June")
    assert [problem.kind for problem in reading.problems] == ["unread_date"]


@pytest.mark.parametrize("option", ["select", "title_select", "date_select"])
def test_a_selector_that_finds_nothing_refuses_the_page(option: str) -> None:
    with pytest.raises(NotThisDocument, match=option):
        PARSER.read((FOLDER / "removal.html").read_bytes(), {**PAGE, option: ".elsewhere"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "rumour"},
        {"places": []},
        {"select": None},
        {"title": "Both"},
        {"title_select": None},
        {"issued": "2025-09-26"},
        {"select": "p:["},
        {"colour": "red"},
    ],
)
def test_options_that_do_not_say_what_it_is_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadOptions, match="options of a statement are wrong"):
        PARSER.read((FOLDER / "removal.html").read_bytes(), {**PAGE, **wrong})


def test_a_pdf_has_no_selectors() -> None:
    with pytest.raises(BadOptions, match="a PDF has no selectors"):
        PARSER.read((FOLDER / "letter.pdf").read_bytes(), PAGE)
