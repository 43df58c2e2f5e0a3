"""Opening the one database: in WAL mode, with foreign keys, under today's schema."""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path

from sqlite_utils import Database

from db.copying import copy_database, put_in_place
from db.errors import CannotOpen, DamagedDatabase, NewerDatabase
from db.migrations import APPLICATION_ID, MIGRATION_NAMES, migrations

BUSY_TIMEOUT_MS = 10_000
_log = logging.getLogger(__name__)


def open_database(path: Path) -> Database:
    """Open the tracker's database at ``path`` for writing, made or migrated where needed.

    Before it is migrated, a copy of it is put beside it: ``tracker.db.before-`` and the name of the
    first step that it lacks. Raises DamagedDatabase for a file that is not such a database,
    NewerDatabase for one that a later version has migrated, CannotOpen where the disk is full or
    denies it.
    """
    existed = path.exists() and path.stat().st_size > 0
    try:
        # A run has threads; which of them may use it is seen to there.
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        db = Database(connection, execute_plugins=False)
        db.conn.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        if existed:
            _refuse_strangers(db, path)
            _keep_copy(db, path)
        else:
            # Before all else: a file that is made on a full disk must be known again as ours.
            db.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        # A rollback journal makes Datasette answer 500 during a long write; WAL does not.
        db.enable_wal()
        db.conn.execute("PRAGMA foreign_keys = ON")
        # A commit has to outlive a power cut, since the run that made it is not repeated.
        db.conn.execute("PRAGMA synchronous = FULL")
        migrations.apply(db)
    except sqlite3.OperationalError as error:
        raise CannotOpen(path, str(error)) from error
    except sqlite3.DatabaseError as error:
        raise DamagedDatabase(path, str(error)) from error
    return db


def open_read_only(path: Path) -> Database:
    """Open the database at ``path`` without the right to write.

    Raises DamagedDatabase if there is none or it is not the tracker's, CannotOpen where the rights
    of the folder, or of the files that SQLite has beside it, deny it.
    """
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        db = Database(connection, execute_plugins=False)
        _refuse_strangers(db, path)
    except sqlite3.OperationalError as error:
        raise CannotOpen(path, str(error)) from error
    except sqlite3.DatabaseError as error:
        raise DamagedDatabase(path, str(error)) from error
    return db


def _keep_copy(db: Database, path: Path) -> None:
    """Keep the database as an earlier version left it, if this one is about to migrate it."""
    first = next((step.name for step in migrations.pending(db)), None)
    if first is None or not migrations.applied(db):
        return
    copy = path.with_name(f"{path.name}.before-{first}")
    part = path.with_name(f".part-{copy.name}")
    part.unlink(missing_ok=True)
    copy_database(path, part)
    put_in_place(part, copy)
    _log.warning("%s is brought up to date; as it was before it stays in %s", path, copy)


def truncate_wal(db: Database) -> bool:
    """Move what the WAL holds into the database and cut it to nothing; say whether that was done.

    It is not where a reader still needs it: then it stays, and nobody waits.
    """
    if db.conn.in_transaction:
        return False
    try:
        db.execute("PRAGMA busy_timeout = 0")
        busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.OperationalError:
        return False
    finally:
        db.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    return not busy


def is_older(db: Database) -> bool:
    """Say whether the database lacks a migration of this version; opening it to write adds it."""
    return bool(MIGRATION_NAMES - {step.name for step in migrations.applied(db)})


def steps_of_later(db: Database) -> list[str]:
    """Return the names of the migrations that a later version has made, in order; mostly none."""
    return sorted({step.name for step in migrations.applied(db)} - MIGRATION_NAMES)


def carries_our_mark(connection: sqlite3.Connection) -> bool:
    """Say whether the database behind ``connection`` is the tracker's, by its application id."""
    return bool(connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID)


def _refuse_strangers(db: Database, path: Path) -> None:
    if not carries_our_mark(db.conn):
        raise DamagedDatabase(path, "it is not a database of this tool")
    unknown = steps_of_later(db)
    if unknown:
        raise NewerDatabase(path, unknown)
