"""How names stand: undecided, lapsed where the source corrected itself, forgotten if withheld."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from db.names import resolve
from db.resolved import NameCounts, ResolvedName, name_counts, resolved_names, where_printed
from db.sources import save_source
from db.withholding import Order, withhold_document, withhold_row
from parsers.records import NameMatch
from tests.db.history import LIST, REPORT, declined, listing, load, new_database, reading
from tests.db.naming import invented, name_all

ORDER = Order("An order of the court of Zembla.", "vera")
LATER = "2026-02-01T00:00:00Z"
FIRST, SECOND = "2025-06-01T10:00:00Z", "2025-06-02T10:00:00Z"
KINBOTE = "zz/county/kinbote"


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return new_database(tmp_path)


def names(db: Database) -> dict[str, ResolvedName]:
    return {each.printed: each for each in resolved_names(db)}


def decide(db: Database, printed: str, place: str | None) -> None:
    """Write what a person decided."""
    known = invented(place) if place else None
    match = NameMatch(known, "decision", "Looked at it.")
    for name_id in names(db)[printed].ids:
        resolve(db, name_id, match, (known,) if known else (), reviewed=True)


def test_a_decision_lapses_when_the_source_corrects_itself(db: Database) -> None:
    load(db, LIST, FIRST, reading([listing("Kinbot, Zembla")]))
    decide(db, "Kinbot, Zembla", KINBOTE)
    assert not names(db)["Kinbot, Zembla"].lapsed
    load(db, LIST, SECOND, reading([listing("Kinbote, Zembla")]))
    name = names(db)["Kinbot, Zembla"]
    assert (name.lapsed, name.jurisdiction_id, name.reason) == (True, KINBOTE, "Looked at it.")
    assert not names(db)["Kinbote, Zembla"].lapsed


def test_in_a_report_a_name_lapses_with_a_revision_and_not_with_another_week(
    db: Database,
) -> None:
    load(db, REPORT, "2017-03-20T00:00:00Z", reading([listing("Kinbot, Zembla")], week=1))
    load(db, REPORT, "2017-03-29T00:00:00Z", reading([listing("Kinbote, Zembla")], week=2))
    assert not names(db)["Kinbot, Zembla"].lapsed
    load(db, REPORT, "2017-04-10T00:00:00Z", reading([listing("Kinbote, Zembla")], week=1))
    assert names(db)["Kinbot, Zembla"].lapsed


def test_undecided_names_and_misspelt_ones_are_counted_by_source(db: Database) -> None:
    rows = [listing("Kinbote, Zembla"), listing("Aros, Zembla", position=2)]
    load(db, LIST, FIRST, reading([*rows, listing("Onhava, Zembla", position=3)]))
    name_all(db, {"Kinbote, Zembla": KINBOTE})
    db.execute("UPDATE jurisdiction_names SET misspelt = 1 WHERE printed = 'Kinbote, Zembla'")
    assert name_counts(db) == {LIST.id: NameCounts(undecided=2, misspelt=1)}
    decide(db, "Onhava, Zembla", None)
    assert name_counts(db) == {LIST.id: NameCounts(undecided=1, misspelt=1)}
    assert names(db)["Onhava, Zembla"].status == "no place"


def test_the_place_of_a_policy_counts_without_a_document(db: Database) -> None:
    save_source(db, replace(LIST, id="law", jurisdiction="Aros, Zembla"))
    assert name_counts(db) == {"law": NameCounts(undecided=1)}
    assert not names(db)["Aros, Zembla"].lapsed


def test_where_a_name_stands_is_said_of_the_newest_edition_with_its_page(db: Database) -> None:
    load(db, REPORT, "2017-03-20T00:00:00Z", reading([listing(), declined()], week=1))
    load(db, REPORT, "2017-03-29T00:00:00Z", reading([listing()], week=2))
    (name,) = resolved_names(db)
    found = {each.table: each for each in where_printed(db, name)}
    assert found["listings"].period == "2017-02-04..2017-02-10"
    assert (found["listings"].rows, found["listings"].page) == (1, 1)
    section_ii = found["declined_detainers"]
    assert (section_ii.period, section_ii.page) == ("2017-01-28..2017-02-03", 2)


def test_a_name_that_no_row_prints_after_withholding_is_forgotten(db: Database) -> None:
    rows = [listing("Kinbote, Zembla"), listing("Shade, Zembla", position=2)]
    load(db, LIST, FIRST, reading(rows))
    name_all(db, {"Shade, Zembla": "zz/city/shade", "Kinbote, Zembla": KINBOTE})
    (row,) = db.execute("SELECT id FROM listings WHERE jurisdiction LIKE 'Shade%'").fetchall()
    taken = withhold_row(db, "listings", row[0], ORDER, LATER)
    assert set(names(db)) == {"Kinbote, Zembla"}
    assert [each["printed"] for each in taken.tables["jurisdiction_names"]] == ["Shade, Zembla"]
    assert db.execute("SELECT id FROM jurisdictions").fetchall() == [(KINBOTE,)]


def test_a_name_that_another_row_or_the_source_prints_stays(db: Database) -> None:
    save_source(db, replace(LIST, jurisdiction="Kinbote, Zembla"))
    rows = [listing("Aros, Zembla", "One"), listing("Aros, Zembla", "Two", position=2)]
    load(db, LIST, FIRST, reading(rows))
    (row,) = db.execute("SELECT id FROM listings WHERE policy = 'One'").fetchall()
    withhold_row(db, "listings", row[0], ORDER, LATER)
    assert set(names(db)) == {"Aros, Zembla", "Kinbote, Zembla"}


def test_with_a_document_go_the_names_that_it_alone_prints(db: Database) -> None:
    load(db, LIST, FIRST, reading([listing("Kinbote, Zembla")]))
    load(db, LIST, SECOND, reading([listing("Kinbote, Zembla"), listing("Shade, Zembla")]))
    (sha256,) = db.execute(
        "SELECT document_sha256 FROM captures WHERE captured_at = ?", [SECOND]
    ).fetchone()
    withhold_document(db, sha256, ORDER, LATER)
    printed = db.execute("SELECT printed FROM jurisdiction_names").fetchall()
    assert printed == [("Kinbote, Zembla",)]
