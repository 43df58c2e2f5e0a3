"""``sanctuary doctor`` on the machine, the data directory and the history in it."""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
from datetime import date
from pathlib import Path

import pytest
from filelock import FileLock

from db.connection import open_database
from db.withholding import Order, withhold_document
from sanctuary.doctor import folder, history, machine
from sanctuary.doctor.machine import Mount
from sanctuary.writer import Writer, note_writer, this_process
from scraper.archive import Archive
from tests.db.history import LIST, listing, load, new_database, reading
from tests.sanctuary.findings import state, states

NOW = "2026-11-02T12:00:00Z"
TODAY = date(2026, 11, 2)


# The machine


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("ext4", "ok"),
        ("overlay", "ok"),
        ("fuse.fuse-overlayfs", "ok"),
        ("nfs4", "broken"),
        ("cifs", "broken"),
        ("9p", "broken"),
        ("fuse.sshfs", "broken"),
        ("fuse.rclone", "broken"),
        ("tmpfs", "warning"),
    ],
)
def test_a_database_does_not_belong_on_a_network_file_system(kind: str, found: str) -> None:
    mounted = [Mount("/", "xfs"), Mount("/mnt", kind), Mount("/mnt/other", "xfs")]
    assert state(machine.file_system(Path("/mnt/zembla/data"), mounted)) == found
    assert state(machine.file_system(Path("/mnt/other/data"), mounted)) == "ok"
    assert state(machine.file_system(Path("/mntx"), mounted)) == "ok", "a name that begins alike"


def test_of_two_file_systems_at_one_point_the_later_counts() -> None:
    mounted = [Mount("/mnt", "ext4"), Mount("/mnt", "nfs")]
    assert state(machine.file_system(Path("/mnt/data"), mounted)) == "broken"


def test_a_folder_is_looked_at_where_its_link_leads(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "here").symlink_to(tmp_path / "there")
    mounted = [Mount("/", "ext4"), Mount(str(tmp_path / "there"), "nfs")]
    assert state(machine.file_system(tmp_path / "here" / "data", mounted)) == "broken"


@pytest.mark.parametrize(
    ("free", "full_on", "found"),
    [
        (50_000_000_000, None, "ok"),
        (50_000_000_000, "2027-06-01", "ok"),
        (50_000_000_000, "2026-11-20", "warning"),
        (900_000_000, None, "warning"),
        (90_000_000, None, "broken"),
    ],
)
def test_a_disk_that_is_full_or_soon_will_be(free: int, full_on: str | None, found: str) -> None:
    assert state(machine.disk(free, full_on, TODAY)) == found


@pytest.mark.parametrize(
    ("newest", "ahead", "found"),
    [
        (None, [], "ok"),
        ("2026-11-02T12:00:30Z", [], "ok"),
        ("2026-11-03T12:00:00Z", [], "broken"),
        ("2026-11-02T11:00:00Z", [-1.0, 2.0, 0.0], "ok"),
        ("2026-11-02T11:00:00Z", [-1.0, 2.0, 9000.0], "ok"),
        ("2026-11-02T11:00:00Z", [90.0, 91.0, 92.0], "warning"),
        ("2026-11-02T11:00:00Z", [-9000.0, -9001.0], "broken"),
    ],
)
def test_a_clock_that_was_set_back_or_is_off(
    newest: str | None, ahead: list[float], found: str
) -> None:
    assert state(machine.clock(NOW, newest, ahead)) == found


def test_the_data_of_time_zones_may_be_missing() -> None:
    assert state(machine.zones(["America/New_York", "UTC"])) == "ok"
    assert state(machine.zones(["Zembla/Onhava"])) == "broken"


# The data directory


def test_a_folder_that_can_be_written_to_or_made(tmp_path: Path) -> None:
    assert state(folder.rights(tmp_path)) == "ok"
    assert list(tmp_path.iterdir()) == [], "nothing stays of the try"
    assert state(folder.rights(tmp_path / "not" / "yet")) == "note"


def test_a_folder_that_cannot_be_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"")
    assert state(folder.rights(file)) == "broken"
    # Who runs the tests may be root, to whom nothing is denied.
    monkeypatch.setattr(os, "access", lambda path, mode: not str(path).endswith("-wal"))
    (tmp_path / "tracker.db-wal").write_bytes(b"")
    found = folder.rights(tmp_path)
    assert (state(found), "tracker.db-wal" in found.said) == ("broken", True)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert state(folder.rights(tmp_path / "not" / "yet")) == "broken"


@pytest.mark.parametrize(
    ("number", "remedy"), [(errno.ENOSPC, "make room"), (errno.EROFS, "mount"), (13, "chown")]
)
def test_a_disk_that_is_full_or_read_only_wants_no_other_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, remedy: str
) -> None:
    def fails(dir: Path) -> None:
        raise OSError(number, os.strerror(number), str(dir))

    monkeypatch.setattr(tempfile, "TemporaryFile", fails)
    found = folder.rights(tmp_path)
    assert (state(found), remedy in found.remedy) == ("broken", True)
    assert ("chown" in found.remedy) == (remedy == "chown")


def test_who_holds_the_lock_is_named(tmp_path: Path) -> None:
    assert folder.lock(tmp_path, NOW).said == "nobody writes"
    note_writer(tmp_path / ".lock.json", this_process(NOW))
    (tmp_path / ".lock").touch()
    assert state(folder.lock(tmp_path, NOW)) == "note", "a command that was killed"
    with FileLock(tmp_path / ".lock"):
        found = folder.lock(tmp_path, NOW)
    assert (state(found), f"process {os.getpid()}" in found.said) == ("ok", True)
    assert not folder.is_held(tmp_path / ".lock")


def test_a_lock_that_is_held_for_half_a_day_may_be_of_one_that_hangs() -> None:
    who = Writer(7, 0.0, "sanctuary run", "2026-11-01T12:00:00Z", "onhava")
    found = folder.held_by(who, NOW)
    assert (state(found), "kill 7" in found.remedy) == ("warning", True)
    assert state(folder.held_by(None, NOW)) == "ok"


# The history


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a database with nothing in it."""
    path = tmp_path_factory.mktemp("made") / "tracker.db"
    open_database(path).close()
    return path


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    path = tmp_path / "tracker.db"
    path.write_bytes(made.read_bytes())
    return path


def test_a_database_of_this_version_that_is_whole(copy: Path, tmp_path: Path) -> None:
    assert states(history.database(copy)) == ["ok", "ok"]
    assert states(history.database(tmp_path / "no.db")) == ["note"]


def test_a_database_of_another_version(copy: Path) -> None:
    with sqlite3.connect(copy) as db:
        db.execute("DELETE FROM _sqlite_migrations WHERE rowid > 3")
    older = list(history.database(copy))
    assert (state(older[0]), "backup" in older[0].remedy) == ("note", True)
    with sqlite3.connect(copy) as db:
        db.execute("UPDATE _sqlite_migrations SET name = 'm999' WHERE rowid = 1")
    (newer,) = history.database(copy)
    assert (state(newer), "newer version" in newer.said) == ("broken", True)
    assert "docs/upgrade.md" in newer.remedy  # how depends on how it was installed


def test_a_database_that_is_damaged_or_none_of_ours(copy: Path, tmp_path: Path) -> None:
    data = bytearray(copy.read_bytes())
    data[8192:200_000] = b"x" * (200_000 - 8192)
    copy.write_bytes(data)
    assert states(history.database(copy))[-1] == "broken"
    other = tmp_path / "other.db"
    other.write_bytes(b"no database at all" * 100)
    assert states(history.database(other)) == ["broken"]


def test_a_check_that_takes_too_long_is_left(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_STEPS", 1)
    assert states(history.database(copy, seconds=-1.0)) == ["ok", "note"]


def test_a_journal_that_keeps_readers_out(copy: Path) -> None:
    with sqlite3.connect(copy) as db:
        db.execute("PRAGMA journal_mode = DELETE")
    db.close()
    assert states(history.database(copy)) == ["ok", "ok", "warning"]


def test_a_journal_that_grows(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "LARGE_WAL", 0)
    with sqlite3.connect(copy) as db:
        db.execute("UPDATE runs SET command = ''")
        db.execute("CREATE TABLE something (id)")
        db.commit()
        assert states(history.database(copy))[-1] == "warning"
    db.close()


def test_documents_of_the_archive_are_read(tmp_path: Path) -> None:
    kept = Archive.at(tmp_path / "archive")
    assert state(history.archive(kept, [])) == "ok"
    sha256 = kept.put(b"SPECIMEN of a list")
    assert "1 document read" in history.archive(kept, [sha256]).said
    missing = history.archive(kept, [sha256, "0" * 64])
    assert (state(missing), "document 000000000000" in missing.said) == ("broken", True)


def test_a_document_that_is_withheld_is_not_missed(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    kept, withheld = (
        load(db, LIST, f"2025-06-0{day}T10:00:00Z", reading([listing(date=f"2017-0{day}")]))
        for day in (1, 2)
    )
    withhold_document(db, withheld.document_sha256, Order("By order.", "Ida"), NOW)
    assert history.documents_to_read(db) == [kept.document_sha256]


def test_an_archive_that_is_slow_is_not_read_to_the_end(tmp_path: Path) -> None:
    kept = Archive.at(tmp_path / "archive")
    moments = iter([0.0, 1.0, 100.0])
    wanted = [kept.put(b"SPECIMEN one"), "0" * 64]
    assert state(history.archive(kept, wanted, lambda: next(moments))) == "ok"


def test_an_archive_that_is_not_where_the_settings_say() -> None:
    assert list(history.archive_place("/a", None)) == list(history.archive_place("/a", "/a")) == []
    assert states(history.archive_place("/a", "s3://bucket/b")) == ["broken"]
