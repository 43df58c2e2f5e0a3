"""The search page: every kind at once, each hit a link, and nothing that may not be shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from db.search_terms import LONGEST
from db.sources import save_source
from sanctuary.site import search
from sanctuary.site.found import KEPT_OFF
from tests.db.history import LIST, listing, load, reading
from tests.site.histories import CITIZENSHIP, FACILITY, NOTICE, law, load_laws, two_weeks
from tests.site.serving import HOST, Site, served
from tests.site.test_compare import text_of

PAGE = "/tracker/-/search"
HOSTILE = "<b>Odd</b> \ue000<script>x()</script>"


def history(folder: Path, publish: str = "full") -> Path:
    db = two_weeks(folder)
    load_laws(db)
    save_source(db, replace(law("Aros"), publish=publish))
    load(db, LIST, "2025-06-03T10:00:00Z", reading([listing(HOSTILE, f"{HOSTILE} rule")]))
    db.close()
    return folder / "tracker.db"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(history(tmp_path_factory.mktemp("search"))) as site:
        yield site


def test_without_words_the_page_says_how_to_search(site: Site) -> None:
    page = site.get(PAGE)
    assert page.status_code == 200
    assert '<input type="search" id="q"' in page.text
    assert "quotation marks" in text_of(page.text)
    assert '<meta name="robots" content="noindex">' in page.text


def test_every_kind_is_found_at_once_and_every_hit_leads_on(site: Site) -> None:
    found = site.get(f"{PAGE}.json?q=zembla").json()
    leads = {kind: [hit["page"] for hit in found[kind]["hits"]] for kind in ("listings", "changes")}
    assert all("/-/evidence/zembla-report/" in each for each in leads["listings"])
    assert all("/-/change/" in each for each in leads["changes"])
    places = [hit["page"] for hit in found["places"]["hits"]]
    assert f"{HOST}/tracker/-/place/zz/city/aros" in places
    found = site.get(f"{PAGE}.json?q=detainer*").json()
    policies = [hit["page"] for hit in found["policies"]["hits"]]
    assert f"{HOST}/tracker/-/policy/aros-law" in policies
    assert f"{HOST}/tracker/-/policy/aros-law#section-1" in [
        hit["page"] for hit in found["sections"]["hits"]
    ]


def test_what_is_found_names_publisher_list_and_how_it_stands(site: Site) -> None:
    seen = text_of(site.get(f"{PAGE}?q=onhava+order").text)
    assert "Report of Zembla (Zembla Ministry): not on the newest edition, first seen" in seen
    assert NOTICE in seen
    seen = text_of(site.get(f"{PAGE}?q=odevalla").text)
    assert "between 2017-03-20 10:00 UTC and 2017-03-29 10:00 UTC" in seen


def test_words_are_marked_and_hostile_text_stays_text(site: Site) -> None:
    page = site.get(f"{PAGE}?q=odd").text
    assert "<mark>Odd</mark>&lt;/b&gt;" in page
    assert "<b>Odd" not in page
    assert "<script" not in page
    assert "<script" not in site.get(f'{PAGE}?q="odd+b+script+x"').text
    assert "<script" not in site.get(f"{PAGE}?q=%22%3E%3Cscript%3Ex").text


@pytest.mark.parametrize("typed", ['"', "* AND", "§", "NEAR(", "a:b^", "%00x", "-", "😀"])
def test_whatever_is_typed_has_an_answer(site: Site, typed: str) -> None:
    assert site.get(PAGE + f"?q={typed}").status_code in (200, 400)


@pytest.mark.parametrize("typed", ["x" * (LONGEST + 1), "§"])
def test_what_cannot_be_searched_is_said(site: Site, typed: str) -> None:
    page = site.get(f"{PAGE}?q={typed}")
    assert page.status_code == 400
    assert 'role="alert"' in page.text
    assert site.get(f"{PAGE}.json?q={typed}").json()["error"]


def test_a_search_that_takes_too_long_says_so(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.search._STEPS", 1)
    monkeypatch.setattr(search, "LONGEST_SECONDS", -1.0)
    page = site.get(f"{PAGE}?q=zembla")
    assert page.status_code == 400
    assert "takes too long" in page.text


def test_a_place_that_no_document_names_is_looked_for_where_all_places_are(site: Site) -> None:
    assert 'href="/tracker/-/place?name=tompkins+county"' in (
        site.get(f"{PAGE}?q=tompkins+county").text
    )
    for asked in ("q=aros", "q=tompkins&kind=listings"):
        assert "/-/place?name=" not in site.get(f"{PAGE}?{asked}").text


def test_one_kind_and_one_state_can_be_asked_for(site: Site) -> None:
    found = site.get(f"{PAGE}.json?q=zembla&kind=changes").json()
    assert found["changes"]["hits"]
    assert "listings" not in found
    found = site.get(f"{PAGE}.json?q=yewslip&state=zz").json()
    assert found["listings"]["hits"]
    assert not site.get(f"{PAGE}.json?q=yewslip&state=yy").json()["listings"]["hits"]
    assert '<option value="ZZ" selected>' in site.get(f"{PAGE}?q=yewslip&state=zz").text


def test_more_of_a_kind_is_a_page_of_its_own(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "FEW", 1)
    page = site.get(f"{PAGE}?q=zembla").text
    assert "more than 1" in text_of(page)
    assert f"{PAGE}?q=zembla&amp;kind=listings" in page


def test_rows_about_individuals_are_never_found(site: Site) -> None:
    for words in (CITIZENSHIP, FACILITY, "arson"):
        found = site.get(f"{PAGE}.json?q={words}").json()
        kinds = (each.name for each in search.KINDS)
        assert not any(found[kind]["hits"] for kind in kinds), words


def test_a_text_that_may_not_be_shown_gives_its_heading_alone(tmp_path: Path) -> None:
    with served(history(tmp_path, "diff")) as site:
        page = site.get(f"{PAGE}?q=%22aros+police%22").text
        assert "§ 9-1 Purpose" in text_of(page)
        assert KEPT_OFF in page
        assert "shall not stop" not in text_of(page)
        hits = site.get(f"{PAGE}.json?q=%22aros+police%22").json()["sections"]["hits"]
        assert [(hit["text"], hit["kept_off"], hit["found"]) for hit in hits] == [("", True, [])]
        assert "shall not stop" in text_of(site.get(f"{PAGE}?q=%22glitterntin+police%22").text)


def test_a_table_that_may_not_be_seen_is_not_searched(tmp_path: Path) -> None:
    with served(history(tmp_path)) as site:
        tables = site.datasette._metadata_local["databases"]["tracker"]["tables"]
        tables["listings"]["allow"] = False
        found = site.get(f"{PAGE}.json?q=zembla").json()
        assert "listings" not in found
        assert found["changes"]["hits"]


def test_our_pages_have_the_box_in_their_header(site: Site) -> None:
    page = site.get("/tracker/-/place").text
    header = page[page.index("<header") : page.index("</header>")]
    assert f'<form action="{PAGE}" method="get" role="search"' in header
    assert '<label for="site-search">' in header
    assert '<input type="search" id="site-search" name="q"' in header
    assert f'href="{PAGE}"' in header
