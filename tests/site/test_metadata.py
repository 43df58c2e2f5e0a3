"""``metadata.yml`` describes what there is, and its queries answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlite_utils import Database

from db.sources import save_source
from sanctuary.shipped import shipped
from tests.db.corrections import correction, load_corrections
from tests.db.history import LIST, REPORT, listing, load, load_gone, new_database, reading
from tests.db.policies import page, section
from tests.sanctuary.places import load_lists
from tests.site.histories import (
    CAVEAT,
    CITIZENSHIP,
    MODEL,
    NOTICE,
    issued,
    law,
    load_laws,
    report,
    two_weeks,
    week_1,
)
from tests.site.serving import Site, served

METADATA: dict[str, Any] = yaml.safe_load(shipped("metadata.yml").read_text())
TRACKER = METADATA["databases"]["tracker"]
QUERIES: dict[str, dict[str, Any]] = TRACKER["queries"]
NEEDED = {
    "listings_as_known": {"source": REPORT.id},
    "listed_with_an_agreement": {"list": "ministry-list"},
    "on_one_list_not_on_another": {"list": REPORT.id},
    "place_on_day": {"place": "us/zz/city/kinbote"},
}
"""What has to be said to those queries that would go through all of a long history without it."""
BOOKKEEPING = {
    "_sqlite_migrations",
    "checks",
    "deliveries",
    "document_readings",
    "edition_readings",
    "entries",
    "outbox",
    "reading_sizes",
    "readings",
    "row_counts",
    "runs",
    "settings",
    "sightings",
    "targets",
    "text_shingles",
    "unread_captures",
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("metadata")
    db = two_weeks(folder)
    load_laws(db)
    load_corrections(db, correction("Yewslip, Zembla", "detainer_counts"))
    load_lists(db)
    db.close()
    return folder / "tracker.db"


@pytest.fixture(scope="module")
def site(path: Path) -> Iterator[Site]:
    with served(path) as site:
        yield site


def schema(path: Path) -> dict[str, list[str]]:
    """Return the columns of every table and view but those that full-text search makes."""
    db = Database(path)
    found = {
        each.name: [column.name for column in each.columns]
        for each in (*db.tables, *db.views)
        if "_fts" not in each.name
    }
    db.close()
    return found


def answer(site: Site, query: str, **params: str) -> list[dict[str, Any]]:
    given = "&".join(f"{name}={value}" for name, value in params.items())
    response = site.get(f"/tracker/{query}.json?_shape=array&{given}")
    assert response.status_code == 200, response.text
    rows = response.json()
    assert isinstance(rows, list)
    return rows


def test_every_table_view_and_column_is_described_and_nothing_else(path: Path) -> None:
    described = {name: list(table["columns"]) for name, table in TRACKER["tables"].items()}
    assert {name: sorted(columns) for name, columns in described.items()} == {
        name: sorted(columns) for name, columns in schema(path).items()
    }
    for name, table in TRACKER["tables"].items():
        assert len(table["description"]) > 20, name
        for column, text in table["columns"].items():
            assert text, f"{name}.{column}"
            assert text.strip() == text, f"{name}.{column}"


def test_sorts_and_facets_name_columns_that_are_there(path: Path) -> None:
    columns = schema(path)
    for name, table in TRACKER["tables"].items():
        used = [*table.get("facets", []), table.get("sort"), table.get("sort_desc")]
        for column in filter(None, used):
            assert column in columns[name], f"{name}.{column}"


def test_bookkeeping_is_out_of_the_lists(site: Site) -> None:
    hidden = {name for name, table in TRACKER["tables"].items() if table.get("hidden")}
    assert hidden == BOOKKEEPING
    page = site.get("/tracker").text
    assert 'href="/tracker/captures"' in page
    assert 'href="/tracker/sightings"' not in page


def test_sources_licence_and_reminder_are_on_the_page_of_the_database(site: Site) -> None:
    page = site.get("/tracker").text
    for text in ("Data license", "Data source", "About", "detainers are not persons"):
        assert text in page


def test_every_table_and_view_has_a_title_of_its_own() -> None:
    titles = [table["title"] for table in TRACKER["tables"].values()]
    assert len(set(titles)) == len(titles)
    for title in titles:
        assert "_" not in title
        assert 5 < len(title) < 80


def test_the_page_of_the_database_says_where_to_begin(site: Site) -> None:
    page = site.get("/tracker").text
    assert "Begin with the queries" in page
    assert "detainers are not persons" in page


def test_every_page_of_a_table_answers_with_its_description(site: Site, path: Path) -> None:
    for name in schema(path):
        page = site.get(f"/tracker/{name}")
        assert page.status_code == 200, name
        assert TRACKER["tables"][name]["description"][:40] in page.text, name


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("current_detainer_counts", "Issued is not declined"),
        ("detainer_counts", "Issued is not declined"),
        ("current_declined_detainers", "a charge is not a conviction"),
        ("declined_counts", "detainers, not persons"),
        ("declined_counts", "One week is not a trend"),
    ],
)
def test_what_numbers_do_not_say_stands_beside_them(table: str, words: str) -> None:
    assert words in TRACKER["tables"][table]["description"]


def test_views_of_listings_can_be_searched(site: Site) -> None:
    rows = site.get("/tracker/current_listings.json?_search=Odevalla&_shape=array").json()
    assert [row["jurisdiction"] for row in rows] == ["Odevalla, Zembla"]


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_is_titled_described_and_answers_with_what_it_needs(site: Site, name: str) -> None:
    query = QUERIES[name]
    assert query["title"]
    assert len(query["description"]) > 100
    assert set(re.findall(r"(?<![:\w]):([a-z]+)", query["sql"])) == set(query["params"])
    assert answer(site, name, **NEEDED.get(name, {}))
    page = site.get(f"/tracker/{name}")
    assert page.status_code == 200
    assert query["title"] in page.text


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_answers_over_an_empty_history(tmp_path: Path, name: str) -> None:
    new_database(tmp_path).close()
    with served(tmp_path / "tracker.db") as site:
        assert answer(site, name) == []


@pytest.mark.parametrize("name", QUERIES)
def test_rows_of_specimens_say_so(site: Site, name: str) -> None:
    assert NOTICE in {row["notice"] for row in answer(site, name, **NEEDED.get(name, {}))}


@pytest.mark.parametrize("name", NEEDED)
def test_a_query_that_needs_a_word_says_nothing_without_it(site: Site, name: str) -> None:
    assert answer(site, name) == []


@pytest.mark.parametrize(
    "editions",
    [
        {"from": "2017-01-28..2017-02-03@1", "to": "2017-02-04..2017-02-10@1"},
        {"from": "2017-01-28..2017-02-03@1", "to": "2017-02-04..2017-02-10"},
        {"from": "%231", "to": "%232"},
        {"from": "%20%231"},
    ],
)
def test_listings_between_two_editions(site: Site, editions: dict[str, str]) -> None:
    rows = answer(site, "listings_between_editions", source="zembla-report", **editions)
    assert [(row["change"], row["jurisdiction"]) for row in rows] == [
        ("added", "Odevalla, Zembla"),
        ("changed", "Kinbote, Zembla"),
        ("removed", "Onhava, Zembla"),
    ]
    assert rows[1]["criteria_before"] == '["Within 48 hours."]'
    assert rows[1]["criteria_after"] == '["Within 24 hours."]'
    assert {row["seen"] for row in rows} == {"between 2017-03-20 10:00 and 2017-03-29 10:00 UTC"}


def test_editions_of_a_list_go_by_the_moment_they_were_seen(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    for day, names in enumerate((["A"], ["A", "B"], ["B"]), start=1):
        listed = [listing(f"{name}, Zembla", name) for name in names]
        load(db, LIST, f"2025-06-0{day}T10:00:00Z", reading(listed))
    db.close()
    with served(tmp_path / "tracker.db") as site:
        rows = answer(site, "listings_between_editions")
        assert [(row["change"], row["jurisdiction"]) for row in rows] == [("removed", "A, Zembla")]
        assert rows[0]["seen"] == "between 2025-06-02 10:00 and 2025-06-03 10:00 UTC"
        rows = answer(
            site,
            "listings_between_editions",
            **{"from": "2025-06-03T10:00:00Z", "to": "2025-06-01T10:00:00Z"},
        )
        assert [row["change"] for row in rows] == ["added", "removed"]
        assert {row["seen"] for row in rows} == {None}


def test_the_history_of_a_jurisdiction(site: Site) -> None:
    rows = answer(site, "jurisdiction_history", jurisdiction="onhava")
    assert {row["event"] for row in rows} == {
        "listed",
        "removed",
        "detainers issued",
        "agreement participating",
    }
    seen = {(row["event"], row["seen"]) for row in rows}
    # The corrected first week, which still names it, came out after the second.
    listed = "in editions public from 2017-03-20 10:00 to 2017-04-10 10:00 UTC"
    assert ("listed", listed) in seen
    assert ("removed", "between 2017-03-20 10:00 and 2017-03-29 10:00 UTC") in seen
    assert {row["caveat"] for row in rows if row["event"] == "detainers issued"} == {CAVEAT}
    assert answer(site, "jurisdiction_history", jurisdiction="Atlantis") == []


def test_declined_detainers_by_citizenship_are_those_of_the_latest_revision(site: Site) -> None:
    rows = answer(site, "declined_by_citizenship", period="2017-01-28")
    assert [(row["revision"], row["citizenship"], row["detainers"]) for row in rows] == [
        (2, CITIZENSHIP, 1)
    ]
    assert not {"jurisdiction", "activity", "facility"} & rows[0].keys()


def test_charges_and_convictions_are_counted_apart(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    load(db, REPORT, "2017-03-20T10:00:00Z", report(1, week_1()))
    db.close()
    with served(tmp_path / "tracker.db") as site:
        rows = answer(site, "declined_by_activity")
        assert [(row["activity"], row["disposition"], row["detainers"]) for row in rows] == [
            ("ARSON", "charge", 1),
            ("THEFT", "charge", 1),
            ("ARSON", "conviction", 1),
        ]
        assert not {"jurisdiction", "citizenship", "facility"} & rows[0].keys()


def test_listings_by_field_office_are_of_the_newest_edition(site: Site) -> None:
    rows = answer(site, "listings_by_field_office", source="zembla-report")
    assert {(row["field_office"], row["listings"]) for row in rows} == {
        ("Onhava", 1),
        ("Yewslip", 1),
        ("javascript:alert(1)", 1),
    }


def test_a_list_that_was_taken_down_does_not_stand(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    load(db, LIST, "2025-06-01T10:00:00Z", reading([listing()]), address="http://127.0.0.1/list")
    for day in ("02", "03"):
        load_gone(db, LIST, f"2025-06-{day}T10:00:00Z", "http://127.0.0.1/list")
    db.close()
    with served(tmp_path / "tracker.db") as site:
        rows = answer(site, "listings_by_field_office")
        assert [(row["stands"], row["last_stated"]) for row in rows] == [
            (0, "2025-06-01T10:00:00Z")
        ]


def test_top_receivers_carry_the_caveat_of_their_report(site: Site) -> None:
    rows = answer(site, "top_receivers_by_week")
    assert [(row["period_start"], row["revision"], row["detainers_issued"]) for row in rows] == [
        ("2017-02-04", 1, 7),
        ("2017-01-28", 2, 12),
    ]
    assert {row["caveat"] for row in rows} == {CAVEAT}


def test_top_receivers_of_a_report_without_one_carry_ours(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    rows = tuple(issued(f"{place}, Zembla", 20 - rank, rank) for rank, place in enumerate("ABC", 1))
    load(db, REPORT, "2017-03-20T10:00:00Z", report(1, rows))
    db.close()
    with served(tmp_path / "tracker.db") as site:
        found = answer(site, "top_receivers_by_week", top="2")
        assert [row["rank"] for row in found] == [1, 2]
        assert all(row["caveat"].startswith("Issued is not declined") for row in found)


def test_what_a_corrected_report_changed(site: Site) -> None:
    rows = answer(site, "corrected_reports", period="2017-01-28..2017-02-03")
    changed = {(row["table_name"], row["field"], row["before"], row["after"]) for row in rows}
    assert ("detainer_counts", "detainers_issued", "5", None) in changed
    assert ("declined_detainers", "rows_removed", None, "1") in changed
    assert CITIZENSHIP not in str(rows)
    assert {row["caveat"] for row in rows if row["table_name"] == "detainer_counts"} == {CAVEAT}


def test_what_a_list_quotes_stands_beside_what_was_found_of_it(site: Site) -> None:
    rows = answer(site, "quotes_and_law", jurisdiction="yewslip")
    assert {row["result"] for row in rows} == {
        "found in a version that is not known to have been public at that time"
    }
    first = rows[0]
    assert first["phrase"] == first["found_text"]
    assert (first["jurisdiction"], first["section"]) == ("Yewslip, Zembla", "§ 9-1 Purpose")
    assert first["link"] == "http://127.0.0.1/aros#1"
    assert first["looked_in"] == "Article II: Detainers (code), versions: 1"
    assert first["claimed_until"] == "2017-02-10"
    assert answer(site, "quotes_and_law", jurisdiction="Yewslip", result="absent") == []
    assert len(answer(site, "quotes_and_law", result="other_version")) == len(rows)


def test_a_phrase_of_a_place_without_a_watched_policy_says_that_nothing_was_searched(
    site: Site,
) -> None:
    rows = answer(site, "quotes_and_law", jurisdiction="Odevalla")
    assert {row["looked_in"] for row in rows} == {"nothing: no policy is watched"}


def test_the_date_of_a_list_stands_beside_the_dates_of_the_notes(site: Site) -> None:
    rows = answer(site, "dates_and_law", jurisdiction="Yewslip")
    assert rows
    for row in rows:
        assert (row["list_says"], row["note_says"]) == ("2017-01", "2017-02-01")
        assert (row["kind"], row["law"]) == ("added", "Ord. No. 2017-03")
        assert row["agrees"] == "other"
    assert answer(site, "dates_and_law", agrees="same") == []


def test_a_section_that_stands_elsewhere_is_shown_once_with_both_places(site: Site) -> None:
    (row,) = answer(site, "same_text_elsewhere")
    assert 85 < row.pop("similarity") < 100
    assert row == {
        "jurisdiction": "Aros, Zembla",
        "section": "§ 9-1 Purpose",
        "policy": "Article II: Detainers",
        "citation": "Chapter 9, Article II",
        "link": "http://127.0.0.1/aros#1",
        "other_jurisdiction": "Glitterntin, Zembla",
        "other_section": "§ 9-1 Purpose",
        "other_policy": "Article II: Detainers",
        "other_citation": "Chapter 9, Article II",
        "other_link": "http://127.0.0.1/glitterntin#1",
        "notice": NOTICE,
    }


@pytest.mark.parametrize("asked", [{"jurisdiction": "glitterntin"}, {"source": "glitterntin-law"}])
def test_the_place_that_is_asked_for_comes_first(site: Site, asked: dict[str, str]) -> None:
    (row,) = answer(site, "same_text_elsewhere", **asked)
    assert row["jurisdiction"] == "Glitterntin, Zembla"
    assert row["other_jurisdiction"] == "Aros, Zembla"
    assert answer(site, "same_text_elsewhere", jurisdiction="Yaruga") == []


def test_how_much_of_each_policy_stands_elsewhere(site: Site) -> None:
    rows = answer(site, "policies_found_elsewhere")
    assert [row["jurisdiction"] for row in rows] == ["Aros, Zembla", "Glitterntin, Zembla"]
    for row in rows:
        assert (row["sections"], row["sections_elsewhere"], row["other_jurisdictions"]) == (1, 1, 1)
        assert 85 < row["mean_similarity"] < 100
    assert answer(site, "policies_found_elsewhere", source="aros-law") == rows[:1]


def test_a_text_that_two_places_print_alike_stands_elsewhere_and_not_in_one(
    tmp_path: Path,
) -> None:
    db = new_database(tmp_path)
    aros, again, yaruga = law("Aros"), replace(law("Aros"), id="aros-order"), law("Yaruga")
    for source in (aros, again, yaruga):
        save_source(db, source)
        load(db, source, "2025-06-01T10:00:00Z", page(section(body=MODEL)))
    load(db, yaruga, "2025-06-02T10:00:00Z", page(section(body=f"{MODEL} So be it.")))
    db.close()
    with served(tmp_path / "tracker.db") as site:
        rows = answer(site, "same_text_elsewhere", source="aros-law")
        assert [row["other_jurisdiction"] for row in rows] == ["Yaruga, Zembla"]
        assert 85 < rows[0]["similarity"] < 100, "the version that was replaced still counts"
        (aros_row, *_) = answer(site, "policies_found_elsewhere", jurisdiction="aros")
        assert aros_row["other_jurisdictions"] == 1


def test_the_same_words_are_100_and_nearly_the_same_never(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    long = " ".join(MODEL for _ in range(20))
    texts = {"Aros": long, "Yaruga": long, "Glitterntin": f"{long}!"}
    for place, text in texts.items():
        save_source(db, law(place))
        load(db, law(place), "2025-06-01T10:00:00Z", page(section(body=text)))
    db.close()
    with served(tmp_path / "tracker.db") as site:
        rows = answer(site, "same_text_elsewhere")
        assert [
            (row["jurisdiction"], row["other_jurisdiction"], row["similarity"]) for row in rows
        ] == [
            ("Aros, Zembla", "Yaruga, Zembla", 100.0),
            ("Aros, Zembla", "Glitterntin, Zembla", 99.9),
            ("Glitterntin, Zembla", "Yaruga, Zembla", 99.9),
        ]
        means = [row["mean_similarity"] for row in answer(site, "policies_found_elsewhere")]
        assert means == [100.0, 100.0, 99.9]
