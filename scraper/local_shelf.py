"""A shelf that is a folder of this machine: each file is written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from scraper.shelf import is_folder, is_part, new_part

_BLOCK = 512
"""What ``st_blocks`` counts in, whatever the file system's blocks are (stat(2))."""


class LocalShelf:
    """Files of a folder; what its functions do says ``scraper.shelf``."""

    def __init__(self, root: Path) -> None:
        """Take the folder; it is made when the first file comes."""
        self.root = root
        self.address = str(root.absolute())
        self.folder: Path | None = root
        self._entered: set[Path] = set()

    def read(self, name: str) -> bytes:
        """Return the bytes of a file."""
        return (self.root / name).read_bytes()

    def heads(self, names: Sequence[str], count: int) -> list[bytes]:
        """Return the first ``count`` bytes of each file, fewer of one that is shorter."""
        return [self._head(name, count) for name in names]

    def held(self, names: Sequence[str]) -> set[str]:
        """Return those of the names of which a file is here."""
        return {name for name in names if (self.root / name).is_file()}

    def write(self, name: str, data: bytes) -> None:
        """Write a file or replace it; once this returns, a power cut does not lose it.

        The bytes go to a temporary file of the same folder, which is measured, synced, renamed,
        and the folder synced.
        """
        path = self.root / name
        self._enter(path.parent)
        part = path.with_name(new_part())
        try:
            # Nobody writes to a file again: it is read-only from the start.
            with os.fdopen(
                os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444), "wb"
            ) as file:
                file.write(data)
                file.flush()
                written = os.fstat(file.fileno()).st_size
                if written != len(data):
                    raise OSError(f"only {written} of {len(data)} bytes were written")
                os.fsync(file.fileno())
            part.replace(path)
            _sync(path.parent)
        except BaseException:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise

    def settle(self, name: str) -> None:
        """Make sure that a power cut does not lose a file that is here.

        Whoever wrote it may have died before the folder was synced; its bytes were synced before
        it had its name.
        """
        path = self.root / name
        self._enter(path.parent)
        _sync(path.parent)

    def remove(self, name: str) -> None:
        """Remove a file, if it is here. Its bytes are not overwritten."""
        path = self.root / name
        if path.parent.is_dir():
            path.unlink(missing_ok=True)
            _sync(path.parent)

    def folders(self) -> list[str]:
        """Return the folders that files can be in, in order."""
        return [each for each in self.listed() if is_folder(each) and (self.root / each).is_dir()]

    def listed(self, folder: str = "") -> list[str]:
        """Return what is in one of the folders, or all that is in the shelf itself, in order."""
        path = self.root / folder
        if not path.is_dir():
            return []
        return sorted(f"{folder}/{each.name}" if folder else each.name for each in path.iterdir())

    def parts(self) -> Iterator[str]:
        """Return the temporary files that are here: of who writes now, or of who died writing."""
        for folder in self.folders():
            yield from filter(is_part, self.listed(folder))

    def sizes(self, folder: str) -> dict[str, int]:
        """Return how many bytes of the disk each file of a folder takes: some of its blocks."""
        found = {}
        for name in self.listed(folder):
            # A temporary file may go while it is looked at.
            with suppress(FileNotFoundError):
                found[name] = _taken(self.root / name)
        return found

    def whole_size(self) -> int:
        """Return how many bytes of the disk all files take, those of others in the folder too."""
        total = 0
        for folder, _, names in os.walk(self.root):
            for name in names:
                # A temporary file may go while it is looked at.
                with suppress(FileNotFoundError):
                    total += _taken(Path(folder, name))
        return total

    def _head(self, name: str, count: int) -> bytes:
        with (self.root / name).open("rb") as file:
            return file.read(count)

    def _enter(self, folder: Path) -> None:
        """Make ``folder``, entered for good in the one above; once, as long as this shelf lives."""
        if folder not in self._entered or not folder.is_dir():
            _make_folder(self.root)
            if not folder.is_dir():
                folder.mkdir(exist_ok=True)
            _sync(self.root)
            self._entered.add(folder)


def _make_folder(folder: Path) -> None:
    """Make ``folder`` with those above it, each entered for good in the one above."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync(folder.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _taken(path: Path) -> int:
    return path.lstat().st_blocks * _BLOCK
