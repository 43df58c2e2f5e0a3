"""A page of a PDF as a picture, with or without the boxes of values drawn on it.

The document comes from outside: it is drawn in a process of its own, under the limits of a reading.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

import pypdfium2
from PIL import ImageDraw
from PIL.PngImagePlugin import PngInfo

from parsers.records import Box
from sanctuary.confined import NotDone, confined
from sanctuary.errors import CommandError
from sanctuary.reading.limits import ReadingLimits

DPI = 150
DRAWN_BY = f"pypdfium2-{version('pypdfium2')}+pillow-{version('pillow')}"
"""What draws: with another version a picture of the same page may be another."""
_PIXELS = 25_000_000
"""At most; a larger page is drawn at fewer dots an inch."""
_AROUND = 2.0
"""Points between a value and the line around it."""
_RED = (200, 0, 0)
_PACKED = 3
"""How hard a picture is packed, 0 to 9: beyond it takes longer and pages are no smaller."""
_PNG = b"\x89PNG\r\n\x1a\n"
_SIZE = "page in points"
"""The keyword under which a picture says how large its page is (PNG, 11.3.3.3, tEXt)."""
_STATED = re.compile(
    rb"tEXt" + _SIZE.encode() + rb"\0([0-9]{1,6}\.[0-9]{2})x([0-9]{1,6}\.[0-9]{2})"
)
_HEAD = 300
"""Bytes in which it says so."""


class NotDrawn(CommandError):
    """A page could not be drawn: who wanted the picture goes without, and says so."""

    def __init__(self, page: int, reason: str) -> None:
        """Take the number of the page and the reason as a clause without a full stop."""
        super().__init__(f"page {page} could not be drawn ({reason}); open the document to see it")
        self.reason = reason


@dataclass(frozen=True)
class Size:
    """Width and height of a page in points, as it is displayed."""

    width: float
    height: float


def page_image(document: bytes, page: int, boxes: Sequence[Box], limits: ReadingLimits) -> bytes:
    """Return page ``page`` (from 1) of a PDF as a PNG, with ``boxes`` drawn in red.

    Boxes are in points from the top left of the page as displayed. Raises NotDrawn.
    """
    try:
        drawn = confined(draw, document, page, tuple(boxes), limits=limits)
    except NotDone as error:
        raise NotDrawn(page, str(error)) from error
    try:
        size_of(drawn)
    except ValueError as error:
        raise NotDrawn(page, str(error)) from error
    return drawn


def draw(document: bytes, page: int, boxes: Sequence[Box]) -> bytes:
    """Return what ``page_image`` does, in this process."""
    pdf = pypdfium2.PdfDocument(document)
    shown = pdf[page - 1]
    width, height = shown.get_size()
    scale = min(DPI / 72, (_PIXELS / max(width * height, 1.0)) ** 0.5)
    image = shown.render(scale=scale).to_pil().convert("RGB")
    pen = ImageDraw.Draw(image)
    for x0, top, x1, bottom in boxes:
        around = (x0 - _AROUND, top - _AROUND, x1 + _AROUND, bottom + _AROUND)
        pen.rectangle([edge * scale for edge in around], outline=_RED, width=round(2 * scale) or 1)
    out = io.BytesIO()
    said = PngInfo()
    said.add_text(_SIZE, f"{width:.2f}x{height:.2f}")
    image.save(out, "PNG", pnginfo=said, compress_level=_PACKED)
    return out.getvalue()


def size_of(picture: bytes) -> Size:
    """Return the size of the page that ``draw`` made a picture of.

    Raises ValueError for what it did not make.
    """
    found = _STATED.search(picture[:_HEAD]) if picture.startswith(_PNG) else None
    if found is None:
        raise ValueError("it is no picture of a page")
    return Size(float(found[1]), float(found[2]))


def count_pages(document: bytes) -> bytes:
    """Return in digits how many pages a PDF has; for a process that is confined."""
    return str(len(pypdfium2.PdfDocument(document))).encode()
