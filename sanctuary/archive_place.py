"""Where the archive of a data directory is: the folder ``archive`` in it, or a noted address.

The address is noted in a file beside the database and not in it: the database is shown and handed
out, and where its documents are kept is nobody's business.
"""

from __future__ import annotations

from pathlib import Path

from scraper.archive import Archive
from scraper.errors import BadArchiveAddress
from scraper.local_shelf import LocalShelf

FOLDER = "archive"
NOTE = "archive.address"


def archive_in(data: Path) -> Archive:
    """Return the archive of a data directory, whether or not anything was ever put there.

    Raises BadArchiveAddress if the note cannot be read, or holds no address: the documents are not
    looked for elsewhere.
    """
    address = _noted(data)
    if address is None:
        return Archive.at(data / FOLDER)
    try:
        return Archive.at(address)
    except BadArchiveAddress as error:
        raise BadArchiveAddress(f"{data / NOTE}: {error}") from error


def note_address(data: Path, address: str) -> None:
    """Note where the archive of a data directory is from now on; a power cut does not lose it."""
    LocalShelf(data).write(NOTE, f"{address}\n".encode())


def _noted(data: Path) -> str | None:
    """Return what is noted in a data directory; None if the archive is a folder in it."""
    try:
        return (data / NOTE).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise BadArchiveAddress(f"{data / NOTE} cannot be read: {error}") from error
