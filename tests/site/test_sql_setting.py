"""Where the setting ``sql`` is off, a site answers no SQL of visitors, and all else as before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from db.settings import Serving, save_serving
from tests.site.histories import two_weeks
from tests.site.serving import Site, served
from tests.site.test_compare import PAGE

ASKED = quote("SELECT jurisdiction FROM listings")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("sql-off")
    db = two_weeks(folder)
    save_serving(db, Serving("full", "off"))
    db.close()
    with served(folder / "tracker.db", crossdb=True) as site:
        yield site


@pytest.mark.parametrize(
    "page",
    [
        f"/tracker?sql={ASKED}",
        f"/tracker.json?sql={ASKED}",
        f"/tracker.csv?sql={ASKED}",
        f"/_memory.json?sql={quote('SELECT jurisdiction FROM [tracker].listings')}",
        f"/tracker/sources.json?_where={quote('1 = 1')}",
    ],
)
def test_sql_of_visitors_is_refused(site: Site, page: str) -> None:
    answer = site.get(page)
    assert answer.status_code in (400, 403)
    assert "Kinbote" not in answer.text


@pytest.mark.parametrize(
    "page",
    [
        PAGE,
        "/tracker/current_listings?_facet=source_id&jurisdiction__contains=Kinbote",
        "/tracker/current_listings.csv",
        "/tracker/jurisdiction_history?jurisdiction=Kinbote",
        "/tracker/jurisdiction_history.json?jurisdiction=Kinbote",
    ],
)
def test_pages_tables_and_ready_queries_answer(site: Site, page: str) -> None:
    assert site.get(page).status_code == 200


def test_nothing_offers_what_is_refused(site: Site) -> None:
    for page in ("/tracker", "/tracker/listings", "/tracker/jurisdiction_history"):
        text = site.get(page).text
        assert '<textarea id="sql-editor"' not in text
        assert "?sql=" not in text


def test_a_change_of_the_setting_reaches_a_running_server(tmp_path: Path) -> None:
    db = two_weeks(tmp_path)
    with served(tmp_path / "tracker.db") as site:
        for wanted, status in (("on", 200), ("off", 403), ("on", 200)):
            save_serving(db, Serving("full", wanted))
            assert site.sql("SELECT 1").status_code == status
    db.close()
