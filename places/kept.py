"""The boiled-down data, kept in the user's cache folder between one process and the next.

One file, named for the versions of the packages and of our format: a first line that says what it
is, with a hash of the rest, then a line of JSON for each state, read when somebody asks for it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import platformdirs
from filelock import FileLock

from places.packages import PACKAGES, versions

FORMAT = 7
"""Raise it when what is boiled down changes: files of another format are made anew."""
FOLDER_VARIABLE = "SANCTUARY_PLACES"
"""Names another folder than the user's cache."""

LONGEST_WAIT = 120
"""Seconds that a process waits for another that makes the file, before it does so itself."""


class NoPlaces(Exception):
    """The data packages could not be boiled down: without them no name resolves."""


class Boiled:
    """What is known of the places of each state, by its two letters, read when asked for."""

    def __init__(self, lines: Mapping[str, bytes]) -> None:
        self._lines = lines

    def __iter__(self) -> Any:
        return iter(self._lines)

    def __getitem__(self, state: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._lines[state])
        return found


def boiled() -> Boiled:
    """Return the boiled-down data: from the file where it is kept, or made anew.

    A file that is damaged, or another's under its name, is made anew. Where the folder cannot be
    written the data is made for this process alone. Raises NoPlaces if it cannot be made.
    """
    path = _folder() / _file_name()
    lines = _read(path)
    if lines is None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(path.with_name(".lock"), timeout=LONGEST_WAIT):
                lines = _read(path) or _made(path)
        except OSError:
            lines = _made(path)
    return Boiled(lines)


def is_kept() -> bool:
    """Say whether there is a file with the data, which need not be made first."""
    return (_folder() / _file_name()).exists()


def _made(path: Path) -> dict[str, bytes]:
    content = _content(_boil())
    with contextlib.suppress(OSError):
        _write(path, content)
    lines = _lines(content)
    if lines is None:
        raise NoPlaces("what the data packages gave cannot be read; reinstall them")
    return lines


def _folder() -> Path:
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        return Path(named)
    return platformdirs.user_cache_path("sanctuary-tracker", appauthor=False) / "places"


def _file_name() -> str:
    known = versions()
    return (
        "-".join([f"places-{FORMAT}", *(f"{name}-{known[name]}" for name in PACKAGES)]) + ".jsonl"
    )


def _read(path: Path) -> dict[str, bytes] | None:
    try:
        content = path.read_bytes()
    except OSError:
        return None
    return _lines(content)


def _lines(content: bytes) -> dict[str, bytes] | None:
    """Return the line of each state; None if the content is not what its first line says."""
    first, _, rest = content.partition(b"\n")
    try:
        about = json.loads(first)
        states = about["states"]
        if about["versions"] != versions() or about["format"] != FORMAT:
            return None
        if about["sha256"] != hashlib.sha256(rest).hexdigest():
            return None
        return dict(zip(states, rest.splitlines(), strict=True))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _content(data: Mapping[str, Any]) -> bytes:
    rest = b"".join(
        json.dumps(data[state], separators=(",", ":")).encode() + b"\n" for state in data
    )
    about = {
        "format": FORMAT,
        "versions": versions(),
        "states": list(data),
        "sha256": hashlib.sha256(rest).hexdigest(),
    }
    return json.dumps(about).encode() + b"\n" + rest


def _write(path: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".places-", delete=False) as file:
        try:
            file.write(content)
            file.close()
            Path(file.name).replace(path)
        except OSError:
            Path(file.name).unlink()
            raise


def _boil() -> dict[str, Any]:
    """Boil the packages down in a process of its own, whose half a gigabyte goes with it."""
    try:
        done = _boiled_apart()
    except OSError as error:
        raise NoPlaces(f"no process could be started that loads places ({error})") from error
    try:
        if done.returncode == 0:
            found: dict[str, Any] = json.loads(done.stdout)
            return found
    except ValueError:
        pass
    said = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
    raise NoPlaces(
        f"the data packages of places cannot be loaded ({said or f'exit {done.returncode}'}); "
        f"reinstall {', '.join(PACKAGES)}"
    )


def _boiled_apart() -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "places.boiling"],
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(each or "." for each in sys.path)},
    )
