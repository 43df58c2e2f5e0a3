"""American Legal's steps over answers as they were served, as far as those belong together."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from parsers.errors import NotThisDocument
from parsers.policy.amlegal import PARSER
from parsers.records import PolicySection
from tests.parsers.code_hosts import policy, sections
from tests.parsers.host_walk import walked

ROOT = Path(__file__).parents[2]
REAL = Path(os.environ.get("SANCTUARY_REAL", ROOT.parent / "shared" / "real"))
FOLDER = REAL / "municipal" / "amlegal"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the real answers are not at hand")

CODE = "https://codelibrary.amlegal.com/codes/plaincity/latest/plaincity_oh"
API = "https://codelibrary.amlegal.com/api"
UUID = "7989f740-69ad-4c65-b2bf-e47f1b8ae98a"
WHERE = "plaincity/latest/plaincity_oh"
NAMES = {
    f"{API}/clients/plaincity/": "client",
    f"{API}/code-toc/{UUID}/": "code_toc",
    f"{API}/section-toc/81348923/": "section_toc_zoning",
    f"{API}/section-toc/81349048/": "section_toc_chapter",
    f"{API}/render-section/{WHERE}/0-0-0-12369/1/": "render_section",
}


def real(name: str) -> bytes:
    return (FOLDER / f"amlegal_{name}.json").read_bytes()


def answers() -> dict[str, bytes]:
    """Return the real answers, and in between them what is not at hand: it says no more."""
    chapter = json.loads(real("section_toc_chapter"))
    line = {**{key: chapter[key] for key in ("id", "doc_id", "title")}, "has_children": True}
    between: dict[str, Any] = {
        f"{API}/client-version/plaincity/latest/": {
            "toc": [{"uuid": UUID, "slug": "plaincity_oh"}]
        },
        f"{API}/section-toc/81349047/": {"children": [line]},
    }
    given = {name: real(file) for name, file in NAMES.items()}
    return given | {name: json.dumps(answer).encode() for name, answer in between.items()}


FIND = ["Part Eleven", "Title Five", "Chapter 1141", "1141.01"]


def test_client_contents_and_text_go_together() -> None:
    document = walked(PARSER, CODE, {"find": FIND}, answers())
    reading = PARSER.read(document, {})
    row = policy(reading)
    assert row.jurisdiction == "Plain City, Ohio"
    assert row.address == f"{CODE}/0-0-0-12382"
    assert (row.host_id, row.citation) == ("1141.01", "1141.01")
    assert row.version_label == (
        "Local legislation current through March 31, 2026 | "
        "State legislation current through December 31, 2025"
    )
    assert all(check.passed for check in reading.checks)


def test_the_section_is_that_of_the_answer_alone() -> None:
    whole = PARSER.read(walked(PARSER, CODE, {"find": FIND}, answers()), {})
    alone = PARSER.read(real("render_section"), {})
    ours, theirs = (reading.rows(PolicySection) for reading in (whole, alone))
    assert [row.content() for row in ours] == [row.content() for row in theirs]


def test_a_section_in_the_address_is_asked_for_at_once() -> None:
    name = f"{API}/render-doc/{WHERE}/0-0-0-12382/"
    given = {f"{API}/clients/plaincity/": real("client"), name: real("render_section")}
    reading = PARSER.read(walked(PARSER, f"{CODE}/0-0-0-12382", {}, given), {})
    assert list(sections(reading)) == ["1141.01"]


def test_the_sections_of_a_chapter_are_asked_for_in_the_order_of_its_contents() -> None:
    given = answers()
    head = {"id": 81349048, "doc_id": "0-0-0-12369", "title": "CHAPTER 1141", "html": "<div></div>"}
    given[f"{API}/render-doc/{WHERE}/0-0-0-12369/"] = json.dumps(head).encode()
    with pytest.raises(KeyError, match="0-0-0-12369/2/"):
        walked(PARSER, CODE, {"find": FIND[:3]}, given)


def test_a_part_that_is_not_in_the_contents_is_told_with_what_there_is() -> None:
    given = answers()
    for number in (81348924, 81349008, 81349117):
        given[f"{API}/section-toc/{number}/"] = b'{"children": []}'
    with pytest.raises(NotThisDocument, match=r"no line below PART ELEVEN .*TITLE ONE - Subd"):
        walked(PARSER, CODE, {"find": ["Part Eleven", "1199.99"]}, given)
