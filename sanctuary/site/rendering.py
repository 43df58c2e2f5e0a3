"""Making pictures of pages, and taking passages out of documents, off the event loop.

One at a time in a server, since PDFium wants one; whoever asks for what another has just had made
finds it kept. That something cannot be made is kept for an hour, so that nobody can have it tried
again and again.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from time import time as clock
from typing import TYPE_CHECKING

import sqlite_utils

from parsers.records import HtmlSpot, PartSpot, Problem, SheetSpot
from sanctuary.bundles import readable
from sanctuary.confined import NotDone, confined
from sanctuary.page_image import DPI, DRAWN_BY, NotDrawn, Size, count_pages, page_image, size_of
from sanctuary.passage import (
    FORM,
    NoPassage,
    Passage,
    block_at,
    block_of,
    cut_out,
    passage_at,
    read_passage,
)
from sanctuary.reading import ReadingLimits
from sanctuary.renders import Renders
from sanctuary.site.document_access import UNREACHABLE, archive_of
from sanctuary.site.ours import own_connection
from scraper.errors import ArchiveUnreachable, DamagedArchive

if TYPE_CHECKING:
    from datasette.database import Database

LIMITS = ReadingLimits(cpu_seconds=10, wall_seconds=20.0)
"""Of the process that draws a page or finds a passage: a page takes less than half a second."""
MOST_WAITING = 40
"""Requests that may wait for their turn."""
_worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="rendering")
_waiting = 0


class NotRendered(Exception):
    """There is nothing to show; the message says why, as a clause without a full stop."""


class Busy(NotRendered):
    """Too many wait already: the caller can come back later."""


async def picture(database: Database, sha256: str, page: int) -> bytes:
    """Return page ``page`` (from 1) of a document as a PNG. The caller knows that it may be shown.

    Raises NotRendered.
    """

    def draw() -> bytes:
        try:
            return page_image(archive_of(database).get(sha256), page, (), LIMITS)
        except NotDrawn as error:
            raise NotDone(error.reason) from error

    return await _made(database, sha256, f"page {page} {DPI} {DRAWN_BY}", draw)


async def page_size(database: Database, sha256: str, page: int) -> Size:
    """Return how large a page is, in points: it is drawn for it, and its picture kept.

    Raises NotRendered.
    """
    try:
        return size_of(await picture(database, sha256, page))
    except ValueError as error:
        raise NotRendered(str(error)) from error


async def pages(database: Database, sha256: str) -> int:
    """Return how many pages a PDF has. Raises NotRendered."""

    def count() -> bytes:
        return confined(count_pages, archive_of(database).get(sha256), limits=LIMITS)

    counted = await _made(database, sha256, f"pages {DRAWN_BY}", count)
    if not counted.isdigit():
        raise NotRendered("its pages could not be counted")
    return int(counted[:6])


async def passage(
    database: Database, source_id: str, sha256: str, spot: HtmlSpot | PartSpot | SheetSpot
) -> Passage:
    """Return what stands around a place of a document. The caller knows that it may be shown.

    Raises NotRendered.
    """

    def take() -> bytes:
        whole = _readable(database, source_id, sha256)
        if isinstance(spot, SheetSpot):
            return confined(block_at, whole, spot.sheet, block_of(spot), limits=LIMITS)
        return confined(passage_at, whole, spot, limits=LIMITS)

    where = json.dumps(asdict(spot))
    if isinstance(spot, SheetSpot):
        where = f"{spot.sheet!r} {block_of(spot)}"
    try:
        found = read_passage(
            await _made(database, sha256, f"passage {FORM} {source_id} {where}", take)
        )
        return cut_out(found, spot.row) if isinstance(spot, SheetSpot) else found
    except (ValueError, NoPassage) as error:
        raise NotRendered(str(error)) from error


def _readable(database: Database, source_id: str, sha256: str) -> bytes:
    """Return the bytes of a document as its parser reads them, a manifest with its parts."""
    with closing(own_connection(database)) as connection:
        db = sqlite_utils.Database(connection, recursive_triggers=False, execute_plugins=False)
        whole = readable(db, archive_of(database), source_id, sha256)
    if isinstance(whole, Problem):
        raise NotDone(whole.message)
    return whole


async def _made(database: Database, sha256: str, what: str, make: Callable[[], bytes]) -> bytes:
    """Return what is kept of a document under the name ``what``, made now if it is not there."""
    global _waiting
    renders = Renders.of(Path(database.path))
    loop = asyncio.get_running_loop()
    kept = await loop.run_in_executor(None, _kept, renders, sha256, what)
    if kept is None:
        if _waiting >= MOST_WAITING:
            raise Busy("too many wait for a picture; come back in a minute")
        _waiting += 1
        try:
            kept = await loop.run_in_executor(_worker, _keep, renders, sha256, what, make)
        finally:
            _waiting -= 1
    if isinstance(kept, str):
        raise NotRendered(kept)
    return kept


def _kept(renders: Renders, sha256: str, what: str) -> bytes | str | None:
    """Return what was made, or why that failed within this hour; None if nobody tried."""
    made = renders.get(sha256, what)
    if made is not None:
        return made
    reason = renders.get(sha256, _failed(what))
    return None if reason is None else reason.decode("utf-8", "replace")


def _keep(renders: Renders, sha256: str, what: str, make: Callable[[], bytes]) -> bytes | str:
    """Make what nobody has made meanwhile, and keep it, or why it could not be made."""
    kept = _kept(renders, sha256, what)
    if kept is not None:
        return kept
    try:
        made = make()
    except ArchiveUnreachable:
        return UNREACHABLE  # which is not kept: the next visitor may have more luck
    except (NotDone, DamagedArchive) as error:
        reason = error.reason if isinstance(error, DamagedArchive) else str(error)
        renders.keep(sha256, _failed(what), reason.encode())
        return reason
    renders.keep(sha256, what, made)
    return made


def _failed(what: str) -> str:
    return f"{what} failed {int(clock() // 3600)}"
