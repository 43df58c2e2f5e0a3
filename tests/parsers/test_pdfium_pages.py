"""What PDFium reads exactly, and what it says it cannot vouch for."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from parsers.errors import Unreadable
from parsers.pdf import pdfium_calls
from parsers.pdf import pdfium_pages as two
from parsers.pdf.layout import Page
from parsers.pdf.pdfium_pages import Unvouched, pdfium_pages
from parsers.pdf.pdfium_unsure import SOFT_HYPHEN, UNMAPPED
from tests.parsers.golden import FIXTURES
from tests.parsers.two_engines import Draw, by_pdfplumber, differences, drawn

pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))


def only(document: bytes) -> Page | Unvouched:
    (page,) = pdfium_pages(document)
    return page


def read(draw: Draw) -> Page:
    """Return a page as PDFium reads it, which pdfplumber reads just so."""
    document = drawn(draw)
    page = only(document)
    assert isinstance(page, Page)
    assert list(differences(by_pdfplumber(document)[0], page, 0.1)) == []
    return page


def reason(document: bytes) -> str | None:
    page = only(document)
    return page.reason if isinstance(page, Unvouched) else None


def texts(page: Page) -> list[str]:
    return [line.text for line in page.lines]


def raw(content: bytes, font: bytes = b"", more: Sequence[bytes] = ()) -> bytes:
    """Return a PDF of one page written by hand; ``more`` are its objects from the sixth on."""
    font = font or b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 300] /Contents 4 0 R"
        b" /Resources << /Font << /F 5 0 R >> >> >>",
        stream(content),
        font,
        *more,
    ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % each for each in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer << /Root 1 0 R >>\n%%EOF\n"


def stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def mapped(*letters: str) -> bytes:
    """Return what maps the codes of A, B … to letters."""
    lines = b"".join(
        b"<%02x> <%s>\n" % (code, letter.encode("utf-16-be").hex().encode())
        for code, letter in enumerate(letters, ord("A"))
    )
    return stream(
        b"/CIDInit /ProcSet findresource begin begincmap\n"
        b"1 begincodespacerange <00> <ff> endcodespacerange\n"
        b"%d beginbfchar\n%sendbfchar\nendcmap end" % (len(letters), lines)
    )


SHOWN = b"BT /F 12 Tf 50 200 Td (AB) Tj ET"


def test_a_hyphen_at_the_end_of_a_line_is_told_from_a_soft_one() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Vera", 10)
        for place, text in enumerate(["Kin-", "bote", "coop\N{SOFT HYPHEN}", "eration", "x-ray"]):
            canvas.drawString(40, 250 - 14 * place, text)

    assert texts(read(draw)) == ["Kin-", "bote", "coop\N{SOFT HYPHEN}", "eration", "x-ray"]


def test_all_hyphens_of_a_document_are_read_on_one_page_that_is_added(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    added = []
    monkeypatch.setattr(
        two, "new_page", lambda *where: added.append(where) or pdfium_calls.new_page(*where)
    )

    def draw(canvas: Canvas) -> None:
        for y in (250, 236, 222):
            canvas.drawString(40, y, "Kin-")

    pages = list(pdfium_pages(drawn(draw, draw)))
    assert [texts(page) for page in pages if isinstance(page, Page)] == [["Kin-"] * 3] * 2
    assert len(added) == 1


def test_a_hyphen_on_a_form_is_not_vouched_for() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.beginForm("words")
        canvas.drawString(40, 250, "Kin-")
        canvas.drawString(40, 236, "bote")
        canvas.endForm()
        canvas.doForm("words")

    assert reason(drawn(draw)) == SOFT_HYPHEN


def test_letters_that_stand_apart_are_words_however_they_were_set_apart() -> None:
    def draw(canvas: Canvas) -> None:
        for place, (letters, words) in enumerate([(0, 0), (1, 0), (2, 0), (0, 9), (-0.4, 2)]):
            out = canvas.beginText(40, 250 - 20 * place)
            out.setFont("Times-Roman", 10)
            out.setCharSpace(letters)
            out.setWordSpace(words)
            out.textOut("of Zembla")
            canvas.drawText(out)

    assert texts(read(draw))[:3] == ["of Zembla", "of Zembla", "o f Z e m b l a"]


def test_text_that_was_drawn_twice_to_look_bold_is_read_once() -> None:
    def draw(canvas: Canvas) -> None:
        for shift in (0, 0.3):
            canvas.drawString(40 + shift, 250, "Onhava")

    assert texts(read(draw)) == ["Onhava"]


def test_lines_rectangles_and_forms_rule_a_table() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.beginForm("row")
        canvas.rect(0, 0, 60, 20)
        canvas.rect(60, 0, 80, 20)
        canvas.drawString(65, 6, "Yewslip")
        canvas.endForm()
        canvas.translate(30, 60)
        canvas.scale(1.5, 1)
        canvas.doForm("row")
        canvas.line(0, 40, 140, 40)
        for x in (0, 60, 140):
            canvas.rect(x, 20, 0.2, 20, stroke=0, fill=1)

    (table,) = read(draw).tables
    assert [row.texts for row in table.rows] == [("", ""), ("", "Yewslip")]


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda canvas: canvas.setPageRotation(90), "the page is turned"),
        (lambda canvas: (canvas.rotate(5), canvas.drawString(90, 90, "a")), "text is turned"),
        (lambda canvas: canvas.circle(90, 90, 20), "a curve is drawn"),
        (lambda canvas: canvas.line(10, 10, 90, 30), "a line is slanted"),
    ],
)
def test_what_is_not_straight_is_not_vouched_for(draw: Draw, said: str) -> None:
    assert reason(drawn(draw)) == said


def test_two_letters_on_one_spot_are_not_vouched_for() -> None:
    def draw(canvas: Canvas) -> None:
        for font, size in (("Helvetica", 6), ("Times-Roman", 8.5)):
            canvas.setFont(font, size)
            canvas.drawString(90, 90, "0")

    assert reason(drawn(draw)) == "letters are drawn over each other"


def test_a_form_that_is_turned_is_not_vouched_for() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.beginForm("words")
        canvas.line(0, 0, 60, 0)
        canvas.endForm()
        canvas.rotate(90)
        canvas.doForm("words")

    assert reason(drawn(draw)) == "a form is turned"


def test_forms_that_draw_forms_are_gone_through_only_so_far() -> None:
    def draw(canvas: Canvas) -> None:
        for depth in range(4):
            canvas.beginForm(f"form{depth}")
            for _ in range(8 if depth else 0):
                canvas.doForm(f"form{depth - 1}")
            canvas.endForm()
        canvas.doForm("form3")

    assert reason(drawn(draw)) == "forms draw forms without end"


@pytest.mark.parametrize(
    ("letters", "said"),
    [
        (("Z", "e"), None),
        (("Z", "\N{HEBREW LETTER ALEF}"), "text runs from the right to the left"),
        (("Z", "\x03"), UNMAPPED),
        (("Z", "\N{MATHEMATICAL BOLD CAPITAL A}"), UNMAPPED),
    ],
)
def test_letters_come_from_the_map_of_the_font(letters: Sequence[str], said: str | None) -> None:
    assert reason(raw(SHOWN, more=[mapped(*letters)])) == said


def test_a_glyph_that_the_map_leaves_out_is_not_vouched_for() -> None:
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /Zembla /Encoding /Identity-H"
    font += b" /DescendantFonts [7 0 R] /ToUnicode 6 0 R >>"
    glyphs = b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Zembla /DW 500 /CIDSystemInfo"
    glyphs += b" << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
    both = stream(
        b"begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        b"1 beginbfchar <0041> <0042> endbfchar endcmap"
    )
    shown = b"BT /F 12 Tf 50 200 Td <%s> Tj ET"
    assert reason(raw(shown % b"00410041", font, [both, glyphs])) is None
    assert reason(raw(shown % b"00410043", font, [both, glyphs])) == UNMAPPED


def test_what_is_cut_off_the_page_is_not_read() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setCropBox((50, 50, 300, 250))
        for x, y, text in (
            (60, 100, "Onhava"),
            (60, 20, "below"),
            (60, 270, "above"),
            (5, 99, "l"),
        ):
            canvas.drawString(x, y, text)

    assert texts(read(draw)) == ["Onhava"]


def test_codes_that_would_end_a_line_elsewhere_are_not_vouched_for() -> None:
    document = raw(SHOWN.replace(b"AB", b"A\\015\\012B"), more=[mapped("A", "B")])
    assert reason(document) == UNMAPPED


@pytest.mark.parametrize("flags", [4, 32])
def test_an_accented_letter_of_a_font_with_codes_of_its_own_is_not_vouched_for(flags: int) -> None:
    font = (
        b"<< /Type /Font /Subtype /TrueType /BaseFont /Zembla /ToUnicode 6 0 R /FontDescriptor"
        b" << /Type /FontDescriptor /FontName /Zembla /Flags %d /Ascent 900 /Descent -200 >> >>"
    )
    said = UNMAPPED if flags == 4 else None
    assert (
        reason(raw(SHOWN, font % flags, [mapped("e", "\N{LATIN SMALL LETTER I WITH DIAERESIS}")]))
        == said
    )


def test_letters_without_a_map_are_not_vouched_for() -> None:
    document = (FIXTURES / "ddor-faults" / "letters-not-mapped.pdf").read_bytes()
    assert [getattr(page, "reason", None) for page in pdfium_pages(document)].count(UNMAPPED) == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"/Span << /ActualText (17) >> BDC %s EMC", "the file has other text than is drawn"),
        (b"/P << /MCID 0 >> BDC %s EMC", None),
        (b"BT /F 0 Tf 50 90 Td (B) Tj ET %s", "text has no size"),
        (b"BT 0 Tz /F 12 Tf 50 90 Td (B) Tj 100 Tz ET %s", "text has no size"),
    ],
)
def test_text_that_is_not_what_is_drawn_is_not_vouched_for(content: bytes, said: str) -> None:
    assert reason(raw(content % SHOWN, more=[mapped("A", "B")])) == said


def test_letters_are_where_they_are_kerned_to_though_a_blank_were_as_wide() -> None:
    # Twice 139 thousandths are a blank of Helvetica, and PDFium puts one there.
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    lines = b"60 150 m 60 250 l S 89 150 m 89 250 l S 110 150 m 110 250 l S 60 150 m 110 150 l S"
    kerned = b" 60 250 m 110 250 l S BT /F 12 Tf 61 200 Td [(T) -139 ( a) (0d) -139 (c)] TJ ET"
    page = only(raw(lines + kerned, font))
    assert isinstance(page, Page)
    assert page.tables[0].rows[0].texts == ("T a0", "d c")


def test_a_glyph_of_several_letters_reaches_as_far_as_it_is_drawn() -> None:
    font = (
        b"<< /Type /Font /Subtype /TrueType /BaseFont /Zembla /Encoding /WinAnsiEncoding"
        b" /FirstChar 65 /LastChar 66 /Widths [500 800] /ToUnicode 6 0 R /FontDescriptor"
        b" << /Type /FontDescriptor /FontName /Zembla /Flags 32 /Ascent 900 /Descent -200 >> >>"
    )
    document = raw(SHOWN, font, [mapped("o", "ffi")])
    page = only(document)
    assert isinstance(page, Page)
    assert page.lines[0].box[2] == by_pdfplumber(document)[0].lines[0].box[2]


def test_two_glyphs_for_one_letter_are_not_vouched_for_where_words_depend_on_it() -> None:
    font = (
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R"
        b" /Encoding << /Type /Encoding /Differences [65 /W /i /e] >> >>"
    )
    document = raw(b"BT /F 12 Tf 50 200 Td (ABC) Tj ET", font, [mapped("i", "i", "e")])
    assert reason(document) == "a glyph is wider than its letter"


def test_a_font_that_draws_its_letters_is_not_vouched_for() -> None:
    font = (
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0]"
        b" /CharProcs << /a 6 0 R >> /Encoding << /Differences [65 /a /a] >>"
        b" /FirstChar 65 /LastChar 66 /Widths [1 1] >>"
    )
    glyph = stream(b"1 0 0 0 1 1 d1 0 0 1 1 re f")
    assert reason(raw(SHOWN, font, [glyph])) == "a font has no name"


def test_rules_that_meet_by_their_width_alone_are_not_vouched_for_if_no_width_is_stated() -> None:
    box = b"20 20 m 120 20 l 120 60 l 20 60 l h S 20 40 m 120 40 l S 70 63.3 m 70 100 l S"
    box += b" 20 100 m 120 100 l S 20 63.3 m 20 100 l S 120 63.3 m 120 100 l S"
    said = "rules end so close to each other that they may meet or not"
    assert reason(raw(box)) == said
    assert reason(raw(b"2 w " + box)) is None


@pytest.mark.parametrize("name", ["empty", "html-page", "locked-with-password"])
def test_what_pdfium_cannot_open_is_unreadable(name: str) -> None:
    with pytest.raises(Unreadable):
        list(pdfium_pages((FIXTURES / "ddor-faults" / f"{name}.pdf").read_bytes()))
