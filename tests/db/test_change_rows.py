"""The row of a change on both sides: the one of its key that stands where it was read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlite_utils import Database

from db.change_rows import rows_of_change
from db.changes import ChangedField
from db.log import LoggedChange, Wanted, logged
from parsers.records import HtmlSpot, PageSpot, Record, Spot
from tests.db.history import LIST, REPORT, declined, listing, load, new_database, reading

SPOT = (PageSpot(1, (1.0, 2.0, 3.0, 4.0)),)


def row(place: str, position: int, evidence: tuple[Spot, ...]) -> Record:
    return replace(listing(place, position=position), evidence=evidence)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """Load a list in which a row moved and was renamed, in one spot with another."""
    db = new_database(tmp_path_factory.mktemp("rows"))
    before = [
        row("Aros, Zembla", 1, SPOT),
        row("Onhava, Zembla", 2, SPOT),
        row("Kinbote Conty, Zembla", 3, (HtmlSpot("#3"),)),
    ]
    after = [
        row("Kinbote County, Zembla", 1, (HtmlSpot("#1"),)),
        row("Aros, Zembla", 2, SPOT),
    ]
    load(db, LIST, "2025-06-01T10:00:00Z", reading(before))
    load(db, LIST, "2025-06-02T10:00:00Z", reading(after))
    load(db, REPORT, "2017-03-01T10:00:00Z", reading([declined()], week=1))
    load(db, REPORT, "2017-03-02T10:00:00Z", reading([declined("Other Jail")], week=1))
    return db


def change_of(db: Database, kind: str, table: str | None = "listings") -> LoggedChange:
    (found,) = (each for each in logged(db, Wanted(kind=kind)) if each.table_name == table)
    return found


def test_of_two_rows_in_one_spot_it_is_the_one_of_the_key(db: Database) -> None:
    sides = rows_of_change(db, change_of(db, "removed"))
    assert sides.before is not None
    assert (sides.before.position, sides.after) == (2, None)


def test_a_row_that_was_renamed_is_found_where_it_was_read(db: Database) -> None:
    sides = rows_of_change(db, change_of(db, "renamed"))
    assert sides.before is not None
    assert sides.after is not None
    assert (sides.before.position, sides.after.position) == (3, 1)
    assert sides.before.document_sha256 != sides.after.document_sha256


def test_what_a_newer_parser_reads_elsewhere_is_found_by_its_key_alone(db: Database) -> None:
    """Before it was renamed it had another key: nothing is said of that side."""
    change = change_of(db, "renamed")
    moved = tuple(
        replace(field, evidence_before='[{"page": 9}]', evidence_after='[{"page": 9}]')
        for field in change.fields
    )
    sides = rows_of_change(db, replace(change, fields=moved))
    assert sides.before is None
    assert sides.after is not None
    assert sides.after.position == 1


def test_rows_about_individuals_and_changes_of_no_row_have_no_address(db: Database) -> None:
    change = change_of(db, "corrected", "declined_detainers")
    evidence = ChangedField("rows", "1", "1", "[1]", "[1]")
    named = replace(change, row_key=declined().row_key(), fields=(evidence,))
    for each in (named, *logged(db, Wanted(kind="published"))):
        sides = rows_of_change(db, each)
        assert (sides.before, sides.after) == (None, None)
