"""The log gives the changes that are asked for, the newest first."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlite_utils import Database

from db.log import (
    LoggedChange,
    NoSuchChange,
    Wanted,
    change_told,
    changes_told,
    count_logged,
    kinds_into,
    last_of,
    logged,
    recorded,
)
from tests.db.history import LIST, REPORT, agreement, listing, load, new_database, reading


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
    ("zembla-list", "added", "B, Nova Zembla"),
    ("zembla-list", "removed", "A, Zembla"),
    ("zembla-report", "published", None),
    ("zembla-list", "published", None),
]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(), ALL),
        (Wanted(since="2025-06-02"), ALL[:3]),
        (Wanted(since="2025-06-03"), ALL[:2]),
        (Wanted(until="2025-06-02"), ALL[2:]),
        (Wanted(source="zembla-report"), ALL[2:3]),
        (Wanted(kind="removed"), ALL[1:2]),
        (Wanted(state="zembla"), ALL[1:2]),
        (Wanted(state="Nova Zembla"), ALL[:1]),
        (Wanted(place="b, nova"), ALL[:1]),
        (Wanted(place="%"), []),
    ],
)
def test_changes_are_filtered(
    db: Database, wanted: Wanted, expected: list[tuple[str, str, str | None]]
) -> None:
    assert told(db, wanted) == expected


def test_changes_of_a_place_are_found_by_its_printed_names(db: Database) -> None:
    names = dict(
        db.execute("SELECT printed, id FROM jurisdiction_names WHERE source_id = ?", [LIST.id])
    )
    of_b = (names["B, Nova Zembla"],)
    assert told(db, Wanted(names=of_b)) == ALL[:1]
    assert told(db, Wanted(names=of_b, place="a, zembla")) == ALL[:2], "what either finds"
    assert told(db, Wanted(names=())) == []
    assert count_logged(db, Wanted(names=of_b)) == 1


def test_the_order_is_that_of_the_changes_not_of_loading(db: Database, tmp_path: Path) -> None:
    other = new_database(tmp_path / "other")
    load(other, LIST, "2025-06-03T10:00:00Z", reading([listing("B, Nova Zembla")]))
    load(other, REPORT, "2025-06-02T10:00:00Z", reading([listing("A, Zembla")], week=1))
    load(other, LIST, "2025-06-01T10:00:00Z", reading([listing("A, Zembla")]))
    assert told(other, Wanted()) == told(db, Wanted()) == ALL


def test_a_limit_leaves_out_the_oldest_and_the_rest_is_counted(db: Database) -> None:
    assert [change.kind for change in logged(db, Wanted(), 2)] == ["added", "removed"]
    assert count_logged(db, Wanted()) == 4
    assert count_logged(db, Wanted(source="zembla-report")) == 1


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_what_follows_a_change_is_the_rest(db: Database, size: int) -> None:
    whole = list(logged(db, Wanted()))
    told: list[LoggedChange] = []
    while some := list(logged(db, Wanted(), size, after=told[-1].public_id if told else None)):
        told += some
    assert told == whole
    assert last_of(db, Wanted()) == whole[-1].public_id


def test_nothing_follows_what_was_never_told(db: Database) -> None:
    with pytest.raises(NoSuchChange):
        list(logged(db, Wanted(), after="000000000000"))
    with pytest.raises(NoSuchChange):
        recorded(db, Wanted(), 1, after="000000000000")
    with pytest.raises(NoSuchChange):
        change_told(db, "000000000000")
    with pytest.raises(NoSuchChange):
        changes_told(db, ["000000000000"])
    assert last_of(db, Wanted(source="nobody")) is None


def test_changes_of_tables_include_those_of_no_row(db: Database) -> None:
    assert told(db, Wanted(tables=())) == ALL[2:]
    assert told(db, Wanted(tables=("listings",))) == ALL


def test_what_an_edition_brought_is_counted_by_kind(db: Database) -> None:
    newest = next(logged(db, Wanted()))
    assert newest.edition_after_id is not None
    counts = kinds_into(db, Wanted(), [newest.edition_after_id])
    assert counts == {newest.edition_after_id: {"added": 1, "removed": 1}}
    assert told(db, Wanted(edition=newest.edition_after_id)) == ALL[:2]


def test_a_change_says_what_tells_its_row_from_others_of_the_place(db: Database) -> None:
    rows = [listing("B, Nova Zembla"), listing("B, Nova Zembla", "Second Rule", position=2)]
    load(db, LIST, "2025-06-04T10:00:00Z", reading(rows))
    load(db, LIST, "2025-06-05T10:00:00Z", reading(rows[:1]))
    details = [(change.kind, change.detail) for change in logged(db, Wanted(), 2)]
    assert details == [("removed", "Second Rule"), ("added", "Second Rule")]
    models = [agreement(support_type=model) for model in ("Jail Model", "Task Force Model")]
    load(db, LIST, "2025-06-06T10:00:00Z", reading(models))
    assert {c.detail for c in logged(db, Wanted(), 3) if c.table_name == "agreements"} == {
        "Jail Model",
        "Task Force Model",
    }
