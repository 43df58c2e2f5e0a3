"""The pages in a real browser, at the width of a desktop and of a phone."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import uvicorn
import yaml
from datasette.app import Datasette
from playwright.sync_api import Browser, Page, sync_playwright

from places.gazetteer import load_gazetteer
from sanctuary.shipped import shipped
from tests.sanctuary.places import COUNTY, life_of_county
from tests.site.histories import two_weeks
from tests.site.law import LAW, law_history

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = {"desktop": (1280, 900), "phone": (375, 800)}
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

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no browser at {CHROMIUM}"),
]


class _Server(uvicorn.Server):
    """A server that says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()


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
    metadata = yaml.safe_load(shipped("metadata.yml").read_text())
    datasette = Datasette([str(folder / "tracker.db"), str(law), str(across)], metadata=metadata)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = _Server(uvicorn.Config(datasette.app(), log_level="error"))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        assert server.listens.wait(timeout=30)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=30)
    datasette.executor.shutdown()
    for database in datasette.databases.values():
        database.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Watched:
    """A page, with what its console said and which addresses it asked."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        self.asked: list[str] = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))

    def _note(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(message.text)


@pytest.fixture(params=WIDTHS)
def watched(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Watched]:
    width, height = WIDTHS[request.param]
    context = browser.new_context(viewport={"width": width, "height": height})
    yield Watched(context.new_page())
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_is_quiet_and_asks_no_other_host(
    watched: Watched, address: str, path: str
) -> None:
    answer = watched.page.goto(f"{address}{path}")
    assert answer is not None
    assert answer.status == 200
    widest = watched.page.evaluate("document.documentElement.scrollWidth")
    assert widest <= watched.page.evaluate("window.innerWidth")
    assert watched.errors == []
    assert [url for url in watched.asked if not url.startswith(address)] == []


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
