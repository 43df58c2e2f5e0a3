"""What the front page says of today: no more than was observed lately, nothing of the withheld."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from db.sources import save_source
from db.withholding import Order, withhold_document
from tests.db.history import NOW, listing, load, new_database
from tests.sanctuary.places import FIRST, OTHER, resolve_all, rows
from tests.site.serving import Site, served

YEARS = 100 * 366 * 24 * 3600
LASTING = replace(FIRST, max_gap_seconds=YEARS)
"""A list of which one look holds for as long as anybody runs these tests."""
HIDDEN = replace(OTHER, id="hidden-list", title="Hidden List", max_gap_seconds=YEARS)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = Path(tmp_path_factory.mktemp("today"))
    db = new_database(folder)
    for source in (LASTING, OTHER, HIDDEN):
        save_source(db, source)
    load(db, LASTING, "2025-06-01T10:00:00Z", rows(listing("Kinbote County, Zembla")))
    load(db, OTHER, "2025-06-01T10:00:00Z", rows(listing("Onhava, Zembla")))
    load(db, HIDDEN, "2025-06-01T10:00:00Z", rows(listing("Zembla")))
    hidden = load(db, HIDDEN, "2025-06-02T10:00:00Z", rows(listing("Zembla"), listing("Secret")))
    withhold_document(db, hidden.document_sha256, Order("A reason.", "Shade"), NOW)
    resolve_all(db)
    db.close()
    with served(folder / "tracker.db") as site:
        yield site


def shown(site: Site, path: str = "/") -> tuple[str, str, str]:
    """Return the title of the map, what stands below it, and the lists that stand."""
    page = BeautifulSoup(site.get(path).text, "lxml")
    parts = (page.select_one(each) for each in ("#map", "#map + .summary", "#standing + ul"))
    title, summary, lists = (" ".join(each.get_text(" ").split()) for each in parts if each)
    return title, summary, lists


def test_places_of_a_list_that_nobody_looked_at_lately_are_not_listed_today(site: Site) -> None:
    title, summary, _ = shown(site)
    assert title == "Places on lists as they were last stated"
    assert summary == (
        "2 places on 2 lists that stand, each counted once. 1 of these lists was not observed "
        "since it was last stated: nobody can say what stands there today."
    )
    title, summary, _ = shown(site, f"/tracker/-/front?list={OTHER.id}")
    assert title == "Places on one list as it was last stated"
    assert "not observed since; last stated 2025-06-01" in summary


def test_places_of_a_list_that_is_observed_are_listed_today(site: Site) -> None:
    title, summary, _ = shown(site, f"/tracker/-/front?list={LASTING.id}")
    assert title == "Places listed today on one list"
    assert "not observed" not in summary


def test_a_list_whose_document_is_withheld_is_not_said_to_name_nobody(site: Site) -> None:
    *_, lists = shown(site)
    hidden = lists[lists.index("Hidden List") :].partition("Changes")[0]
    assert "Its document is withheld: what it names is not shown" in hidden
    assert "place" not in hidden
    assert "Compare" not in hidden


def test_the_data_say_the_same(site: Site) -> None:
    data = site.get("/tracker/-/front.json").json()
    assert (data["map"]["lists"], data["map"]["not_observed"]) == (2, 1)
    withheld = {each["source_id"]: each["withheld"] for each in data["lists"]}
    assert withheld == {LASTING.id: False, OTHER.id: False, HIDDEN.id: True}
