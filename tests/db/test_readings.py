"""A reading is accepted whole or not at all, and a held one waits for a person."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from db import readings
from db.errors import NoSuchReading
from db.readings import (
    Decision,
    ReadBy,
    accept,
    find_reading,
    named_reading,
    reject,
    store_failure,
    store_reading,
)
from db.rows import load_rows
from parsers.records import Agreement, Check, DeclinedDetainer, Listing, Problem
from tests.db.history import (
    LIST,
    NOW,
    REPORT,
    agreement,
    changes,
    declined,
    editions,
    listing,
    load,
    new_database,
    reading,
)

FAILED = (Check("enough_rows", False, True, "1 row where 30 are expected"),)


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return new_database(tmp_path)


@pytest.mark.parametrize("record", [listing(), declined(), agreement()], ids=lambda r: r.table)
def test_a_row_comes_back_as_it_was_stored(db: Database, record: Listing) -> None:
    source = REPORT if isinstance(record, DeclinedDetainer) else LIST
    stored = load(db, source, "2025-06-01T10:00:00Z", reading([record], week=1))
    assert load_rows(db, stored.id, type(record)) == [record]


def test_a_failed_required_check_holds_the_reading_and_the_last_edition_stays(
    db: Database,
) -> None:
    load(db, LIST, "2025-06-01T10:00:00Z", reading([listing()]))
    held = load(db, LIST, "2025-06-02T10:00:00Z", reading([], checks=FAILED))
    assert held.status == "held"
    assert len(editions(db, LIST)) == 1


def test_an_accepted_reading_takes_the_place_of_its_captures(db: Database) -> None:
    load(db, LIST, "2025-06-01T10:00:00Z", reading([listing()]))
    held = load(db, LIST, "2025-06-02T10:00:00Z", reading([], checks=FAILED))
    load(db, LIST, "2025-06-03T10:00:00Z", reading([], checks=FAILED))
    accept(db, held, Decision("vera", "the list was emptied"), "2025-06-04T10:00:00Z")
    assert editions(db, LIST)[1] == (None, 2, "2025-06-02T10:00:00Z", "2025-06-03T10:00:00Z")
    assert ("removed", "Kinbote, Zembla") in changes(db, "kind", "place")
    decided = db.execute(
        "SELECT status, decided_by, decision_reason, decided_at FROM readings WHERE id = ?",
        [held.id],
    ).fetchone()
    assert decided == ("accepted", "vera", "the list was emptied", "2025-06-04T10:00:00Z")
    assert db.execute("SELECT cause FROM edition_readings ORDER BY id DESC").fetchone()[0] == (
        "accepted"
    )


def test_a_rejected_reading_shows_nothing_and_cannot_be_decided_again(db: Database) -> None:
    held = load(db, LIST, "2025-06-02T10:00:00Z", reading([listing()], checks=FAILED))
    reject(db, held, Decision("vera", "a test page"), NOW)
    assert editions(db, LIST) == []
    with pytest.raises(
        NoSuchReading, match="vera rejected this reading on 2026-01-01T00:00:00Z: a test page"
    ):
        accept(db, named_reading(db, f"#{held.id}"), Decision("vera", "after all"), NOW)


def test_a_held_reading_is_named_by_id_or_by_the_start_of_its_hash(db: Database) -> None:
    held = load(db, LIST, "2025-06-02T10:00:00Z", reading([listing()], checks=FAILED))
    assert named_reading(db, f"#{held.id}") == held
    assert named_reading(db, held.document_sha256[:12]) == held
    with pytest.raises(NoSuchReading, match="no such reading"):
        named_reading(db, "#999")
    for vague in ("", "%", "a", "zzzz", "*"):
        with pytest.raises(NoSuchReading, match="start of a hash"):
            named_reading(db, vague)


def test_a_reading_that_a_newer_parser_overtook_cannot_be_accepted(db: Database) -> None:
    held = load(db, LIST, "2025-06-02T10:00:00Z", reading([listing()], checks=FAILED))
    newer = ReadBy(LIST.id, held.document_sha256, LIST.parser, "2")
    anew = store_reading(db, newer, reading([listing()], checks=FAILED), (), NOW)
    with pytest.raises(NoSuchReading, match=f"read anew as #{anew.id}"):
        accept(db, held, Decision("vera", "it is right"), NOW)
    accept(db, anew, Decision("vera", "it is right"), NOW)
    assert len(editions(db, LIST)) == 1


def test_an_unreadable_document_is_kept_with_its_problem(db: Database) -> None:
    load(db, LIST, "2025-06-01T10:00:00Z", reading([listing()]), name="read before")
    sha256 = db.execute("SELECT sha256 FROM documents").fetchone()[0]
    read_by = ReadBy(REPORT.id, sha256, "ddor", "1")
    store_failure(db, read_by, Problem("unreadable", "page 3: broken"), NOW)
    found = find_reading(db, read_by)
    assert found is not None
    assert found.status == "failed"
    assert db.execute("SELECT kind, message FROM problems").fetchall() == [
        ("unreadable", "page 3: broken")
    ]


def test_a_newer_parser_does_not_replace_an_accepted_reading(db: Database) -> None:
    stored = load(db, LIST, "2025-06-01T10:00:00Z", reading([listing()]))
    assert find_reading(db, ReadBy(LIST.id, stored.document_sha256, "table", "2")) == stored


def test_a_death_while_accepting_leaves_nothing_half_done(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(readings, "renew_changes", dies)
    with pytest.raises(sqlite3.OperationalError):
        load(db, LIST, "2025-06-01T10:00:00Z", reading([listing()]))
    for table in ("readings", "listings", "editions", "sightings", "changes"):
        assert db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0
    assert db.execute("SELECT count(*) FROM captures").fetchone()[0] == 1


def test_counts_of_declined_detainers_cross_no_two_dimensions(db: Database) -> None:
    rows = [declined("Jail One"), declined("Jail Two")]
    load(db, REPORT, "2025-06-01T10:00:00Z", reading(rows, week=1))
    assert db.execute(
        "SELECT dimension, value, disposition, detainers FROM declined_counts ORDER BY id"
    ).fetchall() == [
        ("all", "", None, 2),
        ("jurisdiction", "Kinbote, Zembla", None, 2),
        ("citizenship", "Georgia", None, 2),
        ("activity", "ARSON", "charge", 2),
    ]


def test_agreements_carry_a_key_that_follows_a_row_through_editions(db: Database) -> None:
    stored = load(db, LIST, "2025-06-01T10:00:00Z", reading([agreement()]))
    (row,) = load_rows(db, stored.id, Agreement)
    key = db.execute("SELECT row_key FROM agreements").fetchone()[0]
    assert key == row.row_key() == "zembla|onhava police|kinbote|task force model"
