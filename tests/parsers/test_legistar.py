"""Legistar: a matter and its text, as the service or a saved page gives them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from parsers.bundle import Part, packed, parts_of
from parsers.errors import NotThisDocument, ReadingError
from parsers.options import BadOptions
from parsers.policy.legistar import PARSER
from parsers.policy.legistar_steps import follow
from parsers.records import HtmlSpot, PartSpot, Policy, PolicySection, Reading
from tests.parsers.golden import FIXTURES, assert_expected, outcome
from tests.parsers.host_walk import Walk, walk_in, walked

FOLDER = FIXTURES / "legistar"
ROOT = Path(__file__).parents[2]
REAL = Path(os.environ.get("SANCTUARY_REAL", ROOT.parent / "shared" / "real"))
REAL = REAL / "municipal" / "legistar"
DOCUMENTS = sorted(
    path
    for path in FOLDER.iterdir()
    if path.suffix in (".json", ".html") and not path.name.endswith(".expected.json")
)


WALKS = sorted(
    path for path in (FOLDER / "steps").glob("*.json") if not path.name.endswith(".expected.json")
)
API = "https://webapi.legistar.com/v1/zembla/matters"


def walk(name: str) -> Walk:
    return walk_in(FOLDER / "steps" / f"{name}.json")


def bytes_of(name: str) -> bytes:
    """Return a document by its file, or what comes of the steps to one."""
    return (FOLDER / name).read_bytes() if "." in name else walk(name).bundle(PARSER)


def read(name: str, **options: Any) -> Reading:
    return PARSER.read(bytes_of(name), options)


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


@pytest.mark.parametrize("fixture", WALKS, ids=lambda path: path.stem)
def test_what_comes_of_the_steps_is_as_expected(fixture: Path) -> None:
    one = walk_in(fixture)
    try:
        came = outcome(PARSER, one.bundle(PARSER), one.options)
    except ReadingError as error:
        came = {"not fetched": type(error).__name__, "message": str(error)}
    assert_expected(fixture, came)


def test_a_quoted_section_whose_number_is_not_the_next_begins_no_section() -> None:
    assert [section.number for section in sections("version-1")] == [
        None, "SECTION 1", "SECTION 2", "SECTION 3", "SECTION 4",
    ]  # fmt: skip
    assert "SECTION 9. of the old charter" in sections("version-1")[2].body


def test_another_breaking_of_lines_is_the_same_edition() -> None:
    assert contents("version-3-silent-change") == contents("version-4-wrapped-anew")


def test_a_change_of_one_number_is_a_change() -> None:
    before, after = contents("version-2-renumbered"), contents("version-3-silent-change")
    changed = [one["host_id"] for one, other in zip(before, after, strict=True) if one != other]
    assert changed == ["2"]


def test_page_and_service_give_the_same_words_under_the_same_name() -> None:
    from_page, from_service = contents("page.html"), contents("version-1")
    assert from_page == from_service
    assert policy("page.html").row_key() == policy("version-1").row_key()
    dates = {e.date for name in ("page.html", "version-1") for e in sections(name)[0].events}
    assert dates == {"2024-04-01"}


def test_text_that_comes_only_as_rtf_is_the_same_text() -> None:
    assert contents("text-only-as-rtf") == contents("version-1")


def test_the_anchor_of_a_page_selects_the_text() -> None:
    (spot,) = sections("page.html")[0].evidence
    assert isinstance(spot, HtmlSpot)
    page = BeautifulSoup((FOLDER / "page.html").read_bytes(), "lxml")
    (element,) = page.select(spot.anchor)
    assert "civil detainer request" in element.get_text()


def test_the_type_of_the_matter_goes_before_that_of_the_source() -> None:
    assert policy("version-1", instrument_type="resolution").instrument_type == "ordinance"
    stated = read("motion-not-enacted", instrument_type="resolution")
    assert [p.kind for p in stated.problems] == ["part_not_read"]


def test_what_the_source_states_stands_for_what_a_matter_lacks() -> None:
    row = policy("version-1", jurisdiction="Zembla County", address="https://zembla.example/")
    assert (row.jurisdiction, row.address) == ("Zembla County", "https://zembla.example/")
    assert sections("version-1", address="https://zembla.example/")[0].anchor == row.address


@pytest.mark.parametrize("rtf", ["no rtf", r"{\rtf1 \u-70000 x}", r"{\rtf1 \u99999999999 x}"])
def test_an_rtf_that_cannot_be_read_is_a_problem_and_held(rtf: str) -> None:
    one = walk("text-only-as-rtf")
    there = f"{API}/4711/texts/9001"
    text = {**json.loads(one.answers[there]), "MatterTextRtf": rtf}
    answers = {**one.answers, there: json.dumps(text).encode()}
    reading = PARSER.read(walked(PARSER, one.address, one.options, answers), {})
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
        ("without-versions", "has_law"),
        ("page-without-text.html", "has_law"),
        ("reserved", "has_law"),
        ("moved", "not_moved"),
        ("text-of-an-older-version", "text_is_current"),
        ("kept-from-the-web", "public"),
    ],
)
def test_what_is_no_law_in_force_is_held(name: str, check: str) -> None:
    assert [failed.name for failed in read(name).failed_required()] == [check]


def asked(name: str) -> list[str]:
    return [part.name.removeprefix(API) for part in parts_of(bytes_of(name)) or ()]


def test_a_matter_is_looked_up_by_its_file_number() -> None:
    search = "?$filter=MatterFile%20eq%20%272024-0099%27"
    assert asked("version-1") == [search, "/4711/versions", "/4711/texts/9001"]


def test_a_matter_that_the_api_numbers_is_not_looked_up() -> None:
    assert asked("by-api-address") == ["/4711", "/4711/versions", "/4711/texts/9001"]
    assert contents("by-api-address") == contents("version-1")


def test_an_apostrophe_in_a_file_number_ends_no_literal() -> None:
    assert asked("apostrophe")[0] == "?$filter=MatterFile%20eq%20%27O%27%27Brien%207%27"


def test_the_text_of_the_matters_version_is_asked_for_and_else_the_newest() -> None:
    assert asked("two-texts")[-1] == "/4711/texts/9001"
    assert asked("newer-draft")[-1] == "/4711/texts/9000"
    assert asked("ten-versions")[-1] == "/4711/texts/9110"


def test_the_evidence_of_a_bundle_is_the_text_in_its_part() -> None:
    parts = {part.name: json.loads(part.body) for part in parts_of(bytes_of("version-1")) or ()}
    (spot,) = sections("version-1")[0].evidence
    assert isinstance(spot, PartSpot)
    assert "civil detainer request" in parts[spot.part][spot.anchor]


def test_a_page_without_client_and_file_number_leads_to_no_matter() -> None:
    page = "https://zembla.legistar.com/LegislationDetail.aspx?ID=5551"
    for options in ({}, {"client": "zembla"}, {"file": "2024-0099"}, {"client": "z", "file": " "}):
        with pytest.raises(BadOptions, match=r"options client .* and file"):
            follow(page, options, [])
    with pytest.raises(BadOptions, match="client"):
        follow(page, {"client": "../x", "file": "1"}, [])


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("no-such-file", r"no matter answers to .*2024-0099.*; check the file number"),
        ("two-matters", rf"2 matters answer .*{API}/4711, {API}/4712"),
        ("another-file", "the matter is file 2024-0098, not 2024-0099"),
        ("text-of-another-matter", "is the text of 4712"),
        ("no-text", "texts/9001 is no text of a matter"),
        ("no-versions", "versions is no list of versions"),
        ("error-message", "versions: the service answered: An error has occurred"),
        ("challenge", "versions: it is a page"),
    ],
)
def test_an_answer_that_leads_nowhere_ends_the_steps(name: str, says: str) -> None:
    with pytest.raises(NotThisDocument, match=says):
        bytes_of(name)


@pytest.mark.parametrize("answer", [[5], {"MatterId": "4711"}, [{}], "x", None, {"MatterId": 4712}])
def test_what_is_no_such_matter_is_refused(answer: Any) -> None:
    part = Part(f"{API}/4711", json.dumps(answer).encode())
    with pytest.raises(NotThisDocument):
        follow(f"{API}/4711", {}, [part])


def test_a_bundle_that_lacks_its_text_is_not_read_as_a_matter_without_law() -> None:
    parts = parts_of(bytes_of("version-1")) or ()
    with pytest.raises(NotThisDocument, match=r"lacks .*/texts/9001"):
        PARSER.read(packed(parts[:2]), {})
    with pytest.raises(NotThisDocument, match="has no matter"):
        PARSER.read(packed(parts[1:]), {})
    with pytest.raises(NotThisDocument, match="no answer of the Web API"):
        PARSER.read(packed([Part("https://api.example/x", b"{}")]), {})


@pytest.mark.skipif(not REAL.is_dir(), reason="the real responses are not at hand")
def test_other_answers_of_the_real_service_are_no_matters() -> None:
    documents = sorted(REAL.glob("*.json"))
    assert documents
    for document in documents:
        with pytest.raises(NotThisDocument):
            PARSER.read(document.read_bytes(), {})
