"""A document as each engine reads it alone, and where their pages are not the same."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pdfplumber
from reportlab.pdfgen.canvas import Canvas

from parsers.pdf.layout import Line, Page
from parsers.pdf.pdfium_pages import Unvouched, pdfium_pages
from parsers.pdf.tables import read_layout

Draw = Callable[[Canvas], object]
Difference = tuple[str, object, object]

WIDTH, HEIGHT = 400, 300
_SUBSET = re.compile(r"[A-Z]{6}\+")


def drawn(*pages: Draw) -> bytes:
    """Return a PDF with a page for each that draws one, in points from its lower left corner."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=True)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def by_pdfplumber(document: bytes) -> list[Page]:
    with pdfplumber.open(io.BytesIO(document)) as pdf:
        return [read_layout(page) for page in pdf.pages]


def by_pdfium(document: bytes) -> list[Page | Unvouched]:
    return list(pdfium_pages(document))


def differences(one: Any, other: Any, ends: float = 0.0, at: str = "") -> Iterator[Difference]:
    """Yield where two pages differ, and what stands there in each.

    The box of a line may end ``ends`` points from where the other does. White space does not count,
    nor does the tag that a file puts before the name of a font that it holds in part.
    """
    if isinstance(one, Line) and isinstance(other, Line):
        if (_plain(one), one.is_bullet) != (_plain(other), other.is_bullet):
            yield at, _plain(one), _plain(other)
        far = [abs(a - b) for a, b in zip(one.box, other.box, strict=True)]
        if far[0] > 0.01 or max(far[1], far[3]) > ends / 2 + 0.01 or far[2] > ends + 0.01:
            yield f"{at}.box", one.box, other.box
    elif hasattr(one, "__dataclass_fields__"):
        for name in one.__dataclass_fields__:
            yield from differences(getattr(one, name), getattr(other, name), ends, f"{at}.{name}")
    elif isinstance(one, tuple) and at.rpartition(".")[2] != "box":
        if len(one) != len(other):
            yield at, one, other
        else:
            for number, (a, b) in enumerate(zip(one, other, strict=True)):
                yield from differences(a, b, ends, f"{at}[{number}]")
    elif one != other:
        yield at, one, other


def _plain(line: Line) -> tuple[str, str, int]:
    name, size = line.style
    return "".join(line.text.split()), _SUBSET.sub("", name), round(size)
