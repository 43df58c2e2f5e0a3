"""The pages in a real browser, at the width of a desktop and of a phone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Browser

from places.gazetteer import load_gazetteer
from tests.sanctuary.places import COUNTY, life_of_county
from tests.site.browsing import WIDTHS, Watched, chromium, listening, watching
from tests.site.histories import two_weeks
from tests.site.law import LAW, law_history

REVISIONS = (
    "/tracker/-/compare?source=zembla-report"
    "&from=2017-01-28..2017-02-03@1&to=2017-01-28..2017-02-03@2"
)
POLICY = f"/law/-/policy/{LAW.id}"
PLACE = "/law/-/place/zz/town/zembla"
ACROSS = f"/across/-/place/{COUNTY.id}"
SILENT = (
    f"/law/-/compare?source={LAW.id}&from=2024-02-01T10:00:00Z&to=2024-12-01T10:00:00Z&view=side"
)
PAGES = [
    "/",
    "/tracker",
    "/tracker/current_listings",
    "/tracker/current_declined_detainers",
    "/tracker/listings/1",
    "/tracker/top_receivers_by_week",
    "/tracker/jurisdiction_history?jurisdiction=Onhava",
    "/tracker/-/compare",
    REVISIONS,
    "/law",
    "/law/sources",
    "/law/listings/1",
    POLICY,
    PLACE,
    ACROSS,
    "/across/-/place",
    "/across/-/place?state=ZZ",
    "/across/-/place?name=Franklin+County",
    SILENT,
]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    # The first in this cache folder takes longer than a browser waits for a page.
    load_gazetteer()
    folder = tmp_path_factory.mktemp("browser")
    two_weeks(folder).close()
    law_history(folder / "law").close()
    life_of_county(folder / "across").close()
    law = (folder / "law" / "tracker.db").rename(folder / "law.db")
    across = (folder / "across" / "tracker.db").rename(folder / "across.db")
    with listening(folder / "tracker.db", law, across) as site:
        yield site


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(params=WIDTHS)
def watched(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Watched]:
    with watching(browser, request.param) as page:
        yield page


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_is_quiet_and_asks_no_other_host(
    watched: Watched, address: str, path: str
) -> None:
    answer = watched.page.goto(f"{address}{path}")
    assert answer is not None
    assert answer.status == 200
    assert watched.fits()
    assert watched.errors == []
    assert watched.strangers(address) == []


def test_the_form_is_filled_and_sent_by_keyboard_alone(watched: Watched, address: str) -> None:
    page = watched.page
    page.goto(f"{address}/tracker/-/compare?source=zembla-report")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "from":
            break
    assert page.evaluate("document.activeElement.id") == "from"
    page.keyboard.press("End")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "to"
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "from=2017-01-28..2017-02-03%401" in page.url
    assert page.locator("del").all_inner_texts() == ["48"]
    assert page.locator("ins").all_inner_texts() == ["24"]


def test_a_place_is_found_by_keyboard_alone(watched: Watched, address: str) -> None:
    page = watched.page
    page.goto(f"{address}/across/-/place")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "name":
            break
    page.keyboard.type("Kinbote Conty")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url == f"{address}{ACROSS}"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"


@pytest.mark.parametrize("path", [REVISIONS, POLICY, PLACE, ACROSS, "/across/-/place", SILENT])
def test_every_field_has_a_label_and_every_heading_follows_in_order(
    watched: Watched, address: str, path: str
) -> None:
    watched.page.goto(f"{address}{path}")
    unlabelled = watched.page.evaluate(
        "[...document.querySelectorAll('select, input:not([type=hidden])')]"
        ".filter(each => !each.labels.length).length"
    )
    assert unlabelled == 0
    levels = watched.page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4')].map(each => Number(each.tagName[1]))"
    )
    assert levels[0] == 1
    for above, below in pairwise(levels):
        assert below <= above + 1


def test_marked_words_do_not_depend_on_colour(watched: Watched, address: str) -> None:
    watched.page.goto(f"{address}/tracker/-/compare?source=zembla-report")
    lines = watched.page.evaluate(
        "['del', 'ins'].map(name => "
        "getComputedStyle(document.querySelector(name)).textDecorationLine)"
    )
    assert lines == ["line-through", "underline"]


def test_print_leaves_the_form_out_and_keeps_the_notice(watched: Watched, address: str) -> None:
    watched.page.goto(f"{address}{REVISIONS}")
    watched.page.emulate_media(media="print")
    assert not watched.page.locator("form").first.is_visible()
    assert watched.page.locator(".notice").is_visible()
    assert watched.page.locator(".caveat").first.is_visible()


def test_two_versions_are_compared_side_by_side_by_keyboard_alone(
    watched: Watched, address: str
) -> None:
    page = watched.page
    page.goto(f"{address}{POLICY}")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "from":
            break
    page.keyboard.press("End")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.value") == "side"
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "view=side" in page.url
    assert page.locator("del").all_inner_texts() == ["48"]
    assert page.locator("ins").all_inner_texts() == ["24"]


def test_the_two_sides_stand_beside_each_other_and_on_a_phone_below(
    watched: Watched, address: str
) -> None:
    page = watched.page
    page.goto(f"{address}{SILENT}")
    gone, new = (page.locator(f".side {name}").bounding_box() for name in ("del", "ins"))
    assert gone is not None
    assert new is not None
    is_phone = page.evaluate("window.innerWidth") < 600
    assert (new["y"] > gone["y"] + 10) == is_phone
    assert (new["x"] > gone["x"] + 100) == (not is_phone)


def test_print_keeps_the_two_sides_and_leaves_the_form_out(watched: Watched, address: str) -> None:
    watched.page.goto(f"{address}{SILENT}")
    watched.page.emulate_media(media="print")
    assert not watched.page.locator("form").first.is_visible()
    assert watched.page.locator(".side del").is_visible()
    assert watched.page.locator(".side ins").is_visible()
