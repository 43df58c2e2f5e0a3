"""Where the archive of a data directory is: the folder ``archive`` in it, or a noted address.

The address is noted in a file beside the database and not in it: the database is shown and handed
out, and where its documents are kept is nobody's business.
"""

from __future__ import annotations

import os
from pathlib import Path

from scraper.archive import Archive
from scraper.errors import BadArchiveAddress

FOLDER = "archive"
NOTE = "archive.address"


def archive_in(data: Path) -> Archive:
    """Return the archive of a data directory, whether or not anything was ever put there.

    Raises BadArchiveAddress if the noted address is none.
    """
    return Archive.at(noted_address(data) or data / FOLDER)


def noted_address(data: Path) -> str | None:
    """Return the address that is noted in a data directory; None if the archive is a folder in it.

    Raises BadArchiveAddress if the note cannot be read: the documents are not looked for elsewhere.
    """
    try:
        return (data / NOTE).read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise BadArchiveAddress(f"{data / NOTE} cannot be read: {error}") from error


def note_address(data: Path, address: str) -> None:
    """Note where the archive of a data directory is from now on."""
    part = data / f".{NOTE}"
    with part.open("w", encoding="utf-8") as file:
        file.write(f"{address}\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(data / NOTE)
