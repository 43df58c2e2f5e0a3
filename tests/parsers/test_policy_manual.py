"""Policy manuals: one policy of an agency's PDF, by its numbered heads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from parsers.errors import NotThisDocument
from parsers.policy.manual import PARSER
from parsers.records import PageSpot, Policy, PolicySection, Reading
from tests.parsers.golden import FIXTURES, assert_expected, outcome

FOLDER = FIXTURES / "policy-manual"
DOCUMENTS = sorted(FOLDER.glob("*.pdf"))


def read(name: str, **options: Any) -> Reading:
    return PARSER.read((FOLDER / f"{name}.pdf").read_bytes(), options)


def sections(name: str, **options: Any) -> list[PolicySection]:
    rows = read(name, **options).rows(PolicySection)
    return [row for row in rows if isinstance(row, PolicySection)]


def policy(name: str, **options: Any) -> Policy:
    (row,) = read(name, **options).rows(Policy)
    assert isinstance(row, Policy)
    return row


def contents(name: str, **options: Any) -> list[dict[str, Any]]:
    return [section.content() for section in sections(name, **options)]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_a_document_is_read_as_expected(document: Path) -> None:
    assert_expected(document, outcome(PARSER, document.read_bytes(), {}))


def test_a_manual_set_anew_on_more_pages_is_the_same_edition() -> None:
    assert contents("version-3-silent-change") == contents("version-4-set-anew")
    first, other = policy("version-3-silent-change"), policy("version-4-set-anew")
    assert first.version_label != other.version_label
    assert first.content() == other.content()


def test_a_change_of_one_number_is_a_change() -> None:
    before, after = contents("version-2-renumbered"), contents("version-3-silent-change")
    changed = [one["host_id"] for one, other in zip(before, after, strict=True) if one != other]
    assert changed == ["413.4"]


def test_one_policy_is_taken_out_of_a_manual_by_its_number() -> None:
    assert contents("two-policies", policy="413") == contents("version-1")
    assert [section.number for section in sections("two-policies", policy=428)] == [
        "428.1",
        "428.2",
    ]
    with pytest.raises(NotThisDocument, match="it has 413, 428"):
        read("two-policies", policy="999")


@pytest.mark.parametrize("name", ["five-lines-a-page", "seven-lines-a-page"])
def test_a_paragraph_goes_on_over_a_page_unless_a_sentence_ends_there(name: str) -> None:
    many = sections(name)
    assert max(spot.page for spot in many[-1].evidence if isinstance(spot, PageSpot)) > 3
    assert [row.body for row in many] == [row.body for row in sections("version-1")]


def test_a_number_at_the_begin_of_a_line_is_no_head_unless_set_as_one() -> None:
    found = sections("number-at-the-begin-of-a-line")
    assert [section.number for section in found] == ["413.1", "413.1.1", "413.2"]
    assert "section 413.2 Policy of the year before." in found[1].body


def test_heads_in_capitals_need_no_bold() -> None:
    assert contents("capitals-not-bold") == contents("version-1")


def test_what_every_page_repeats_is_in_no_body() -> None:
    for document in DOCUMENTS:
        if document.stem in ("html-page", "cover-alone", "two-policies"):
            continue
        text = "\n".join(section.body for section in sections(document.stem))
        for furniture in ("Copyright", "Published", "Policy Manual", "SPECIMEN", "Requests - "):
            assert furniture not in text, document.stem


def test_a_tag_is_dropped_where_it_stands_alone_and_kept_in_a_sentence() -> None:
    bodies = {section.number: section.body for section in sections("version-1")}
    assert bodies["413.1"].startswith("The purpose")
    assert (bodies["413.1.1"] or "").endswith("under the laws of the State")


def test_every_section_has_its_boxes_on_its_pages() -> None:
    for section in sections("version-4-set-anew"):
        spots = [spot for spot in section.evidence if isinstance(spot, PageSpot)]
        assert spots
        pages = [spot.page for spot in spots]
        assert pages == sorted(set(pages))
        assert all(0 <= spot.bbox[0] < spot.bbox[2] <= 612 for spot in spots)
        assert all(90 <= spot.bbox[1] < spot.bbox[3] <= 740 for spot in spots)


def test_an_anchor_names_the_page_of_the_address() -> None:
    address = "https://freedonia.example/manual.pdf"
    last = sections("version-4-set-anew", address=address)[-1]
    (spot, *_) = last.evidence
    assert isinstance(spot, PageSpot)
    assert last.anchor == f"{address}#page={spot.page}"


@pytest.mark.parametrize(
    ("name", "check"),
    [("heads-alone", "has_law"), ("reserved", "has_law"), ("letters-not-mapped", "letters_mapped")],
)
def test_what_is_no_law_is_held(name: str, check: str) -> None:
    assert [failed.name for failed in read(name).failed_required()] == [check]


def test_a_number_that_is_left_out_is_said() -> None:
    failed = [check for check in read("number-left-out").checks if not check.passed]
    assert [check.name for check in failed] == ["numbers_run_on"]
    assert "413.2 to 413.7" in failed[0].message
