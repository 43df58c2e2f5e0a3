"""A file that is there whole or not at all, and never in place of another."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sanctuary.errors import CommandError


class FileExists(CommandError):
    """A file of that name is there already: the caller names another."""

    def __init__(self, file: Path) -> None:
        """Take the file."""
        super().__init__(f"{file} exists already, and is not replaced; name another with -o")


@contextmanager
def new_file(file: Path) -> Iterator[IO[bytes]]:
    """Open a file to be written, which gets its name when the context ends without an error.

    Raises FileExists if there is one of that name, and OSError if it cannot be written.
    """
    if file.exists():
        raise FileExists(file)
    descriptor, name = tempfile.mkstemp(prefix=".part-", dir=file.parent)
    part = Path(name)
    try:
        with os.fdopen(descriptor, "w+b") as out:
            yield out
        mask = os.umask(0)
        os.umask(mask)
        part.chmod(0o666 & ~mask)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
