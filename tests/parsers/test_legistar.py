"""Legistar: a matter and its text, as the service or a saved page gives them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from parsers.errors import NotThisDocument
from parsers.policy.legistar import PARSER
from parsers.records import HtmlSpot, Policy, PolicySection, Reading
from tests.parsers.golden import FIXTURES, assert_expected, outcome

FOLDER = FIXTURES / "legistar"
ROOT = Path(__file__).parents[2]
REAL = Path(os.environ.get("SANCTUARY_REAL", ROOT.parent / "shared" / "real"))
REAL = REAL / "municipal" / "legistar"
DOCUMENTS = sorted(
    path
    for path in FOLDER.iterdir()
    if path.suffix in (".json", ".html") and not path.name.endswith(".expected.json")
)


def read(name: str, **options: Any) -> Reading:
    return PARSER.read((FOLDER / name).read_bytes(), options)


def sections(name: str, **options: Any) -> list[PolicySection]:
    rows = read(name, **options).rows(PolicySection)
    return [row for row in rows if isinstance(row, PolicySection)]


def policy(name: str, **options: Any) -> Policy:
    (row,) = read(name, **options).rows(Policy)
    assert isinstance(row, Policy)
    return row


def contents(name: str) -> list[dict[str, Any]]:
    return [section.content() for section in sections(name)]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_is_read_as_expected(document: Path) -> None:
    assert_expected(document, outcome(PARSER, document.read_bytes(), {}))


def test_a_quoted_section_whose_number_is_not_the_next_begins_no_section() -> None:
    assert [section.number for section in sections("version-1.json")] == [
        None, "SECTION 1", "SECTION 2", "SECTION 3", "SECTION 4",
    ]  # fmt: skip
    assert "SECTION 9. of the old charter" in sections("version-1.json")[2].body


def test_another_breaking_of_lines_is_the_same_edition() -> None:
    assert contents("version-3-silent-change.json") == contents("version-4-wrapped-anew.json")


def test_a_change_of_one_number_is_a_change() -> None:
    before, after = contents("version-2-renumbered.json"), contents("version-3-silent-change.json")
    changed = [one["host_id"] for one, other in zip(before, after, strict=True) if one != other]
    assert changed == ["2"]


def test_page_and_service_give_the_same_words_under_the_same_name() -> None:
    from_page, from_service = contents("page.html"), contents("version-1.json")
    assert [{**row, "anchor": None} for row in from_page] == from_service
    assert policy("page.html").row_key() == policy("version-1.json").row_key()
    dates = {e.date for name in ("page.html", "version-1.json") for e in sections(name)[0].events}
    assert dates == {"2024-04-01"}


def test_text_that_comes_only_as_rtf_is_the_same_text() -> None:
    assert contents("text-only-as-rtf.json") == contents("version-1.json")


def test_the_anchor_of_a_page_selects_the_text() -> None:
    (spot,) = sections("page.html")[0].evidence
    assert isinstance(spot, HtmlSpot)
    page = BeautifulSoup((FOLDER / "page.html").read_bytes(), "lxml")
    (element,) = page.select(spot.anchor)
    assert "civil detainer request" in element.get_text()


def test_the_type_of_the_matter_goes_before_that_of_the_source() -> None:
    assert policy("version-1.json", instrument_type="resolution").instrument_type == "ordinance"
    stated = read("motion-not-enacted.json", instrument_type="resolution")
    assert [p.kind for p in stated.problems] == ["part_not_read"]


def test_what_the_source_states_stands_for_what_a_matter_lacks() -> None:
    row = policy("version-1.json", jurisdiction="Zembla County", address="https://zembla.example/")
    assert (row.jurisdiction, row.address) == ("Zembla County", "https://zembla.example/")
    assert sections("version-1.json", address="https://zembla.example/")[0].anchor == row.address


@pytest.mark.parametrize("rtf", ["no rtf", r"{\rtf1 \u-70000 x}", r"{\rtf1 \u99999999999 x}"])
def test_an_rtf_that_cannot_be_read_is_a_problem_and_held(rtf: str) -> None:
    plain = json.loads((FOLDER / "text-only-as-rtf.json").read_text())
    plain["texts"][0]["MatterTextRtf"] = rtf
    reading = PARSER.read(json.dumps(plain).encode(), {})
    assert [problem.kind for problem in reading.problems] == ["rtf_unreadable"]
    assert [failed.name for failed in reading.failed_required()] == ["has_law"]


def test_words_that_a_page_strikes_out_are_said_whatever_their_class_is_called() -> None:
    page = (FOLDER / "page.html").read_text().replace("st2", "2nd")
    struck = [p.text for p in PARSER.read(page.encode(), {}).problems if p.kind == "struck_text"]
    assert struck == ["((The jail shall honor))"]


def test_a_page_saved_in_one_file_with_its_parts_is_read_too() -> None:
    page = (FOLDER / "page.html").read_bytes()
    parts = b'--x\r\nContent-Type: text/html; charset="utf-8"\r\n\r\n' + page + b"\r\n--x--\r\n"
    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n'
    bodies = [row["body"] for row in contents("page.html")]
    rows = PARSER.read(head + parts, {}).rows(PolicySection)
    assert [row.content()["body"] for row in rows] == bodies


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("matter-without-text.json", "has_law"),
        ("page-without-text.html", "has_law"),
        ("reserved.json", "has_law"),
        ("moved.json", "not_moved"),
        ("text-of-an-older-version.json", "text_is_current"),
        ("kept-from-the-web.json", "public"),
    ],
)
def test_what_is_no_law_in_force_is_held(name: str, check: str) -> None:
    assert [failed.name for failed in read(name).failed_required()] == [check]


@pytest.mark.skipif(not REAL.is_dir(), reason="the real responses are not at hand")
def test_other_answers_of_the_real_service_are_no_matters() -> None:
    documents = sorted(REAL.glob("*.json"))
    assert documents
    for document in documents:
        with pytest.raises(NotThisDocument):
            PARSER.read(document.read_bytes(), {})
