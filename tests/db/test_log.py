"""The log gives the changes that are asked for, the newest first."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlite_utils import Database

from db.log import Wanted, logged
from db.standing import standings
from parsers.records import Check
from tests.db.history import LIST, REPORT, listing, load, new_database, reading


@pytest.fixture
def db(tmp_path: Path) -> Database:
    db = new_database(tmp_path)
    load(db, LIST, "2025-06-01T10:00:00Z", reading([listing("A, Zembla")]))
    load(db, LIST, "2025-06-03T10:00:00Z", reading([listing("B, Nova Zembla")]))
    load(db, REPORT, "2025-06-02T10:00:00Z", reading([listing("A, Zembla")], week=1))
    return db


def told(db: Database, wanted: Wanted) -> list[tuple[str, str, str | None]]:
    return [(change.source_id, change.kind, change.place) for change in logged(db, wanted)]


ALL = [
    ("zembla-list", "removed", "A, Zembla"),
    ("zembla-list", "added", "B, Nova Zembla"),
    ("zembla-report", "published", None),
    ("zembla-list", "published", None),
]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(), ALL),
        (Wanted(since="2025-06-02"), ALL[:3]),
        (Wanted(since="2025-06-03"), ALL[:2]),
        (Wanted(source="zembla-report"), ALL[2:3]),
        (Wanted(kind="removed"), ALL[:1]),
        (Wanted(state="zembla"), ALL[:1]),
        (Wanted(state="Nova Zembla"), ALL[1:2]),
        (Wanted(place="b, nova"), ALL[1:2]),
        (Wanted(place="%"), []),
    ],
)
def test_changes_are_filtered(
    db: Database, wanted: Wanted, expected: list[tuple[str, str, str | None]]
) -> None:
    assert told(db, wanted) == expected


def test_the_standing_of_a_source_counts_and_names_what_is_held(db: Database) -> None:
    failed = (Check("enough_rows", False, True, "no row where 30 are expected"),)
    load(db, LIST, "2025-06-05T10:00:00Z", reading([], checks=failed))
    found = {standing.source_id: standing for standing in standings(db)}
    standing = found["zembla-list"]
    assert (standing.editions, standing.changes) == (2, 3)
    assert standing.last_tried == "2025-06-05T10:00:00Z"
    assert standing.last_seen == "2025-06-03T10:00:00Z"
    assert [held.reasons for held in standing.held] == [("no row where 30 are expected",)]
    assert found["zembla-report"].held == ()
