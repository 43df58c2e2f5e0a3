"""A database that an earlier version wrote: our pages say so, Datasette's go on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from db.connection import open_database
from db.migrations import APPLICATION_ID, STEPS, migrations
from tests.site.serving import Site, served

NEWEST = STEPS[-1].__name__
PAGES = (
    "/",
    *(f"/tracker/-/{name}" for name in ("front", "changes", "health", "search", "report")),
)


def older(path: Path) -> Path:
    """Write an empty history as the version before this one did."""
    db = Database(path)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    migrations.apply(db, stop_before=NEWEST)
    db.enable_wal()
    db.close()
    return path


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return older(tmp_path_factory.mktemp("older") / "tracker.db")


@pytest.fixture(scope="module")
def site(path: Path) -> Iterator[Site]:
    with served(path) as site:
        yield site


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_ours_says_what_brings_the_history_up_to_date(site: Site, page: str) -> None:
    answer = site.get(page)
    assert answer.status_code == 503
    assert "written by an earlier version" in answer.text
    assert "sanctuary run" in answer.text


def test_a_script_is_told_the_same(site: Site) -> None:
    answer = site.get("/tracker/-/health.json")
    assert answer.status_code == 503
    data = answer.json()
    assert (data["ok"], data["status"]) == (False, 503)
    assert "sanctuary run" in data["error"]


@pytest.mark.parametrize(
    "page", ["/tracker", "/tracker/listings", "/tracker/listings.json", "/tracker/sources"]
)
def test_the_tables_are_shown_meanwhile(site: Site, page: str) -> None:
    assert site.get(page).status_code == 200


def test_once_it_is_brought_up_to_date_the_pages_are_there(tmp_path: Path) -> None:
    path = older(tmp_path / "tracker.db")
    with served(path) as site:
        assert site.get("/tracker/-/health").status_code == 503
        open_database(path).close()
        assert site.get("/tracker/-/health").status_code == 200
