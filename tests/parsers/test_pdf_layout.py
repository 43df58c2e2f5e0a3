"""Characters become lines, lines become texts, and rules become cells."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from parsers.errors import ReadingError, Unreadable
from parsers.pdf.document import read_pages
from parsers.pdf.layout import Cell, Line, Page, joined
from tests.parsers.golden import FIXTURES

WEEK_1 = FIXTURES / "ddor" / "ddor-2017-01-28-thin-rules.pdf"


def drawn(draw: object, pages: int = 1) -> bytes:
    """Return a PDF whose every page is what ``draw`` draws."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(400, 300), invariant=True)
    for _ in range(pages):
        draw(canvas)  # type: ignore[operator]
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def page_of(draw: object) -> Page:
    (page,) = read_pages(drawn(draw))
    return page


def line(text: str, *, bullet: bool = False) -> Line:
    return Line(text, (0, 0, 1, 1), bullet, ("Helvetica", 9.0))


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["Will not honor", "a detainer"], "Will not honor a detainer"),
        (["St. Vincent-", "Grenadines"], "St. Vincent-Grenadines"),
        (["form I-", "247N"], "form I-247N"),
        (["Sexual Assault -", "Carnal Abuse"], "Sexual Assault - Carnal Abuse"),
        (["city-", "and county-run"], "city- and county-run"),
        (["and/", "or"], "and/ or"),
        (["policies, and/", "nor this"], "policies, and/nor this"),
        (["2016–", "2017"], "2016–2017"),
        (["coop\N{SOFT HYPHEN}", "eration"], "cooperation"),
        ([], ""),
    ],
)
def test_lines_are_joined_as_they_are_read(lines: list[str], text: str) -> None:
    assert joined(lines) == text


@given(st.lists(st.text("ab-/ –", min_size=1, max_size=5)))
def test_joining_loses_no_character_but_adds_blanks(lines: list[str]) -> None:
    assert joined(lines).replace(" ", "") == "".join(lines).replace(" ", "")


def test_a_bullet_begins_an_item_and_what_follows_belongs_to_it() -> None:
    cell = Cell((0, 0, 1, 1), (line("One", bullet=True), line("more"), line("Two", bullet=True)))
    assert cell.items == ("One more", "Two")
    assert cell.text == "• One more • Two"


def test_what_stands_before_the_first_bullet_is_an_item() -> None:
    cell = Cell((0, 0, 1, 1), (line("Only if:"), line("charged", bullet=True)))
    assert cell.items == ("Only if:", "charged")
    assert Cell((0, 0, 1, 1), ()).items == ()


@pytest.mark.parametrize(
    ("font", "sign"),
    [("Helvetica", "•"), ("Symbol", "•"), ("ZapfDingbats", "●"), ("ZapfDingbats", "■")],
)
def test_a_bullet_is_known_whatever_font_draws_it(font: str, sign: str) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 9)
        canvas.drawString(60, 200, "Will not honor")
        canvas.setFont(font, 9)
        canvas.drawString(50, 200, sign)

    (only,) = page_of(draw).lines
    assert (only.text, only.is_bullet) == ("Will not honor", True)


def test_a_letter_is_no_bullet() -> None:
    (only,) = page_of(lambda canvas: canvas.drawString(50, 200, "l 5 o")).lines
    assert (only.text, only.is_bullet) == ("l 5 o", False)


def test_a_frame_around_one_cell_is_no_table() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rect(40, 190, 200, 30)
        canvas.drawString(50, 200, "A framed note")

    page = page_of(draw)
    assert page.tables == ()
    assert [each.text for each in page.lines] == ["A framed note"]


def test_a_cell_of_a_table_holds_only_what_stands_in_it() -> None:
    def draw(canvas: Canvas) -> None:
        for x, text in ((50, "left"), (150, "right")):
            canvas.rect(x, 190, 100, 20)
            canvas.drawString(x + 5, 195, text)
        canvas.drawString(50, 150, "below")

    page = page_of(draw)
    assert [row.texts for table in page.tables for row in table.rows] == [("left", "right")]
    assert [each.text for each in page.lines] == ["below"]
    assert [cell.box for cell in page.tables[0].rows[0].cells if cell] == [
        (50, 90, 150, 110),
        (150, 90, 250, 110),
    ]


@pytest.mark.parametrize("cut", range(0, 60_000, 4_999))
def test_a_report_cut_short_anywhere_is_refused(cut: int) -> None:
    document = WEEK_1.read_bytes()
    with pytest.raises(Unreadable):
        list(read_pages(document[: min(cut, len(document) - 10)]))


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_in_one_line(noise: bytes) -> None:
    with pytest.raises(ReadingError) as raised:
        list(read_pages(b"%PDF-1.7\n" + noise + b"\n%%EOF"))
    assert "\n" not in str(raised.value)


def test_memory_does_not_grow_with_the_pages(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(25):
            canvas.drawString(20, 280 - 11 * number, "Will not honor detainers " * 3)

    def peak(pages: int) -> int:
        document = drawn(draw, pages)
        tracemalloc.start()
        try:
            for _ in read_pages(document):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(2)
    assert peak(12) < 2 * peak(4)
