"""The Department of Homeland Security's list: states, and names under them that name no state."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from parsers.dhs_list import PARSER
from parsers.records import HtmlSpot, Listing, Reading, content_hash
from tests.parsers.golden import FIXTURES, assert_expected, outcome
from tests.parsers.list_pages import FORMS, dhs_page, page

FOLDER = FIXTURES / "dhs-list"
PAGES = sorted(FOLDER.glob("*.html"))
SELF = "Self-identification as a State Sanctuary Jurisdiction"


def read(name: str) -> Reading:
    return PARSER.read((FOLDER / f"{name}.html").read_bytes(), {})


def rows(reading: Reading) -> list[tuple[str | None, str | None, str]]:
    return [
        (row.state, row.level, row.jurisdiction)
        for row in reading.rows(Listing)
        if isinstance(row, Listing)
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_page_is_read_as_expected(page: Path) -> None:
    assert_expected(page, outcome(PARSER, page.read_bytes(), {}))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_every_page_says_that_it_is_a_specimen(page: Path) -> None:
    assert "SPECIMEN, NOT A DOCUMENT OF " in page.read_text("utf-8")


def test_a_row_has_the_state_above_it_and_the_level_of_its_heading() -> None:
    assert rows(read("page")) == [
        ("Freedonia", "state", SELF),
        ("Freedonia", "county", "Bera County"),
        ("Freedonia", "county", "Washington County"),
        ("Freedonia", "county", "Onhava County"),
        ("Freedonia", "city", "Onhava City"),
        ("Freedonia", "city", "Athens"),
        ("New Zembla", "county", "Washington County"),
        ("Syldavia", "city", "Klow"),
    ]


def test_counties_of_one_name_in_two_states_are_two_rows() -> None:
    keys = [row.row_key() for row in read("page").records]
    assert len(set(keys)) == len(keys)


def test_the_anchor_of_a_row_selects_it_on_the_page() -> None:
    for name in ("page", "line-breaks", "hostile"):
        page = BeautifulSoup((FOLDER / f"{name}.html").read_bytes(), "lxml")
        assert read(name).records
        for row in read(name).records:
            (spot,) = row.evidence
            assert isinstance(spot, HtmlSpot)
            assert isinstance(row, Listing)
            (element,) = page.select(spot.anchor)
            assert row.jurisdiction in " ".join(element.get_text().split())


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("no-state", "states_known"),
        ("levels-again", "states_known"),
        ("item-no-name", "names_read"),
        ("counts-stated", "stated_count"),
    ],
)
def test_what_could_hide_or_misplace_a_name_holds_the_reading(name: str, check: str) -> None:
    assert [failed.name for failed in read(name).failed_required()] == [check]


def test_names_under_no_state_are_problems_and_no_rows() -> None:
    for name, printed in (("no-state", "Bera County"), ("levels-again", "Yewslip County")):
        reading = read(name)
        assert printed not in [place for _, _, place in rows(reading)]
        assert [p.text for p in reading.problems if p.kind == "no_state"] == [printed]


def test_states_that_are_set_like_any_text_are_known_by_their_names() -> None:
    assert rows(read("plain-states")) == [
        ("Minnesota", "state", SELF),
        ("Minnesota", "county", "Anoka County"),
        ("Minnesota", "city", "The City of Minneapolis"),
        ("Vermont", "state", SELF),
    ]


def test_an_item_that_has_a_states_name_heads_nothing() -> None:
    groups = [("Counties", ["Washington"]), ("Cities", ["Bera"])]
    for heading in ("h2", "p"):
        reading = PARSER.read(dhs_page([("Iowa", groups)], (heading, "items")), {})
        assert rows(reading) == [("Iowa", "county", "Washington"), ("Iowa", "city", "Bera")]
        assert reading.failed_required() == []


def test_a_name_that_is_set_in_bold_heads_nothing() -> None:
    body = (
        "<h2>Freedonia</h2><h3>Counties</h3><ul><li><b>Bera</b></li><li><b>Klow</b></li></ul>"
        "<h3>Cities</h3><ul><li>Onhava</li></ul>"
    )
    reading = PARSER.read(page(body), {})
    assert rows(reading) == [
        ("Freedonia", "county", "Bera"),
        ("Freedonia", "county", "Klow"),
        ("Freedonia", "city", "Onhava"),
    ]
    assert reading.failed_required() == []


@pytest.mark.parametrize("form", [("h2", "items"), ("p", "lines")])
@pytest.mark.parametrize("name", ["Bera*", "Be‡ra", "Bera [1]", "<strike>Bera</strike>"])
def test_a_name_with_the_mark_of_a_footnote_or_struck_out_holds_the_reading(
    name: str, form: tuple[str, str]
) -> None:
    groups = [("Counties", ["Klow", "its place"]), ("Cities", ["Onhava"])]
    page = dhs_page([("Iowa", groups)], form).replace(b"its place", name.encode())
    reading = PARSER.read(page, {})
    assert rows(reading) == [("Iowa", "county", "Klow"), ("Iowa", "city", "Onhava")]
    assert [check.name for check in reading.failed_required()] == ["names_read"]


def test_the_title_of_the_page_is_no_state() -> None:
    body = "<h3>Counties</h3><ul><li>Bera</li></ul>"
    reading = PARSER.read(page(body), {})
    assert rows(reading) == []
    assert "states_known" in [check.name for check in reading.failed_required()]


def test_a_page_without_a_name_is_held() -> None:
    reading = PARSER.read(page("<h2>Freedonia</h2><h3>Cities</h3>"), {})
    assert [check.name for check in reading.failed_required()] == ["rows_read"]


def test_a_states_name_that_may_be_a_countys_is_not_guessed_at() -> None:
    lines = ("Iowa", "Counties", "Bera", "Washington", "Cities", "Klow")
    reading = PARSER.read(page("".join(f"<p>{line}</p>" for line in lines)), {})
    assert [check.name for check in reading.failed_required()] == ["states_known"]
    assert [(p.kind, p.text) for p in reading.problems] == [
        ("state_or_place", "Washington"),
        ("no_state", "Klow"),
    ]
    assert ("Washington", "city", "Klow") not in rows(reading)


def test_names_are_kept_as_printed_and_in_the_order_of_the_page() -> None:
    assert [place for _, _, place in rows(read("oddities"))] == [
        "Onhava County",
        "Queen Anna’s County",
        "Athens-Clarke",
        "yewslip county",
        "City of Bera",
        "The City of Klow",
        "Onhava City",
        "Onhava",
        "St. Yewslip",
        "San Zenon",
        "San Alto",
        "Bera, D.C.",
    ]
    assert read("oddities").problems == ()


_WORD = st.text("abcdefghijklmnopqrstuvwxyzáñ", min_size=1, max_size=8).map(str.capitalize)
_LEVELS = ("State", "Counties", "Cities", "States", "County", "City")
_NAME = st.lists(_WORD, min_size=1, max_size=3).map(" ".join).filter(lambda n: n not in _LEVELS)
_NAMES = st.lists(_NAME, min_size=1, max_size=4)
_OF_STATE = st.tuples(st.booleans(), st.none() | _NAMES, st.none() | _NAMES).filter(any)
_REAL_STATES = st.sampled_from(["Guam", "Vermont", "Iowa", "New York", "Washington, D.C."])


@given(
    states=st.lists(
        st.tuples(_REAL_STATES, _OF_STATE), min_size=1, max_size=4, unique_by=lambda each: each[0]
    ),
    form=st.sampled_from(FORMS),
)
def test_any_list_comes_back_in_every_form(
    states: list[tuple[str, tuple[bool, list[str] | None, list[str] | None]]],
    form: tuple[str, str],
) -> None:
    """Names and lists are made up here; the states are real, since one form tells them by name."""
    printed = []
    wanted = []
    for state, (itself, counties, cities) in states:
        groups = [
            *([("State", [SELF])] if itself else []),
            *([("Counties", counties)] if counties else []),
            *([("Cities", cities)] if cities else []),
        ]
        printed.append((state, groups))
        wanted += [(state, "state", SELF)] if itself else []
        wanted += [(state, "county", name) for name in counties or []]
        wanted += [(state, "city", name) for name in cities or []]
    reading = PARSER.read(dhs_page(printed, form), {})
    if reading.failed_required():
        # Lines of a paragraph that holds one alone may be names, too: it is said, not guessed.
        assert form[0] == "p"
        assert "items" not in form[1]
        assert {problem.kind for problem in reading.problems} >= {"state_or_place"}
    else:
        assert rows(reading) == wanted


def test_the_form_of_a_page_is_no_content() -> None:
    groups = [("State", [SELF]), ("Counties", ["Bera County", "Onhava County"])]
    states = [("Guam", groups), ("Vermont", groups)]
    hashes = {content_hash(PARSER.read(dhs_page(states, f), {}).records) for f in FORMS}
    assert len(hashes) == 1
