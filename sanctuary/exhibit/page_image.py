"""The page that a value was read from, as a picture with the value's box drawn on it.

The document comes from outside: it is drawn in a process of its own, under the limits of a reading.
"""

from __future__ import annotations

import io
import multiprocessing
import os
from collections.abc import Sequence
from multiprocessing.connection import Connection

import pypdfium2
from PIL import ImageDraw

from parsers.records import Box
from sanctuary.errors import CommandError
from sanctuary.reading.child import confine
from sanctuary.reading.limits import ReadingLimits

_DPI = 150
_PIXELS = 25_000_000
"""At most; a larger page is drawn at fewer dots an inch."""
_AROUND = 2.0
"""Points between a value and the line around it."""
_RED = (200, 0, 0)
_LONGEST = 100_000_000


class NotDrawn(CommandError):
    """A page could not be drawn: the exhibit goes without, and says so."""

    def __init__(self, page: int, reason: str) -> None:
        """Take the number of the page and the reason as a clause without a full stop."""
        super().__init__(f"page {page} could not be drawn ({reason}); open the document to see it")


def page_image(document: bytes, page: int, boxes: Sequence[Box], limits: ReadingLimits) -> bytes:
    """Return page ``page`` (from 1) of a PDF as a PNG, with ``boxes`` drawn in red.

    Boxes are in points from the top left of the page as displayed. Raises NotDrawn.
    """
    ours, theirs = multiprocessing.Pipe()
    context = multiprocessing.get_context("forkserver")
    child = context.Process(target=_serve, args=(theirs, limits), daemon=True)
    with ours:
        try:
            with theirs:
                child.start()
            ours.send((document, page, tuple(boxes)))
            if not ours.poll(limits.wall_seconds):
                raise NotDrawn(page, f"it took more than {limits.wall_seconds:g} s")
            answer = ours.recv_bytes(_LONGEST)
        except (OSError, EOFError) as error:
            reason = "the process that drew it ended" if isinstance(error, EOFError) else str(error)
            raise NotDrawn(page, reason) from error
        finally:
            child.kill()
            child.join()
            child.close()
    if not answer.startswith(b"\x89PNG"):
        raise NotDrawn(page, answer.decode("utf-8", "replace"))
    return answer


def _serve(line: Connection, limits: ReadingLimits) -> None:
    confine(limits)
    document, page, boxes = line.recv()
    try:
        line.send_bytes(draw(document, page, boxes))
    except Exception as error:  # noqa: BLE001 - whatever a library raises on a broken document
        line.send_bytes(f"{type(error).__name__}: {error}"[:200].encode())
    os._exit(0)


def draw(document: bytes, page: int, boxes: Sequence[Box]) -> bytes:
    """Return what ``page_image`` does, in this process."""
    pdf = pypdfium2.PdfDocument(document)
    shown = pdf[page - 1]
    width, height = shown.get_size()
    scale = min(_DPI / 72, (_PIXELS / max(width * height, 1.0)) ** 0.5)
    image = shown.render(scale=scale).to_pil().convert("RGB")
    pen = ImageDraw.Draw(image)
    for x0, top, x1, bottom in boxes:
        around = (x0 - _AROUND, top - _AROUND, x1 + _AROUND, bottom + _AROUND)
        pen.rectangle([edge * scale for edge in around], outline=_RED, width=round(2 * scale) or 1)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
