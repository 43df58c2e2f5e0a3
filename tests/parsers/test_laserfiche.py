"""Laserfiche WebLink: minutes and ordinances as text that was recognised on pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from parsers.policy.laserfiche import PARSER
from parsers.policy.scanned_text import paragraphs, readable_share
from parsers.records import Policy, PolicySection, Reading
from tests.parsers.golden import FIXTURES, assert_expected, outcome

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


def read(name: str, **options: Any) -> Reading:
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


def test_the_items_of_minutes_are_sections_and_a_list_within_one_is_not() -> None:
    found = sections("minutes.json")
    assert [section.number for section in found] == [None, "1", "2", "3", "3.1", "3.2", "4"]
    assert "2. the well." in found[2].body
    assert found[4].path == ("3 ORDINANCES",)


def test_pages_scanned_anew_are_the_same_edition() -> None:
    assert contents("version-3-silent-change.json") == contents("version-4-scanned-anew.json")


def test_a_change_of_one_number_is_a_change() -> None:
    before = contents("version-2-renumbered.json")
    after = contents("version-3-silent-change.json")
    changed = [one["host_id"] for one, other in zip(before, after, strict=True) if one != other]
    assert changed == ["3"]


def test_keys_that_change_with_every_answer_change_nothing() -> None:
    data = (FOLDER / "minutes.json").read_bytes()
    other = data.replace(b"b6a1f0", b"ffffff").replace(b"0d7c", b"ffff")
    assert other != data
    assert PARSER.read(other, {}) == PARSER.read(data, {})


@pytest.mark.parametrize("name", ["viewer.html", "old-viewer.html", "page-alone.json"])
def test_every_way_to_save_the_text_gives_the_same_words(name: str) -> None:
    assert contents(name) == contents("version-1.json")


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
    assert names == {"TownOfTarn/583"} == {policy("version-1.json").host_id}


def test_an_address_that_is_none_names_nothing() -> None:
    page = (FOLDER / "viewer.html").read_bytes().replace(b"https://records", b"https://[records")
    (row,) = PARSER.read(page, {}).rows(Policy)
    assert isinstance(row, Policy)
    assert (row.address, row.host_id) == (None, "Ord 77 Requests")


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("unreadable.json", "text_readable"),
        ("page-missing.json", "pages_whole"),
        ("reserved.json", "has_law"),
        ("moved.json", "not_moved"),
    ],
)
def test_what_cannot_be_relied_on_is_held(name: str, check: str) -> None:
    assert [failed.name for failed in read(name).failed_required()] == [check]


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
