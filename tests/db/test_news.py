"""What changed last, by edition and kind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from db.news import Step, newest_steps
from db.sources import save_source
from parsers.records import Record
from tests.db.history import LIST, REPORT, changes, listing, load, new_database, reading
from tests.site.histories import declined, report

TABLES = ("listings", "declined_detainers")


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return new_database(tmp_path)


def rows(*places: str) -> list[Record]:
    return [listing(f"{place}, Zembla", position=at) for at, place in enumerate(places, 1)]


def told(steps: list[Step]) -> list[tuple[str, list[tuple[str, int]]]]:
    return [
        (step.observed_by[:10], [(run.kind, len(run.public_ids)) for run in step.runs])
        for step in steps
    ]


def test_changes_of_one_edition_and_kind_are_one_run_and_what_went_comes_first(
    db: Database,
) -> None:
    load(db, LIST, "2025-06-01T10:00:00Z", reading(rows("Kinbote", "Shade")))
    load(db, LIST, "2025-06-02T10:00:00Z", reading(rows("Kinbote", "Aros", "Gradus", "Yewslip")))
    assert told(newest_steps(db, 5, TABLES)) == [
        ("2025-06-02", [("removed", 1), ("added", 3)]),
        ("2025-06-01", [("published", 1)]),
    ]


def test_only_the_newest_steps_are_told(db: Database) -> None:
    load(db, LIST, "2025-06-01T10:00:00Z", reading(rows("Kinbote")))
    for day, places in (("02", ["Shade"]), ("03", ["Kinbote"]), ("04", ["Aros"])):
        load(db, LIST, f"2025-06-{day}T10:00:00Z", reading(rows(*places)))
    assert [step.observed_by[8:10] for step in newest_steps(db, 2, TABLES)] == ["04", "03"]


def test_of_one_second_the_steps_come_in_an_order_that_does_not_depend_on_loading(
    tmp_path: Path,
) -> None:
    other = replace(LIST, id="another-list")
    orders = []
    for number, sources in enumerate(((LIST, other), (other, LIST))):
        db = new_database(tmp_path / str(number))
        save_source(db, other)
        for source in sources:
            load(db, source, "2025-06-01T10:00:00Z", reading(rows("Kinbote")))
        orders.append([step.source_id for step in newest_steps(db, 1, TABLES)])
    assert orders == [["another-list"], ["another-list"]]


def test_what_a_newer_parser_changed_is_no_news(db: Database) -> None:
    load(db, LIST, "2025-06-01T10:00:00Z", reading(rows("Kinbote")))
    load(db, LIST, "2025-06-02T10:00:00Z", reading(rows("Kinbote", "Shade")))
    db.execute("UPDATE changes SET cause = 'replay' WHERE kind = 'added'")
    assert told(newest_steps(db, 5, TABLES)) == [("2025-06-01", [("published", 1)])]


def test_rows_about_individuals_are_never_news(db: Database) -> None:
    load(db, REPORT, "2017-03-20T10:00:00Z", report(1, (declined(1), declined(2))))
    load(db, REPORT, "2017-04-10T10:00:00Z", report(1, (declined(1),)))
    assert ("corrected", "declined_detainers") in changes(db, "kind", "table_name")
    kinds = {run.table_name for step in newest_steps(db, 9, TABLES) for run in step.runs}
    assert "declined_detainers" not in kinds


def test_rows_of_a_table_that_may_not_be_seen_are_no_news(db: Database) -> None:
    load(db, LIST, "2025-06-01T10:00:00Z", reading(rows("Kinbote")))
    load(db, LIST, "2025-06-02T10:00:00Z", reading(rows("Shade")))
    assert told(newest_steps(db, 5, ())) == [("2025-06-01", [("published", 1)])]
