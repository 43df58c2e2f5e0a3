"""The setting on rows about individuals travels with the database."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.settings import (
    INDIVIDUAL_ROWS,
    Serving,
    individual_rows,
    save_individual_rows,
    save_serving,
    serving,
)
from tests.db.history import new_database


def test_rows_are_full_where_nothing_was_said(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    assert individual_rows(db) == "full"
    db.close()


@pytest.mark.parametrize("value", INDIVIDUAL_ROWS)
def test_what_was_said_is_kept(tmp_path: Path, value: str) -> None:
    db = new_database(tmp_path)
    save_individual_rows(db, value)
    assert individual_rows(db) == value
    db.close()


def test_only_a_change_makes_servers_prepare_their_statements_anew(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    versions = []
    for value in ("full", "counts", "counts"):
        save_individual_rows(db, value)
        versions.append(db.execute("PRAGMA schema_version").fetchone()[0])
    assert versions[0] < versions[1] == versions[2]
    assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    db.close()


def test_a_word_that_is_not_known_shows_nothing(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    db.table("settings").insert({"key": "individual_rows", "value": "some"})
    assert individual_rows(db) == "off"
    db.close()


def test_sql_of_visitors_is_open_where_nothing_was_said(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    assert serving(db) == Serving("full", "on")
    save_serving(db, serving(db))
    assert db.table("settings").count_where("key = 'sql'") == 0
    db.close()


def test_what_a_sources_file_says_of_serving_is_kept(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    for wanted in (Serving("counts", "off"), Serving("full", "on")):
        save_serving(db, wanted)
        assert serving(db) == wanted
    db.close()


def test_a_word_that_is_not_known_closes_sql(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    db.table("settings").insert({"key": "sql", "value": "some"})
    assert serving(db).sql == "off"
    db.close()
