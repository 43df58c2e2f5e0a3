"""Backing up a history, and putting it back: a folder that is a data directory itself.

The database is copied as it stands at one moment, then every document that this copy names, and
last the copy gets its name: whoever stops this leaves the backup of before, or no history that
looks whole. Documents never change, so those that are in the folder already are only read.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from sqlite_utils import Database

from db.connection import open_read_only
from db.copying import copy_database, put_in_place
from db.verify import StoredDocument, stored_documents
from sanctuary import __version__
from sanctuary.archive_place import FOLDER, NOTE
from sanctuary.clock import utc_now
from sanctuary.errors import CommandError, NothingThere, SomeoneWrites
from sanctuary.steps import Steps
from sanctuary.workspace import Workspace
from scraper.archive import Archive

DATABASE = "tracker.db"
NOTED = "backup.json"
"""What a backup says of itself, written last."""
WITHHELD = "withheld"
RELEASES = "releases"
"""Data packages, which are cited by their hashes and cannot be made again from a later history."""
BESIDE = ("sources.yml", "jurisdictions.yml", "metadata.yml")
"""Files that go along where they are there."""
_PART = ".part-tracker.db"
_COUNTED = ("sources", "captures", "documents", "readings", "editions", "changes", "runs")
_TRIES = 3
"""Copies of the database that are made if documents are taken out of the archive meanwhile."""


class NoPlaceForBackup(CommandError):
    """A history cannot be copied into a folder: the caller names another."""

    def __init__(self, folder: Path, reason: str) -> None:
        """Take the folder, and the reason as a clause without a full stop."""
        super().__init__(f"{folder}: {reason}; name another folder")


class NoBackup(CommandError):
    """A folder holds no backup that can be put back as it is."""

    def __init__(self, folder: Path, reason: str) -> None:
        """Take the folder, and the reason with what to do, as clauses without a full stop."""
        super().__init__(f"{folder}: {reason}")


class DamagedCopy(CommandError):
    """The copy of the database does not hold: a person looks at the original."""

    def __init__(self, database: Path, reason: str) -> None:
        """Take the original, and what SQLite says of the copy."""
        super().__init__(
            f"{database}: its copy is damaged ({reason}); nothing was replaced; "
            "`sanctuary verify` says what is wrong"
        )


@dataclass(frozen=True)
class Copied:
    """A history that was copied: what is in the copy, and how much of it is new there."""

    made_at: str
    version: str
    """Of the program that made it."""
    database_sha256: str
    database_bytes: int
    rows: dict[str, int]
    """How many rows the main tables have."""
    documents: int
    """That are in the copy, each read and hashed there; those that are withheld are not."""
    bytes: int
    """Of these documents, unpacked."""
    new: int
    """Documents that were not there before."""
    missing: tuple[str, ...]
    """Documents that the original has lost: the database names them, its archive has none whole."""
    files: tuple[str, ...]
    """What of ``BESIDE`` went along."""


def back_up(workspace: Workspace, folder: Path, files: Mapping[str, Path], begin: Steps) -> Copied:
    """Copy the history of ``workspace`` into ``folder``, which is made or brought up to date.

    ``files`` go along, under these names. Who writes to the history meanwhile is not stopped.
    Raises NothingThere, NoPlaceForBackup for a folder that holds something else, SomeoneWrites if
    another command writes into it, DamagedCopy, and what archives raise.
    """
    if not workspace.database.exists():
        raise NothingThere(workspace.folder)
    here, there = workspace.folder.resolve(), folder.resolve()
    if there == here or here in there.parents:
        raise NoPlaceForBackup(folder, "it is the data directory, or inside it")
    with _alone_in(folder, as_closed_as=workspace.folder):
        with closing(open_read_only(workspace.database)) as db:
            _check_place(folder, db)
        copied = _copy(workspace.database, workspace.archive, folder, files, begin)
    return copied


def restore(backup: Path, folder: Path, begin: Steps) -> Copied:
    """Copy the history of a backup into ``folder``, which has none yet.

    Raises NoBackup for a folder without one, or one whose database was written to since,
    NoPlaceForBackup if there is a history already, and else what ``back_up`` does.
    """
    database = backup / DATABASE
    said = _noted(backup)
    for name in (DATABASE, WITHHELD, RELEASES, *BESIDE):
        if (backup / name).is_symlink():
            raise NoBackup(
                backup, f"its {name} leads elsewhere, as that of no backup does; take it out"
            )
    beside = database.with_name(f"{DATABASE}-wal")
    is_written_to = beside.exists() and beside.stat().st_size > 0
    if is_written_to or _sha256(database) != said.get("database_sha256"):
        raise NoBackup(
            backup,
            "its tracker.db is not what the backup left: it is damaged, was written to since, or "
            f"the backup was broken off; `sanctuary --data-dir {backup} verify` says what holds",
        )
    for name in (DATABASE, NOTE):
        if (folder / name).exists():
            raise NoPlaceForBackup(folder, f"there is a {name} already, and nothing is replaced")
    files = {name: backup / name for name in BESIDE if (backup / name).is_file()}
    with _alone_in(folder, as_closed_as=backup):
        return _copy(database, Archive.at(backup / FOLDER), folder, files, begin)


def _copy(
    database: Path, archive: Archive, folder: Path, files: Mapping[str, Path], begin: Steps
) -> Copied:
    part = folder / _PART
    kept = Archive.at(folder / FOLDER)
    kept.sweep()
    before = set(kept.hashes())
    for _ in range(_TRIES):
        part.unlink(missing_ok=True)
        begin("copying the database", None)
        copy_database(database, part)
        rows, documents = _facts(database, part)
        wanted = [each for each in documents if not each.withheld]
        missing = _copy_documents(archive, kept, wanted, begin("documents", len(wanted)))
        if not missing:
            break
    whole = [each for each in wanted if each.sha256 not in missing]
    _copy_files(files, folder)
    _copy_withheld(database.parent / WITHHELD, folder / WITHHELD)
    _copy_releases(database.parent / RELEASES, folder / RELEASES)
    copied = Copied(
        made_at=utc_now(),
        version=__version__,
        database_sha256=_sha256(part),
        database_bytes=part.stat().st_size,
        rows=rows,
        documents=len(whole),
        bytes=sum(each.size for each in whole),
        new=len({each.sha256 for each in whole} - before),
        missing=tuple(missing),
        files=tuple(files),
    )
    put_in_place(part, folder / DATABASE)
    for each in documents:
        if each.withheld and kept.holds(each.sha256):
            kept.take_out(each.sha256)
    _write(folder / NOTED, f"{json.dumps(asdict(copied), indent=2)}\n".encode())
    return copied


def _facts(original: Path, copy: Path) -> tuple[dict[str, int], list[StoredDocument]]:
    """Return what a copy of the database holds. Raises DamagedCopy."""
    try:
        with closing(open_read_only(copy)) as db:
            (said,) = db.execute("PRAGMA quick_check(1)").fetchone()
            if said != "ok":
                raise DamagedCopy(original, " ".join(str(said).split()))
            tables = db.table_names()
            rows = {name: db.table(name).count for name in _COUNTED if name in tables}
            # The first release could withhold nothing.
            if "withheld_documents" in tables:
                return rows, stored_documents(db)
            sizes = db.execute("SELECT sha256, size FROM documents ORDER BY sha256")
            return rows, [StoredDocument(sha256, size, withheld=False) for sha256, size in sizes]
    except sqlite3.DatabaseError as error:
        raise DamagedCopy(original, str(error)) from error


def _copy_documents(
    archive: Archive, kept: Archive, wanted: list[StoredDocument], advance: Callable[[], None]
) -> list[str]:
    """Copy what is not there yet, read all that is there, and return what is not whole."""
    missing = []
    for document in wanted:
        if not kept.has(document.sha256):
            for _ in archive.copy_to(kept, [document.sha256]):
                pass
            if not kept.has(document.sha256):
                missing.append(document.sha256)
        advance()
    return missing


def _copy_files(files: Mapping[str, Path], folder: Path) -> None:
    for name, file in files.items():
        part = folder / f".part-{name}"
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        part.write_bytes(file.read_bytes())
        shutil.copymode(file, part)
        part.replace(folder / name)


def _copy_withheld(withheld: Path, copy: Path) -> None:
    """Make ``copy`` what the operator's own folder of withheld things is: as closed, as full."""
    part = copy.with_name(f".part-{WITHHELD}")
    shutil.rmtree(part, ignore_errors=True)
    if withheld.is_dir():
        part.mkdir(mode=0o700)
        shutil.copytree(withheld, part, symlinks=True, dirs_exist_ok=True)
    if copy.is_symlink():
        copy.unlink()
    shutil.rmtree(copy, ignore_errors=True)
    if part.exists():
        part.replace(copy)


def _copy_releases(releases: Path, copy: Path) -> None:
    """Copy the data packages that are not there yet: none of them ever changes."""
    for each in sorted(releases.glob("[!.]*")):
        if not (copy / each.name).exists():
            copy.mkdir(exist_ok=True)
            part = copy / f".part-{each.name}"
            shutil.rmtree(part, ignore_errors=True)
            if each.is_dir():
                shutil.copytree(each, part, symlinks=True)
            else:
                shutil.copy2(each, part)
            part.replace(copy / each.name)


@contextmanager
def _alone_in(folder: Path, as_closed_as: Path) -> Iterator[None]:
    """Take the lock that all take who write into a data directory.

    The folder is made if it is not there, with the rights of the other one.
    """
    if not folder.exists():
        folder.mkdir(parents=True)
        shutil.copymode(as_closed_as, folder)
    lock = FileLock(folder / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise SomeoneWrites(folder) from None
    try:
        yield
    finally:
        (folder / _PART).unlink(missing_ok=True)
        lock.release()


def _check_place(folder: Path, db: Database) -> None:
    """Check that what a folder holds is an older backup of the same history, or nothing."""
    if not (folder / DATABASE).exists():
        ours = {FOLDER, WITHHELD, RELEASES, *BESIDE}
        if any(each.name not in ours and each.name[0] != "." for each in folder.iterdir()):
            raise NoPlaceForBackup(folder, "it holds something else than a backup")
        return
    with closing(open_read_only(folder / DATABASE)) as old:
        for sql in (
            "SELECT sha256 FROM documents",
            "SELECT id || ' ' || started_at || ' ' || command FROM runs",
        ):
            if not set(old.execute(sql)) <= set(db.execute(sql)):
                raise NoPlaceForBackup(folder, "it holds another history, or went on by itself")


def _noted(backup: Path) -> dict[str, object]:
    try:
        said = json.loads((backup / NOTED).read_text("utf-8"))
    except (OSError, ValueError):
        said = None
    if not isinstance(said, dict) or not (backup / DATABASE).is_file():
        raise NoBackup(backup, "it holds no backup; name the folder that `sanctuary backup` wrote")
    return said


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _write(file: Path, data: bytes) -> None:
    part = file.with_name(f".part-{file.name}")
    part.write_bytes(data)
    part.replace(file)
