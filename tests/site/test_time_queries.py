"""The queries on the three clocks answer as the functions do that the command line asks."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from sqlite_utils import Database

from db.observations import KnownEdition, known_editions, observations
from db.rows import load_rows
from db.sources import Source, save_source
from db.states import states_on, timeline_of
from parsers.records import Listing
from sanctuary.shipped import shipped
from tests.db.history import LIST, REPORT, new_database
from tests.db.test_observations import (
    DAYS,
    PLACES,
    Operation,
    do,
    known,
    operations,
    recorded,
    resolve_all,
)

QUERIES = yaml.safe_load(shipped("metadata.yml").read_text())["databases"]["tracker"]["queries"]
SOURCES = (LIST, REPORT)


def ask(db: Database, query: str, **params: str) -> list[dict[str, Any]]:
    """Answer a query as Datasette does: what is not given is empty."""
    given_all = {name: params.get(name, "") for name in QUERIES[query]["params"]}
    return list(db.query(QUERIES[query]["sql"], given_all))


def names(db: Database, edition: KnownEdition | None) -> list[str]:
    reading_id = edition.reading_id if edition else 0
    return [row.jurisdiction for row in load_rows(db, reading_id, Listing)]  # type: ignore[attr-defined]


def check(db: Database, source: Source, done: int) -> None:
    """Compare each query with what Python says of a source on many days."""
    timeline = timeline_of(db, source.id)
    for day in DAYS[::4]:
        edition = timeline.edition_on(day)
        rows = ask(db, "listings_on_day", source=source.id, day=day)
        assert [row["jurisdiction"] for row in rows] == names(db, edition)
        assert {row["state"] for row in rows} <= {str(timeline.list_state_on(day))}
    for known_on in (recorded(0)[:10], recorded(done // 2)[:10], recorded(done)[:10]):
        at_the_time = timeline_of(db, source.id, known_on)
        for day in (DAYS[3], DAYS[15], ""):
            edition = at_the_time.edition_on(day or "2099-01-01")
            rows = ask(db, "listings_as_known", source=source.id, known=known_on, day=day)
            assert [row["jurisdiction"] for row in rows] == names(db, edition)
    if source is REPORT:
        editions = known_editions(source, observations(db, source.id))
        for day in ("2017-01-30", "2017-02-05", "2017-03-01"):
            of_week = [
                each for each in editions if str(each.period_start) <= day <= str(each.period_end)
            ]
            rows = ask(db, "listings_for_week", source=source.id, day=day)
            assert [row["jurisdiction"] for row in rows] == names(
                db, of_week[-1] if of_week else None
            )
    else:
        rows = ask(db, "listings_for_week", source=source.id, day=DAYS[9])
        edition = timeline.edition_on(DAYS[9])
        assert [row["jurisdiction"] for row in rows] == names(db, edition)


@pytest.mark.parametrize(
    "like",
    [
        {},
        {"lifecycle": "ended"},
        {"partial": True, "ended_on": "2017-03-11"},
    ],
    ids=["active", "ended", "partial"],
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(operations)
@example(
    [
        ("load", 1, 0, 0, 0),
        ("load", 30, 0, 1, 0),
        ("gone", 40, 0, 0, 0),
        ("gone", 60, 0, 0, 0),
        ("gone", 70, 0, 1, 0),
        ("gone", 90, 0, 1, 0),
    ]
)
@example(
    [
        ("load", 1, 0, 0, 1),
        ("load", 2, 2, 0, 1),
        ("load", 30, 0, 1, 1),
        ("gone", 40, 0, 0, 1),
        ("gone", 60, 0, 0, 1),
        ("gone", 70, 0, 1, 1),
        ("gone", 90, 0, 1, 1),
    ]
)
def test_sql_and_python_say_the_same(like: dict[str, Any], done: list[Operation]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        db = known(new_database(Path(folder)))
        for source in SOURCES:
            save_source(db, replace(source, **like))
        for number, operation in enumerate(done):
            do(db, operation, recorded(number))
        resolve_all(db)
        for source in SOURCES:
            check(db, source, len(done))
        for day in DAYS[::2]:
            said = {
                (row["source_id"], row["jurisdiction_id"]): row["state"]
                for place in PLACES.values()
                for row in ask(db, "place_on_day", place=place, day=day)
            }
            for each in states_on(db, day):
                assert said[each.source_id, each.jurisdiction_id] == str(each.state), day
        db.conn.close()


@pytest.fixture
def db(tmp_path: Path) -> Database:
    db = known(new_database(tmp_path))
    do(db, ("load", 1, 1, 0, 0), recorded(0))
    resolve_all(db)
    return db


def test_a_place_is_found_by_its_id_or_by_a_name_as_printed(db: Database) -> None:
    by_id = ask(db, "place_on_day", place="zz/shade", day="2017-03-01")
    assert [(row["list"], row["state"]) for row in by_id] == [("List of Zembla", "listed")]
    assert ask(db, "place_on_day", place="Shade, Zembla", day="2017-03-01") == by_id
    assert ask(db, "place_on_day", place="Shade", day="2017-03-01") == []


def test_a_day_that_is_none_has_no_answer(db: Database) -> None:
    assert ask(db, "place_on_day", place="zz/shade", day="June") == []
    assert ask(db, "listings_on_day", source=LIST.id, day="June") == []
    assert ask(db, "listings_as_known", source=LIST.id, known="June") == []
    assert ask(db, "listings_for_week", source=LIST.id, day="June") == []


def test_names_that_may_be_the_place_are_counted(db: Database) -> None:
    db.execute(
        """UPDATE jurisdiction_names SET jurisdiction_id = NULL, status = 'unresolved',
            candidates = '["zz/shade"]' WHERE printed = 'Shade, Zembla'"""
    )
    row = ask(db, "place_on_day", place="zz/shade", day="2017-03-01")[0]
    assert (row["state"], row["unresolved_names"]) == ("not listed", 1)
