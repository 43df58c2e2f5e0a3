"""A copy of the whole database as it stands at one moment, whoever writes to it meanwhile."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path


def copy_database(database: Path, copy: Path) -> None:
    """Write the database at ``database`` to the new file ``copy``, and bring it to the disk.

    It is one file, without what was deleted from the original, and has its rights. The original is
    only read. Raises sqlite3.OperationalError where it cannot be read or the disk is full; then no
    part of the copy is left.
    """
    try:
        copy.touch()
        shutil.copymode(database, copy)
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as db:
            # An empty file is taken: https://www.sqlite.org/lang_vacuum.html
            db.execute("VACUUM INTO ?", [str(copy)])
        with copy.open("rb") as file:
            os.fsync(file.fileno())
    except BaseException:
        copy.unlink(missing_ok=True)
        raise


def put_in_place(copy: Path, database: Path) -> None:
    """Give a copy the name of the database, in place of one that nobody writes to.

    What SQLite has beside that one goes first: it belongs to that one, and would spoil the copy.
    """
    for end in ("wal", "shm"):
        database.with_name(f"{database.name}-{end}").unlink(missing_ok=True)
    copy.replace(database)
    descriptor = os.open(database.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
