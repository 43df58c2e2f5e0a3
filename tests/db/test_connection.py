"""The one database: made, opened again, and never mistaken for another."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from db.connection import open_database, open_read_only
from db.errors import CannotOpen, DamagedDatabase, NewerDatabase
from db.migrations import APPLICATION_ID, migrations, second


def test_a_new_database_is_in_wal_mode_with_foreign_keys(tmp_path: Path) -> None:
    db = open_database(tmp_path / "tracker.db")
    assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert db.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    with pytest.raises(sqlite3.IntegrityError):
        db.execute("INSERT INTO sightings VALUES (1, 2, 3)")


def test_every_foreign_key_has_an_index(tmp_path: Path) -> None:
    db = open_database(tmp_path / "tracker.db")
    for table in db.table_names():
        leading = {
            next(iter(columns), None)
            for columns in [index.columns for index in db.table(table).indexes]
        }
        leading |= set(db.table(table).pks[:1])
        # A document and a source are asked for with more than their own column.
        missing = {key.column for key in db.table(table).foreign_keys} - leading
        assert missing <= {"source_id"}, table


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    schema = open_database(path).schema
    assert open_database(path).schema == schema


def test_a_read_only_connection_cannot_write(tmp_path: Path) -> None:
    open_database(tmp_path / "tracker.db").close()
    db = open_read_only(tmp_path / "tracker.db")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        db.execute("DELETE FROM sources")


@pytest.mark.parametrize("opened", [open_database, open_read_only])
def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, opened: object) -> None:
    path = tmp_path / "tracker.db"
    path.write_bytes(b"not a database at all, but longer than a header of sixteen bytes" * 20)
    before = path.read_bytes()
    with pytest.raises(DamagedDatabase, match="restore a copy"):
        opened(path)  # type: ignore[operator]
    assert path.read_bytes() == before


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE things (id)")
    other.close()
    with pytest.raises(DamagedDatabase, match="not a database of this tool"):
        open_database(path)
    with sqlite3.connect(path) as again:
        tables = again.execute("SELECT name FROM sqlite_master").fetchall()
    again.close()
    assert tables == [("things",)]


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    db = open_database(path)
    db.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)",
        ["sanctuary-tracker", "m999_later", "2030-01-01"],
    )
    db.close()
    with pytest.raises(NewerDatabase, match="m999_later"):
        open_database(path)


def of_the_first_release(path: Path) -> None:
    """Write a database as the first release left it, with one capture."""
    db = Database(path)
    db.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    migrations.apply(db, stop_before="m002_fetching_on_a_schedule")
    db.execute(
        """INSERT INTO sources (id, title, publisher, address_seen, lifecycle, parser, editions,
            confirm_after_seconds, why)
        VALUES ('s', 's', 's', 1, 'active', 'p', 'content', 1, 's')"""
    )
    db.execute(
        """INSERT INTO captures (source_id, role, captured_at, recorded_at, proof, verdict)
        VALUES ('s', 'document', '2025-06-01T10:00:00Z', '2025-06-01T10:00:00Z', 'own', 'gone')"""
    )
    db.conn.commit()
    db.close()


def test_a_database_of_the_first_release_is_brought_up_to_date(tmp_path: Path) -> None:
    of_the_first_release(tmp_path / "tracker.db")
    db = open_database(tmp_path / "tracker.db")
    assert db.execute("SELECT verdict, doubted, transport FROM captures").fetchall() == [
        ("gone", 0, None)
    ]
    fresh = open_database(tmp_path / "fresh.db")
    assert {t: db.table(t).columns_dict for t in db.table_names()} == {
        t: fresh.table(t).columns_dict for t in fresh.table_names()
    }


def test_captures_and_what_refers_to_them_outlive_that_a_capture_can_be_of_a_part(
    tmp_path: Path,
) -> None:
    of_the_first_release(tmp_path / "tracker.db")
    with sqlite3.connect(tmp_path / "tracker.db") as old:
        insert = """INSERT INTO captures (source_id, role, captured_at, recorded_at, proof, verdict,
            found_in) VALUES ('s', ?, '2025', '2025', 'own', 'document', ?)"""
        old.execute(insert, ["document", 1])
        before = old.execute("SELECT * FROM captures").fetchall()
        with pytest.raises(sqlite3.IntegrityError):
            old.execute(insert, ["part", None])
    old.close()
    db = open_database(tmp_path / "tracker.db")
    assert [row[: len(before[0])] for row in db.execute("SELECT * FROM captures")] == before
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    db.execute(insert, ["part", 2])
    with pytest.raises(sqlite3.IntegrityError):
        db.execute(insert, ["whole", None])
    fresh = open_database(tmp_path / "fresh.db")
    assert db.table("captures").indexes == fresh.table("captures").indexes


def test_a_step_that_dies_half_way_leaves_nothing_and_is_taken_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_the_first_release(tmp_path / "tracker.db")
    with monkeypatch.context() as patched:
        patched.setattr(second, "_TABLES", (*second._TABLES[:2], "CREATE TABLE 1"))
        with pytest.raises(CannotOpen):
            open_database(tmp_path / "tracker.db")
    db = open_database(tmp_path / "tracker.db")
    assert db.execute("SELECT count(*) FROM captures").fetchone() == (1,)


def test_what_is_denied_beside_the_file_is_no_damage_to_it(tmp_path: Path) -> None:
    open_database(tmp_path / "tracker.db").close()
    (tmp_path / "tracker.db-wal").mkdir()
    with pytest.raises(CannotOpen, match="check the rights"):
        open_read_only(tmp_path / "tracker.db")
