"""What the history takes of the disk, how fast it grows, and on which day the disk is full."""

from __future__ import annotations

import shutil
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlite_utils import Database

from sanctuary.clock import in_utc
from sanctuary.workspace import Workspace
from scraper.errors import ArchiveUnreachable

WINDOW = timedelta(days=30)
"""Over which growth is measured; over the age of the archive if that is less."""
FAR_OFF = timedelta(days=3653)
"""Later than that no day is named: ten years."""


@dataclass(frozen=True)
class Grown:
    """What came into the archive in the last thirty days."""

    documents: int = 0
    bytes: int = 0
    """As they were published."""
    bytes_stored: int = 0
    """As the archive keeps them."""


@dataclass(frozen=True)
class Disk:
    """What the history takes, in bytes, and for how long there is room."""

    archive_bytes: int | None
    """Wherever it is; None if it cannot be reached."""
    database_bytes: int
    wal_bytes: int
    free_bytes: int
    bytes_a_day: int
    """By which the disk of the database fills each day: what was archived, unless that goes to
    another disk or elsewhere, and the database in the same measure."""
    full_on: str | None
    """The day on which the disk is full at that pace; None if that is ten years off or more."""


def growth(db: Database, workspace: Workspace, now: str) -> dict[str, Grown]:
    """Return by source what was archived in the thirty days before ``now``.

    A document of several sources is counted for the one that brought it first. One that is lost,
    or an archive that cannot be reached, takes nothing.
    """
    new = list(
        db.query(
            """SELECT sha256, size, (SELECT source_id FROM captures
            WHERE document_sha256 = sha256 ORDER BY id LIMIT 1) AS source_id
        FROM documents WHERE archived_at > ?""",
            [in_utc(datetime.fromisoformat(now) - WINDOW)],
        )
    )
    stored: dict[str, int] = {}
    with suppress(ArchiveUnreachable):
        stored = workspace.archive.stored_sizes(row["sha256"] for row in new)
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in new:
        found[row["source_id"]].append((row["size"], stored.get(row["sha256"], 0)))
    return {
        source_id: Grown(len(sizes), sum(s for s, _ in sizes), sum(s for _, s in sizes))
        for source_id, sizes in found.items()
    }


def disk(db: Database, workspace: Workspace, grown: dict[str, Grown], now: str) -> Disk:
    """Return what the history takes at ``now`` and how long the room lasts.

    How much of the database is new is not known: it is taken to grow as its readings do.
    """
    database = workspace.database.stat().st_size
    wal = workspace.database.with_name(f"{workspace.database.name}-wal")
    free = shutil.disk_usage(workspace.folder).free
    moment = datetime.fromisoformat(now)
    new = database * _new_readings(db, moment)
    if _on_one_disk(workspace):
        new += sum(each.bytes_stored for each in grown.values())
    pace = new / _days(db, moment)
    return Disk(
        archive_bytes=_archive_bytes(workspace),
        database_bytes=database,
        wal_bytes=wal.stat().st_size if wal.exists() else 0,
        free_bytes=free,
        bytes_a_day=round(pace),
        full_on=full_on(free, pace, moment.date()),
    )


def full_on(free: int, bytes_a_day: float, today: date) -> str | None:
    """Return the day on which ``free`` bytes are used up; None if it is ten years off or more."""
    if bytes_a_day * FAR_OFF.days <= free:
        return None
    return (today + timedelta(days=free / bytes_a_day)).isoformat()


def _archive_bytes(workspace: Workspace) -> int | None:
    try:
        return workspace.archive.size()
    except ArchiveUnreachable:
        return None


def _on_one_disk(workspace: Workspace) -> bool:
    """Say whether what is archived takes room where the database is."""
    folder = workspace.archive.folder
    if folder is None or not folder.exists():
        return False
    return folder.stat().st_dev == workspace.folder.stat().st_dev


def _new_readings(db: Database, now: datetime) -> float:
    """Return the share of all readings that the last thirty days brought."""
    share = db.execute(
        "SELECT avg(recorded_at > ?) FROM readings", [in_utc(now - WINDOW)]
    ).fetchone()[0]
    return float(share or 0)


def _days(db: Database, now: datetime) -> float:
    """Return over how many days growth was measured: thirty, or the archive's age; at least one."""
    began = db.execute("SELECT min(archived_at) FROM documents").fetchone()[0]
    age = now - datetime.fromisoformat(began) if began else timedelta(0)
    return max(min(age, WINDOW) / timedelta(days=1), 1.0)
