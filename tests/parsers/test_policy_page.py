"""Any page that holds a policy: the text a selector names, in sections by its headings."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from parsers.errors import NotThisDocument, ReadingError
from parsers.options import BadOptions
from parsers.policy.page import PARSER
from parsers.policy.page_sections import page_parts
from parsers.records import HtmlSpot, Policy, PolicySection, Reading, content_hash
from tests.parsers.golden import FIXTURES, assert_expected, outcome

FOLDER = FIXTURES / "page"
PAGES = sorted(FOLDER.glob("*.html"))


def options(name: str) -> dict[str, Any]:
    path = FOLDER / f"{name}.options.json"
    chosen: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return chosen


def read(name: str) -> Reading:
    return PARSER.read((FOLDER / f"{name}.html").read_bytes(), options(name))


def sections(reading: Reading) -> list[PolicySection]:
    return [row for row in reading.rows(PolicySection) if isinstance(row, PolicySection)]


def read_html(body: str, **chosen: Any) -> Reading:
    page = f"<html><body><main>{body}</main></body></html>"
    return PARSER.read(page.encode(), {"select": "main", **chosen})


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_page_is_read_as_expected(page: Path) -> None:
    assert_expected(page, outcome(PARSER, page.read_bytes(), options(page.stem)))


def test_a_page_that_is_only_wrapped_and_dressed_anew_is_the_same_edition() -> None:
    before, after = read("brackwater-2023"), read("brackwater-2023-rewrapped")
    assert content_hash(before.records) == content_hash(after.records)


def test_a_number_changed_in_silence_is_another_edition() -> None:
    before, after = sections(read("brackwater-2023")), sections(read("brackwater-2024-silent"))
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a.content() != b.content()]
    ((a, b),) = changed
    assert ("48 hours" in a.body, "24 hours" in b.body) == (True, True)
    assert a.history_note == b.history_note


def test_a_renumbered_section_keeps_its_words_under_a_new_number() -> None:
    before = {row.body: row.number for row in sections(read("brackwater-2024-silent"))}
    after = {row.body: row.number for row in sections(read("brackwater-2025-renumbered"))}
    moved = {before[body]: after[body] for body in before if before[body] != after[body]}
    assert moved == {"2.1": "3.1", "2.2": "3.2", "3.": "4."}


def test_without_a_selector_short_lists_and_tables_are_not_left_out() -> None:
    guessed, named = read("guessed"), read("brackwater-2023")
    assert [row.to_json() for row in sections(guessed)] == [r.to_json() for r in sections(named)]
    assert [problem.kind for problem in guessed.problems] == ["text_guessed"]
    assert named.problems == ()


@pytest.mark.parametrize("name", ["guessed", "guessed-without-main"])
def test_chrome_does_not_get_in(name: str) -> None:
    text = json.dumps(read(name).to_json()["records"]["policy_sections"])
    for chrome in ("News", "Share", "cake", "Main Street", "track", "Visits", "Warrants list"):
        assert chrome not in text


def test_the_anchor_of_a_section_selects_its_heading() -> None:
    page = BeautifulSoup((FOLDER / "brackwater-2023.html").read_bytes(), "lxml")
    for row in sections(read("brackwater-2023")):
        (spot,) = row.evidence
        assert isinstance(spot, HtmlSpot)
        (element,) = page.select(spot.anchor)
        assert row.heading is None or row.heading in element.get_text()


def test_a_section_with_an_id_has_a_deep_link() -> None:
    anchors = {row.number: row.anchor for row in sections(read("brackwater-2023"))}
    page = "https://sheriff.brackwater.example/policies/detainers"
    assert anchors["1."] == f"{page}#purpose"
    assert anchors["2.1"] is None


def test_a_page_without_headings_is_one_section() -> None:
    (row,) = sections(read("no-headings"))
    assert (row.host_id, row.number, row.heading) == ("text", None, None)
    assert row.body.startswith("Executive Order 7")


@pytest.mark.parametrize(
    ("name", "check"),
    [("moved", "not_moved"), ("headings-alone", "has_law"), ("reserved", "has_law")],
)
def test_a_page_without_its_policy_is_held(name: str, check: str) -> None:
    assert [c.name for c in read(name).failed_required()] == [check]


@pytest.mark.parametrize("name", ["empty-match", "script-shell"])
def test_a_page_without_a_text_is_refused(name: str) -> None:
    with pytest.raises(NotThisDocument):
        read(name)


@pytest.mark.parametrize(
    ("printed", "number", "heading"),
    [
        ("413.1.1 DEFINITIONS", "413.1.1", "DEFINITIONS"),
        ("Section 3. Detainers", "Section 3", "Detainers"),
        ("§ 28-250 - Findings", "§ 28-250", "Findings"),
        ("IV. Records", "IV.", "Records"),
        ("(b) Records", "(b)", "Records"),
        ("Article II: Jail", "Article II", "Jail"),
        ("2017 policy", None, "2017 policy"),
        ("48 hours", None, "48 hours"),
        ("Policy Manual", None, "Policy Manual"),
        ("Records", None, "Records"),
        ("3.", "3.", None),
    ],
)
def test_the_number_of_a_heading_is_taken_from_it(
    printed: str, number: str | None, heading: str | None
) -> None:
    (row,) = sections(read_html(f"<h2>{printed}</h2><p>Text.</p>"))
    assert (row.number, row.heading, row.body) == (number, heading, "Text.")


def test_headings_of_the_same_words_are_told_apart() -> None:
    html = (
        "<h2>A. Jail</h2><h3>Records</h3><p>x</p><h2>B. Court</h2><h3>Records</h3><p>y</p>"
        "<h3>Records</h3><p>z</p>"
    )
    rows = sections(read_html(html))
    assert [row.host_id for row in rows] == ["A. > Records", "B. > Records", "B. > Records (2)"]
    assert rows[0].path == ("A. Jail",)


def test_a_heading_in_a_cell_is_text() -> None:
    (row,) = sections(read_html("<table><tr><td><h3>Day</h3></td><td>Hour</td></tr></table>"))
    assert row.body == "Day | Hour"


def test_a_page_that_holds_the_signs_used_inside_is_read() -> None:
    (row,) = sections(
        read_html("<p>\ue0007\ue001</p><p>\ue000" + "9" * 5000 + "\ue001</p><p>x</p>")
    )
    assert row.body.endswith("x")


def test_a_selector_that_meets_an_element_twice_reads_it_once() -> None:
    (row,) = sections(read_html("<div><p>Law.</p></div>", select="main, main div"))
    assert row.body == "Law."


def test_a_wrong_option_is_refused() -> None:
    for chosen in ({"select": "main["}, {"selector": "main"}):
        with pytest.raises(BadOptions):
            PARSER.read(b"<p>Law.</p>", chosen)


def test_the_policy_is_an_agency_policy_unless_the_source_says_otherwise() -> None:
    kinds = []
    for name in ("brackwater-2023", "no-headings"):
        (row,) = read(name).rows(Policy)
        assert isinstance(row, Policy)
        kinds.append(row.instrument_type)
    assert kinds == ["agency policy", "executive order"]


_TAGS = st.sampled_from(["h1", "h2", "h3", "p", "li", "div"])


@given(st.lists(st.tuples(_TAGS, st.text("ab1. ", max_size=8)), max_size=12))
def test_no_letter_of_a_page_is_lost(blocks: list[tuple[str, str]]) -> None:
    html = "".join(f"<{tag}>{text}</{tag}>" for tag, text in blocks)
    tree = BeautifulSoup(f"<main>{html}</main>", "lxml").main
    assert tree is not None
    title, parts = page_parts([tree], "")
    texts = [title or ""]
    for part in parts:
        texts += [*part.path, part.number or "", part.heading or "", *part.lines]
    for letter in "ab":
        said = "".join(texts)
        assert said.count(letter) >= tree.get_text().count(letter)


_SCRAPS = st.sampled_from(
    [b"<p>", b"</p>", b"<h1>", b"<h2>", b"<table><td>", b"<main>", b"a ", b"(a)", b"\xff", b"<!--"]
)


@given(st.lists(_SCRAPS | st.binary(max_size=4), max_size=20))
def test_any_bytes_are_read_or_refused(scraps: list[bytes]) -> None:
    for chosen in ({}, {"select": "p"}):
        with suppress(ReadingError):
            PARSER.read(b"".join(scraps), chosen)
