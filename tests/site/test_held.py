"""The page of what waits for a decision: why, and what it would change."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from db.readings import ReadBy, keep_reading, store_failure
from db.settings import save_individual_rows
from parsers.records import Check, EditionClaim, PageSpot, Problem
from sanctuary.page_image import Size
from scraper.archive import Archive
from tests.db.history import LIST, NOW, REPORT, load, new_database, reading
from tests.site.histories import CITIZENSHIP, FACILITY, HOSTILE, NOTICE, report, two_weeks, week_1
from tests.site.serving import served
from tests.site.test_compare import text_of

PAGE = "/tracker/-/held"
FAILED = (
    Check("enough_rows", False, True, "1 row where 30 are expected"),
    Check("order", False, False, f"{HOSTILE} is out of order"),
)

DIFFERENCES = tuple(
    Problem(
        "engines_differ",
        "page 2: two engines read a cell differently",
        text,
        (PageSpot(2, (100.0, 200.0, 180.0, 212.0)),),
        individual=individual,
    )
    for text, individual in (
        (f"pdfplumber: 17\nPDFium: {HOSTILE}", False),
        (f"pdfplumber: {FACILITY}\nPDFium: (nothing)", True),
    )
)


def hold_corrected(db: Database) -> None:
    """Hold what a newer parser reads in the report of the first week: a row about a person less."""
    row = db.execute("SELECT document_sha256 FROM readings WHERE id = 1").fetchone()
    anew = report(1, week_1(corrected=True), notice=NOTICE)
    read_by = ReadBy(REPORT.id, row[0], REPORT.parser, "2")
    keep_reading(db, read_by, anew, FAILED, "held", NOW)


def address_of(db: Database, reading_id: int) -> str:
    source, sha256 = db.execute(
        "SELECT source_id, document_sha256 FROM readings WHERE id = ?", [reading_id]
    ).fetchone()
    return f"{PAGE}?source={source}&document={sha256}"


def test_the_list_links_to_each_by_key_and_hash(tmp_path: Path) -> None:
    db = two_weeks(tmp_path)
    hold_corrected(db)
    address = address_of(db, 1)
    db.close()
    with served(tmp_path / "tracker.db") as site:
        body = site.get(PAGE).text
        assert f'href="{address.replace("&", "&amp;")}"' in body
        assert "held: 1 row where 30 are expected" in text_of(body)
        assert f'href="{PAGE}"' in site.get("/tracker/-/health").text


def test_a_reading_is_shown_with_its_reasons_and_what_it_would_change(tmp_path: Path) -> None:
    db = two_weeks(tmp_path)
    hold_corrected(db)
    address = address_of(db, 1)
    db.close()
    with served(tmp_path / "tracker.db") as site:
        body = site.get(address).text
    seen = text_of(body)
    assert "1 row where 30 are expected" in seen
    assert "this alone would not hold it" in seen
    assert "stays current, by an older reading of this document" in seen
    assert "2 removed, 1 changed" in seen
    assert NOTICE in seen
    assert FACILITY in seen
    assert '<meta name="robots" content="noindex">' in body
    assert HOSTILE not in body


@pytest.mark.parametrize(("level", "counted"), [("counts", True), ("off", False)])
def test_rows_about_individuals_obey_the_setting(
    tmp_path: Path, level: str, *, counted: bool
) -> None:
    db = two_weeks(tmp_path)
    hold_corrected(db)
    save_individual_rows(db, level)
    address = address_of(db, 1)
    db.close()
    with served(tmp_path / "tracker.db") as site:
        answer = site.get(address)
    assert answer.status_code == 200
    assert FACILITY not in answer.text
    assert CITIZENSHIP not in answer.text
    assert ("shown as their number only" in answer.text) is counted


def hold_difference(folder: Path) -> str:
    """Hold a report that two engines read differently; return the address of its page."""
    db = new_database(folder)
    read = replace(report(1, week_1()), problems=DIFFERENCES, checks=FAILED)
    held = load(db, REPORT, "2017-03-20T10:00:00Z", read)
    address = address_of(db, held.id)
    db.close()
    place = Path(Archive.at(folder / "archive").place_of(held.document_sha256))
    place.parent.mkdir(parents=True)
    place.write_bytes(b"%PDF-1.7 that nobody reads here")
    return address


def test_both_readings_stand_beside_the_place_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def page_size(*_: Any) -> Size:
        return Size(612.0, 792.0)

    monkeypatch.setattr("sanctuary.site.rendering.page_size", page_size)
    address = hold_difference(tmp_path)
    with served(tmp_path / "tracker.db") as site:
        body = site.get(address).text
    assert '<p class="printed">pdfplumber: 17</p>' in body
    assert '<p class="printed">PDFium: &lt;script&gt;' in body
    assert body.count("<image") == 2
    assert '<rect x="100.0" y="200.0" width="80.0" height="12.0">' in body
    assert HOSTILE not in body
    assert FACILITY not in text_of(body).partition("What is in doubt")[2]


def test_readings_and_pictures_are_not_shown_where_the_document_may_not_be(tmp_path: Path) -> None:
    address = hold_difference(tmp_path)
    with served(tmp_path / "tracker.db") as site:
        tables = site.datasette._metadata_local["databases"]["tracker"]["tables"]
        tables["declined_detainers"] = {"allow": False}
        body = site.get(address).text
    assert "two engines read a cell differently" in body
    assert "pdfplumber: 17" not in body
    assert "<image" not in body


def test_a_first_reading_and_an_unreadable_document_have_nothing_to_compare(
    tmp_path: Path,
) -> None:
    db = new_database(tmp_path)
    first_reading = replace(reading([], checks=FAILED), edition=EditionClaim(notice=NOTICE))
    held = load(db, LIST, "2025-06-01T10:00:00Z", first_reading)
    read_by = ReadBy(REPORT.id, held.document_sha256, REPORT.parser, "1")
    store_failure(db, read_by, Problem("unreadable", "page 3: broken"), NOW)
    addresses = [address_of(db, 1), address_of(db, 2)]
    db.close()
    with served(tmp_path / "tracker.db") as site:
        first, unreadable = (text_of(site.get(address).text) for address in addresses)
        assert "There is no edition to compare it with" in first
        assert NOTICE in first
        assert "no edition shows it" in first
        assert "A document that could not be read" in unreadable
        assert "page 3: broken" in unreadable
        assert re.search("unreadable: page 3: broken", text_of(site.get(PAGE).text))


def test_what_does_not_wait_is_not_found(tmp_path: Path) -> None:
    db = two_weeks(tmp_path)
    address = address_of(db, 1)
    db.close()
    with served(tmp_path / "tracker.db") as site:
        assert "Nothing waits for a decision." in site.get(PAGE).text
        assert site.get(address).status_code == 404
        assert site.get(f"{PAGE}?source={HOSTILE}").status_code == 404


def test_a_table_or_database_that_may_not_be_seen_stays_closed(tmp_path: Path) -> None:
    db = two_weeks(tmp_path)
    hold_corrected(db)
    address = address_of(db, 1)
    db.close()
    with served(tmp_path / "tracker.db") as site:
        site.datasette._metadata_local["databases"]["tracker"]["tables"]["declined_counts"] = {
            "allow": False
        }
        site.datasette._metadata_local["databases"]["tracker"]["tables"]["declined_detainers"] = {
            "allow": False
        }
        assert FACILITY not in site.get(address).text
        site.datasette._metadata_local["databases"]["tracker"]["allow"] = False
        assert site.get(PAGE).status_code == 403
