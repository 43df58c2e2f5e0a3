"""A history that a newer version wrote: refused at every door, and left as it is."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from db.connection import open_database
from tests.sanctuary.commands import WEEK_1, Commands
from tests.site.serving import served

DOORS = (
    ("status",),
    ("log",),
    ("verify",),
    ("serve", "--port", "0"),
    ("import", WEEK_1, "--source", "specimen-ddor"),
    ("run",),
    ("replay",),
    ("backup", "copy"),
)


@pytest.fixture
def newer(sanctuary: Commands, monkeypatch: pytest.MonkeyPatch) -> Commands:
    sanctuary.data_dir.mkdir()
    with closing(open_database(sanctuary.data_dir / "tracker.db")) as db:
        mark_as_newer(db)
    monkeypatch.chdir(sanctuary.data_dir.parent)
    return sanctuary


def mark_as_newer(db: Database) -> None:
    db.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)",
        ["sanctuary-tracker", "m999_later", "2030-01-01"],
    )


@pytest.mark.parametrize("words", DOORS, ids=lambda words: words[0])
def test_a_command_says_so_in_a_line_and_writes_nothing(
    newer: Commands, words: tuple[object, ...]
) -> None:
    before = newer.dump()
    answer = newer(*words)
    assert answer.code == 1
    assert answer.err.count("\n") == 1
    assert "a newer version (it has m999_later); update sanctuary-tracker" in answer.err
    assert newer.dump() == before


def test_the_site_says_so_and_shows_the_tables(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "tracker.db")) as db:
        mark_as_newer(db)
    with served(tmp_path / "tracker.db") as site:
        answer = site.get("/tracker/-/health")
        assert answer.status_code == 503
        assert "written by a newer version" in answer.text
        assert site.get("/tracker/sources").status_code == 200
