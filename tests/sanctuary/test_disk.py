"""What the history takes, how fast it grows, and when the disk is full."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlite_utils import Database

from db.captures import Capture, Document, record_capture
from db.sources import save_source
from sanctuary.disk import Grown, disk, full_on, growth
from sanctuary.workspace import Workspace
from tests.db.history import LIST, REPORT

NOW = "2026-06-30T00:00:00Z"
TODAY = date(2026, 6, 30)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


@pytest.fixture
def db(workspace: Workspace) -> Iterator[Database]:
    with workspace.writing() as db:
        save_source(db, LIST)
        save_source(db, REPORT)
        yield db


def archived(db: Database, workspace: Workspace, source: str, data: bytes, at: str) -> str:
    sha256 = workspace.archive.put(data)
    capture = Capture(source, "document", None, at, "own", "document", document_sha256=sha256)
    record_capture(db, capture, Document(sha256, len(data), None, None), None, at)
    return sha256


def test_growth_is_that_of_thirty_days_and_of_the_source_that_brought_it(
    db: Database, workspace: Workspace
) -> None:
    archived(db, workspace, LIST.id, b"too long ago", "2026-05-30T00:00:00Z")
    alike = b"all alike " * 1000
    both = archived(db, workspace, LIST.id, alike, "2026-06-10T00:00:00Z")
    archived(db, workspace, REPORT.id, alike, "2026-06-11T00:00:00Z")
    grown = growth(db, workspace, NOW)
    assert grown == {LIST.id: Grown(1, len(alike), workspace.archive.stored_sizes([both])[both])}
    assert 0 < grown[LIST.id].bytes_stored < len(alike)


def test_a_document_that_is_lost_takes_no_room(db: Database, workspace: Workspace) -> None:
    lost = archived(db, workspace, LIST.id, b"lost", "2026-06-10T00:00:00Z")
    Path(workspace.archive.place_of(lost)).unlink()
    assert growth(db, workspace, NOW) == {LIST.id: Grown(1, 4, 0)}


def test_the_pace_is_that_of_the_days_there_were(db: Database, workspace: Workspace) -> None:
    archived(db, workspace, LIST.id, b"one", "2026-06-20T00:00:00Z")
    found = disk(db, workspace, {LIST.id: Grown(1, 3, 5000)}, NOW)
    assert found.bytes_a_day == 500
    archived(db, workspace, LIST.id, b"two", "2020-01-01T00:00:00Z")
    found = disk(db, workspace, {LIST.id: Grown(1, 3, 6000)}, NOW)
    assert found.bytes_a_day == 200
    assert found.database_bytes == workspace.database.stat().st_size
    assert found.archive_bytes > 0
    assert found.free_bytes > 0


def test_an_empty_history_has_no_pace(db: Database, workspace: Workspace) -> None:
    found = disk(db, workspace, growth(db, workspace, NOW), NOW)
    assert (found.bytes_a_day, found.full_on, found.archive_bytes) == (0, None, 0)


def test_the_wal_counts_by_itself(db: Database, workspace: Workspace) -> None:
    wal = workspace.database.with_name("tracker.db-wal")
    assert disk(db, workspace, {}, NOW).wal_bytes == wal.stat().st_size > 0


@pytest.mark.parametrize(
    ("free", "a_day", "expected"),
    [
        (1000, 100, "2026-07-10"),
        (50, 100, "2026-06-30"),
        (0, 1, "2026-06-30"),
        (3652, 1, "2036-06-29"),
        (3653, 1, None),
        (10**15, 1, None),
        (1000, 0, None),
    ],
)
def test_the_day_on_which_the_disk_is_full(free: int, a_day: float, expected: str | None) -> None:
    assert full_on(free, a_day, TODAY) == expected
