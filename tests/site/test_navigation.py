"""The way to our pages from Datasette's, the notice on them, and strangers left alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site.histories import NOTICE, two_weeks
from tests.site.serving import Site, served


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("specimens")
    two_weeks(folder).close()
    with served(folder / "tracker.db") as site:
        yield site


def test_the_database_page_links_to_the_front_page_and_to_compare(site: Site) -> None:
    body = site.get("/tracker").text
    assert 'href="/tracker/-/front"' in body
    assert body.index('class="sanctuary-page"') > body.index("<main")
    assert body.count('href="/tracker/-/compare"') >= 2


@pytest.mark.parametrize(
    "page",
    ["/", "/tracker", "/tracker/current_listings", "/tracker/listings/1", "/tracker?sql=select+1"],
)
def test_every_page_over_specimens_carries_their_notice(site: Site, page: str) -> None:
    assert NOTICE in site.get(page).text


def test_rows_of_specimens_carry_it_as_data(site: Site) -> None:
    rows = site.get("/tracker/current_listings.json?_shape=array").json()
    assert {row["notice"] for row in rows} == {NOTICE}


def test_pages_over_what_is_official_carry_none(tmp_path: Path) -> None:
    two_weeks(tmp_path, notice=None).close()
    with served(tmp_path / "tracker.db") as site:
        assert "sanctuary-notice" not in site.get("/tracker").text


def test_the_database_may_be_called_anything_and_stand_under_any_address(tmp_path: Path) -> None:
    two_weeks(tmp_path).close()
    renamed = (tmp_path / "tracker.db").rename(tmp_path / "my.history.db")
    with served(renamed, settings={"base_url": "/data/"}) as site:
        assert 'href="/data/my~2Ehistory/-/compare"' in site.get("/").text
        page = site.get("/my~2Ehistory/-/compare").text
        assert 'action="/data/my~2Ehistory/-/compare"' in page
        assert 'href="/data/-/static-plugins/sanctuary-tracker/site.css"' in page
        assert site.get("/-/static-plugins/sanctuary-tracker/site.css").status_code == 200


def test_a_database_of_someone_else_is_left_alone(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "other.db")
    connection.execute("CREATE TABLE declined_detainers (id INTEGER PRIMARY KEY, name TEXT)")
    connection.execute("INSERT INTO declined_detainers (name) VALUES (zeroblob(600000))")
    connection.commit()
    connection.close()
    with served(tmp_path / "other.db") as site:
        home = site.get("/")
        assert "Compare two editions" not in home.text
        assert "datasette.css" not in home.text
        assert "content-security-policy" not in home.headers
        assert site.get("/other/-/compare").status_code == 404
        assert site.get("/other/declined_detainers.json").status_code == 200


def test_beside_a_stranger_only_ours_has_the_page(tmp_path: Path) -> None:
    two_weeks(tmp_path).close()
    sqlite3.connect(tmp_path / "other.db").close()
    with served(tmp_path / "tracker.db", tmp_path / "other.db") as site:
        assert site.get("/tracker/-/compare").status_code == 200
        assert site.get("/other/-/compare").status_code == 404
        assert NOTICE not in site.get("/other").text
