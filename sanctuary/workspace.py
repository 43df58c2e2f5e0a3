"""A data directory: the database, the archive, and the lock that all who write take."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from sqlite_utils import Database

from db.connection import open_database, open_read_only
from sanctuary.errors import CannotWrite, NothingThere, SomeoneWrites
from scraper.archive import Archive


class Workspace:
    """``tracker.db`` and ``archive/`` in one folder."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; nothing is made before something is written."""
        self.folder = folder
        self.database = folder / "tracker.db"
        self.archive = Archive(folder / "archive")

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """Open the database for writing, alone, for as long as the context lasts.

        Raises SomeoneWrites if another process holds the lock, CannotWrite if the folder does not
        let itself be written to.
        """
        lock = FileLock(self.folder / ".lock")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=0)
        except Timeout:
            raise SomeoneWrites(self.folder) from None
        except OSError as error:
            raise CannotWrite(self.folder, error.strerror or str(error)) from error
        try:
            db = open_database(self.database)
            try:
                yield db
            finally:
                db.close()
        finally:
            lock.release()

    @contextmanager
    def looking(self) -> Iterator[Database]:
        """Open the database without the right to write, for as long as the context lasts.

        Raises NothingThere if nothing was ever written here.
        """
        if not self.database.exists():
            raise NothingThere(self.folder)
        db = open_read_only(self.database)
        try:
            yield db
        finally:
            db.close()
