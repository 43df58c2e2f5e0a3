"""The database and the archive: whether they are ours, whole, and of this version."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from rich.filesize import decimal
from sqlite_utils import Database

from db.connection import is_older, open_read_only
from db.errors import CannotOpen, DamagedDatabase, NewerDatabase
from sanctuary.doctor.finding import Finding, broken, note, ok, warning
from sanctuary.wording import counted
from scraper.archive import Archive
from scraper.errors import ArchiveUnreachable, DamagedArchive

CHECK_SECONDS = 10.0
"""For SQLite's own check of a database."""
READ_SECONDS = 20.0
"""For reading documents of the archive."""
SAMPLE = 20
"""Documents that are read and hashed."""
LARGE_WAL = 256_000_000
"""Bytes: SQLite cuts it to nothing where no reader holds it, and slows down where it grows."""
_STEPS = 10_000
"""Of SQLite's machine, between two looks at the clock."""


def database(path: Path, seconds: float = CHECK_SECONDS) -> Iterator[Finding]:
    """Say how the database at ``path`` is; nothing is written."""
    if not path.exists():
        yield note("database", f"there is no {path} yet", "`sanctuary run` makes it")
        return
    try:
        db = open_read_only(path)
    except NewerDatabase as error:
        remedy = "install the newer version, or take the copy from before: docs/upgrade.md"
        yield broken("database", str(error), remedy)
        return
    except DamagedDatabase as error:
        yield broken("database", f"{path}: {error.reason}", "`sanctuary restore` a backup")
        return
    except CannotOpen as error:
        yield broken("database", f"{path}: {error.reason}", "check its rights and the room there")
        return
    try:
        if is_older(db):
            said = f"{path} was written by an earlier version"
            remedy = "`sanctuary backup FOLDER`, then `sanctuary run` brings it up to date"
            yield note("database", said, remedy)
        else:
            yield ok("database", f"{path}, {decimal(path.stat().st_size)}, of this version")
        yield _checked(db, seconds)
        yield from _wal(db, path)
    finally:
        db.close()


def _checked(db: Database, seconds: float) -> Finding:
    said = quick_check(db.conn, seconds)
    if said is None:
        remaining = f"SQLite's check found nothing in {seconds:g} s, and did not come to its end"
        return note("database", remaining, "`sanctuary verify` checks all, however long it takes")
    if said != "ok":
        return broken(
            "database", f"SQLite finds it damaged: {said}", "`sanctuary restore` a backup"
        )
    return ok("database", "SQLite's check finds no damage")


def quick_check(connection: sqlite3.Connection, seconds: float) -> str | None:
    """Return what ``PRAGMA quick_check`` says first, None if it took longer than ``seconds``."""
    until = time.monotonic() + seconds
    connection.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
    try:
        return str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.OperationalError as error:
        if "interrupted" in str(error):
            return None
        return str(error)
    except sqlite3.DatabaseError as error:
        return str(error)
    finally:
        connection.set_progress_handler(None, _STEPS)


def _wal(db: Database, path: Path) -> Iterator[Finding]:
    mode = db.execute("PRAGMA journal_mode").fetchone()[0]
    if mode != "wal":
        said = f"its journal is {mode} and not wal, so that a site cannot be read during a run"
        yield warning("database", said, "the next `sanctuary run` sets it")
    wal = path.with_name(f"{path.name}-wal")
    size = wal.stat().st_size if wal.exists() else 0
    if size > LARGE_WAL:
        said = f"{wal.name} has grown to {decimal(size)}: somebody has been reading for long"
        yield warning("database", said, "restart `sanctuary serve`, then `sanctuary run`")


def documents_to_read(db: Database, most: int = SAMPLE) -> list[str]:
    """Return the hashes of the newest document and of some others; none that is withheld."""
    kept = "sha256 NOT IN (SELECT document_sha256 FROM withheld_documents)"
    rows = db.execute(
        f"""SELECT * FROM (SELECT sha256 FROM documents WHERE {kept}
            ORDER BY archived_at DESC, sha256 LIMIT 1)
        UNION SELECT * FROM (SELECT sha256 FROM documents WHERE {kept}
            ORDER BY random() LIMIT ?)""",
        [most - 1],
    )
    return [row[0] for row in rows.fetchall()]


def newest_moment(db: Database) -> str | None:
    """Return when the history last recorded something (ISO 8601 in UTC), None for nothing."""
    moments = db.execute(
        """SELECT (SELECT max(recorded_at) FROM captures), (SELECT max(recorded_at) FROM readings),
            (SELECT max(started_at) FROM runs)"""
    ).fetchone()
    return max(filter(None, moments), default=None)


def archive(
    kept: Archive, wanted: Iterable[str], clock: Callable[[], float] = time.monotonic
) -> Finding:
    """Say whether the documents of these hashes are in the archive, and are what they were.

    None is begun after ``READ_SECONDS`` of ``clock``.
    """
    check, until, read = "archive", clock() + READ_SECONDS, 0
    try:
        for sha256 in wanted:
            if clock() > until:
                break
            kept.get(sha256)
            read += 1
    except DamagedArchive as error:
        said = f"document {error.sha256[:12]}: {error.reason}"
        remedy = "`sanctuary verify` says what else; restore it from a copy (`sanctuary restore`)"
        return broken(check, said, remedy)
    except ArchiveUnreachable as error:
        said = f"{error.address} cannot be reached ({error.reason})"
        return broken(check, said, "check the network, the login and the extra `remote`")
    if not read:
        return ok(check, f"{kept.address}; no document is kept yet")
    return ok(check, f"{kept.address}; {counted(read, 'document')} read, and as recorded")


def archive_place(address: str, wanted: str | None) -> Iterator[Finding]:
    """Say if the documents are at another address than the settings want."""
    if wanted is not None and wanted != address:
        said = f"the documents are at {address}, and settings.archive says {wanted}"
        yield broken("archive", said, "`sanctuary archive --move`, or mend the setting")
