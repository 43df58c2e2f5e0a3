"""The front page: what changed, who is listed, how the lists went, how fresh it all is."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from datasette.utils.asgi import Request, Response
from datasette.views.index import IndexView
from sqlite_utils import Database

from db.sources import save_source
from tests.db.history import LIST, REPORT, listing, load, new_database
from tests.sanctuary.places import AGREEMENTS, FIRST, life_of_county, resolve_all, rows
from tests.site.histories import HOSTILE, NOTICE, declined, report
from tests.site.serving import HOST, Site, served

MANY = replace(LIST, id="many-list", title="Long List", publisher="Fourth Ministry")


def load_many(db: Database) -> None:
    """Load a list to which 40 places come at once, and a report whose Section II is corrected."""
    save_source(db, MANY)
    more = [listing(f"Place {number:02}, Nowhere", position=number) for number in range(1, 41)]
    load(db, MANY, "2025-06-20T10:00:00Z", rows(listing("First, Nowhere", position=41)))
    load(db, MANY, "2025-06-21T10:00:00Z", rows(*more, listing("First, Nowhere", position=41)))
    load(db, REPORT, "2025-06-22T10:00:00Z", report(3, (declined(1), declined(2))))
    load(db, REPORT, "2025-06-23T10:00:00Z", report(3, (declined(1),)))
    resolve_all(db)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = Path(tmp_path_factory.mktemp("front"))
    db = life_of_county(folder)
    load_many(db)
    db.close()
    with served(folder / "tracker.db") as site:
        yield site


@pytest.fixture(scope="module")
def page(site: Site) -> BeautifulSoup:
    return BeautifulSoup(site.get("/").text, "lxml")


@pytest.fixture(scope="module")
def data(site: Site) -> dict[str, object]:
    found = site.get("/tracker/-/front.json")
    assert found.headers["content-type"].startswith("application/json")
    answer: dict[str, object] = json.loads(found.text)
    return answer


def words(page: BeautifulSoup, selector: str) -> str:
    return " ".join(" ".join(each.get_text(" ").split()) for each in page.select(selector))


def test_it_is_the_root_of_the_site_and_has_an_address_of_its_own(site: Site) -> None:
    assert site.get("/").status_code == 200
    main = [site.get(path).text.partition("<main")[2] for path in ("/tracker/-/front", "/")]
    assert main[0] == main[1]


def test_a_change_is_a_sentence_that_names_list_and_publisher_with_its_window(
    page: BeautifulSoup, site: Site
) -> None:
    (item,) = page.select(".news li.withdrawn")
    assert item.get_text() == "Taken down: List of Counties (First Ministry)"
    step = " ".join(item.find_parent("ol").get_text(" ").split())  # type: ignore[union-attr]
    assert "Between 2025-06-03 10:00 UTC and 2025-06-05 10:00 UTC" in step
    href = item.a["href"]  # type: ignore[index]
    assert str(href).startswith("/tracker/-/change/")


def test_forty_places_that_came_at_once_are_one_line(page: BeautifulSoup) -> None:
    (item,) = page.select(".news li.added a[href*='source=many-list']")
    assert item.get_text() == (
        "Added to Long List (Fourth Ministry): 40 places, among them Place 01, Nowhere (Kinbote "
        "Rule); Place 02, Nowhere (Kinbote Rule); Place 03, Nowhere (Kinbote Rule)"
    )
    assert item["href"] == (
        "/tracker/-/changes?source=many-list&kind=added&edition=2025-06-21T10:00:00Z"
    )


def test_rows_about_individuals_are_not_told_of(page: BeautifulSoup) -> None:
    said = words(page, ".news")
    assert "2017-02-11..2017-02-17@1" in said
    assert "Section II:" not in said
    assert "detainer" not in said


def test_a_list_that_was_taken_down_stands_apart_and_is_on_no_tile(page: BeautifulSoup) -> None:
    apart = words(page, "#apart ~ ul")
    assert (
        "List of Counties (First Ministry) : taken down by its publisher; last stated 2025-06-03"
        in apart
    )
    assert "List of Counties" not in words(page, "#standing + ul")
    assert "Other List of Zembla (Second Ministry) : not observed since" in words(
        page, "#standing + ul"
    )


def test_a_state_is_named_itself_apart_from_the_places_in_it(data: dict[str, object]) -> None:
    found = data["map"]
    assert isinstance(found, dict)
    # The withdrawn list and the agreements are left out, and names of no place are counted apart.
    assert found["elsewhere"] == [
        {"state": "ZZ", "places": 2, "itself": True, "page": f"{HOST}/tracker/-/place?state=ZZ"}
    ]
    assert (found["places"], found["unresolved"]) == (3, 42)


def test_one_list_can_be_chosen_also_one_that_no_longer_stands(site: Site) -> None:
    page = BeautifulSoup(site.get(f"/?list={FIRST.id}").text, "lxml")
    assert words(page, "#map") == "Places on a list that no longer stands"
    said = words(page, "section:has(#map) > .summary")
    assert said.startswith("List of Counties (First Ministry): taken down by its publisher; last")
    agencies = BeautifulSoup(site.get(f"/?list={AGREEMENTS.id}").text, "lxml")
    assert words(agencies, "#map") == "Agencies with an agreement"


def test_a_list_that_is_not_there_is_not_found(site: Site) -> None:
    answer = site.get("/?list=nothing")
    assert answer.status_code == 404
    assert "There is no list of this id." in answer.text
    assert site.get("/tracker/-/front.json?list=nothing").status_code == 404


def test_a_chart_says_in_words_what_it_shows(page: BeautifulSoup) -> None:
    (figure,) = page.select(f"#list-{FIRST.id}")
    label = str(figure.svg["aria-label"])  # type: ignore[index]
    assert label.startswith("List of Counties (First Ministry): Withdrawn, found so by 2025-06-05")
    lines = [each.get_text() for each in figure.select("details li")]
    assert lines[1:3] == [
        "Taken down at some time between 2025-06-03 and 2025-06-05",
        "3 places on 2025-06-03",
    ]


def test_every_tile_of_the_map_leads_to_the_places_of_its_state(page: BeautifulSoup) -> None:
    tiles = page.select(".tiles li > *")
    assert len(tiles) == 56
    for tile in tiles:
        assert tile.name == "a"
        assert str(tile["href"]).endswith(f"/-/place?state={tile.b.get_text()}")  # type: ignore[union-attr]


def test_hostile_names_stay_text_and_nothing_runs_on_the_page(
    site: Site, page: BeautifulSoup
) -> None:
    assert HOSTILE in words(page, ".news")
    assert page.select("script, style, [style], [onclick]") == []
    policy = site.get("/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_it_carries_the_notice_of_specimens_and_the_data_does(
    page: BeautifulSoup, data: dict[str, object]
) -> None:
    assert words(page, ".notice") == NOTICE
    assert data["notices"] == [NOTICE]


def test_it_leads_to_all_pages_and_searches(page: BeautifulSoup) -> None:
    hrefs = {str(each["href"]) for each in page.select("main a")}
    pages = ("changes", "compare", "place", "policy", "report", "health", "downloads", "api")
    assert hrefs >= {f"/tracker/-/{each}" for each in pages} | {"/tracker"}
    (form,) = page.select("form")
    assert (form["action"], form.input["name"]) == ("/tracker/-/search", "q")  # type: ignore[index]


def test_it_says_of_each_source_how_fresh_it_is(page: BeautifulSoup) -> None:
    said = words(page, ".fresh").replace(" ;", ";")
    assert "Other List of Zembla , Second Ministry: not fetched yet; last seen 2025-06-03" in said
    assert "List of Counties , First Ministry: taken down; last seen 2025-06-03" in said


def test_where_two_histories_may_be_seen_the_root_is_the_index_of_datasette(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_database(tmp_path).close()
    (tmp_path / "tracker.db").rename(tmp_path / "other.db")
    monkeypatch.setattr(IndexView, "dispatch_request", _index)
    with served(tmp_path / "other.db") as alone:
        assert "What changed last" in alone.get("/").text
        other = alone.datasette.databases["other"]
        monkeypatch.setitem(site.datasette.databases, "other", other)
        assert site.get("/").text == "the index, for None"
        assert "What changed last" in site.get("/tracker/-/front").text


async def _index(_: IndexView, request: Request) -> Response:
    return Response.text(f"the index, for {request.url_vars['format']}")


def test_an_empty_history_has_a_front_page(tmp_path: Path) -> None:
    new_database(tmp_path).close()
    with served(tmp_path / "tracker.db") as site:
        body = site.get("/").text
        assert "Nothing has changed yet" in body
        assert "No list of places is held yet" in body


@pytest.mark.parametrize(
    ("table", "gone", "key", "stays"),
    [
        ("changes", "changed", "news", "map"),
        ("listings", "map", "lists", "changed"),
        ("captures", "fresh", "freshness", "map"),
    ],
)
def test_what_may_not_be_seen_is_left_out_of_the_page_and_of_its_data(
    site: Site, monkeypatch: pytest.MonkeyPatch, table: str, gone: str, key: str, stays: str
) -> None:
    tables = {"tables": {table: {"allow": False}}}
    monkeypatch.setitem(site.datasette._metadata_local["databases"], "tracker", tables)
    body = site.get("/").text
    assert f'id="{gone}"' not in body
    assert f'id="{stays}"' in body
    assert not json.loads(site.get("/tracker/-/front.json").text)[key]


def test_a_stranger_that_is_served_beside_it_can_be_reached(tmp_path: Path) -> None:
    new_database(tmp_path).close()
    sqlite3.connect(tmp_path / "other.db").close()
    with served(tmp_path / "tracker.db", tmp_path / "other.db") as site:
        assert 'href="/other"' in site.get("/").text
