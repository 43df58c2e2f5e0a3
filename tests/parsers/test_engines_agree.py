"""PDFium reads what pdfplumber reads, or says that it cannot vouch for a page; never otherwise."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from parsers.errors import ReadingError
from parsers.pdf.pdfium_pages import Unvouched
from parsers.registry import Way, parser_named
from tests.parsers.golden import FIXTURES
from tests.parsers.revisions import FOLDERS
from tests.parsers.two_engines import (
    HEIGHT,
    WIDTH,
    Difference,
    by_pdfium,
    by_pdfplumber,
    differences,
    drawn,
)

ROOT = Path(__file__).parents[2]
REAL = Path(os.environ.get("SANCTUARY_REAL", ROOT.parent / "shared" / "real")) / "pdf"
READINGS = [
    pytest.param(name, path, id=path.stem)
    for name in ("ddor", "declined-detainer-quarterly", "policy-manual")
    for folder in FOLDERS[name]
    for path in sorted((FIXTURES / folder).glob("*.pdf"))
]
# PDFium cuts the fractions off the widths of letters, so that long lines end a little before they
# do: these are set in Bitstream Vera, whose widths have some.
FRACTIONS = {
    "ddor-2017-01-28-broken-rows": 0.7,
    "ddor-2017-02-11-broken-rows": 0.7,
    "letters-not-mapped": 0.5,
    # Kerned letter by letter, and PDFium counts in half the precision.
    "ddor-2017-01-28-word": 0.1,
    "ddor-2017-01-28-invented-list": 0.1,
}
TWO_READINGS = {"letters-mapped-to-nothing"}
"""Made so that the engines read it differently: a verified reading says so."""


def outcome(name: str, path: Path) -> Any:
    try:
        read = parser_named(name).reader({}, Way.FAST)
        plain: Any = read(path.read_bytes(), {}).to_json()
    except ReadingError as error:
        plain = {"refused": type(error).__name__, "message": str(error)}
    return json.loads(json.dumps(plain))


def parted(came: Any) -> tuple[Any, list[Any]]:
    """Return a reading without its boxes and without what is said of the engines, and its boxes."""
    boxes: list[Any] = []

    def bare(each: Any) -> Any:
        if isinstance(each, dict):
            boxes.extend(each[name] for name in each if name == "bbox")
            return {name: bare(value) for name, value in each.items() if name != "bbox"}
        return [bare(value) for value in each] if isinstance(each, list) else each

    came = {
        **came,
        "checks": [c for c in came.get("checks", ()) if c["name"] != "engines_agree"],
    }
    return bare(came), boxes


@pytest.mark.parametrize(("name", "path"), READINGS)
def test_a_fast_reading_is_the_verified_one(name: str, path: Path) -> None:
    if path.stem in TWO_READINGS:
        return
    expected = json.loads(path.with_name(f"{path.stem}.expected.json").read_text("utf-8"))
    (wanted, boxes), (came, others) = parted(expected), parted(outcome(name, path))
    assert came == wanted
    for box, other in zip(boxes, others, strict=True):
        assert box[:2] + box[3:] == other[:2] + other[3:]
        assert abs(box[2] - other[2]) <= FRACTIONS.get(path.stem, 0.0) + 0.01


PAGES = [
    pytest.param(path, id=path.stem)
    for folder in ("table", "statement", "ruled-tables")
    for path in sorted((FIXTURES / folder).glob("*.pdf"))
]


def unlike(document: bytes, ends: float = 0.0) -> list[Difference]:
    """Return where the engines read a document differently, but for pages not vouched for."""
    pages = zip(by_pdfplumber(document), by_pdfium(document), strict=True)
    return [
        each
        for one, other in pages
        if not isinstance(other, Unvouched)
        for each in differences(one, other, ends)
    ]


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_the_same(path: Path) -> None:
    assert unlike(path.read_bytes()) == []


ROUNDED = 0.4
"""Points by which lines of real documents end apart: PDFium rounds what they are kerned by."""


@pytest.mark.parametrize(
    "path", [pytest.param(path, id=path.stem) for path in sorted(REAL.glob("*.pdf"))]
)
def test_the_pages_of_real_documents_are_the_same(path: Path) -> None:
    assert unlike(path.read_bytes(), ROUNDED) == []


pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456789 .,;:()-/’“éo"
# Not in the standard fonts, of whose codes pdfminer does not know all: its bullet has no width, and
# it reads a blank where WinAnsiEncoding draws its second hyphen (PDF 1.7, annex D.2, note 6).
_RARE = "\N{LATIN SMALL LIGATURE FI}\N{LATIN SMALL LIGATURE FL}\N{SOFT HYPHEN}•"
_FONTS = st.sampled_from(
    [
        *((font, _LETTERS) for font in ("Helvetica", "Times-Roman", "Courier-Bold")),
        ("Vera", _LETTERS + _RARE),
    ]
)


@st.composite
def texts(draw: st.DrawFn) -> Callable[[Canvas], None]:
    """Draw a text somewhere: across rules, spaced, stretched, turned, twice."""
    x, y = draw(st.integers(20, WIDTH - 80)), draw(st.integers(20, HEIGHT - 20))
    font, letters_of_it = draw(_FONTS)
    text = draw(st.text(letters_of_it, min_size=1, max_size=12))
    size = draw(st.sampled_from([6, 8.5, 9, 12]))
    turned = draw(st.sampled_from([0, 0, 0, 0, 0, 0, 90, 180, 15]))
    letters, words = draw(st.sampled_from([0, 0, 0.4, 2])), draw(st.sampled_from([0, 0, 3]))
    stretched = draw(st.sampled_from([100, 100, 100, 80]))
    again = draw(st.sampled_from([None, None, None, 0.3, 1.2]))

    def put(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.translate(x, y)
        canvas.rotate(turned)
        for shift in (0.0, again):
            if shift is not None:
                out = canvas.beginText(shift, 0)
                out.setFont(font, size)
                out.setCharSpace(letters)
                out.setWordSpace(words)
                out.setHorizScale(stretched)
                out.textLine(text)
                canvas.drawText(out)
        canvas.restoreState()

    return put


@st.composite
def ruled(draw: st.DrawFn) -> Callable[[Canvas], None]:
    """Draw a grid of lines or thin rectangles, some left out, some with gaps, some twice."""
    steps = st.lists(st.sampled_from([2, 7, 20, 33.3, 60, 90]), min_size=1, max_size=4)
    xs, ys = [30.0], [40.0]
    for places, found in ((xs, draw(steps)), (ys, draw(steps))):
        for step in found:
            places.append(places[-1] + step)
    width = draw(st.sampled_from([0.24, 0.5, 1, 4]))
    thin = draw(st.booleans())
    kinds = st.sampled_from(["drawn"] * 6 + ["left out", "short", "twice"])
    pieces = [
        (ends, draw(kinds))
        for ends in [
            *((x, y, other, y) for y in ys for x, other in pairwise(xs)),
            *((x, y, x, other) for x in xs for y, other in pairwise(ys)),
        ]
    ]

    def put(canvas: Canvas) -> None:
        canvas.setLineWidth(width)
        for (x0, y0, x1, y1), kind in pieces:
            if kind == "left out":
                continue
            cut = 3.2 if kind == "short" else 0
            x2, y2 = (x1 - cut, y1) if y0 == y1 else (x1, y1 - cut)
            for _ in range(2 if kind == "twice" else 1):
                if thin:
                    canvas.rect(x0, y0, max(x2 - x0, width), max(y2 - y0, width), 0, 1)
                else:
                    canvas.line(x0, y0, x2, y2)

    return put


@given(ruled(), st.lists(texts(), max_size=6), st.sampled_from([0, 0, 0, 0, 90]))
@settings(max_examples=40, deadline=None)
def test_any_page_is_read_the_same_or_not_vouched_for(
    rules: Callable[[Canvas], None], written: list[Callable[[Canvas], None]], turned: int
) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(turned)
        rules(canvas)
        for put in written:
            put(canvas)

    assert unlike(drawn(draw), ends=0.1) == []
