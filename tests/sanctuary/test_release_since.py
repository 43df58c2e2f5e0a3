"""What a data package says otherwise than the one before, and whose change that is."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pyarrow.parquet
import pytest
from sqlite_utils import Database

from db.connection import open_database
from db.log import Wanted, logged
from db.withholding import Order, withhold_row
from tests.db.history import LIST, REPORT, listing, load, new_database, reading
from tests.db.naming import name_all
from tests.db.test_replay import read_anew
from tests.sanctuary.commands import Answer, Commands
from tests.sanctuary.test_release import commands, rows
from tests.site.histories import report, week_1

A, B = listing("Kinbote, Zembla"), listing("Shade, Zembla", position=2)
ANOTHER = listing("Kinbote, Zembla", criteria=("Another rule.",))
GONE = listing("Gradus, Zembla", position=3)
NEW = listing("Yaruga, Zembla", "New rule", position=3)
MISREAD = listing("Shade, Zembla", criteria=("Wi11 not honor.",), position=2)
LATER = "2026-02-02T00:00:00Z"


def day(number: int, hour: int = 10) -> str:
    return f"2025-06-{number:02}T{hour}:00:00Z"


def first_month(db: Database) -> None:
    load(db, LIST, day(1), reading([A, MISREAD]), name="one")
    load(db, LIST, day(2), reading([ANOTHER, MISREAD, GONE]), name="two")
    load(db, REPORT, "2017-03-20T10:00:00Z", report(1, week_1()), name="week")


def second_month(db: Database) -> None:
    """Let all happen that makes a value another."""
    load(db, LIST, day(3), reading([ANOTHER, MISREAD, GONE, NEW]), name="three")
    load(db, LIST, day(1, 18), reading([A, MISREAD]), name="late")
    better = {
        name: reading([first, B, *more])
        for name, first, more in (
            ("one", A, ()),
            ("late", A, ()),
            ("two", ANOTHER, (GONE,)),
            ("three", ANOTHER, (GONE, NEW)),
        )
    }
    read_anew(db, LIST, better)
    read_anew(db, REPORT, {"week": report(1, week_1(corrected=True))})
    db.execute(
        """UPDATE jurisdiction_names SET jurisdiction_id = NULL, reviewed = 1
        WHERE printed = 'Kinbote, Zembla'"""
    )
    db.conn.commit()
    (gone,) = db.execute(
        "SELECT max(id) FROM listings WHERE jurisdiction LIKE 'Gradus%'"
    ).fetchone()
    withhold_row(db, "listings", gone, Order("By order.", "vera"), LATER)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Commands, Answer]:
    """Two packages, a month apart, and what was said of the second."""
    sanctuary = commands(tmp_path_factory.mktemp("made"))
    sanctuary.data_dir.mkdir()
    db = new_database(sanctuary.data_dir)
    first_month(db)
    name_all(db, {"Kinbote, Zembla": "zz/city/kinbote"})
    db.close()
    assert sanctuary("release", "2025-06").code == 0
    db = open_database(sanctuary.data_dir / "tracker.db")
    second_month(db)
    db.close()
    return sanctuary, sanctuary("release", "2025-07", "--parquet", "--json")


@pytest.fixture(scope="module")
def told(made: tuple[Commands, Answer]) -> list[dict[str, str]]:
    return rows(made[0].data_dir / "releases" / "2025-07" / "changes.csv")


def values(found: list[dict[str, str]], *columns: str, **where: str) -> set[tuple[str, ...]]:
    return {
        tuple(row[column] for column in columns)
        for row in found
        if all(row[name] == value for name, value in where.items())
    }


def test_the_newest_package_is_the_one_before(made: tuple[Commands, Answer]) -> None:
    assert (made[1].code, made[1].data()["since"]) == (0, "2025-06")
    assert set(made[1].data()["changes"]) == {"publisher", "replay", "person"}


def test_what_the_publisher_changed_is_told_with_its_window(told: list[dict[str, str]]) -> None:
    found = values(
        told, "told", "cause", "observed_after", "observed_by", kind="added", place=NEW.jurisdiction
    )
    assert found == {("new", "publisher", day(2), day(3))}


def test_a_window_that_a_late_document_narrowed_is_told(told: list[dict[str, str]]) -> None:
    found = values(told, "place", "kind", "observed_after", told="another window")
    assert (A.jurisdiction, "changed", day(1, 18)) in found


def test_a_value_that_was_read_anew_is_told_as_ours_where_no_change_says_it(
    told: list[dict[str, str]],
) -> None:
    found = values(told, "kind", "cause", "column", "before", "after", place=B.jurisdiction)
    assert found == {
        ("changed", "replay", "criteria", '["Wi11 not honor."]', '["Will not honor."]')
    }
    numbers = values(
        told, "told", "cause", "before", "after", table_name="report_totals", column="number"
    )
    assert numbers == {("read anew", "replay", "17", "12")}


def test_rows_about_individuals_stay_in_their_own_tables(told: list[dict[str, str]]) -> None:
    assert ("declined_detainers",) not in values(told, "table_name", told="read anew")
    assert not any("Onhava Jail" in cell for row in told for cell in row.values())


def test_a_name_that_a_person_took_for_another_place_is_told(told: list[dict[str, str]]) -> None:
    found = values(told, "cause", "place", "before", "after", column="jurisdiction_id")
    assert found == {("person", "Kinbote, Zembla", "zz/city/kinbote", "")}


def test_what_is_withheld_is_not_repeated(
    made: tuple[Commands, Answer], told: list[dict[str, str]]
) -> None:
    releases = made[0].data_dir / "releases"
    for table in ("listings", "current_changes"):
        assert "Gradus" in (releases / "2025-06" / "data" / f"{table}.csv").read_text()
    assert ("", "person") in values(told, "row_key", "cause", told="taken back", kind="added")
    assert not any("Gradus" in path.read_text() for path in (releases / "2025-07").rglob("*.csv"))


def test_all_changes_that_are_new_are_told(
    made: tuple[Commands, Answer], told: list[dict[str, str]]
) -> None:
    sanctuary, _ = made
    before = {
        row["public_id"]
        for row in rows(
            sanctuary.data_dir / "releases" / "2025-06" / "data" / "current_changes.csv"
        )
    }
    with sanctuary.looking() as db:
        known = {change.public_id for change in logged(db, Wanted(cause="all"))}
    assert {public_id for (public_id,) in values(told, "public_id", told="new")} - {""} == (
        known - before
    )


def test_parquet_has_the_same_rows(made: tuple[Commands, Answer]) -> None:
    folder = made[0].data_dir / "releases" / "2025-07"
    for name in ("listings", "current_changes"):
        table = pyarrow.parquet.read_table(folder / "data" / f"{name}.parquet")
        assert table.num_rows == len(rows(folder / "data" / f"{name}.csv"))
    resources = json.loads((folder / "datapackage.json").read_text())["resources"]
    assert {resource["format"] for resource in resources} == {"csv", "parquet"}


@pytest.fixture
def again(made: tuple[Commands, Answer], tmp_path: Path) -> Commands:
    copied = commands(tmp_path)
    shutil.copytree(made[0].data_dir, copied.data_dir)
    return copied


def test_another_package_can_be_named_to_compare_with(again: Commands) -> None:
    assert again("release", "2025-08", "--since", "2025-06").code == 0
    releases = again.data_dir / "releases"
    assert (releases / "2025-08" / "changes.csv").read_bytes() == (
        releases / "2025-07" / "changes.csv"
    ).read_bytes()


def test_one_that_is_not_there_is_told_with_those_that_are(again: Commands) -> None:
    answer = again("release", "2025-08", "--since", "2024")
    assert answer.code == 1
    assert "there are: 2025-06, 2025-07" in answer.err
    assert not (again.data_dir / "releases" / "2025-08").exists()


def test_a_package_that_was_altered_is_not_compared_with(again: Commands) -> None:
    file = again.data_dir / "releases" / "2025-07" / "data" / "current_changes.csv"
    with file.open("a", newline="") as opened:
        csv.writer(opened).writerow(["forged"])
    answer = again("release", "2025-08")
    assert answer.code == 1
    assert "is not what SHA256SUMS says" in answer.err
    assert not (again.data_dir / "releases" / "2025-08").exists()


def test_nor_is_one_that_lacks_a_table_which_it_had(again: Commands) -> None:
    (again.data_dir / "releases" / "2025-07" / "data" / "current_changes.csv").unlink()
    answer = again("release", "2025-08")
    assert answer.code == 1
    assert "current_changes.csv is not what SHA256SUMS says" in answer.err
