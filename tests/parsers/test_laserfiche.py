"""Laserfiche WebLink: minutes and ordinances as text that was recognised on pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from parsers.bundle import Part, packed, parts_of
from parsers.errors import NotThisDocument, ReadingError
from parsers.options import BadOptions
from parsers.policy.laserfiche import PARSER
from parsers.policy.laserfiche_pages import OnPages, Page
from parsers.policy.laserfiche_steps import follow
from parsers.policy.scanned_text import paragraphs, readable_share
from parsers.records import PartSpot, Policy, PolicySection, Reading
from tests.parsers.golden import FIXTURES, assert_expected, outcome
from tests.parsers.host_walk import Walk, walk_in

FOLDER = FIXTURES / "laserfiche"
DOCUMENTS = sorted(
    path
    for path in FOLDER.iterdir()
    if path.suffix in (".json", ".html", ".txt")
    and not path.name.endswith((".expected.json", ".options.json"))
)


def options_of(document: Path) -> dict[str, Any]:
    own = document.with_name(f"{document.stem}.options.json")
    stated: dict[str, Any] = json.loads(own.read_text()) if own.exists() else {}
    return stated


WALKS = sorted(
    path for path in (FOLDER / "steps").glob("*.json") if not path.name.endswith(".expected.json")
)
SITE = "https://records.tarn.example/WebLink"
VIEWER = f"{SITE}/DocView.aspx?id=583&dbid=1&repo=TownOfTarn"


def walk(name: str) -> Walk:
    return walk_in(FOLDER / "steps" / f"{name}.json")


def parts_in(name: str) -> tuple[Part, ...]:
    return parts_of(walk(name).bundle(PARSER)) or ()


def read(name: str, **options: Any) -> Reading:
    """Read a document by its file, or what comes of the steps to one."""
    if "." not in name:
        one = walk(name)
        return PARSER.read(one.bundle(PARSER), {**one.options, **options})
    document = FOLDER / name
    return PARSER.read(document.read_bytes(), {**options_of(document), **options})


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
    assert_expected(document, outcome(PARSER, document.read_bytes(), options_of(document)))


@pytest.mark.parametrize("fixture", WALKS, ids=lambda path: path.stem)
def test_what_comes_of_the_steps_is_as_expected(fixture: Path) -> None:
    one = walk_in(fixture)
    try:
        came = outcome(PARSER, one.bundle(PARSER), one.options)
    except ReadingError as error:
        came = {"not fetched": type(error).__name__, "message": str(error)}
    assert_expected(fixture, came)


def test_the_items_of_minutes_are_sections_and_a_list_within_one_is_not() -> None:
    found = sections("minutes")
    assert [section.number for section in found] == [None, "1", "2", "3", "3.1", "3.2", "4"]
    assert "2. the well." in found[2].body
    assert found[4].path == ("3 ORDINANCES",)


def test_pages_scanned_anew_are_the_same_edition() -> None:
    assert contents("version-3-silent-change") == contents("version-4-scanned-anew")


def test_a_change_of_one_number_is_a_change() -> None:
    before = contents("version-2-renumbered")
    after = contents("version-3-silent-change")
    changed = [one["host_id"] for one, other in zip(before, after, strict=True) if one != other]
    assert changed == ["3"]


def test_keys_that_change_with_every_answer_change_nothing() -> None:
    parts = parts_in("minutes")
    other = [
        Part(part.name, part.body.replace(b"b6a1f0", b"ff").replace(b"0d7c", b"ff"))
        for part in parts
    ]
    assert all(one.body != changed.body for one, changed in zip(parts[1:], other[1:], strict=True))
    assert PARSER.read(packed(other), {}) == PARSER.read(packed(parts), {})


@pytest.mark.parametrize("name", ["viewer.html", "old-viewer.html", "page-alone.json"])
def test_every_way_to_save_the_text_gives_the_same_words(name: str) -> None:
    assert contents(name) == contents("version-1")


def test_the_links_of_the_viewer_are_in_no_text() -> None:
    for name in ("viewer.html", "viewer-of-another-name.html", "saved-as-text.txt"):
        whole = "\n".join(section.body for section in sections(name))
        assert "WebLink" not in whole
        assert "Loading" not in whole


def test_a_name_that_runs_into_the_text_is_taken_off_where_it_is_known() -> None:
    assert sections("saved-as-one-line.txt")[0].body.startswith("COUNCIL OF THE TOWN")
    unknown = read("saved-as-one-line.txt", title="Another name")
    assert [problem.kind for problem in unknown.problems] == ["name_in_text"]


def test_repository_and_entry_name_the_document_in_whatever_order_they_stand() -> None:
    names = {
        policy(
            "page-alone.json", address=f"https://tarn.example/WebLink/DocView.aspx?{query}"
        ).host_id
        for query in ("id=583&dbid=1&repo=TownOfTarn", "repo=TownOfTarn&dbid=1&id=583")
    }
    assert names == {"TownOfTarn/583"} == {policy("version-1").host_id}


def test_an_address_that_is_none_names_nothing() -> None:
    page = (FOLDER / "viewer.html").read_bytes().replace(b"https://records", b"https://[records")
    (row,) = PARSER.read(page, {}).rows(Policy)
    assert isinstance(row, Policy)
    assert (row.address, row.host_id) == (None, "Ord 77 Requests")


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("unreadable", "text_readable"),
        ("reserved", "has_law"),
        ("moved", "not_moved"),
    ],
)
def test_what_cannot_be_relied_on_is_held(name: str, check: str) -> None:
    assert [failed.name for failed in read(name).failed_required()] == [check]


def test_the_viewer_is_opened_before_its_services_are_asked_and_is_no_part() -> None:
    viewer, info = follow(VIEWER, {}, [])
    assert (viewer.address, viewer.kind, viewer.post, viewer.keep) == (VIEWER, "html", None, False)
    assert info.address == f"{SITE}/DocumentService.aspx/GetBasicDocumentInfo"
    assert json.loads(info.post or "") == {"repoName": "TownOfTarn", "entryId": 583}
    assert [part.name.partition("#")[0].rpartition("/")[2] for part in parts_in("minutes")] == [
        "GetBasicDocumentInfo", "GetTextHtmlForPage", "GetTextHtmlForPage",
    ]  # fmt: skip


def test_another_order_of_parameters_asks_for_the_same() -> None:
    address = walk("parameters-in-another-order").address
    assert follow(address, {}, []) == follow(VIEWER, {}, [])
    assert [part.name for part in parts_in("parameters-in-another-order")] == [
        part.name for part in parts_in("version-1")
    ]


def test_only_the_pages_that_are_named_are_asked_for_and_read() -> None:
    (_, page) = parts_in("some-pages")
    assert '"pageNum": 2' in page.name
    assert contents("some-pages") == contents("version-1")


def test_pages_that_came_and_are_not_named_are_not_read() -> None:
    parts = [*parts_in("minutes")]
    one = PARSER.read(packed(parts), {"pages": [1, 1]}).rows(PolicySection)
    assert 0 < len(one) < len(sections("minutes"))


def test_the_evidence_of_a_section_is_the_pages_that_it_stands_on() -> None:
    parts = {part.name: json.loads(part.body)["data"] for part in parts_in("minutes")}
    first, second = list(parts)[1:]
    on = {section.number: section.evidence for section in sections("minutes")}
    assert on["2"] == (PartSpot(first, "data.text"),)
    assert on["4"] == (PartSpot(second, "data.text"),)
    assert on["3.1"] == (PartSpot(first, "data.text"), PartSpot(second, "data.text"))
    assert policy("minutes").evidence == on["3.1"]


def test_words_that_stand_on_two_pages_are_those_that_follow() -> None:
    one, two = Page("one", "Laid over. The bridge. <br />"), Page("two", "Laid over. The end.")
    on = OnPages([one, two])
    asked = ("Laid over.", "Laid over.", "not there", "", "The end.")
    assert [on.spots(words) for words in asked] == [
        (one.spot,), (two.spot,), (two.spot,), (), (two.spot,)
    ]  # fmt: skip


def test_a_page_without_text_is_named_since_it_may_be_blank_or_not_recognised() -> None:
    first, *pages, last = parts_in("minutes")
    blank = Part(last.name, json.dumps({"data": {"text": " <br /> "}}).encode())
    reading = PARSER.read(packed([first, *pages, blank]), {})
    (problem,) = [each for each in reading.problems if each.kind == "page_without_text"]
    assert problem.evidence == (PartSpot(last.name, "data.text"),)


def test_a_page_that_is_missing_is_held() -> None:
    reading = PARSER.read(packed(parts_in("minutes")[:2]), {})
    many = parts_in("minutes")[0]
    with pytest.raises(NotThisDocument, match="too many"):
        PARSER.read(packed([Part(many.name, many.body.replace(b": 2", b": 20000000000"))]), {})
    (failed,) = reading.failed_required()
    assert (failed.name, failed.message) == ("pages_whole", "The text of page 2 is missing.")


@pytest.mark.parametrize(
    "address",
    [
        "https://publicdocs.tarn.example/WebLink/1/doc/92451/Page3.aspx",
        f"{SITE}/Browse.aspx?id=583&dbid=1&repo=TownOfTarn",
        f"{SITE}/DocView.aspx?dbid=1&repo=TownOfTarn",
        f"{SITE}/DocView.aspx?id=583&dbid=1",
        f"{SITE}/DocView.aspx?id=x&repo=TownOfTarn",
    ],
)
def test_an_address_of_another_kind_has_no_steps(address: str) -> None:
    with pytest.raises(BadOptions, match=r"DocView\.aspx"):
        follow(address, {}, [])


@pytest.mark.parametrize("pages", [[0, 2], [3, 2], [1], "all"])
def test_pages_are_the_first_and_the_last(pages: Any) -> None:
    with pytest.raises(BadOptions, match="pages"):
        follow(VIEWER, {"pages": pages}, [])


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("no-pages", "no pages with text .*; download it"),
        ("too-many-pages", r"900 pages are too many .* option pages: \[first, last\]"),
        ("pages-beyond", "has 2 pages, and page 3 is asked for"),
        ("no-session", "does not say how many pages it has; .* session"),
        ("another-document", "answers of 584"),
        ("challenge", "it is a page"),
    ],
)
def test_an_answer_that_leads_nowhere_ends_the_steps(name: str, says: str) -> None:
    with pytest.raises(NotThisDocument, match=says):
        walk(name).bundle(PARSER)


def test_a_page_whose_session_ended_is_not_taken_for_one_without_text() -> None:
    with pytest.raises(NotThisDocument, match=r"has no text of a page; .* session"):
        read("session-ended")


@pytest.mark.parametrize(
    "name",
    [
        "https://api.example/x",
        f"{SITE}/DocumentService.aspx/GetTextHtmlForPage#{{}}",
        f"{SITE}/DocumentService.aspx/GetTextHtmlForPage#[1]",
        f"{SITE}/DocumentService.aspx/GetTextHtmlForPage#no JSON",
        f'{SITE}/DocumentService.aspx/GetBasicDocumentInfo#{{"repoName": 1, "entryId": 2}}',
    ],
)
def test_a_bundle_of_something_else_is_refused(name: str) -> None:
    body = b'{"data": {"text": "x", "pageCount": 1}}'
    with pytest.raises(NotThisDocument, match=r"no answer of WebLink|not asked for"):
        PARSER.read(packed([Part(name, body)]), {})
    with pytest.raises(NotThisDocument, match="does not say what it is of"):
        PARSER.read(packed(parts_in("version-1")[1:]), {})


def test_a_scan_that_can_just_be_read_is_read() -> None:
    noisy = "At a meeting of thb • Council °° , held at 5 ° 00 p0 me on tbe 13th day of Septem° ber"
    assert 0.65 < readable_share([noisy]) < 1


def test_lines_of_one_sentence_are_one_paragraph() -> None:
    lines = ["No officer may hold a", "person on a request.", "(a) A judge", "may.", "", "THE END"]
    assert paragraphs(lines) == [
        "No officer may hold a person on a request.",
        "(a) A judge may.",
        "THE END",
    ]
