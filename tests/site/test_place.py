"""The page of a place, the way to it, all places by state, and what stands below a listing."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_plus

import pytest

from db.settings import save_individual_rows
from tests.db.history import LIST, listing, load, new_database, reading
from tests.sanctuary.places import COUNTY, SHERIFF, WRONG, life_of_county
from tests.site.histories import CAVEAT, HOSTILE, NOTICE
from tests.site.law import LAW, NAME, TEXT, law_history
from tests.site.serving import Site, served
from tests.site.test_compare import text_of

PAGE = "/tracker/-/place"
OF_COUNTY = f"{PAGE}/{COUNTY.id}"
TOWN = "us/zz/city/onhava"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("place")
    law_history(folder).close()
    with served(folder / "tracker.db") as site:
        yield site


@pytest.fixture(scope="module")
def across(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("across")
    life_of_county(folder).close()
    with served(folder / "tracker.db") as site:
        yield site


def of(name: str, form: str = "") -> str:
    return f"{PAGE}{form}?name={quote_plus(name)}"


def section(page: str, name: str) -> str:
    """Return what is read in one section of a page."""
    (found,) = re.findall(
        rf'<section aria-labelledby="{name}">.*?</section>', page, flags=re.DOTALL
    )
    return text_of(found)


def test_a_place_has_its_id_for_an_address(across: Site) -> None:
    page = across.get(OF_COUNTY)
    assert page.status_code == 200
    assert "<h1>Kinbote County, ZZ</h1>" in page.text
    assert NOTICE in page.text
    assert "script-src" not in page.headers["content-security-policy"]
    assert across.get(f"{PAGE}/us/zz/county/nowhere").status_code == 404


def test_lists_say_by_windows_what_they_say_of_the_place_itself(across: Site) -> None:
    seen = section(across.get(OF_COUNTY).text, "lists")
    assert "List of Counties (First Ministry)" in seen
    assert "Not listed, as far as observed, on 2025-06-02" in seen
    assert "Withdrawn, the whole list, since 2025-06-05" in seen
    assert "1 name of this list in this state is not resolved." in seen
    assert "not a sanctuary" not in seen


def test_its_life_is_told_in_order_with_a_link_to_what_proves_it(across: Site) -> None:
    page = across.get(OF_COUNTY).text
    seen = section(page, "life")
    told = [
        "12 detainers issued, says Section I",
        "Not named in Section I",
        "Zembla Ministry corrects Report of the first week",
        "Removed from List of Counties",
        "Returned to List of Counties",
        "Taken down: List of Counties",
    ]
    places = [seen.index(words) for words in told]
    assert places == sorted(places)
    assert CAVEAT in seen
    assert seen.count(WRONG) == 2, "at the line that it concerns, and as a line"
    assert "The name is misspelt" in seen
    for table in ("listings", "detainer_counts", "corrections", "agreements"):
        assert re.search(
            rf'href="/tracker/-/evidence/[a-z-]+/[0-9a-f]{{64}}/{table}/\d+\?read_by=[0-9a-f]{{8}}"',
            page,
        )
        assert f'href="/tracker/{table}/' not in page, "a number of a row is no address that stays"
    (count,) = re.findall(r'href="(/tracker/declined_counts/\d+)"', page)
    assert across.get(count).status_code == 200


def test_its_changes_and_their_feed_are_a_link_away(across: Site) -> None:
    page = across.get(OF_COUNTY).text
    assert f'href="/tracker/-/changes?place={COUNTY.id.replace("/", "%2F")}"' in page
    feed = f'href="/tracker/-/changes.atom?place={COUNTY.id.replace("/", "%2F")}"'
    assert page.count(feed) == 2, "for people, and for readers of feeds"
    assert len(re.findall(r'href="/tracker/-/change/[^"]+"', page)) == 4
    unresolved = across.get(of("Nowhere, Zembla")).text
    assert "changes.atom" not in unresolved


def test_its_state_and_places_of_its_name_stand_apart(across: Site) -> None:
    page = across.get(f"{PAGE}/{TOWN}").text
    beside = section(page, "beside")
    assert "None of this says anything of Onhava, ZZ itself." in beside
    assert "Its state is, or was, named: Zembla" in beside
    assert "Its county is, or was, named: Kinbote County, ZZ" in beside
    assert "Kinbote" not in section(page, "life").replace("Kinbote Rule", "")
    page = across.get(OF_COUNTY).text
    assert f'href="{PAGE}/us/zz/city/kinbote"' in page
    assert "Places of the same name" in section(page, "beside")


@pytest.mark.parametrize("form", ["", ".json"])
def test_a_name_leads_to_the_place_that_it_stands_for(across: Site, form: str) -> None:
    for name in ("Kinbote County, Zembla", "Kinbote Conty", COUNTY.id):
        answer = across.get(of(name, form))
        assert answer.status_code == 302
        assert answer.headers["location"] == f"{OF_COUNTY}{form}"


def test_a_name_that_may_be_several_lists_them(across: Site) -> None:
    page = across.get(of("Franklin County"))
    assert page.status_code == 200
    assert "This may be one of several places." in page.text
    assert f'href="{PAGE}/us/ia/county/franklin"' in page.text
    assert "It may be this place." in across.get(of("Tompkins")).text
    data = across.get(of("Franklin County", ".json")).json()
    assert data["jurisdiction"] is None
    assert "us/ia/county/franklin" in {each["id"] for each in data["candidates"]}


def test_a_name_that_stands_for_no_place_has_what_is_printed_under_it(across: Site) -> None:
    page = across.get(of("Nowhere, Zembla")).text
    assert "it is not resolved" in page
    assert "What each list says of it" not in page
    assert "Nowhere, Zembla" in section(page, "life")
    assert "Kinbote" not in section(page, "life").replace("Kinbote Rule", "")


def test_a_name_is_found_with_the_state_that_stands_in_a_column_of_its_own(across: Site) -> None:
    found = across.get(of("Kinbote Sheriff, Zembla"))
    assert found.status_code == 200
    assert f'href="{PAGE}/{SHERIFF.id}"' in found.text
    assert across.get(of("Kinbote Sheriff, Syldavia")).status_code == 404


def test_the_evidence_of_a_row_leads_to_the_place_that_its_name_is_taken_for(across: Site) -> None:
    rows = (
        "SELECT document_sha256 FROM current_agreements JOIN readings ON readings.id = reading_id"
    )
    sha256 = across.sql(f"{rows} LIMIT 1").json()[0]["document_sha256"]
    address = f"/tracker/-/evidence/zembla-agreements/{sha256}/agreements/1"
    assert f'<a href="{PAGE}/{SHERIFF.id}">All that is held of' in across.get(address).text
    assert across.get(f"{address}.json").json()["jurisdiction_id"] == SHERIFF.id


def test_no_name_is_looked_for_that_is_longer_than_any_document_prints(across: Site) -> None:
    answer = across.get(of("x" * 301))
    assert answer.status_code == 404
    assert "No document prints a name of this length" in answer.text


@pytest.mark.parametrize("path", [of("Nowhereland"), of("Nowhereland", ".json")])
def test_what_is_no_place_and_is_printed_nowhere_is_not_found(across: Site, path: str) -> None:
    assert across.get(path).status_code == 404


def test_json_has_the_same(across: Site) -> None:
    data = across.get(f"{OF_COUNTY}.json").json()
    assert data["jurisdiction"]["id"] == COUNTY.id
    assert [each["source_id"] for each in data["lists"]] == ["county-list", "ministry-list"]
    assert "withdrawn" in {line["kind"] for line in data["life"]}


def test_all_places_are_found_by_state(across: Site) -> None:
    page = across.get(PAGE).text
    assert f'<a href="{PAGE}?state=ZZ">Zembla</a>, 6 places' in page
    assert 'name="name"' in page
    assert f'href="{of("Nowhere, Zembla")}"' in page
    state = across.get(f"{PAGE}?state=ZZ").text
    assert f'<a href="{OF_COUNTY}">Kinbote County</a>, 3 sources' in state
    assert across.get(f"{PAGE}?state=QQ").status_code == 404
    none = across.get(f"{PAGE}?state=WY")
    assert none.status_code == 200
    assert "No source names a place of this state." in none.text
    data = across.get(f"{PAGE}.json?state=ZZ").json()
    assert COUNTY.id in {each["id"] for each in data["places"]}
    assert across.get(f"{PAGE}.json").json()["states"][0]["places"] == 6


def test_people_find_the_way_to_the_places(across: Site) -> None:
    for path in ("/", "/tracker", OF_COUNTY):
        assert f'href="{PAGE}"' in across.get(path).text


def test_hostile_names_are_text(across: Site) -> None:
    for path in (PAGE, of(HOSTILE), of(f"{HOSTILE}!"), f"{PAGE}?state={quote_plus(HOSTILE)}"):
        page = across.get(path).text
        assert HOSTILE not in page
    assert "&lt;script&gt;" in across.get(of(HOSTILE)).text


@pytest.mark.parametrize(("level", "shown"), [("full", True), ("counts", True), ("off", False)])
def test_counts_of_section_ii_obey_the_setting(tmp_path: Path, level: str, shown: bool) -> None:
    db = life_of_county(tmp_path)
    save_individual_rows(db, level)
    db.close()
    with served(tmp_path / "tracker.db") as site:
        for form in ("", ".json"):
            answer = site.get(f"{OF_COUNTY}{form}")
            assert answer.status_code == 200
            assert ("1 detainer recorded as declined" in answer.text) is shown
            assert "Syldavia" not in answer.text


@pytest.mark.parametrize("table", ["jurisdictions", "jurisdiction_names"])
def test_without_identity_there_is_no_page(tmp_path: Path, table: str) -> None:
    life_of_county(tmp_path).close()
    with served(tmp_path / "tracker.db") as site:
        site.datasette._metadata_local["databases"]["tracker"]["tables"][table]["allow"] = False
        for path in (PAGE, OF_COUNTY, f"{OF_COUNTY}.json", of("Kinbote Conty")):
            assert site.get(path).status_code == 403


PLACE = "/tracker/-/place/zz/town/zembla"


def test_its_policies_and_what_lists_quote_of_them_are_shown(site: Site) -> None:
    page = site.get(PLACE).text
    assert f'href="/tracker/-/policy/{LAW.id}"' in page
    assert f"“{TEXT}”" in text_of(page)
    assert "Civil Detainers, Town of Zembla" in section(page, "policies")
    life = section(page, "life")
    assert "in Civil Detainers, Town of Zembla (Town of Zembla)" in life
    assert len(site.get(f"{PLACE}.json").json()["quotes"]) == 4


def test_places_are_not_taken_for_one_another(site: Site) -> None:
    assert site.get(of("Zembla Town, Zembla")).status_code == 404
    assert site.get(of("zembla")).status_code == 404
    seen = text_of(site.get(of("Onhava, Zembla")).text)
    assert "A city, its county and its state are three places" in seen
    assert TEXT not in seen
    assert "No policy of it is watched." in seen


def test_quotes_are_text(tmp_path: Path) -> None:
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


@pytest.mark.parametrize("table", ["listings", "quotes", "policies", "policy_sections", "changes"])
def test_what_may_not_be_seen_is_left_out(tmp_path: Path, table: str) -> None:
    law_history(tmp_path).close()
    kept = {
        "listings": "List of Zembla (Zembla Ministry)",
        "quotes": "Found, but not word for word",
        "policies": f"/-/policy/{LAW.id}",
        "policy_sections": "§ 120-7",
        "changes": "Changed without a new note",
    }
    with served(tmp_path / "tracker.db") as site:
        tracker = site.datasette._metadata_local["databases"]["tracker"]
        assert kept[table] in site.get(PLACE).text
        tracker["tables"][table]["allow"] = False
        assert kept[table] not in site.get(PLACE).text
        tracker["allow"] = False
        assert site.get(PLACE).status_code == 403


def test_a_row_of_a_list_shows_its_quotes_and_leads_to_its_place(site: Site) -> None:
    page = site.get("/tracker/listings/1").text
    seen = text_of(page)
    assert "What this listing quotes, beside the law" in seen
    assert "Found, but not word for word: § 120-7 Limits on holding persons." in seen
    assert "What officers and jails do" in seen
    assert "for more than <del>48</del><ins>24</ins> hours" in page
    assert f'href="/tracker/-/policy/{LAW.id}"' in page
    assert f'href="{PLACE}">All that is held of this place' in page


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
    page = site.get(f"/tracker/{view}").text
    assert f'<a href="{PLACE}">{NAME}</a>' in page
    assert f'<a href="{of("Kinbote, Zembla")}">Kinbote, Zembla</a>' in page, "it is not resolved"


@pytest.mark.parametrize("table", ["current_listings", "current_changes", "jurisdictions"])
def test_the_id_of_a_place_leads_to_it(across: Site, table: str) -> None:
    name = "Kinbote County" if table == "jurisdictions" else COUNTY.id
    assert f'<a href="{OF_COUNTY}">{name}</a>' in across.get(f"/tracker/{table}").text


def test_the_places_of_a_stranger_are_left_alone(tmp_path: Path) -> None:
    life_of_county(tmp_path).close()
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE listings (jurisdiction TEXT, jurisdiction_id TEXT)")
        other.execute("INSERT INTO listings VALUES ('Onhava, Zembla', 'us/zz/city/onhava')")
    other.close()
    with served(tmp_path / "tracker.db", tmp_path / "other.db") as site:
        assert "/-/place" not in site.get("/other/listings").text.partition("<table")[2]
