"""What a row names can be reached from it; lists, times and units are in words, and all is text."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from sqlite_utils import Database

from db.row_address import address_of_row
from parsers.records import SheetSpot
from sanctuary.site.addresses import Addresses
from tests.db.history import LIST, agreement, listing, load, new_database, reading
from tests.db.naming import name_all
from tests.site.histories import HOSTILE, two_weeks
from tests.site.serving import Site, served

TWO = ("Will not honor detainers", HOSTILE)
LINES = "Will not honor detainers<br>&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;"
PLACE = "zz/county/kinbote"
ROWS = 30


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cells")
    db = two_weeks(folder)
    many = [
        replace(
            listing(f"Town {n}, Zembla", criteria=TWO), position=n, evidence=(SheetSpot("", n),)
        )
        for n in range(1, ROWS + 1)
    ]
    load(db, LIST, "2025-06-03T10:00:00Z", reading(many))
    linked = agreement("Kinbote Sheriff", moa_url="https://zembla.example/memo")
    trap = agreement("Onhava Police", moa_url="javascript:alert(1)", position=2)
    load(db, LIST, "2025-06-04T10:00:00Z", reading([linked, trap]))
    name_all(db, {"Kinbote, Zembla": PLACE})
    db.close()
    return folder / "tracker.db"


@pytest.fixture(scope="module")
def site(path: Path) -> Iterator[Site]:
    with served(path) as site:
        yield site


def cells(site: Site, page: str, column: str) -> list[Tag]:
    """Return the cells of a column on a page of a table, or the one of a page of a row."""
    found = BeautifulSoup(site.get(page).text, "lxml").select(f"td.col-{column}")
    assert found, f"{page} has no {column}"
    return found


def links(site: Site, page: str, column: str) -> list[str]:
    """Return where the cells of a column lead."""
    return [str(a["href"]) for cell in cells(site, page, column) for a in cell.select("a")]


@pytest.mark.parametrize("table", ["listings", "current_listings"])
def test_every_row_that_was_read_leads_to_where_it_was_read(
    site: Site, path: Path, table: str
) -> None:
    rows = site.get(f"/tracker/{table}.json?_shape=array&_size=5").json()
    found = links(site, f"/tracker/{table}?_size=5", "evidence")
    to = Addresses(site.datasette, site.datasette.get_database("tracker"))
    db = Database(path)
    for row, address in zip(rows, found, strict=True):
        expected = address_of_row(db, "listings", row["id"])
        assert expected is not None
        assert address == to.evidence(expected)
    db.close()


def test_where_a_row_was_read_is_said_in_words(site: Site) -> None:
    (page,) = cells(site, "/tracker/detainer_counts/1", "evidence")
    assert page.text == "page 2"
    (row,) = cells(site, "/tracker/listings?jurisdiction=Town+7,+Zembla", "evidence")
    assert row.text == "row 7"


@pytest.mark.parametrize(
    ("page", "column", "leads"),
    [
        ("/tracker/current_listings", "edition_id", r"/tracker/-/report/zembla-list/.+"),
        ("/tracker/current_listings", "source_id", r"/tracker/sources/zembla-.+"),
        ("/tracker/current_listings", "id", r"/tracker/listings/\d+"),
        ("/tracker/current_listings", "jurisdiction", r"/tracker/-/place\b.+"),
        ("/tracker/listings", "reading_id", r"/tracker/-/document/[0-9a-f]{64}"),
        ("/tracker/changes", "public_id", r"/tracker/-/change/.+"),
        ("/tracker/current_changes", "edition_after_id", r"/tracker/-/report/.+"),
        ("/tracker/change_fields", "change_id", r"/tracker/-/change/.+"),
        ("/tracker/change_fields", "evidence_after", r"/tracker/-/change/.+"),
        ("/tracker/readings", "document_sha256", r"/tracker/-/document/[0-9a-f]{64}"),
        ("/tracker/captures", "document_sha256", r"/tracker/-/document/[0-9a-f]{64}"),
        ("/tracker/entries", "first_edition_id", r"/tracker/-/report/.+"),
        ("/tracker/sources", "title", r"/tracker/-/report/.+"),
        ("/tracker/jurisdiction_names", "jurisdiction_id", r"/tracker/-/place/zz/county/.+"),
        ("/tracker/jurisdictions", "name", r"/tracker/-/place/zz/county/.+"),
        ("/tracker?sql=SELECT+public_id+FROM+changes", "public_id", r"/tracker/-/change/.+"),
    ],
)
def test_what_has_a_page_is_a_link_to_it(site: Site, page: str, column: str, leads: str) -> None:
    found = links(site, page, column)
    assert any(re.fullmatch(leads, each) for each in found), found


@pytest.mark.parametrize("table", ["detainer_counts", "current_detainer_counts"])
def test_a_place_that_is_known_is_linked_by_its_id(site: Site, table: str) -> None:
    page = f"/tracker/{table}?jurisdiction=Kinbote,+Zembla&_size=1"
    assert links(site, page, "jurisdiction") == [f"/tracker/-/place/{PLACE}"]


def test_a_page_asks_for_each_reading_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    database = site.datasette.get_database("tracker")
    plain = database.execute_fn

    async def count(look: object) -> object:
        asked.append(look)
        return await plain(look)

    monkeypatch.setattr(database, "execute_fn", count)
    site.get("/tracker/listings?_size=1&_sort_desc=id&_nocount=1")
    of_one = len(asked)
    asked.clear()
    site.get(f"/tracker/listings?_size={ROWS}&_sort_desc=id&_nocount=1")
    assert len(asked) == of_one


def test_times_and_spans_are_in_words(site: Site) -> None:
    (seen, *_) = cells(site, "/tracker/current_detainer_counts", "public_from")
    assert re.fullmatch(r"2017-0\d-\d\d 10:00 UTC", seen.text)
    assert seen.select_one("time[datetime]") is not None
    (gap, *_) = cells(site, "/tracker/sources", "max_gap_seconds")
    assert gap.text == "2 days"


def test_an_address_is_a_link_that_says_nothing_of_us_and_others_are_text(site: Site) -> None:
    memo, trap = cells(site, "/tracker/agreements?status=participating&_sort_desc=id", "moa_url")[
        1::-1
    ]
    (link,) = memo.select("a")
    assert link["href"] == "https://zembla.example/memo"
    assert {"noreferrer", "nofollow"} == set(link["rel"])
    assert not trap.select("a")


def test_criteria_stand_one_on_a_line_and_are_never_markup(site: Site) -> None:
    first = site.get("/tracker/listings.json?_shape=array&_size=1&_sort_desc=id").json()[0]["id"]
    for page in ("/tracker/listings?_sort_desc=id", f"/tracker/listings/{first}"):
        assert LINES in site.get(page).text
        assert "<script>alert" not in site.get(page).text


def test_a_long_list_is_shortened_in_a_table_and_whole_on_the_page_of_its_row(
    tmp_path: Path,
) -> None:
    db = new_database(tmp_path)
    long = tuple(f"Criterion {n} of many." for n in range(100))
    load(db, LIST, "2025-06-01T10:00:00Z", reading([listing("A, Zembla", criteria=long)]))
    db.close()
    with served(tmp_path / "tracker.db") as site:
        (short,) = cells(site, "/tracker/listings", "criteria")
        (whole,) = cells(site, "/tracker/listings/1", "criteria")
    assert "Criterion 99" not in short.text
    assert short.text.endswith("…")
    assert "Criterion 99" in whole.text


def test_the_cells_of_a_stranger_are_left_alone(tmp_path: Path) -> None:
    two_weeks(tmp_path).close()
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE t (criteria TEXT)")
        other.execute('INSERT INTO t VALUES (\'["one", "two"]\')')
    other.close()
    with served(tmp_path / "tracker.db", tmp_path / "other.db") as site:
        assert "one<br>two" not in site.get("/other/t").text
        assert "[&#34;one&#34;, &#34;two&#34;]" in site.get("/other/t").text


def test_a_ready_query_is_named_in_the_title_of_its_page(site: Site) -> None:
    page = site.get("/tracker/corrected_reports").text
    assert "<title>What a corrected report changed</title>" in page
    assert "select 1" in site.get("/tracker?sql=select+1").text.split("</title>")[0]
