"""What a release left, today's version takes over: all of it, and the answers it gave."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest
from sqlite_utils import Database

from db.connection import open_database
from db.log import Wanted, logged
from db.migrations import STEPS, migrations
from db.verify import database_findings, snapshot
from sanctuary.sentences import sentence, window
from tests.db.released import RELEASED, put
from tests.db.released.make import dumped
from tests.site.serving import served

GONE = {"sources": {"listed_as"}}
"""Columns that m008 replaced by names of places."""
HASHED_OTHERWISE = {"03": {"rows"}}
"""Findings of releases that are known: see ``released/README.md``."""
OF_LAWS = "Law of Zembla"
PAGES = ("/", *(f"/tracker/-/{page}" for page in ("changes", "health", "report", "downloads")))
DERIVED_SINCE = {"listed_policies", "quotes"}
"""Tables whose rows follow from the names of places since m008: what writes next derives them."""


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every release's database, brought up to date, with a copy of what it was."""
    found = {}
    for name in RELEASED:
        folder = tmp_path_factory.mktemp(name)
        put(name, folder / "tracker.db")
        shutil.copy(folder / "tracker.db", folder / "old.db")
        open_database(folder / "tracker.db").close()
        found[name] = folder
    return found


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fresh") / "tracker.db"
    open_database(path).close()
    return path


def tables(db: sqlite3.Connection) -> dict[str, set[str]]:
    """Return the columns of every table of a database, without those that SQLite keeps itself."""
    found = defaultdict(set)
    for table, column in db.execute(
        """SELECT tables.name, columns.name FROM sqlite_master AS tables
        JOIN pragma_table_info(tables.name) AS columns
        WHERE tables.type = 'table' AND tables.name NOT LIKE '%_fts%'
        AND tables.name NOT LIKE 'sqlite_%' AND substr(tables.name, 1, 1) != '_'"""
    ):
        found[table].add(column)
    return found


def rows(db: sqlite3.Connection, table: str, columns: set[str]) -> Counter[tuple[object, ...]]:
    names = ", ".join(f"[{column}]" for column in sorted(columns))
    return Counter(db.execute(f"SELECT {names} FROM [{table}]").fetchall())


@pytest.mark.parametrize("name", RELEASED)
def test_every_row_of_a_release_is_there_with_its_values(
    folders: dict[str, Path], name: str
) -> None:
    with (
        closing(sqlite3.connect(folders[name] / "old.db")) as old,
        closing(sqlite3.connect(folders[name] / "tracker.db")) as new,
    ):
        today = tables(new)
        for table, columns in tables(old).items():
            if table not in DERIVED_SINCE:
                kept = columns - GONE.get(table, set())
                assert kept <= today[table], table
                assert rows(old, table, kept) <= rows(new, table, kept), table


@pytest.mark.parametrize("name", RELEASED)
def test_what_it_was_brought_to_is_the_schema_of_today(
    folders: dict[str, Path], fresh: Path, name: str
) -> None:
    views = "SELECT name FROM sqlite_master WHERE type IN ('view', 'trigger', 'index') ORDER BY 1"
    with (
        closing(sqlite3.connect(folders[name] / "tracker.db")) as brought,
        closing(sqlite3.connect(fresh)) as today,
    ):
        assert tables(brought) == tables(today)
        assert brought.execute(views).fetchall() == today.execute(views).fetchall()


@pytest.mark.parametrize("name", RELEASED)
def test_nothing_in_it_is_wrong(folders: dict[str, Path], name: str, tmp_path: Path) -> None:
    with snapshot(folders[name] / "tracker.db", tmp_path) as db:
        found = {finding.kind for finding in database_findings(db, lambda: None)}
    assert found == HASHED_OTHERWISE.get(name, set())


@pytest.mark.parametrize("name", RELEASED)
def test_the_same_documents_give_the_same_answers_whichever_release_took_them_in(
    folders: dict[str, Path], name: str
) -> None:
    said, newest = told(folders[name]), told(folders[max(RELEASED)])
    if name < "03":
        newest = {line for line in newest if OF_LAWS not in line}
    assert said == newest
    assert any("Removed from" in line for line in said)


@cache
def told(folder: Path) -> set[str]:
    with closing(open_database(folder / "tracker.db")) as db:
        return {
            f"{sentence(change)} {window(change)} {change.cause}"
            for change in logged(db, Wanted(cause="all"))
        }


@pytest.mark.parametrize("name", ["01", "06"])
def test_its_pages_open(folders: dict[str, Path], name: str) -> None:
    with served(folders[name] / "tracker.db") as site:
        assert {page: site.get(page).status_code for page in PAGES} == dict.fromkeys(PAGES, 200)


def test_there_is_one_for_the_step_before_the_newest() -> None:
    assert max(RELEASED) >= f"{len(STEPS) - 1:02}"


@pytest.mark.parametrize("name", ["01", "13"])
def test_as_it_was_before_it_stays_beside_it(
    folders: dict[str, Path], name: str, tmp_path: Path
) -> None:
    (copy,) = folders[name].glob("tracker.db.before-*")
    step = STEPS[int(name)].__name__
    assert copy.name == f"tracker.db.before-{step}"
    assert sorted(dumped(copy).splitlines()) == sorted(
        dumped(put(name, tmp_path / "again.db")).splitlines()
    )


def test_a_database_that_is_up_to_date_or_new_is_not_copied(tmp_path: Path) -> None:
    open_database(tmp_path / "tracker.db").close()
    open_database(tmp_path / "tracker.db").close()
    assert not list(tmp_path.glob("tracker.db.*"))


def test_where_there_is_no_room_for_the_copy_nothing_is_migrated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    path = put(min(RELEASED), tmp_path / "tracker.db")
    monkeypatch.setattr("db.connection.copy_database", full)
    with pytest.raises(Exception, match="make room"):
        open_database(path)
    with closing(Database(path)) as db:
        assert [step.name for step in migrations.applied(db)] == [STEPS[0].__name__]
