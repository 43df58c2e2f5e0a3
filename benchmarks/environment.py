"""What the figures were measured on: no name of a machine, of a folder or of a person."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

LIBRARIES = ("pdfplumber", "pypdfium2", "datasette", "sqlite-utils", "httpx", "lxml", "rapidfuzz")


def environment() -> str:
    """Return day, state of the source, machine and versions, as one sentence."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {_commit()}; Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, {libraries}; {platform.system()} on "
        f"{platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB of memory"
    )


def installed(package: str) -> bool:
    """Return whether a peer is here: the extras ``bench`` and ``bench-tables`` bring them."""
    try:
        version(package)
    except PackageNotFoundError:
        return False
    return True


NOT_INSTALLED = "not installed: `make bench` adds it, `make bench-tables` a reader of tables"
"""What the row of a peer that is not here says."""


def _commit() -> str:
    here = Path(__file__).parent

    def git(*arguments: str) -> str | None:
        try:
            done = subprocess.run(
                ["git", "-C", here, *arguments], capture_output=True, text=True, check=True
            )
        except (OSError, subprocess.CalledProcessError):
            return None
        return done.stdout.strip()

    commit = git("rev-parse", "--short=10", "HEAD")
    if commit is None:
        return "no commit"
    # The page that the tables are written into is no part of what is measured.
    changed = git("status", "--porcelain", "--untracked-files=no", ":/", ":(top,exclude)docs")
    return f"commit {commit}{' with changes' if changed else ''}"
