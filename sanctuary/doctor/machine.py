"""The machine under a data directory: its file system, its room and its clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import psutil
from rich.filesize import decimal

from sanctuary.doctor.finding import Finding, broken, ok, warning
from sanctuary.wording import day_and_time

LEAST_FREE = 100_000_000
"""Bytes: with less than that a run may not come to its end."""
LITTLE_FREE = 1_000_000_000
SOON = timedelta(days=30)
"""A disk that is full by then is worth a word."""
DRIFT = timedelta(minutes=1)
"""By which clocks may differ: a server's Date header is to the second, and may be held up."""
LONG_DRIFT = timedelta(minutes=10)

_LOCAL_FUSE = {"fuse.fuse-overlayfs", "fuse.ntfs-3g", "fuse.gocryptfs", "fuse.encfs", "fuse.bindfs"}
_IN_MEMORY = {"tmpfs", "ramfs"}
_NETWORK = {
    *("9p", "afpfs", "afs", "beegfs", "ceph", "cifs", "davfs", "drvfs", "gfs2", "glusterfs"),
    *("gpfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "prl_fs", "smb2", "smb3", "smbfs"),
    *("vboxsf", "vmhgfs", "webdav"),
}


@dataclass(frozen=True)
class Mount:
    """A file system, and the folder that it is at."""

    point: str
    kind: str
    """As the system calls it: ``ext4``, ``nfs4``, ``fuse.sshfs``."""


def mounts() -> list[Mount]:
    """Return all file systems of this machine, in the order in which they were mounted."""
    return [Mount(each.mountpoint, each.fstype) for each in psutil.disk_partitions(all=True)]


def file_system(folder: Path, mounted: Sequence[Mount]) -> Finding:
    """Say whether SQLite can keep a live database in ``folder``, which need not be there yet.

    In WAL mode all processes share memory by a file beside the database, which no network file
    system gives them: https://www.sqlite.org/wal.html, "Overview".
    """
    check = "file-system"
    mount = _mount_of(folder.resolve(), mounted)
    if mount is None:
        return ok(check, "this system does not say what it is")
    said = f"{folder} is on {mount.kind} ({mount.point})"
    elsewhere = "take a folder on a disk of this machine with --data-dir"
    if mount.kind in _NETWORK or _is_strange_fuse(mount.kind):
        said = f"{said}, a network file system: SQLite can lose or damage what is written there"
        archive = "only the documents can be elsewhere (settings.archive)"
        return broken(check, said, f"{elsewhere}; {archive}")
    if mount.kind in _IN_MEMORY:
        said = f"{said}, which is memory: it is gone with the next start"
        return warning(check, said, elsewhere)
    return ok(check, said)


def _mount_of(folder: Path, mounted: Iterable[Mount]) -> Mount | None:
    """Return what ``folder`` is on; of several at one point the last counts."""
    over = [each for each in mounted if folder.is_relative_to(each.point)]
    return max(reversed(over), key=lambda each: len(each.point), default=None)


def _is_strange_fuse(kind: str) -> bool:
    # Most of them reach another machine, and of the others none is known to share memory.
    return kind.startswith("fuse.") and kind not in _LOCAL_FUSE


def disk(free: int, full_on: str | None, today: date) -> Finding:
    """Say whether there is room: ``free`` bytes, and the day on which they are used up."""
    check, said = "disk", f"{decimal(free)} free"
    remedy = "make room, or keep the documents elsewhere (settings.archive, `sanctuary archive`)"
    if free < LEAST_FREE:
        return broken(check, f"only {said}", remedy)
    if full_on is not None and date.fromisoformat(full_on) <= today + SOON:
        return warning(check, f"{said}, and full on {full_on} at today's pace", remedy)
    if free < LITTLE_FREE:
        return warning(check, f"only {said}", remedy)
    return ok(check, f"{said}, and full on {full_on} at today's pace" if full_on else said)


def clock(now: str, newest: str | None, ahead: Sequence[float]) -> Finding:
    """Say whether the clock can be believed, by which every capture is dated.

    ``newest`` is when the history last recorded something; ``ahead`` is by how many seconds the
    clocks of servers that were asked are before ours. All moments are ISO 8601 in UTC.
    """
    check, remedy = "clock", "set the clock, and keep it right: `timedatectl set-ntp true`"
    here = f"it is {day_and_time(now)} here"
    if newest is not None and _after(newest, now) > DRIFT:
        said = f"{here}, and the history has something recorded at {day_and_time(newest)}"
        return broken(check, f"{said}: the clock was set back, or was ahead", remedy)
    if not ahead:
        return ok(check, f"{here}, after all that is recorded; no server was asked for the time")
    off = timedelta(seconds=abs(median(ahead)))
    if off <= DRIFT:
        return ok(check, f"{here}, and servers agree")
    said = f"{here}, and by what servers say that is {off} off"
    return (broken if off > LONG_DRIFT else warning)(check, said, remedy)


def _after(later: str, earlier: str) -> timedelta:
    return datetime.fromisoformat(later) - datetime.fromisoformat(earlier)


def zones(names: Iterable[str]) -> Finding:
    """Say whether the time zones that schedules are meant in are known here."""
    lacking = []
    for name in sorted(set(names)):
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            lacking.append(name)
    if lacking:
        said = f"the data of time zones lacks {', '.join(lacking)}"
        return broken("time-zones", said, "`pip install --upgrade tzdata`")
    return ok("time-zones", "their data is there")
