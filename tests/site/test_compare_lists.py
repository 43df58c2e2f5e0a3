"""Two lists beside each other: what stands on the one and not on the other, place by place."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from db.notes import Note, add_note
from db.sources import save_source
from db.withholding import Order, withhold_document
from tests.db.history import NOW, listing, load, new_database
from tests.sanctuary import places
from tests.sanctuary.places import COUNTY, life_of_county, resolve_all, rows
from tests.site.histories import HOSTILE, NOTICE
from tests.site.serving import Site, served
from tests.site.test_compare import PAGE, text_of

LISTS = "source=county-list&other=ministry-list"
ONE, OTHER = "List of Counties (First Ministry)", "Other List of Zembla (Second Ministry)"
DISPUTE = "The county disputes it"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("lists")
    db = life_of_county(folder)
    add_note(
        db,
        Note(
            kind="dispute",
            title=DISPUTE,
            publisher="Kinbote County",
            issued="2025-06-10",
            text=None,
            address=None,
            document_sha256=None,
            source_id=None,
            jurisdiction_id=COUNTY.id,
            row_key=None,
            public_id=None,
            added_by="Shade",
        ),
        (),
        NOW,
    )
    db.close()
    with served(folder / "tracker.db") as site:
        yield site


@pytest.fixture(scope="module")
def page(site: Site) -> str:
    answer = site.get(f"{PAGE}?{LISTS}")
    assert answer.status_code == 200
    return answer.text


def group(page: str, name: str) -> str:
    """Return what is read in one group of a page."""
    (found,) = re.findall(
        rf'<section aria-labelledby="{name}">.*?</section>', page, flags=re.DOTALL
    )
    return text_of(found)


def test_places_are_compared_by_what_their_names_are_taken_for(page: str) -> None:
    assert "Kinbote County (county) “Kinbote County, Zembla”" in group(page, "only-one")
    other = group(page, "only-other")
    assert "Kinbote (city) “Kinbote City, Zembla”" in other
    assert "Zembla (state) “Zembla”" in other
    both = group(page, "both")
    assert "Onhava (city)" in both
    assert both.count("“Onhava, Zembla”") == 2


def test_names_that_are_not_resolved_stand_apart(page: str) -> None:
    assert "“Nowhere, Zembla”" in group(page, "unresolved-one")
    assert "may be a place that stands above" in group(page, "unresolved-one")
    assert "Nowhere" not in group(page, "only-one")


def test_every_heading_names_both_lists_and_their_publishers(page: str) -> None:
    assert group(page, "only-one").startswith(f"On {ONE}, not on {OTHER} (1)")
    assert group(page, "only-other").startswith(f"On {OTHER}, not on {ONE} (2)")
    seen = text_of(page)
    assert f"1 place on both; 1 on {ONE}, not on {OTHER}; 2 on {OTHER}, not on {ONE}." in seen
    assert NOTICE in seen


def test_nothing_is_said_to_be_removed_or_changed_in_a_window(site: Site, page: str) -> None:
    answers = [page, *(site.get(f"{PAGE}.{form}?{LISTS}").text for form in ("json", "csv", "md"))]
    for answer in answers:
        assert not re.search("removed|added|between", answer, re.IGNORECASE)


def test_it_says_which_editions_and_how_the_lists_stand_today(site: Site, page: str) -> None:
    seen = text_of(page)
    assert "first seen 2025-06-03 10:00 UTC" in seen
    assert "Its publisher took it down: this is what it last stated, seen on 2025-06-03" in seen
    assert "Not observed today: this is what it last stated, seen on 2025-06-03" in seen
    older = site.get(f"{PAGE}?{LISTS}&from=2025-06-02").text
    assert "A later edition of this list is held." in text_of(older)
    assert "Kinbote County" not in group(older, "both")


def test_each_name_leads_to_its_evidence(page: str) -> None:
    links = re.findall(r'href="(/tracker/-/evidence/[^"]+)"', page)
    assert len(links) == 7
    county = next(link for link in links if "/county-list/" in link)
    assert re.search(r"/county-list/[0-9a-f]{64}/listings/\d+\?read_by=[0-9a-f]{8}$", county)


def test_what_is_said_of_a_place_stands_beside_its_name(site: Site, page: str) -> None:
    assert DISPUTE in group(page, "only-one")
    tables = site.datasette._metadata_local["databases"]["tracker"]["tables"]
    tables["notes"]["allow"] = False
    try:
        assert DISPUTE not in site.get(f"{PAGE}?{LISTS}").text
    finally:
        del tables["notes"]["allow"]


def test_json_and_csv_have_the_same(site: Site) -> None:
    data = site.get(f"{PAGE}.json?{LISTS}").json()
    assert data["counts"] == {"both": 1, "on_one_not_on_other": 1, "on_other_not_on_one": 2}
    (county,) = data["on_one_not_on_other"]
    assert county["jurisdiction_id"] == COUNTY.id
    assert [row["printed"] for row in county["rows_of_one"]] == ["Kinbote County, Zembla"]
    assert [row["printed"] for row in data["one"]["not_resolved"]] == ["Nowhere, Zembla"]
    rows = list(csv.DictReader(io.StringIO(site.get(f"{PAGE}.csv?{LISTS}").text)))
    assert {row["notice"] for row in rows} == {NOTICE}
    assert [row["where"] for row in rows if row["jurisdiction_id"] == COUNTY.id] == [
        f"on {ONE}, not on {OTHER}"
    ]


def test_hostile_names_are_text(site: Site, page: str) -> None:
    assert HOSTILE not in page
    assert HOSTILE in html.unescape(page)
    assert HOSTILE not in site.get(f"{PAGE}.md?{LISTS}").text


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("source=county-list&other=nowhere", "There is no list “nowhere”"),
        ("source=zembla-notices&other=county-list", "There is no list “zembla-notices”"),
        ("other=county-list", "There is no list “”"),
        (f"{LISTS}&to=yesterday", "has no edition “yesterday”"),
    ],
)
def test_what_is_not_there_is_a_404_that_says_so_and_offers_the_form(
    site: Site, query: str, message: str
) -> None:
    answer = site.get(f"{PAGE}?{query}")
    assert answer.status_code == 404
    assert message in text_of(answer.text)
    assert "<select" in answer.text
    data = site.get(f"{PAGE}.json?{query}")
    assert (data.status_code, data.json()["ok"]) == (404, False)


def test_the_way_to_it_is_on_the_page_of_editions(site: Site) -> None:
    page = site.get(PAGE).text
    form = page[page.index('id="list-source"') :]
    assert form.count('<option value="county-list"') == 2


def test_rows_that_may_not_be_seen_are_not_compared(tmp_path: Path) -> None:
    life_of_county(tmp_path).close()
    with served(tmp_path / "tracker.db") as site:
        tables = site.datasette._metadata_local["databases"]["tracker"]["tables"]
        tables["listings"]["allow"] = False
        assert site.get(f"{PAGE}.json?{LISTS}").json()["one"]["rows"] == 0
        tables["jurisdiction_names"]["allow"] = False
        assert site.get(f"{PAGE}.json?{LISTS}").status_code == 404


def test_a_withheld_document_is_not_compared(tmp_path: Path) -> None:
    db = life_of_county(tmp_path)
    (sha256,) = db.execute(
        "SELECT document_sha256 FROM readings WHERE source_id = 'county-list' ORDER BY id DESC"
    ).fetchone()
    withhold_document(db, sha256, Order("A reason.", "Shade"), NOW)
    db.close()
    with served(tmp_path / "tracker.db") as site:
        for form in ("", ".json", ".csv", ".md"):
            answer = site.get(f"{PAGE}{form}?{LISTS}&from=2025-06-02T10:00:00Z")
            assert answer.status_code == 404
            assert "is withheld" in answer.text


@pytest.mark.parametrize("form", ["csv", "md"])
def test_what_a_list_that_is_known_in_part_does_not_name_is_not_said_of_all_of_it(
    tmp_path: Path, form: str
) -> None:
    db = new_database(tmp_path)
    part = replace(places.OTHER, partial=True)
    for source, place in ((places.FIRST, "Kinbote County, Zembla"), (part, "Onhava, Zembla")):
        save_source(db, source)
        load(db, source, "2025-06-01T10:00:00Z", rows(listing(place)))
    resolve_all(db)
    with served(tmp_path / "tracker.db") as site:
        said = site.get(f"{PAGE}.{form}?{LISTS}").text
    assert f"n {ONE}, not on the part that is known of {OTHER}" in said
    assert f"n {OTHER}, not on {ONE}" in said
