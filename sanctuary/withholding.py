"""Moving what is withheld from database and archive to a folder that only the operator reads.

In this order, so that a command that dies can be given again: a copy of the bytes, the database,
the archive, and then the traces that a deletion leaves in the database file.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlite_utils import Database

from db.errors import NothingToWithhold
from db.provenance import parts_read_from
from db.withheld import (
    forget_documents,
    is_deleted,
    is_withheld,
    note_documents,
    withheld_for_rows,
)
from db.withholding import (
    Order,
    TakenOut,
    forget_what_was_deleted,
    note_deletion,
    withhold_document,
    withhold_row,
)
from parsers.bundle import Listed
from sanctuary.archive_place import NOTE
from sanctuary.bundles import bundles_with, listed_in, parts_in, parts_of_it_alone, shown_parts
from sanctuary.clock import Clock
from sanctuary.renders import FOLDER, forget
from scraper.archive import Archive


@dataclass(frozen=True)
class Withheld:
    """What a command took out."""

    taken: list[TakenOut]
    documents: list[str]
    """Whose bytes are not in the archive any more."""
    copies: list[str]
    """Files of the data directory that may still hold it."""

    def count(self, table: str) -> int:
        """How many rows of a table were taken out."""
        return sum(len(each.tables.get(table, [])) for each in self.taken)


class Withholder:
    """Withholds what one data directory has; its caller holds the lock."""

    def __init__(self, db: Database, archive: Archive, clock: Clock) -> None:
        """Take database and archive.

        The folder beside the database is made when something is withheld.
        """
        self._db = db
        self._archive = archive
        self._data = _folder_of(db)
        self._folder = self._data / "withheld"
        self._clock = clock

    def document(self, sha256: str, order: Order) -> Withheld:
        """Withhold a document with all that was read from it.

        With a part go the bundles that have it, since they are not read without. With a bundle go
        the parts that its rows were read from, unless another bundle has them, too. Raises
        NothingToWithhold if no source has it.
        """
        together = [sha256, *self._together(sha256)]
        for each in together:
            self._copy(each)
        try:
            with self._db.atomic():
                taken = [
                    taken
                    for each in together
                    for taken in withhold_document(self._db, each, order, self._clock())
                ]
                self._keep(taken)
        except NothingToWithhold:
            # A command that died may have come as far as the database.
            if not is_withheld(self._db, sha256):
                raise
            taken = []
        return self._finish(taken, together)

    def _together(self, sha256: str) -> list[str]:
        """Return the documents that are withheld with one; those that are withheld already are not.

        Of a bundle of which no row was read those are all parts that it alone has.
        """
        sources = self._db.execute(
            "SELECT DISTINCT source_id FROM captures WHERE document_sha256 = ?", [sha256]
        ).fetchall()
        found: list[str] = []
        for (source_id,) in sources:
            found += bundles_with(self._db, self._archive, source_id, sha256)
            alone = parts_of_it_alone(self._db, self._archive, source_id, sha256)
            read = parts_read_from(self._db, source_id, sha256)
            found += [each.sha256 for each in alone if each.name in read or not read]
        return [each for each in dict.fromkeys(found) if not is_withheld(self._db, each)]

    def row(self, table: str, row_id: int, order: Order) -> Withheld:
        """Withhold a row wherever its source shows it, with the documents that hold it.

        Raises NothingToWithhold if there is no such row.
        """
        try:
            with self._db.atomic():
                taken = withhold_row(self._db, table, row_id, order, self._clock())
                self._keep([taken])
        except NothingToWithhold:
            # A command that died may have left the row's traces: it is named by an id no more.
            self._finish([], [])
            raise
        return self._finish([taken], list(taken.documents))

    def put_away(self) -> list[str]:
        """Take the bytes of all that is withheld out of the archive; return which were there.

        Among them are those of a document that came with a row that is withheld, and what a
        command that died left behind. With them go pictures that were drawn of them. One that was
        deleted under order is not kept when it comes again. Raises DamagedArchive for one that
        cannot be read: it stays in the archive, and a person must look.
        """
        self._note_parts_of_rows()
        rows = self._db.execute("SELECT DISTINCT document_sha256 FROM withheld_documents")
        found = [row[0] for row in rows if self._archive.holds(row[0])]
        for sha256 in found:
            self._copy(sha256)
            forget(self._data / "tracker.db", sha256)
            self._archive.take_out(sha256)
        return found

    def _note_parts_of_rows(self) -> None:
        """Note of a bundle with a row that is withheld that its parts are, too.

        Those that a bundle without the row has, now or once it has come, do not hold it.
        """
        with self._db.atomic():
            for withheld_id, source_id, sha256 in withheld_for_rows(self._db):
                parts = {each.sha256 for each in self._parts_in(sha256)}
                shown = shown_parts(self._db, self._archive, source_id) if parts else set()
                note_documents(self._db, withheld_id, parts - shown)
                forget_documents(self._db, withheld_id, parts & shown)
                for each in parts & shown:
                    self._give_back(each)

    def _give_back(self, sha256: str) -> None:
        """Move the copy of what is withheld no more, if there is one, back to the archive."""
        copy = self._folder / sha256
        if copy.exists() and not is_withheld(self._db, sha256):
            self._archive.put(copy.read_bytes())
            copy.unlink()

    def _parts_in(self, sha256: str) -> tuple[Listed, ...]:
        """Return the parts that a document names, which may be withheld by now."""
        copy = self._folder / sha256
        return parts_in(self._archive, sha256) or (
            listed_in(copy.read_bytes()) if copy.exists() else ()
        )

    def delete(self, sha256: str) -> None:
        """Delete for good what was withheld of a document: what stays says that it was, and why.

        With a bundle go the parts that are withheld. Raises NothingToWithhold if it is not
        withheld.
        """
        if not is_withheld(self._db, sha256):
            raise NothingToWithhold(sha256[:12], "it is not withheld; withhold it first")
        self.put_away()
        for each in self._withheld_parts(sha256):
            self._delete(each)
        self._delete(sha256)

    def _withheld_parts(self, sha256: str) -> list[str]:
        listed = self._parts_in(sha256)
        return [each.sha256 for each in listed if is_withheld(self._db, each.sha256)]

    def _delete(self, sha256: str) -> None:
        ids = self._db.execute(
            "SELECT withheld_id FROM withheld_documents WHERE document_sha256 = ?", [sha256]
        )
        for path in (self._folder / sha256, *(self._notes(row[0]) for row in ids)):
            path.unlink(missing_ok=True)
        note_deletion(self._db, sha256, self._clock())

    def _keep(self, taken: list[TakenOut]) -> None:
        """Write what is taken out of the database to a file, before it is."""
        for each in taken:
            text = json.dumps(asdict(each), ensure_ascii=False, indent=1)
            self._write(self._notes(each.withheld_id), text.encode())

    def _finish(self, taken: list[TakenOut], documents: list[str]) -> Withheld:
        self.put_away()
        forget_what_was_deleted(self._db)
        return Withheld(taken, documents, self._other_copies())

    def _notes(self, withheld_id: int) -> Path:
        return self._folder / f"{withheld_id}.json"

    def _copy(self, sha256: str) -> None:
        if self._archive.holds(sha256) and not is_deleted(self._db, sha256):
            self._write(self._folder / sha256, self._archive.get(sha256))

    def _write(self, path: Path, data: bytes) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._folder.chmod(0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # The archive loses its copy next: a power cut must not take the name of this one.
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _other_copies(self) -> list[str]:
        """Return what lies in the data directory and is none of ours: backups and exports.

        Last comes a store, where there is one: it may keep the old versions of what is removed.
        """
        ours = {"tracker.db", "tracker.db-wal", "tracker.db-shm", "withheld", FOLDER, NOTE}
        found = sorted(
            str(path)
            for path in self._data.iterdir()
            if path.name not in ours
            and path != self._archive.folder
            and not path.name.startswith(".")
        )
        if self._archive.folder is None:
            found.append(f"old versions at {self._archive.address}, if the store keeps any")
        return found


def _folder_of(db: Database) -> Path:
    """Return the folder that the file of a database is in."""
    return Path(db.execute("PRAGMA database_list").fetchone()[2]).parent
