"""What is withheld is in no table, no change and no search, and does not come back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from db.captures import finish_run, start_run
from db.errors import NothingToWithhold
from db.standing import reasons_of
from db.withheld import SAID_OF_A_ROW
from db.withholding import (
    Order,
    forget_what_was_deleted,
    withhold_document,
    withhold_row,
)
from parsers.records import Check, Problem
from tests.db.history import (
    LIST,
    REPORT,
    changes,
    declined,
    editions,
    listing,
    load,
    new_database,
    reading,
)

ORDER = Order("An order of the court of Zembla.", "vera")
LATER = "2026-02-01T00:00:00Z"
KEPT, SECRET, OTHER = (
    listing("Kinbote, Zembla"),
    listing("Shade, Zembla", position=2),
    listing("Gradus, Zembla", position=3),
)


@pytest.fixture
def db(tmp_path: Path) -> Database:
    db = new_database(tmp_path)
    load(db, LIST, "2025-06-01T10:00:00Z", reading([KEPT]))
    load(db, LIST, "2025-06-02T10:00:00Z", reading([KEPT, SECRET]))
    load(db, LIST, "2025-06-03T10:00:00Z", reading([KEPT, SECRET, OTHER]))
    return db


def document(db: Database, captured_at: str) -> str:
    sql = "SELECT document_sha256 FROM captures WHERE captured_at = ?"
    return str(db.execute(sql, [captured_at]).fetchone()[0])


def row_id(db: Database, table: str, where: str) -> int:
    return int(db.execute(f"SELECT id FROM {table} WHERE {where}").fetchone()[0])


def places(db: Database) -> set[str]:
    return {row[0] for row in db.execute("SELECT DISTINCT jurisdiction FROM listings")}


def text_of(db: Database) -> str:
    return "\n".join(db.conn.iterdump())


def test_a_row_is_in_no_edition_and_no_change(db: Database) -> None:
    taken = withhold_row(
        db, "listings", row_id(db, "listings", "jurisdiction LIKE 'Shade%'"), ORDER, LATER
    )
    assert places(db) == {"Kinbote, Zembla", "Gradus, Zembla"}
    assert [row["jurisdiction"] for row in taken.tables["listings"]] == ["Shade, Zembla"] * 2
    assert [change[0] for change in changes(db, "place")] == [None, "Gradus, Zembla"]
    assert "Shade" not in text_of(db)


def test_the_documents_that_hold_it_are_named(db: Database) -> None:
    taken = withhold_row(
        db, "listings", row_id(db, "listings", "jurisdiction LIKE 'Shade%'"), ORDER, LATER
    )
    assert set(taken.documents) == {
        document(db, "2025-06-02T10:00:00Z"),
        document(db, "2025-06-03T10:00:00Z"),
    }


def test_a_row_does_not_come_back_with_a_later_document(db: Database) -> None:
    withhold_row(db, "listings", row_id(db, "listings", "jurisdiction LIKE 'Shade%'"), ORDER, LATER)
    load(db, LIST, "2025-06-04T10:00:00Z", reading([SECRET, OTHER]))
    assert "Shade" not in text_of(db)
    assert db.execute(
        "SELECT count(*) FROM withheld_documents WHERE document_sha256 = ?",
        [document(db, "2025-06-04T10:00:00Z")],
    ).fetchone() == (1,)


LATE = Check("newest_first", False, True, "Newer than the one above: Shade, Zembla.", "", "Shade")
UNREAD = Problem("unreadable_date", "row 2: Shade, Zembla has no date", "Shade, Zembla")


def test_what_a_check_a_problem_or_a_run_says_of_a_row_goes_with_it(db: Database) -> None:
    run_id = start_run(db, "run", "1", LATER)
    bad = replace(reading([OTHER, SECRET]), checks=(LATE,), problems=(UNREAD,))
    held = load(db, LIST, "2025-06-04T10:00:00Z", bad)
    messages = [f"list: held for review: {LATE.message}", "list: it timed out"]
    sources = [{"source_id": LIST.id, "messages": messages}]
    finish_run(db, run_id, {"sources": sources}, LATER)
    taken = withhold_row(
        db, "listings", row_id(db, "listings", "jurisdiction LIKE 'Shade%'"), ORDER, LATER
    )
    assert "Shade" not in text_of(db)
    assert "it timed out" in text_of(db)
    assert reasons_of(db, held.id) == [SAID_OF_A_ROW]
    assert [row["message"] for row in taken.tables["checks"]] == [LATE.message]


def test_what_a_check_says_of_a_row_does_not_come_with_a_later_document(db: Database) -> None:
    withhold_row(db, "listings", row_id(db, "listings", "jurisdiction LIKE 'Shade%'"), ORDER, LATER)
    bad = replace(reading([OTHER, SECRET]), checks=(LATE,), problems=(UNREAD,))
    held = load(db, LIST, "2025-06-04T10:00:00Z", bad)
    assert held.status == "held"
    assert "Shade" not in text_of(db)


def test_a_row_of_another_source_stays(db: Database) -> None:
    load(db, REPORT, "2025-06-04T10:00:00Z", reading([SECRET], week=1))
    withhold_row(db, "listings", row_id(db, "listings", "jurisdiction LIKE 'Shade%'"), ORDER, LATER)
    assert "Shade, Zembla" in places(db)


def test_nothing_is_said_of_what_changed_into_and_out_of_a_document(db: Database) -> None:
    (taken,) = withhold_document(db, document(db, "2025-06-02T10:00:00Z"), ORDER, LATER)
    assert [row["jurisdiction"] for row in taken.tables["listings"]] == [
        "Kinbote, Zembla",
        "Shade, Zembla",
    ]
    assert [change[0] for change in changes(db, "kind")] == ["published"]


def test_the_edition_stays_with_its_hash_and_when_it_was_public(db: Database) -> None:
    before = editions(db, LIST)
    withhold_document(db, document(db, "2025-06-02T10:00:00Z"), ORDER, LATER)
    assert editions(db, LIST) == before


def test_a_document_that_comes_after_one_is_not_compared_with_it(db: Database) -> None:
    withhold_document(db, document(db, "2025-06-03T10:00:00Z"), ORDER, LATER)
    load(db, LIST, "2025-06-04T10:00:00Z", reading([KEPT]))
    kinds = changes(db, "kind", "place")
    assert kinds == [("published", None), ("added", "Shade, Zembla")]


def test_a_detainer_goes_with_its_offences_and_the_counts_stay(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    load(db, REPORT, "2025-06-01T10:00:00Z", reading([declined()], week=1))
    load(
        db,
        REPORT,
        "2025-06-02T10:00:00Z",
        reading([declined("Zemblan Jail", activity="FRAUD")], week=1),
    )
    withhold_row(db, "declined_detainers", 1, ORDER, LATER)
    text = text_of(db)
    assert "ARSON (Charge)" not in text
    assert db.execute("SELECT count(*) FROM declined_counts WHERE dimension = 'all'").fetchone()[0]
    assert [taken[0] for taken in db.execute("SELECT count(*) FROM detainer_offences")] == [1]


def test_why_and_by_whom_is_kept(db: Database) -> None:
    withhold_document(db, document(db, "2025-06-02T10:00:00Z"), ORDER, LATER)
    assert db.execute("SELECT reason, withheld_by, withheld_at FROM withheld").fetchall() == [
        (ORDER.reason, ORDER.by, LATER)
    ]


def test_the_file_holds_no_trace_of_it(db: Database, tmp_path: Path) -> None:
    withhold_row(db, "listings", row_id(db, "listings", "jurisdiction LIKE 'Shade%'"), ORDER, LATER)
    forget_what_was_deleted(db)
    files = [path for path in tmp_path.iterdir() if path.name.startswith("tracker.db")]
    assert files
    for path in files:
        assert b"Shade" not in path.read_bytes(), path
        assert b"shade" not in path.read_bytes(), path


def test_what_is_not_there_cannot_be_withheld(db: Database) -> None:
    sha256 = document(db, "2025-06-02T10:00:00Z")
    withhold_document(db, sha256, ORDER, LATER)
    with pytest.raises(NothingToWithhold):
        withhold_document(db, sha256, ORDER, LATER)
    with pytest.raises(NothingToWithhold):
        withhold_row(db, "listings", 999, ORDER, LATER)
