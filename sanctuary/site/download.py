"""One table as a file, sent as it is made: off the event loop, at the pace of who takes it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Generator, Mapping
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Forbidden, NotFound, Response

from sanctuary.site.download_files import FORMS, Form, has_parquet
from sanctuary.site.download_list import is_offered
from sanctuary.site.download_rows import TableRows
from sanctuary.site.visit import Visit

if TYPE_CHECKING:
    from datasette.app import Datasette

AT_ONCE = 4
"""Downloads that run at a time; each holds a connection."""
LONGEST_SECONDS = 3600.0
"""How long one may take: as long as it runs, what a run writes adds to the file beside the data."""
PATIENCE = 60.0
"""Seconds until a piece that nobody takes ends a download."""
NEEDS_PYARROW = (
    "Parquet needs pyarrow, which is not installed here: `pip install "
    "'sanctuary-tracker[parquet]'` has it. CSV and JSON are there without it.\n"
)

Send = Callable[[Any], Awaitable[None]]
Receive = Callable[[], Awaitable[Any]]


async def respond(request: Any, datasette: Datasette, receive: Receive) -> Any:
    """Answer with the table that the address names, as a file."""
    visit = await Visit.of(request, datasette)
    table, form = request.url_vars["table"], request.url_vars["form"]
    known = await visit.read(lambda db: {*db.table_names(), *db.view_names()})
    if not is_offered(table) or table not in known:
        raise NotFound("There is no such download")
    if table not in await visit.visible([table]):
        raise Forbidden("You do not have permission to view this table")
    if form == "parquet" and not has_parquet():
        return visit.text(NEEDS_PYARROW, "text/plain; charset=utf-8", 501)
    described = datasette.table_metadata(visit.database.name, table).get("columns") or {}
    pieces = _pieces(TableRows(datasette, visit.database, table), FORMS[form], described)
    headers = {
        "content-disposition": f'attachment; filename="{table}.{form}"',
        "x-robots-tag": "noindex",
        **({"access-control-allow-origin": "*"} if datasette.cors else {}),
    }
    if request.method == "HEAD":
        return Response("", headers=headers, content_type=FORMS[form].content_type)
    return Download(pieces, FORMS[form].content_type, headers, receive)


def _pieces(
    rows: TableRows, form: Form, described: Mapping[str, str]
) -> Generator[bytes, None, None]:
    with rows:
        yield from form.pieces(rows.columns, rows, described)


class Download(Response):  # type: ignore[misc]  # Datasette tells no types
    """An answer that is made while it is sent."""

    running = 0
    """How many there are just now."""

    def __init__(
        self,
        pieces: Generator[bytes, None, None],
        content_type: str,
        headers: dict[str, str],
        receive: Receive,
    ) -> None:
        """Take a generator of the file, which is closed in the end, however it ends."""
        super().__init__("", headers=headers, content_type=content_type)
        self._pieces = _Pieces(pieces)
        self._receive = receive

    async def asgi_send(self, send: Send) -> None:
        """Send the file, or say that too many are being sent.

        A download that cannot be finished ends without the end of its answer, so that no half of a
        file is taken for the whole.
        """
        if Download.running >= AT_ONCE:
            said = f"{AT_ONCE} downloads are running; try again in a minute.\n"
            await Response.text(said, status=503, headers={"retry-after": "60"}).asgi_send(send)
            return
        Download.running += 1
        gone = asyncio.ensure_future(self._until_gone())
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                await self._send(send, gone)
        except TimeoutError:
            return
        finally:
            Download.running -= 1
            gone.cancel()
            await asyncio.shield(asyncio.to_thread(self._pieces.close))

    async def _send(self, send: Send, gone: asyncio.Future[None]) -> None:
        # What cannot be made at all is an error of its own, before anything was sent.
        piece = await asyncio.to_thread(self._pieces.next)
        headers = {**self.headers, "content-type": self.content_type}
        raw = [[name.encode(), value.encode()] for name, value in headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": raw})
        while piece is not None:
            if gone.done():
                return
            message = {"type": "http.response.body", "body": piece, "more_body": True}
            async with asyncio.timeout(PATIENCE):
                await send(message)
            piece = await asyncio.to_thread(self._pieces.next)
        await send({"type": "http.response.body", "body": b""})

    async def _until_gone(self) -> None:
        """Wait until who asked has gone away."""
        while (await self._receive())["type"] != "http.disconnect":
            pass


class _Pieces:
    """A generator that is asked in one thread and may be closed in another."""

    def __init__(self, pieces: Generator[bytes, None, None]) -> None:
        self._pieces = pieces
        self._lock = threading.Lock()

    def next(self) -> bytes | None:
        """Return the next piece, None after the last."""
        with self._lock:
            return next(self._pieces, None)

    def close(self) -> None:
        """Let go of what the generator holds."""
        with self._lock:
            self._pieces.close()
