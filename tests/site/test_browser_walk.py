"""A reader's walk through the demo, in a real browser at two widths, with an accessibility checker.

Every kind of page is reached by links from the front page, as a reader reaches it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from urllib.parse import urljoin

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from playwright.sync_api import Browser

from tests.played import PlayedDemo
from tests.site.browsing import WIDTHS, Watched, chromium, listening, watching

KINDS = {
    "front": r"/$",
    "changes": r"/tracker/-/changes$",
    "change": r"/tracker/-/change/[^/]+$",
    "compare": r"/tracker/-/compare\?source=specimen-freedonia.*from=.*to=",
    "place": r"/tracker/-/place/[a-z/-]+$",
    "places": r"/tracker/-/place$",
    "policy": r"/tracker/-/policy/specimen-town$",
    "evidence of a PDF": r"/tracker/-/evidence/specimen-ddor/.*",
    "evidence of a web page": r"/tracker/-/evidence/(specimen-[lct]|ithaca).*",
    "document": r"/tracker/-/document/[0-9a-f]{64}$",
    "report": r"/tracker/-/report/specimen-freedonia/.*",
    "health": r"/tracker/-/health$",
    "search": r"/tracker/-/search(\?q=)?$",
    "downloads": r"/tracker/-/downloads$",
    "api": r"/tracker/-/api$",
    "held": r"/tracker/-/held$",
    "tables": r"/tracker$",
    "a table": r"/tracker/current_listings$",
}
"""What an address of each kind of page matches, from the slash of the host on."""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(demo: PlayedDemo) -> Iterator[str]:
    with listening(demo.data_dir / "tracker.db") as site:
        yield site


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def found(address: str) -> dict[str, str]:
    """Return an address of each kind of page: the first that links lead to from the front page."""
    paths: dict[str, str] = {}
    waiting = deque(["/"])
    with httpx.Client(base_url=address, timeout=30) as client:
        while waiting:
            page = BeautifulSoup(client.get(waiting.popleft()).text, "lxml")
            for path in dict.fromkeys(str(link["href"]) for link in page.select("a[href]")):
                for kind, pattern in KINDS.items():
                    if kind not in paths and re.match(pattern, path):
                        paths[kind] = path
                        waiting.append(path)
    return paths


@pytest.fixture(params=WIDTHS)
def watched(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Watched]:
    with watching(browser, request.param) as page:
        yield page


def test_every_kind_of_page_is_reached_from_the_front_page(found: dict[str, str]) -> None:
    assert sorted(set(KINDS) - set(found)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_of_the_demo_fits_is_quiet_asks_no_other_host_and_can_be_used_by_all(
    watched: Watched, address: str, found: dict[str, str], kind: str
) -> None:
    answer = watched.page.goto(f"{address}{found[kind]}")
    assert answer is not None
    assert answer.status == 200
    assert watched.fits()
    assert watched.errors == []
    assert watched.strangers(address) == []
    assert faults(watched) == []


def test_a_reader_goes_from_what_changed_to_the_spot_on_the_page_and_on_to_the_place(
    watched: Watched, address: str
) -> None:
    page = watched.page
    page.goto(address)
    page.get_by_role("link", name="What changed", exact=True).first.click()
    page.get_by_text("Choose by list, place, state, day").click()
    page.get_by_label("List, report or policy").select_option("specimen-ddor")
    page.get_by_label("What happened").select_option("changed")
    page.get_by_role("button", name="Show").click()
    page.locator("main a[href*='/-/change/']").first.click()
    page.locator("del, ins").first.wait_for()
    page.get_by_role("link", name="Compare the two editions").first.click()
    page.locator("del, ins").first.wait_for()
    page.go_back()
    page.get_by_role("link", name=re.compile("^Evidence after")).click()
    picture = page.locator("svg image").first
    drawn = page.request.get(f"{address}{picture.get_attribute('href')}")
    assert drawn.headers["content-type"] == "image/png"
    assert drawn.body().startswith(b"\x89PNG")
    page.get_by_role("link", name=re.compile("^All that is held of")).click()
    page.wait_for_url("**/-/place*")
    assert watched.errors == []


def test_a_reader_searches_by_keyboard_reads_a_law_and_takes_its_feed(
    watched: Watched, address: str
) -> None:
    page = watched.page
    page.goto(f"{address}/tracker/-/changes")
    page.locator("header input[type=search]").press_sequentially("detainers")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.locator("mark").first.wait_for()
    page.goto(f"{address}/tracker/-/policy")
    page.get_by_role("link", name=re.compile("^Civil Detainers, Code")).first.click()
    page.locator("del").first.wait_for()
    feed = page.locator("link[type='application/atom+xml']").first.get_attribute("href")
    assert feed is not None
    answer = page.request.get(urljoin(page.url, feed))
    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert b"<entry>" in answer.body()
    assert watched.errors == []


def faults(watched: Watched) -> list[str]:
    """Return what the accessibility checker finds: rule and elements."""
    # Datasette leaves fields of its forms without labels: the filters of a table, the SQL.
    theirs = {name: {"enabled": "/-/" in watched.page.url} for name in ("label", "select-name")}
    asked = {"runOnly": WCAG, "rules": theirs, "resultTypes": ["violations"]}
    answer = Axe().run(watched.page, options=asked)
    return [
        f"{each['id']}: {', '.join(str(node['target']) for node in each['nodes'][:3])}"
        for each in answer.response["violations"]
    ]
