"""What was drawn or taken out of documents, kept on the disk until others need the room.

It lies in the folder ``renders`` beside the database, or in the user's cache folder where that
cannot be written to. All of it can be made anew, and deleted at any time.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path

import platformdirs

MOST_BYTES = 256_000_000
"""Of the whole folder; a page takes about 300,000."""
FOLDER = "renders"
_SHA256 = re.compile("[0-9a-f]{64}")
_PART = ".part"


class Renders:
    """A folder of what was made of documents."""

    def __init__(self, root: Path, most_bytes: int = MOST_BYTES) -> None:
        """Take the folder, which is made when it is needed, and how much it may hold."""
        self.root = root
        self._most_bytes = most_bytes

    @classmethod
    def of(cls, database: Path) -> Renders:
        """Return what is kept for a database."""
        return cls(next(root for root in _roots(database) if _is_open(root)))

    def get(self, sha256: str, what: str) -> bytes | None:
        """Return what is kept of a document under the name ``what``, None if nothing is."""
        path = self._path(sha256, what)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        with suppress(OSError):
            os.utime(path)  # it is among the last to go
        return data

    def keep(self, sha256: str, what: str, data: bytes) -> None:
        """Keep what was made of a document, in the place of what has lain there longest.

        A folder that cannot be written to keeps nothing.
        """
        path = self._path(sha256, what)
        with suppress(OSError):
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._make_room(len(data))
            handle, part = tempfile.mkstemp(suffix=_PART, dir=self.root)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                Path(part).replace(path)
            except OSError:
                Path(part).unlink()

    def forget(self, sha256: str) -> None:
        """Delete all that is kept of a document."""
        for path in self.root.glob(f"{_checked(sha256)}-*"):
            path.unlink(missing_ok=True)

    def _path(self, sha256: str, what: str) -> Path:
        name = hashlib.sha256(what.encode()).hexdigest()[:24]
        return self.root / f"{_checked(sha256)}-{name}"

    def _make_room(self, wanted: int) -> None:
        kept = []
        for path in self.root.iterdir():
            with suppress(OSError):  # another process makes room, too
                state = path.stat()
                kept.append((state.st_mtime_ns, path.name, state.st_size))
        room = self._most_bytes - wanted - sum(size for _, _, size in kept)
        for _, name, size in sorted(kept):
            if room >= 0:
                return
            (self.root / name).unlink(missing_ok=True)
            room += size


def forget(database: Path, sha256: str) -> None:
    """Delete all that was ever made of a document of a database, wherever it was kept."""
    for root in _roots(database):
        with suppress(OSError):
            Renders(root).forget(sha256)


def _roots(database: Path) -> tuple[Path, Path]:
    """Return the two folders: beside the database, and in the user's cache."""
    name = hashlib.sha256(str(database.resolve()).encode()).hexdigest()[:16]
    cache = platformdirs.user_cache_path("sanctuary-tracker", appauthor=False)
    return database.parent / FOLDER, cache / FOLDER / name


def _is_open(root: Path) -> bool:
    here = next(folder for folder in (root, *root.parents) if folder.exists())
    return os.access(here, os.W_OK | os.X_OK)


def _checked(sha256: str) -> str:
    """Return a hash; raises ValueError for another text, so that no name leads out of a folder."""
    if not _SHA256.fullmatch(sha256):
        raise ValueError(f"{sha256!r} is no sha256")
    return sha256
