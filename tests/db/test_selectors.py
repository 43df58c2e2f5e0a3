"""An edition is named by its period, by a day, or by its id."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlite_utils import Database

from db.errors import NoSuchEdition
from db.selectors import all_editions, find_edition, last_editions, selectors_of
from db.sources import Source
from tests.db.history import LIST, REPORT, listing, load, new_database, reading


@pytest.fixture
def db(tmp_path: Path) -> Database:
    db = new_database(tmp_path)
    load(db, REPORT, "2017-03-20T10:00:00Z", reading([listing("A, Zembla")], week=1))
    load(db, REPORT, "2017-03-29T10:00:00Z", reading([listing("B, Zembla")], week=2))
    load(db, REPORT, "2017-04-03T10:00:00Z", reading([listing("C, Zembla")], week=1))
    load(db, LIST, "2025-06-01T10:00:00Z", reading([listing("A, Zembla")]))
    load(db, LIST, "2025-06-03T23:59:59Z", reading([listing("B, Zembla")]))
    return db


@pytest.mark.parametrize(
    ("source", "selector", "name"),
    [
        (REPORT, "2017-01-28..2017-02-03", "2017-01-28..2017-02-03@2"),
        (REPORT, "2017-01-28..2017-02-03@1", "2017-01-28..2017-02-03@1"),
        (REPORT, "2017-03-28", "2017-01-28..2017-02-03@1"),
        (REPORT, "2017-03-29", "2017-02-04..2017-02-10@1"),
        (REPORT, "2017-04-20", "2017-02-04..2017-02-10@1"),
        (LIST, "2025-06-02", "#4"),
        (LIST, "2025-06-03", "#5"),
        (LIST, "#4", "#4"),
        (LIST, "2025-06-01T10:00:00Z", "#4"),
        (LIST, "2025-06-03T23:59:58Z", "#4"),
        (LIST, "2025-06-03T23:59:59Z", "#5"),
        (REPORT, "2017-04-03T10:00:00Z", "2017-02-04..2017-02-10@1"),
    ],
)
def test_a_selector_names_one_edition(
    db: Database, source: Source, selector: str, name: str
) -> None:
    assert find_edition(db, source.id, selector).name == name


@pytest.mark.parametrize(
    "selector",
    [
        "2025-05-31",
        "2025-06-01T09:59:59Z",
        "2025-06-01T10:00",
        "#1",
        "#99",
        "2025-06-01..2025-06-02",
        "yesterday",
        "#x",
        "",
        "2017-13-01",
        f"#{10**18}",
        f"#{'9' * 5000}",
        f"2017-01-28..2017-02-03@{10**30}",
    ],
)
def test_what_names_none_is_an_error_that_says_what_to_do(db: Database, selector: str) -> None:
    with pytest.raises(NoSuchEdition, match="sanctuary sources"):
        find_edition(db, LIST.id, selector)


def test_the_last_day_that_there_is_names_the_newest(db: Database) -> None:
    assert find_edition(db, LIST.id, "9999-12-31").id == last_editions(db, LIST.id, 1)[0].id


def test_the_last_editions_come_in_their_order(db: Database) -> None:
    assert [e.name for e in last_editions(db, REPORT.id, 2)] == [
        "2017-01-28..2017-02-03@2",
        "2017-02-04..2017-02-10@1",
    ]
    assert len(all_editions(db, REPORT.id)) == 3


@pytest.mark.parametrize("source", [LIST, REPORT])
def test_every_edition_has_a_selector_that_finds_it(db: Database, source: Source) -> None:
    load(db, LIST, "2025-06-03T23:59:59Z", reading([listing("C, Zembla")]))
    editions = all_editions(db, source.id)
    for edition_id, selector in selectors_of(editions).items():
        assert find_edition(db, source.id, selector).id == edition_id


def test_the_selector_of_a_list_outlives_what_is_loaded_later(db: Database) -> None:
    selector = find_edition(db, LIST.id, "#5").selector
    load(db, LIST, "2025-06-02T10:00:00Z", reading([listing("C, Zembla")]))
    load(db, LIST, "2025-06-02T20:00:00Z", reading([listing("B, Zembla")]))
    found = find_edition(db, LIST.id, selector)
    assert found.public_from == "2025-06-02T20:00:00Z"
    assert db.execute(
        "SELECT jurisdiction FROM listings WHERE reading_id = ?", [found.reading_id]
    ).fetchall() == [("B, Zembla",)]
