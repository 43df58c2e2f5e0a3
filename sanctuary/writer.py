"""Who writes into a data directory, as a second one is told.

The lock alone decides whether somebody writes. What stands beside it is believed only while the
lock is held, and only of a process that is alive and began when it says, since a dead one leaves
it there.
"""

from __future__ import annotations

import json
import os
import shlex
import socket
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from sanctuary.safe_text import one_line

_LONGEST = 120
"""Characters of a command that are told: a reason given on it may be long."""


@dataclass(frozen=True)
class Writer:
    """The process that holds the lock."""

    pid: int
    started: float
    """When the process began, in seconds since 1970: a number that its successor has not."""
    command: str
    since: str
    """ISO 8601 in UTC: when it took the lock."""
    host: str

    def __str__(self) -> str:
        return f"`{one_line(self.command)}`, process {self.pid} on {self.host}, since {self.since}"


def this_process(now: str) -> Writer:
    """Return who we are."""
    words = shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])
    command = words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
    pid = os.getpid()
    return Writer(pid, psutil.Process(pid).create_time(), command, now, socket.gethostname())


def note_writer(file: Path, writer: Writer) -> None:
    """Write down who holds the lock; that this fails stops nobody."""
    with suppress(OSError):
        file.write_text(json.dumps(asdict(writer)), "utf-8")


def read_writer(file: Path) -> Writer | None:
    """Return who holds the lock, None where nothing that can be believed says so."""
    try:
        writer = Writer(**json.loads(file.read_text("utf-8")))
        if writer.host == socket.gethostname():
            began = psutil.Process(writer.pid).create_time()
            return writer if abs(began - writer.started) < 1 else None
    except (OSError, ValueError, TypeError, psutil.Error):
        return None
    return writer
