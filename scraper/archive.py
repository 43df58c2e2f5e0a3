"""Every document byte for byte, under the name of its sha256: ``archive/ab/abcdef…``."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from pathlib import Path

from scraper.errors import DamagedArchive, NotArchived


class Archive:
    """A folder of documents that are written once and never changed."""

    def __init__(self, root: Path) -> None:
        """Take the folder; it is made when the first document comes."""
        self.root = root

    @staticmethod
    def hash_of(data: bytes) -> str:
        """Return the name of ``data``: its sha256 in 64 lower-case digits."""
        return hashlib.sha256(data).hexdigest()

    def path_of(self, sha256: str) -> Path:
        """Return where a document is, or would be.

        Raises ValueError for a text that is no sha256, so that no name leads out of the folder.
        """
        if not re.fullmatch("[0-9a-f]{64}", sha256):
            raise ValueError(f"{sha256!r} is no sha256")
        return self.root / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """Say whether the document of that hash is here and whole; its bytes are read for it.

        Raises OSError if they cannot be.
        """
        path = self.path_of(sha256)
        return path.is_file() and self.hash_of(path.read_bytes()) == sha256

    def put(self, data: bytes) -> str:
        """Keep ``data`` and return its hash; once this returns, a power cut does not lose it.

        The bytes go to a temporary file of the same folder, which is measured, synced, renamed,
        and the folder synced. A damaged file of that name is replaced. Raises NotArchived if any
        of it fails; then nothing half written is left.
        """
        sha256 = self.hash_of(data)
        path = self.path_of(sha256)
        try:
            if not self.has(sha256):
                _make_folder(path.parent)
                _write(path, data)
        except OSError as error:
            raise NotArchived(path, error.strerror or str(error)) from error
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the document of that hash.

        Raises DamagedArchive if it is not there, cannot be read, or has bytes of another hash.
        """
        try:
            data = self.path_of(sha256).read_bytes()
        except FileNotFoundError:
            raise DamagedArchive(sha256, "it is not in the archive") from None
        except OSError as error:
            raise DamagedArchive(sha256, f"it cannot be read ({error.strerror})") from error
        if self.hash_of(data) != sha256:
            raise DamagedArchive(sha256, "its bytes have changed")
        return data


def _write(path: Path, data: bytes) -> None:
    part = path.with_name(f".part-{secrets.token_hex(8)}")
    try:
        # Nobody writes to a document again: it is read-only from the start.
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444), "wb") as file:
            file.write(data)
            file.flush()
            written = os.fstat(file.fileno()).st_size
            if written != len(data):
                raise OSError(f"only {written} of {len(data)} bytes were written")
            os.fsync(file.fileno())
        part.replace(path)
        _sync_folder(path.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _make_folder(folder: Path) -> None:
    """Make ``folder`` with those above it, each entered for good in the one above."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
