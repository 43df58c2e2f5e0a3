"""A data directory: the database, the archive, and the lock that all who write take."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout
from sqlite_utils import Database

from db.connection import is_older, open_database, open_read_only, truncate_wal
from sanctuary.archive_place import archive_in, note_address
from sanctuary.clock import utc_now
from sanctuary.errors import (
    ArchiveElsewhere,
    CannotServe,
    CannotWrite,
    NothingThere,
    OlderDatabase,
    SomeoneWrites,
)
from sanctuary.writer import note_writer, read_writer, this_process
from scraper.archive import Archive

if TYPE_CHECKING:
    from sanctuary.sources import Sources

_log = logging.getLogger(__name__)


class Workspace:
    """``tracker.db`` in a folder, with ``archive/`` or a note of where the archive is."""

    def __init__(
        self,
        folder: Path,
        decisions: Path | None = None,
        watched: Callable[[], Sources | None] = lambda: None,
    ) -> None:
        """Take the folder, and the file of what people decided about names, if it is known.

        ``watched`` says what is watched, with the settings on the archive and on who is told; it is
        asked before something is written. Nothing is made before that.
        """
        self.folder = folder
        self.decisions = decisions
        self.database = folder / "tracker.db"
        self._watched = watched

    @cached_property
    def archive(self) -> Archive:
        """The documents of this history."""
        return archive_in(self.folder)

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """Open the database for writing, alone, for as long as the context lasts.

        At its end every name that was written is resolved, and what is to be told is handed out to
        those who asked; where it is not known what is watched, that waits for the next command.
        Raises SomeoneWrites if another process holds the lock, CannotWrite if the folder does not
        let itself be written to, DecisionsError or UnknownPlace if what people decided does not
        hold, ArchiveElsewhere if the documents are not where the settings say.
        """
        # Commands that only look need not wait until this is loaded.
        from sanctuary.decisions_file import load_all_decisions
        from sanctuary.naming import begin_naming, resolve_names
        from sanctuary.notify.queueing import hand_out

        watched = self._watched()
        decisions = None if self.decisions is None else load_all_decisions(self.decisions)
        lock = FileLock(self.folder / ".lock")
        written_by = self.folder / ".lock.json"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=0)
        except Timeout:
            who = read_writer(written_by)
            _log.info("lock is held", extra={"facts": {"folder": self.folder, "by": who}})
            raise SomeoneWrites(self.folder, str(who) if who else None) from None
        except OSError as error:
            raise CannotWrite(self.folder, error.strerror or str(error)) from error
        began = time.monotonic()
        _log.info("lock taken", extra={"facts": {"folder": self.folder}})
        try:
            note_writer(written_by, this_process(utc_now()))
            db = open_database(self.database)
            try:
                self._settle_archive(db, watched.settings.archive if watched else None)
                self.archive.sweep()
                if decisions is not None:
                    begin_naming(db, decisions)
                yield db
                resolve_names(db)
                if watched is not None:
                    hand_out(db, watched, utc_now())
            finally:
                # Where a reader holds it, the next command that writes tries again.
                truncate_wal(db)
                db.close()
        finally:
            written_by.unlink(missing_ok=True)
            lock.release()
            seconds = round(time.monotonic() - began, 1)
            _log.info("lock let go", extra={"facts": {"seconds": seconds}})

    @contextmanager
    def looking(self) -> Iterator[Database]:
        """Open the database without the right to write, for as long as the context lasts.

        All that is read in it is of one moment, whatever another process writes meanwhile. Raises
        NothingThere if nothing was ever written here, OlderDatabase if what was is not brought up
        to date yet.
        """
        if not self.database.exists():
            raise NothingThere(self.folder)
        db = open_read_only(self.database)
        try:
            if is_older(db):
                raise OlderDatabase(self.folder)
            with db.atomic():
                yield db
        finally:
            db.close()

    def _settle_archive(self, db: Database, wanted: str | None) -> None:
        """Note where the settings want the archive, if nothing was archived yet.

        So an address where nothing could ever be kept is mended in the settings alone.
        """
        here = archive_in(self.folder)
        if wanted is None or Archive.at(wanted).address == here.address:
            return
        if db["documents"].count or (here.folder is not None and not here.is_new()):
            raise ArchiveElsewhere(here.address, wanted)
        note_address(self.folder, wanted)

    def check_rights(self) -> None:
        """Check that a live database can be opened here.

        SQLite makes the files -wal and -shm beside a database in WAL mode when it reads it, see
        https://www.sqlite.org/wal.html#read_only_databases. They get the rights of the database:
        if those leave this user no way to write, who does write has none to what it made. Raises
        CannotServe if either could not.
        """
        beside = [self.database.with_name(f"{self.database.name}-{end}") for end in ("wal", "shm")]
        files = [self.database, *(file for file in beside if file.exists())]
        rights = [os.access(file, os.R_OK | os.W_OK) for file in files]
        if not all([os.access(self.folder, os.W_OK | os.X_OK), *rights]):
            raise CannotServe(self.folder)
