"""The page of a place as printed, and what stands below a row of a list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_plus

import pytest

from tests.db.history import LIST, listing, load, new_database, reading
from tests.site.histories import HOSTILE
from tests.site.law import LAW, NAME, TEXT, law_history
from tests.site.serving import Site, served
from tests.site.test_compare import text_of

PAGE = "/tracker/-/place"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("place")
    law_history(folder).close()
    with served(folder / "tracker.db") as site:
        yield site


def of(name: str, form: str = "") -> str:
    return f"{PAGE}{form}?name={quote_plus(name)}"


@pytest.mark.parametrize("name", [NAME, "Town of Zembla, NY"])
def test_it_is_found_by_the_name_of_the_list_or_of_the_code(site: Site, name: str) -> None:
    seen = text_of(site.get(of(name)).text)
    assert "Also printed as" in seen
    assert "List of Zembla (Zembla Ministry)" in seen
    assert "Civil Detainers, Town of Zembla" in seen
    assert f"“{TEXT}”" in seen
    assert "SPECIMEN" in seen


def test_each_list_says_in_which_editions_it_named_the_place(site: Site) -> None:
    seen = text_of(site.get(of(NAME)).text)
    times = "public from 2024-12-02 10:00 UTC to 2024-12-03 10:00 UTC"
    assert f"In 2 editions, {times}, the newest among them." in seen
    assert "In 1 edition, public on 2017-03-20 10:00 UTC" in seen


def test_what_left_a_list_is_said_to_be_in_its_newest_edition_no_more(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    rows = [listing("Kinbote, Zembla"), listing("Onhava, Zembla", position=2)]
    load(db, LIST, "2025-06-01T10:00:00Z", reading(rows))
    load(db, LIST, "2025-06-02T10:00:00Z", reading(rows[:1]))
    db.close()
    with served(tmp_path / "tracker.db") as site:
        assert "not in the newest edition that is held" in site.get(of("Onhava, Zembla")).text
        assert "the newest among them" in site.get(of("Kinbote, Zembla")).text


def test_places_are_not_taken_for_one_another(site: Site) -> None:
    assert site.get(of("Zembla Town, Zembla")).status_code == 404
    assert site.get(of("zembla")).status_code == 404
    seen = text_of(site.get(of("Onhava, Zembla")).text)
    assert "A city, its county and its state are three places" in seen
    assert TEXT not in seen
    assert "No policy of it is watched." in seen


def test_a_policy_is_linked_and_so_is_the_row(site: Site) -> None:
    page = site.get(of(NAME)).text
    assert f'href="/tracker/-/policy/{LAW.id}"' in page
    (row,) = set(re.findall(r'href="(/tracker/listings/\d+)"', page.split("Report of Zembla")[0]))
    assert NAME in site.get(row).text


def test_json_has_the_same(site: Site) -> None:
    data = site.get(of(NAME, ".json")).json()
    assert [each["editions"] for each in data["listed"]] == [2, 1]
    assert [each["source"] for each in data["policies"]] == [LAW.id]
    assert len(data["quotes"]) == 4


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}.json", of(HOSTILE), of(HOSTILE, ".json")])
def test_what_no_list_and_no_policy_prints_is_not_found(site: Site, path: str) -> None:
    answer = site.get(path)
    assert answer.status_code == 404
    assert HOSTILE not in answer.text


def test_scraped_markup_is_text(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    phrase = "<img src=x> is quoted here at some length"
    row = listing(HOSTILE, f"“{phrase}”", criteria=(HOSTILE,))
    load(db, LIST, "2025-06-01T10:00:00Z", reading([row]))
    db.close()
    with served(tmp_path / "tracker.db") as site:
        for path in (of(HOSTILE), "/tracker/listings/1", "/tracker/current_listings"):
            answer = site.get(path)
            assert answer.status_code == 200
            assert HOSTILE not in answer.text
            assert "&lt;script&gt;" in answer.text
        for path in (of(HOSTILE), "/tracker/listings/1"):
            shown = site.get(path).text
            assert "<img" not in shown
            assert shown.count("&lt;img src=x&gt;") > 1
        policy = site.get(of(HOSTILE)).headers["content-security-policy"]
        assert "script-src" not in policy


@pytest.mark.parametrize("table", ["listings", "quotes", "policies", "policy_sections"])
def test_what_may_not_be_seen_is_left_out(tmp_path: Path, table: str) -> None:
    law_history(tmp_path).close()
    kept = {
        "listings": "In 2 editions, public",
        "quotes": "Found, but not word for word",
        "policies": f"/-/policy/{LAW.id}",
        "policy_sections": "§ 120-7",
    }
    with served(tmp_path / "tracker.db") as site:
        tracker = site.datasette._metadata_local["databases"]["tracker"]
        assert kept[table] in site.get(of(NAME)).text
        tracker["tables"][table]["allow"] = False
        assert kept[table] not in site.get(of(NAME)).text
        tracker["allow"] = False
        assert site.get(of(NAME)).status_code == 403


def test_a_row_of_a_list_shows_its_quotes_and_leads_to_its_place(site: Site) -> None:
    page = site.get("/tracker/listings/1").text
    seen = text_of(page)
    assert "What this listing quotes, beside the law" in seen
    assert "Found, but not word for word: § 120-7 Limits on holding persons." in seen
    assert "What officers and jails do" in seen
    assert "for more than <del>48</del><ins>24</ins> hours" in page
    assert f'href="/tracker/-/policy/{LAW.id}"' in page
    assert f'href="{of(NAME)}"' in page


def test_a_row_without_a_quote_or_of_another_table_shows_none(site: Site) -> None:
    rows = site.get("/tracker/listings.json?_shape=array&jurisdiction=Onhava,+Zembla").json()
    assert "beside the law" not in site.get(f"/tracker/listings/{rows[0]['id']}").text
    assert "beside the law" not in site.get("/tracker/readings/1").text


def test_a_quote_of_a_place_without_a_policy_says_that_nothing_was_searched(site: Site) -> None:
    seen = text_of(site.get(of("Kinbote, Zembla")).text)
    assert "Not found; the text of that time is not held" in seen
    assert "Looked for in nothing: no policy of this place is held" in seen


def test_a_row_does_not_show_quotes_that_may_not_be_seen(tmp_path: Path) -> None:
    law_history(tmp_path).close()
    with served(tmp_path / "tracker.db") as site:
        tables = site.datasette._metadata_local["databases"]["tracker"]["tables"]
        tables["quotes"]["allow"] = False
        answer = site.get("/tracker/listings/1")
        assert answer.status_code == 200
        assert "beside the law" not in answer.text


@pytest.mark.parametrize("view", ["current_listings", "standing_listings", "listings"])
def test_the_name_of_a_place_leads_to_it(site: Site, view: str) -> None:
    assert f'<a href="{of(NAME)}">{NAME}</a>' in site.get(f"/tracker/{view}").text
