"""What stands around every page: one menu, one search, a language, and a way past the menu."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from sanctuary.site import __file__ as site_file
from tests.site.histories import two_weeks
from tests.site.serving import Site, served

MENU = [
    "Home",
    "What changed",
    "Compare",
    "Places",
    "Policies",
    "Reports",
    "Search",
    "Health",
    "Downloads",
    "API",
    "Tables and SQL",
]
OURS = ["/", "/tracker/-/changes", "/tracker/-/health"]
DATASETTES = [
    "/tracker",
    "/tracker/current_listings",
    "/tracker/listings/1",
    "/tracker?sql=select+1",
]


STYLES = Path(site_file).with_name("static")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("framed")
    two_weeks(folder).close()
    sqlite3.connect(folder / "other.db").close()
    with served(folder / "tracker.db", folder / "other.db") as found:
        yield found


def page(site: Site, path: str) -> BeautifulSoup:
    return BeautifulSoup(site.get(path).text, "lxml")


@pytest.mark.parametrize("path", [*OURS, *DATASETTES])
def test_every_page_has_the_same_menu_from_home_to_the_tables(site: Site, path: str) -> None:
    links = page(site, path).select("header nav a")
    assert [link.text for link in links] == MENU
    assert (links[0]["href"], links[-1]["href"]) == ("/", "/tracker")


@pytest.mark.parametrize("path", [*OURS, *DATASETTES, "/tracker/nothing", "/other"])
def test_every_page_says_its_language_and_has_one_main_part_with_a_way_to_it(
    site: Site, path: str
) -> None:
    found = page(site, path)
    assert found.html is not None
    assert found.html["lang"] == "en"
    assert [main["id"] for main in found.select("main")] == ["content"]
    assert found.select_one("body a") == found.select_one('a.skip[href="#content"]')


@pytest.mark.parametrize("path", DATASETTES)
def test_datasettes_own_pages_have_the_search_of_the_site(site: Site, path: str) -> None:
    assert page(site, path).select_one('header form[action="/tracker/-/search"] input[name="q"]')


def test_the_menu_says_which_of_its_pages_is_open(site: Site) -> None:
    found = page(site, "/tracker/-/health").select("header [aria-current]")
    assert [link.text for link in found] == ["Health"]


def test_a_row_leads_back_by_way_of_its_table(site: Site) -> None:
    found = page(site, "/tracker/listings/1").select(".sanctuary-crumbs a")
    assert [link.text for link in found] == ["Home", "Tables and SQL", "listings"]


def test_a_page_that_is_not_there_leads_home_and_tells_no_name_of_a_database(site: Site) -> None:
    assert [link["href"] for link in page(site, "/nothing").select("header a")] == ["/"]


def test_what_is_held_is_reached_from_health(site: Site) -> None:
    assert page(site, "/tracker/-/health").select('main a[href="/tracker/-/held"]')


def test_a_site_without_a_database_of_ours_keeps_the_frame_of_datasette(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "other.db").close()
    with served(tmp_path / "other.db") as other:
        assert "frame.css" not in other.get("/").text
        assert "frame.css" not in other.get("/nothing").text


@pytest.mark.parametrize("sheet", sorted(STYLES.glob("*.css")), ids=lambda each: each.name)
def test_no_style_takes_the_header_of_a_part_of_a_page_for_that_of_the_site(sheet: Path) -> None:
    # Paper has no menu; what a header says of an edition (its window, its notice) has to stay.
    assert re.search(r"(^|[\s,}])header\b", sheet.read_text().partition("*/")[2]) is None


def test_beside_another_of_ours_the_menu_is_that_of_the_database_a_page_is_about(
    tmp_path: Path,
) -> None:
    for name in ("first", "second.one"):
        (tmp_path / name).mkdir()
        two_weeks(tmp_path / name).close()
        (tmp_path / name / "tracker.db").rename(tmp_path / f"{name}.db")
    with served(tmp_path / "first.db", tmp_path / "second.one.db") as both:
        for path in ("/second~2Eone/-/health", "/second~2Eone"):
            links = page(both, path).select("header nav a")
            assert len(links) == len(MENU)
            assert all("second~2Eone" in str(link["href"]) for link in links[1:])
        links = page(both, "/").select("header nav a")
        assert len(links) == 2 * len(MENU) - 1
        assert links[1].text == "What changed (first)"
