"""Rows are written many at a time: each as if it were the only one, and known by the same hash."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.bulk import insert_rows
from db.rows import load_rows
from parsers.records import Record, ReportTotal, content_hash
from tests.db.history import LIST, listing, load, new_database, reading

TOTAL = ReportTotal(name="period", number=None, text="“A”", position=1, evidence=())


@pytest.mark.parametrize(
    ("record", "sha256"),
    [
        (
            listing(date=None),
            "6f098ca876d92dd9a54d948db0991fc99125a6d51d803de73254076e3c4a4b98",
        ),
        (TOTAL, "459bb4180c3d49a5896c7716bead3268e7b2b7b4a99ce5661e3642aadcb6c1ed"),
    ],
    ids=["listings", "report_totals"],
)
def test_a_content_has_the_hash_that_databases_hold_of_it(record: Record, sha256: str) -> None:
    assert content_hash([record]) == sha256


def test_a_row_that_names_no_place_and_has_no_key_comes_back(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    stored = load(db, LIST, "2025-06-01T10:00:00Z", reading([TOTAL]))
    assert load_rows(db, stored.id, ReportTotal) == [TOTAL]


def test_rows_of_a_second_reading_are_found_with_those_of_the_first(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    for day, office in ((1, "Onhava"), (2, "Yewslip")):
        rows = [
            listing(f"Place {day} {number}", office=office, position=number) for number in (1, 2)
        ]
        load(db, LIST, f"2025-06-0{day}T10:00:00Z", reading(rows))
    found = db.execute(
        """SELECT listings.jurisdiction FROM listings
        JOIN listings_fts ON listings_fts.rowid = listings.id
        WHERE listings_fts MATCH 'onhava OR yewslip' ORDER BY listings.id"""
    ).fetchall()
    assert [row[0] for row in found] == ["Place 1 1", "Place 1 2", "Place 2 1", "Place 2 2"]


def test_no_row_is_given_no_id(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    assert not insert_rows(db, "listings", ("jurisdiction",), [])
