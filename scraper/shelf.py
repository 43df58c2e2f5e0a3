"""What the archive needs of the place where its files lie: folders of files that never change.

A file is named from the outer folder, ``ab/name``; the inner ones have two hexadecimal digits.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

_PART = ".part-"
_FOLDER = re.compile("[0-9a-f]{2}")


class Unreachable(OSError):
    """The place did not answer, or not to us: nothing is known of what it holds."""


class NotAsWritten(OSError):
    """A file reads back as other bytes than were written to it just now."""


class Shelf(Protocol):
    """Files that stay as they were written until they are replaced or removed.

    Whatever fails raises OSError and leaves what was there: FileNotFoundError for a file that is
    not here, Unreachable where that is not known.
    """

    address: str
    """Where it is, as ``Archive.at`` takes it."""
    folder: Path | None
    """The folder of this machine that it is, None if it is elsewhere."""

    def read(self, name: str) -> bytes:
        """Return the bytes of a file."""
        ...

    def heads(self, names: Sequence[str], count: int) -> list[bytes]:
        """Return the first ``count`` bytes of each file, fewer of one that is shorter."""
        ...

    def held(self, names: Sequence[str]) -> set[str]:
        """Return those of the names of which a file is here."""
        ...

    def write(self, name: str, data: bytes) -> None:
        """Write a file or replace it; once this returns, nobody's dying loses it.

        Raises NotAsWritten if it does not read back.
        """
        ...

    def settle(self, name: str) -> None:
        """Make sure of the same for a file that is here, whoever wrote it."""
        ...

    def remove(self, name: str) -> None:
        """Remove a file, if it is here. Its bytes are not overwritten."""
        ...

    def folders(self) -> list[str]:
        """Return the folders that files can be in, in order."""
        ...

    def listed(self, folder: str = "") -> list[str]:
        """Return what is in one of the folders, or all that is in the shelf itself, in order."""
        ...

    def parts(self) -> Iterator[str]:
        """Return the temporary files that are here: of who writes now, or of who died writing."""
        ...

    def sizes(self, folder: str) -> dict[str, int]:
        """Return how many bytes each file of a folder takes where it lies."""
        ...

    def whole_size(self) -> int:
        """Return how many bytes all files take, those of others in the folder too."""
        ...


def is_folder(name: str) -> bool:
    """Say whether a name is one that a folder of documents can have."""
    return bool(_FOLDER.fullmatch(name))


def new_part() -> str:
    """Return a name for a temporary file that no other has."""
    return f"{_PART}{secrets.token_hex(8)}"


def is_part(name: str) -> bool:
    """Say whether a name is one of a temporary file."""
    return name.rpartition("/")[2].startswith(_PART)
