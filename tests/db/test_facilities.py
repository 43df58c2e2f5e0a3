"""Facilities and field offices: lists of their own, of what is printed, not of what is alike."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from sqlite_utils import Database

from db.facilities import Whereabouts, facilities
from db.field_offices import office_id_of
from db.withholding import Order, withhold_document, withhold_row
from tests.db.history import LIST, REPORT, declined, listing, load, new_database, reading

ORDER = Order("An order of the court of Zembla.", "vera")
LATER = "2026-02-01T00:00:00Z"


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return new_database(tmp_path)


def offices(db: Database) -> list[tuple[str, str, str]]:
    return db.execute(
        """SELECT field_offices.id, name, printed FROM field_offices
        JOIN field_office_names ON field_office_id = field_offices.id ORDER BY printed"""
    ).fetchall()


def test_a_facility_stands_once_with_the_place_beside_it_and_nobody_says_where(
    db: Database,
) -> None:
    elsewhere = replace(declined(), jurisdiction="Aros, Zembla", position=2)
    load(db, REPORT, "2017-03-20T00:00:00Z", reading([declined(), elsewhere], week=1))
    load(db, REPORT, "2017-03-29T00:00:00Z", reading([declined()], week=2))
    assert [
        (each.source_id, each.printed, each.jurisdiction_printed, each.whereabouts)
        for each in facilities(db)
    ] == [
        (REPORT.id, "Onhava Jail", "Aros, Zembla", Whereabouts()),
        (REPORT.id, "Onhava Jail", "Kinbote, Zembla", Whereabouts()),
    ]


def test_a_facility_that_no_row_prints_any_more_is_forgotten(db: Database) -> None:
    other = replace(declined("Aros Jail"), position=2)
    load(db, REPORT, "2017-03-20T00:00:00Z", reading([declined(), other], week=1))
    (row,) = db.execute("SELECT id FROM declined_detainers WHERE facility = 'Aros Jail'").fetchall()
    taken = withhold_row(db, "declined_detainers", row[0], ORDER, LATER)
    assert [each.printed for each in facilities(db)] == ["Onhava Jail"]
    assert [each["printed"] for each in taken.tables["facilities"]] == ["Aros Jail"]
    (sha256,) = db.execute("SELECT document_sha256 FROM captures").fetchone()
    withhold_document(db, sha256, ORDER, LATER)
    assert facilities(db) == []


def test_a_facility_is_forgotten_with_the_place_beside_it_though_another_row_prints_it(
    db: Database,
) -> None:
    elsewhere = replace(declined(), jurisdiction="Aros, Zembla", position=2)
    load(db, REPORT, "2017-03-20T00:00:00Z", reading([declined(), elsewhere], week=1))
    (row,) = db.execute(
        "SELECT id FROM declined_detainers WHERE jurisdiction = 'Aros, Zembla'"
    ).fetchall()
    withhold_row(db, "declined_detainers", row[0], ORDER, LATER)
    assert [each.jurisdiction_printed for each in facilities(db)] == ["Kinbote, Zembla"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Saint Paul", "St. Paul"), ("St Paul", "St.  Paul"), ("New Orleans", "NEW  ORLEANS")],
)
def test_one_office_is_known_however_it_is_printed(one: str, other: str) -> None:
    assert office_id_of(one) == office_id_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Saint Paul", "Sant Paul"), ("San Diego", "San Antonio"), ("Stockton", "St. Ockton")],
)
def test_likeness_counts_for_nothing(one: str, other: str) -> None:
    assert office_id_of(one) != office_id_of(other)


def test_an_office_has_the_same_name_in_whichever_order_its_prints_came(tmp_path: Path) -> None:
    prints = ("St. Paul", "SAINT PAUL", "Saint Paul")
    found = set()
    for number, order in enumerate(permutations(prints)):
        db = new_database(tmp_path / str(number))
        for day, office in enumerate(order, start=1):
            load(db, LIST, f"2025-06-0{day}T10:00:00Z", reading([listing(office=office)]))
        found.add(tuple(offices(db)))
        db.close()
    assert found == {tuple(("saint-paul", "Saint Paul", each) for each in sorted(prints))}


def test_an_office_that_no_listing_prints_any_more_is_forgotten(db: Database) -> None:
    rows = [listing(office="St. Paul"), listing("Aros, Zembla", office="Onhava", position=2)]
    load(db, LIST, "2025-06-01T10:00:00Z", reading(rows))
    (row,) = db.execute("SELECT id FROM listings WHERE field_office = 'St. Paul'").fetchall()
    withhold_row(db, "listings", row[0], ORDER, LATER)
    assert offices(db) == [("onhava", "Onhava", "Onhava")]
    assert db.table("field_offices").count == 1
