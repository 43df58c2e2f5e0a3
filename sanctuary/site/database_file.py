"""The whole database as one file: a copy made for who asks, as it stands at one moment.

The file itself is written to while it is served, and one that changes while it is sent is broken.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Forbidden

from sanctuary.site.download import Download, Receive
from sanctuary.site.individuals import download_closed
from sanctuary.site.visit import Visit

if TYPE_CHECKING:
    from datasette.app import Datasette

_PIECE = 1 << 20
"""Bytes that are sent at a time."""


async def respond(request: Any, datasette: Datasette, receive: Receive) -> Any:
    """Answer with a copy of the database, unless ``why_not``."""
    visit = await Visit.of(request, datasette)
    why = await why_not(visit)
    if why is not None:
        raise Forbidden(why)
    headers = {
        "content-disposition": f'attachment; filename="{Path(visit.database.path).name}"',
        "x-robots-tag": "noindex",
    }
    pieces = copied(Path(visit.database.path))
    return Download(pieces, "application/vnd.sqlite3", headers, receive)


async def why_not(visit: Visit) -> str | None:
    """Return why the whole database is not handed out, in a sentence; None if it is."""
    name = visit.database.name
    if await download_closed(visit.datasette, name):
        return "It holds rows or texts that this site is set not to show."
    if not visit.datasette.setting(
        "allow_download"
    ) or not await visit.datasette.permission_allowed(
        visit.request.actor, "view-database-download", name, default=True
    ):
        return "This site is set not to hand it out."
    return None


def copied(path: Path) -> Generator[bytes, None, None]:
    """Yield the bytes of a copy of the database at ``path``, without what was deleted from it.

    The copy lies in the folder for temporary files, and is gone when the generator is closed.
    Raises sqlite3.OperationalError before the first piece if it cannot be made, as on a full disk.
    """
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.db"
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
            db.execute("VACUUM INTO ?", [str(copy)])
        with copy.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece
