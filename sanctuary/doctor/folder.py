"""A data directory: whether it can be written to, and who is writing."""

from __future__ import annotations

import errno
import os
import shlex
import tempfile
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from sanctuary.archive_place import FOLDER
from sanctuary.doctor.finding import Finding, broken, note, ok, warning
from sanctuary.wording import day_and_time
from sanctuary.writer import Writer, read_writer

TOO_LONG = timedelta(hours=12)
"""A command that writes for longer may be one that hangs."""


def rights(folder: Path) -> Finding:
    """Say whether this user can write into a data directory, by writing and syncing a byte."""
    check = "folder"
    if not folder.exists():
        above = nearest(folder)
        if not os.access(above, os.W_OK | os.X_OK):
            said = f"there is no {folder} yet, and {_user()} cannot make it in {above}"
            return broken(check, said, _own(folder))
        said = f"there is no {folder} yet"
        return note(check, said, "the first `sanctuary run` or `sanctuary import` makes it")
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        said = f"{_user()} cannot write to {folder} ({error.strerror or error})"
        return broken(check, said, _remedy(error, folder))
    beside = ("tracker.db", "tracker.db-wal", "tracker.db-shm", ".lock", FOLDER)
    there = [folder / name for name in beside if (folder / name).exists()]
    denied = [each for each in there if not os.access(each, os.R_OK | os.W_OK)]
    if denied:
        names = ", ".join(str(each) for each in denied)
        said = f"{_user()} cannot write to {names}, which SQLite and the archive need to be able to"
        return broken(check, said, _own(folder))
    return ok(check, f"{_user()} can write to {folder}")


def nearest(folder: Path) -> Path:
    """Return a folder, or where it is not there yet the nearest one above it that is."""
    here = folder.absolute()
    return next(each for each in (here, *here.parents) if each.exists())


def _user() -> str:
    # In a container that may be a number without a name.
    return psutil.Process().username()


def _remedy(error: OSError, folder: Path) -> str:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return "make room: `sanctuary status` says what takes it"
        case errno.EROFS:
            return "a failing disk is mounted so: see `dmesg`, then mount it for writing"
        case _:
            return _own(folder)


def _own(folder: Path) -> str:
    owner = f"{os.getuid()}:{os.getgid()}" if hasattr(os, "getuid") else _user()
    path = shlex.quote(str(folder.absolute()))
    return f"as root: `mkdir -p {path} && chown -R {owner} {path}`; or another --data-dir"


def lock(folder: Path, now: str) -> Finding:
    """Say who writes into a data directory at ``now`` (ISO 8601 in UTC)."""
    written_by = folder / ".lock.json"
    who = read_writer(written_by)
    if is_held(folder / ".lock"):
        return held_by(who, now)
    if written_by.exists():
        said = "nobody writes; the last command that did was killed before its end"
        return note("lock", said, "nothing is lost: the next `sanctuary run` finishes it")
    return ok("lock", "nobody writes")


def held_by(who: Writer | None, now: str) -> Finding:
    """Say of a lock that is held whether its holder may hang."""
    if who is None:
        return ok("lock", "another command writes")
    with suppress(ValueError):
        if datetime.fromisoformat(now) - datetime.fromisoformat(who.since) > TOO_LONG:
            said = f"{who} writes, for longer than most runs take ({day_and_time(who.since)})"
            return warning("lock", said, f"if it hangs: `kill {who.pid}`; the next run finishes it")
    return ok("lock", f"{who} writes")


def is_held(file: Path) -> bool:
    """Say whether a process holds the lock. For a moment it is taken, where nobody does.

    Raises OSError where this user may not open it.
    """
    if not file.exists():
        return False
    held = FileLock(file)
    try:
        held.acquire(timeout=0)
    except Timeout:
        return True
    held.release()
    return False
