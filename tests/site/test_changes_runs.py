"""Changes stand together that one edition brought; what happened to a source stands by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from db.dark import renew_dark
from db.sources import save_source
from tests.db.history import LIST, NOW, listing, load, load_gone, new_database, reading
from tests.db.test_dark import WATCHED, attempt
from tests.site.serving import Site, served

SECOND = "http://127.0.0.1/second"
MOVED = replace(LIST, id="moved-list", title="List that moved")
A, B = reading((listing("Kinbote, Zembla"),)), reading((listing("Onhava, Zembla"),))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = Path(tmp_path_factory.mktemp("runs"))
    db = new_database(folder)
    for source in (MOVED, WATCHED):
        save_source(db, source)
    load(db, MOVED, "2025-06-01T10:00:00Z", A, address=MOVED.address)
    for day in ("05", "06"):
        load_gone(db, MOVED, f"2025-06-{day}T10:00:00Z", MOVED.address or "")
    load(db, MOVED, "2025-06-08T10:00:00Z", A, address=SECOND)
    load(db, MOVED, "2025-06-09T10:00:00Z", B, address=MOVED.address)
    looks = (("01", "document"), ("03", "blocked"), ("04", "blocked"), ("07", "document"))
    for day, verdict in looks:
        attempt(db, f"2025-06-{day}T10:00:00Z", verdict)
    with db.atomic():
        renew_dark(db, WATCHED, NOW)
    db.close()
    with served(folder / "tracker.db") as site:
        yield site


def runs(site: Site, source: str) -> list[str]:
    """Return what stands above each run, and the sentences of its changes."""
    page = BeautifulSoup(site.get(f"/tracker/-/changes?source={source}").text, "lxml")
    return [" ".join(run.get_text(" ").split()) for run in page.select("section.run")]


def test_a_restoration_has_its_window_and_the_rows_that_came_with_it_have_theirs(
    site: Site,
) -> None:
    restored, rows, *_ = runs(site, MOVED.id)
    assert "Between 2025-06-06 10:00 UTC and 2025-06-09 10:00 UTC: 1 published again" in restored
    assert "Published again:" in restored
    assert "Between 2025-06-08 10:00 UTC and 2025-06-09 10:00 UTC: 1 added, 1 removed" in rows
    assert "Compare the two editions" in rows


def test_what_was_not_readable_was_not_published_again(site: Site) -> None:
    readable, dark, *_ = runs(site, WATCHED.id)
    assert "1 readable again" in readable
    assert "published again" not in readable
    assert "1 not readable any more" in dark
