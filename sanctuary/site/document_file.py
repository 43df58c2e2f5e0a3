"""The bytes of a document, and pictures of its pages: handed out, or refused with the reason."""

from __future__ import annotations

import asyncio
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Forbidden, NotFound, Response
from datasette.views.base import DatasetteError
from sqlite_utils import Database

from parsers.records import RECORD_BY_TABLE
from sanctuary.document_name import safe_name
from sanctuary.handing_out import why_kept_back
from sanctuary.renders import forget
from sanctuary.site import rendering
from sanctuary.site.document_access import UNREACHABLE, Access, access, archive_of
from sanctuary.site.download import PATIENCE
from sanctuary.site.visit import Visit
from scraper.errors import ArchiveUnreachable, DamagedArchive

if TYPE_CHECKING:
    from datasette.app import Datasette

_MEDIA_TYPE = re.compile(
    r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*(; ?charset=[a-z0-9_.:-]+)?",
    re.IGNORECASE,
)
_UNKNOWN = "application/octet-stream"
_PIECE = 1 << 18
MOST_HELD = 200_000_000
"""Bytes of documents that are held in memory while they are sent."""
_SANDBOX = "sandbox; default-src 'none'"
_KEPT = "private, max-age=600"
"""Who asked may keep a picture for ten minutes; it may be withheld meanwhile."""


class Download:
    """Bytes that go out piece by piece."""

    held = 0
    """How many bytes are being sent just now, to all who asked."""

    def __init__(self, data: bytes, headers: dict[str, str]) -> None:
        """Take the bytes, and all headers but that of their length."""
        self._data = data
        self._headers = {**headers, "content-length": str(len(data))}

    async def asgi_send(self, send: Any) -> None:
        """Send it: Datasette calls this. Too much at once is refused.

        To who takes nothing it ends without the end of its answer.
        """
        size = len(self._data)
        if Download.held and Download.held + size > MOST_HELD:
            said = "Too many documents are being sent; try again in a minute.\n"
            await Response.text(said, status=503, headers={"retry-after": "60"}).asgi_send(send)
            return
        Download.held += size
        try:
            await self._send(send)
        except TimeoutError:
            return
        finally:
            Download.held -= size

    async def _send(self, send: Any) -> None:
        headers = [(name.encode(), value.encode()) for name, value in self._headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        view = memoryview(self._data)
        for at in range(0, len(view), _PIECE):
            piece = bytes(view[at : at + _PIECE])
            async with asyncio.timeout(PATIENCE):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


async def respond(request: Any, datasette: Datasette) -> Any:
    """Answer with the bytes of the document of the hash in the address, to be saved."""
    visit = await Visit.of(request, datasette)
    archive = archive_of(visit.database)
    sha256 = request.url_vars["sha256"]
    seen = await _open(visit, sha256)

    def get(_: Database) -> bytes:
        return archive.get(sha256)

    try:
        data = await visit.read(get)
    except DamagedArchive as error:
        raise NotFound(f"The archive cannot give this document: {error.reason}") from error
    except ArchiveUnreachable as error:
        raise _not_now() from error
    document = seen.document
    name = safe_name(sha256, document.file_name, document.media_type)
    return Download(
        data,
        {
            "content-type": served_type(document.media_type),
            "content-disposition": f'attachment; filename="{name}"',
            "content-security-policy": _SANDBOX,
            "x-content-type-options": "nosniff",
            "x-robots-tag": "noindex",
            "cache-control": _KEPT,
        },
    )


async def respond_page(request: Any, datasette: Datasette) -> Any:
    """Answer with the picture of a page of a document."""
    visit = await Visit.of(request, datasette)
    sha256, page = request.url_vars["sha256"], int(request.url_vars["page"])
    await _open(visit, sha256)
    try:
        picture = await rendering.picture(visit.database, sha256, page)
    except rendering.Busy as error:
        return Response.text(str(error), status=503, headers={"retry-after": "30"})
    except rendering.NotRendered as error:
        raise NotFound(f"There is no picture of page {page}: {error}") from error
    tag = f'"{hashlib.sha256(picture).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": _KEPT, "x-robots-tag": "noindex"}
    if tag in (request.headers.get("if-none-match") or ""):
        return Response("", status=304, headers=headers, content_type="image/png")
    return Response(picture, headers=headers, content_type="image/png")


def served_type(media_type: str | None) -> str:
    """Return the media type of a document as its server stated it, if it is one."""
    stated = (media_type or "").strip()
    return stated if _MEDIA_TYPE.fullmatch(stated) else _UNKNOWN


async def _open(visit: Visit, sha256: str) -> Access:
    """Return a document that may be handed out.

    Raises NotFound if it is not here, DatasetteError if that is not known just now, and Forbidden
    if it may not: then what was drawn of it is deleted, too.
    """
    tables = await visit.visible(RECORD_BY_TABLE)
    archive = archive_of(visit.database)
    path = Path(visit.database.path)

    def look(db: Database) -> Access | None:
        seen = access(db, archive, sha256, tables)
        if why_kept_back(db, sha256) is not None:
            forget(path, sha256)
        return seen

    seen = await visit.read(look)
    if seen is None:
        raise NotFound("No document of this sha256 is known here")
    if seen.refused is not None:
        raise Forbidden(f"This document is not handed out: {seen.refused}")
    if seen.lacking == UNREACHABLE:
        raise _not_now()
    if seen.lacking is not None:
        raise NotFound(f"This document cannot be had here: {seen.lacking}")
    return seen


def _not_now() -> DatasetteError:
    return DatasetteError(
        f"This document cannot be had here: {UNREACHABLE}", title="Try again later", status=503
    )
