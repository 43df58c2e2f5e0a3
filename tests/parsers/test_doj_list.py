"""The Department of Justice's list: names under three headings, in whatever form they are set."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from parsers.doj_list import PARSER
from parsers.errors import NotThisDocument
from parsers.records import HtmlSpot, Listing, Reading, content_hash
from tests.parsers.golden import FIXTURES, assert_expected, outcome
from tests.parsers.list_pages import FORMS, Groups, doj_page, release

FOLDER = FIXTURES / "doj-list"
PAGES = sorted(FOLDER.glob("*.html"))
GROUPS: Groups = (
    ("STATES", ["Freedonia", "New Zembla"]),
    ("COUNTIES", ["Kinbote County, ZB"]),
    ("CITIES", ["Bera, ZB", "Onhava City, FR"]),
)


def read(name: str) -> Reading:
    return PARSER.read((FOLDER / f"{name}.html").read_bytes(), {})


def listings(reading: Reading) -> list[Listing]:
    return [row for row in reading.rows(Listing) if isinstance(row, Listing)]


def names(reading: Reading) -> list[tuple[str | None, str]]:
    return [(row.level, row.jurisdiction) for row in listings(reading)]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_page_is_read_as_expected(page: Path) -> None:
    assert_expected(page, outcome(PARSER, page.read_bytes(), {}))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_every_page_says_that_it_is_a_specimen(page: Path) -> None:
    assert "SPECIMEN, NOT A DOCUMENT OF " in page.read_text("utf-8")


def test_the_anchor_of_a_row_selects_it_on_the_page() -> None:
    for name in ("page", "line-breaks", "hostile"):
        page = BeautifulSoup((FOLDER / f"{name}.html").read_bytes(), "lxml")
        rows = listings(read(name))
        assert rows
        for row in rows:
            (spot,) = row.evidence
            assert isinstance(spot, HtmlSpot)
            (element,) = page.select(spot.anchor)
            assert row.jurisdiction in " ".join(element.get_text().split())


def test_nothing_of_menus_head_foot_and_criteria_is_a_name() -> None:
    read_from = read("page")
    assert [name for _, name in names(read_from)] == [
        "Freedonia",
        "District of Onhava",
        "New Zembla",
        "Kinbote County, ZB",
        "Onhava County, FR",
        "Bera, ZB",
        "Onhava City, FR",
    ]
    assert read_from.problems == ()


def test_the_printed_heading_stays_beside_the_level() -> None:
    assert {row.level: row.level_text for row in listings(read("page"))} == {
        "state": "States",
        "county": "Counties",
        "city": "Cities",
    }
    assert {row.level_text for row in listings(read("line-breaks"))} == {
        *("STATES:", "COUNTIES:", "CITIES:")
    }


def test_a_list_is_the_same_in_every_form_and_with_every_date_of_update() -> None:
    pages = [
        doj_page(GROUPS, form, f"Updated August {day}, 2025") for day, form in enumerate(FORMS)
    ]
    readings = [PARSER.read(each, {}) for each in (*pages, release(GROUPS))]
    assert len({content_hash(reading.records) for reading in readings}) == 1
    assert len({reading.edition.title for reading in readings}) == len(readings)


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("heading-missing", "headings_found"),
        ("heading-twice", "headings_found"),
        ("heading-unknown-between", "headings_known"),
        ("heading-unknown-behind", "headings_known"),
        ("heading-in-capitals-behind", "headings_known"),
        ("no-name-under-heading", "names_under_headings"),
        ("item-no-name", "names_read"),
        ("line-no-name", "names_read"),
        ("name-without-bullet", "names_read"),
        ("counts-stated", "stated_count"),
    ],
)
def test_what_could_hide_a_name_holds_the_reading(name: str, check: str) -> None:
    assert [failed.name for failed in read(name).failed_required()] == [check]


@pytest.mark.parametrize("name", ["text-between-headings", "listed-twice", "other-matter-behind"])
def test_what_is_only_strange_is_shown_and_holds_nothing(name: str) -> None:
    assert read(name).problems
    assert read(name).failed_required() == []


def test_a_line_between_two_prints_of_one_name_holds_the_reading() -> None:
    lines = ["Kinbote County, ZB", "and one more", "Kinbote County, ZB"]
    groups = (GROUPS[0], ("COUNTIES", lines), GROUPS[2])
    reading = PARSER.read(doj_page(groups, ("h2", "lines")), {})
    assert [check.name for check in reading.failed_required()] == ["names_read"]
    assert [problem.kind for problem in reading.problems] == ["not_a_name", "listed_twice"]


@pytest.mark.parametrize("form", [("h2", "items"), ("h2", "lines"), ("p", "items"), ("p", "lines")])
@pytest.mark.parametrize(
    "name",
    [
        "Freedonia*",
        "Freedonia (since 2025)",
        "Freedonia<sup>1</sup>",
        "<s>Freedonia</s>",
        "<del>Freedonia</del>",
        '<span style="text-decoration: Line-Through">Freedonia</span>',
        "Nevada Utah",
    ],
)
def test_a_name_with_a_note_or_struck_out_is_not_read_and_not_left_out(
    name: str, form: tuple[str, str]
) -> None:
    groups = (("STATES", ["New Zembla", "its place"]), *GROUPS[1:])
    page = doj_page(groups, form).replace(b"its place", name.encode())
    reading = PARSER.read(page, {})
    assert names(reading)[0] == ("state", "New Zembla")
    assert names(reading)[1] == ("county", "Kinbote County, ZB")
    assert [check.name for check in reading.failed_required()] == ["names_read"]


@pytest.mark.parametrize("name", ["Bera*, ZB", "Bera†, ZB", "Bera1, ZB", "Bera [2], ZB"])
def test_the_mark_of_a_footnote_is_no_part_of_a_name(name: str) -> None:
    reading = PARSER.read(release((*GROUPS[:2], ("CITIES", [name, "Onhava City, FR"]))), {})
    assert ("city", name) not in names(reading)
    assert [check.name for check in reading.failed_required()] == ["names_read"]


def test_a_line_in_the_block_of_the_names_holds_the_reading_below_the_last_of_them_too() -> None:
    groups = (*GROUPS[:2], ("CITIES", ["Bera, ZB", "Onhava City FR"]))
    reading = PARSER.read(doj_page(groups, ("h2", "lines")), {})
    assert [check.name for check in reading.failed_required()] == ["names_read"]


def test_text_between_items_may_begin_another_list() -> None:
    taken_off = b"<p>These were taken off the list:</p><ul><li>Zenda, FR</li></ul></main>"
    page = doj_page(GROUPS, ("h2", "items")).replace(b"</main>", taken_off)
    reading = PARSER.read(page, {})
    assert [check.name for check in reading.failed_required()] == ["names_read"]


def test_a_state_whose_name_holds_that_of_another_is_one() -> None:
    groups = (("STATES", ["West Virginia", "Virginia"]), *GROUPS[1:])
    reading = PARSER.read(release(groups), {})
    assert names(reading)[:2] == [("state", "West Virginia"), ("state", "Virginia")]


def test_the_button_of_an_accordion_is_its_heading() -> None:
    page = doj_page(GROUPS, ("h2", "items"))
    for heading, _ in GROUPS:
        button = f"<h2><button aria-expanded='true'>{heading}</button></h2>"
        page = page.replace(f"<h2>{heading}</h2>".encode(), button.encode())
    beside = page.replace(b"<h2><button", b"<h2><button>Copy</button><button")
    assert names(PARSER.read(page, {})) == names(PARSER.read(release(GROUPS), {}))
    with pytest.raises(NotThisDocument):
        PARSER.read(beside, {})


def test_what_is_held_since_all_names_of_a_heading_went_says_what_to_do() -> None:
    pages: tuple[Groups, ...] = (
        (GROUPS[0], GROUPS[2]),
        (GROUPS[0], ("COUNTIES", []), GROUPS[2]),
    )
    for groups in pages:
        (failed,) = PARSER.read(release(groups), {}).failed_required()
        assert "if all names of a heading were taken off, accept the reading" in failed.message


_WORD = st.text("abcdefghijklmnopqrstuvwxyzáñ", min_size=1, max_size=8).map(str.capitalize)
_STATE = st.lists(_WORD, min_size=1, max_size=3).map(" ".join)
_PLACE = st.builds(
    "{}{}, {}".format,
    st.lists(_WORD, min_size=1, max_size=3).map("’s ".join),
    st.sampled_from(["", " County", " City", ".", "-Clarke"]),
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2),
)
_STATES = st.lists(
    _STATE.filter(lambda name: name not in ("State", "States", "County", "City")),
    min_size=1,
    max_size=5,
)
_PLACES = st.lists(_PLACE, min_size=1, max_size=5)


@given(states=_STATES, counties=_PLACES, cities=_PLACES, form=st.sampled_from(FORMS))
def test_any_list_comes_back_in_every_form(
    states: list[str], counties: list[str], cities: list[str], form: tuple[str, str]
) -> None:
    groups = (("STATES", states), ("COUNTIES", counties), ("CITIES", cities))
    wanted = [
        *(("state", name) for name in states),
        *(("county", name) for name in counties),
        *(("city", name) for name in cities),
    ]
    for document in (doj_page(groups, form), release(groups)):
        reading = PARSER.read(document, {})
        assert names(reading) == wanted
        assert reading.failed_required() == []
        assert {problem.kind for problem in reading.problems} <= {"listed_twice"}
