"""Datasette's pages of tables and rows are titled and described, and large ones do not count."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup

from tests.site.histories import two_weeks
from tests.site.serving import Site, served


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("in-words")
    two_weeks(folder).close()
    with served(folder / "tracker.db") as site:
        yield site


def page_of(site: Site, address: str) -> BeautifulSoup:
    return BeautifulSoup(site.get(address).text, "lxml")


def heading_of_rows(page: BeautifulSoup) -> str:
    heading = page.select_one("h3")
    assert heading is not None
    return heading.text


def test_a_table_has_a_title_and_says_its_name_in_sql(site: Site) -> None:
    page = page_of(site, "/tracker/current_listings")
    heading = page.select_one("h1")
    assert heading is not None
    assert heading.text == "Places that lists name, in every edition"
    assert page.title is not None
    assert page.title.text.startswith("Places that lists name, in every edition")
    assert page.select(".sanctuary-columns dt")
    assert len(page.select("dl.column-descriptions")) == 1
    assert page.select_one(".sanctuary-columns code").text == "current_listings"  # type: ignore[union-attr]


def test_a_row_stands_with_what_its_columns_mean_and_leads_to_its_evidence(site: Site) -> None:
    page = page_of(site, "/tracker/detainer_counts/1")
    headings = [each.text for each in page.select(".sanctuary-row th[scope=row]")]
    assert any(each.startswith("detainers_issued Detainers issued to it") for each in headings)
    assert page.select("a[href^='/tracker/-/evidence/zembla-report/']")
    (document, *_) = site.get("/tracker/documents.json?_shape=array").json()
    page = page_of(site, f"/tracker/documents/{document['sha256']}")
    assert page.select(f"a[href='/tracker/-/document/{document['sha256']}']")


def test_the_page_of_the_database_names_its_tables_in_words(site: Site) -> None:
    page = page_of(site, "/tracker")
    named = [each.text for each in page.select(".sanctuary-columns dt a")]
    assert "Places that lists name, in every edition" in named
    assert "Runs of the program" not in named


@pytest.mark.parametrize(
    ("address", "kept_out"),
    [
        ("/tracker/declined_detainers", True),
        ("/tracker/declined_detainers/1", True),
        ("/tracker/current_declined_detainers", True),
        ("/tracker?sql=SELECT+1", True),
        ("/tracker/declined_counts", False),
        ("/tracker/current_listings", False),
        ("/tracker/jurisdiction_history", False),
    ],
)
def test_search_engines_are_kept_from_rows_about_individuals(
    site: Site, address: str, kept_out: bool
) -> None:
    assert bool(page_of(site, address).select("meta[name=robots][content=noindex]")) == kept_out


def test_a_large_table_is_neither_counted_nor_faceted_unasked(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sanctuary.site.large_tables.LARGEST_TABLE", 2)
    monkeypatch.setattr("sanctuary.site.large_tables.LARGEST_VIEW", 2)
    page = page_of(site, "/tracker/current_listings")
    assert not page.select(".facet-results")
    assert "row" not in heading_of_rows(page)
    assert page_of(site, "/tracker/current_listings?_facet=state").select(".facet-results")
    page = page_of(site, "/tracker/listings")
    assert not page.select(".facet-results")
    assert "rows" in heading_of_rows(page)


def test_a_small_table_is_counted_and_faceted(site: Site) -> None:
    page = page_of(site, "/tracker/current_listings")
    assert page.select(".facet-results")
    assert "rows" in heading_of_rows(page)
