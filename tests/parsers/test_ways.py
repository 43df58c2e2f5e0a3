"""A PDF is read verified, by two engines, or fast, by one; which one reads a page is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from parsers.ddor import PARSER
from parsers.errors import ReadingError, Unreadable
from parsers.pdf import document as ways
from parsers.pdf.document import read_pages
from parsers.pdf.layout import Page
from parsers.pdf.pdfium_pages import Unvouched, pdfium_pages
from parsers.records import Check, Reading
from parsers.registry import Way, parser_named
from tests.parsers.drawn_tables import as_pdf
from tests.parsers.golden import FIXTURES
from tests.parsers.two_engines import drawn

FAULTS = FIXTURES / "ddor-faults"
WHOLE = (FAULTS / "whole.pdf").read_bytes()
NO_LETTER = (FAULTS / "letters-mapped-to-nothing.pdf").read_bytes()
BOTH = tuple(Way)


TWO_PAGES = drawn(
    lambda canvas: canvas.drawString(40, 90, "Onhava"),
    lambda canvas: canvas.drawString(40, 90, "Yewslip"),
)


def let_pdfium_find(
    monkeypatch: pytest.MonkeyPatch, pages: Sequence[Page | Unvouched | Unreadable]
) -> None:
    """Let PDFium give these pages, and end with the error where one stands among them."""

    def find(_: bytes) -> Iterator[Page | Unvouched]:
        for page in pages:
            if isinstance(page, Unreadable):
                raise page
            yield page

    found = [page for page in pages if not isinstance(page, Unreadable)]
    monkeypatch.setattr(ways, "pdfium_pages", find)
    monkeypatch.setattr(ways, "page_count", lambda _: len(found))


@pytest.fixture(scope="module")
def pages() -> list[Page]:
    """Return the pages of a report as PDFium reads them."""
    return [page for page in pdfium_pages(WHOLE) if isinstance(page, Page)]


def test_verified_a_page_is_as_the_first_engine_reads_it_and_compared() -> None:
    page = list(read_pages(NO_LETTER))[1]
    assert page.compared
    assert len(page.differences) == 2
    assert page.tables[0].rows[2].texts[0] == "eslove, Zembla"


def test_fast_a_page_is_as_the_second_engine_reads_it_and_not_compared() -> None:
    page = list(read_pages(NO_LETTER, Way.FAST))[1]
    assert (page.compared, page.differences) == (False, ())
    assert page.tables[0].rows[2].texts[0] == "Yeslove, Zembla"


def test_both_ways_give_one_reading_but_for_the_check_that_says_which() -> None:
    verified, fast = PARSER.read(WHOLE, {}), PARSER.reader({}, Way.FAST)(WHOLE, {})
    said = {each.message for each in (*verified.checks, *fast.checks)}
    assert said >= {
        "Two engines read the same.",
        "Each page was read by one engine alone: nothing was compared.",
    }
    verified, fast = (
        replace(each, checks=tuple(c for c in each.checks if c.name != "engines_agree"))
        for each in (verified, fast)
    )
    assert verified == fast


@pytest.mark.parametrize("way", BOTH)
def test_a_page_that_pdfium_cannot_vouch_for_is_read_by_the_first_engine(
    way: Way, pages: list[Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = list(read_pages(WHOLE))
    let_pdfium_find(monkeypatch, [pages[0], Unvouched(2, "text is turned"), pages[2]])
    read = list(read_pages(WHOLE, way))
    assert [page.unvouched for page in read] == [None, "text is turned", None]
    assert read[1] == replace(first[1], compared=False, unvouched="text is turned")


def test_the_first_engine_reads_nothing_where_the_second_vouches_for_all(
    pages: list[Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ways, "read_layout", None)
    assert list(read_pages(WHOLE, Way.FAST)) == pages


@pytest.mark.parametrize("way", BOTH)
def test_what_pdfium_cannot_open_is_read_by_the_first_engine(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = list(read_pages(WHOLE))
    let_pdfium_find(monkeypatch, [Unreadable("PDFium cannot open the file", remedy="none")])
    read = list(read_pages(WHOLE, way))
    why = "PDFium does not find it"
    assert read == [replace(page, compared=False, unvouched=why) for page in first]


def test_a_document_is_not_said_to_have_no_text_where_pdfium_reads_some() -> None:
    box = b"MediaBox [ 0 0 400 300 ]"
    document = TWO_PAGES.replace(box, b"MediaBox [ 400 300 0 0 ]")
    assert document != TWO_PAGES
    with pytest.raises(Unreadable, match="pdfplumber finds no text on its pages, PDFium does"):
        list(read_pages(document))


def test_a_page_that_pdfium_alone_finds_is_a_difference(
    pages: list[Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    let_pdfium_find(monkeypatch, [*pages, replace(pages[0], number=4)])
    (problem,) = list(read_pages(WHOLE))[3].differences
    assert problem.message == "page 4: PDFium finds this page, pdfplumber does not"


@pytest.mark.parametrize("way", BOTH)
def test_a_page_that_a_file_does_not_count_is_read(way: Way) -> None:
    pages = read_pages(TWO_PAGES.replace(b"/Count 2", b"/Count 1"), way)
    read = [(page.lines[0].text, page.unvouched) for page in pages]
    assert read == [("Onhava", None), ("Yewslip", "PDFium does not find it")]


@pytest.mark.parametrize("way", BOTH)
def test_pages_that_a_file_counts_and_does_not_have_are_one_difference(way: Way) -> None:
    read = list(read_pages(TWO_PAGES.replace(b"/Count 2", b"/Count 9"), way))
    assert [len(page.differences) for page in read] == [0, 0, 1]


@pytest.mark.parametrize("way", BOTH)
def test_a_page_that_is_missing_is_not_made_up_for_by_the_next(way: Way) -> None:
    document = TWO_PAGES.replace(b"/Kids [ 3 0 R", b"/Kids [ 8 0 R 3 0 R")
    assert document != TWO_PAGES
    read = list(read_pages(document.replace(b"/Count 2", b"/Count 3"), way))
    assert [line.text for page in read for line in page.lines] == ["Onhava", "Yewslip"]
    assert any(page.differences for page in read)


LETTER = {"kind": "letter", "about": "x", "places": ["Onhava, Zembla"], "publisher": "Zembla"}
TABLE = {"record": "listings", "columns": {"Jurisdiction": "jurisdiction", "Policy": "policy"}}


@pytest.mark.parametrize(
    ("parser", "document", "options", "individual"),
    [
        ("ddor", "ddor-faults/whole.pdf", {}, {False, True}),
        ("declined-detainer-quarterly", "declined-quarterly/quarter.pdf", {}, {True}),
        ("policy-manual", "policy-manual/version-1.pdf", {}, {False}),
        ("statement", "statement/letter.pdf", {**LETTER, "title": "A letter"}, {False}),
        ("table", None, TABLE, {False}),
    ],
)
def test_every_parser_holds_what_two_engines_read_differently(
    parser: str,
    document: str | None,
    options: dict[str, object],
    individual: set[bool],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [("Jurisdiction", "Policy"), ("Onhava, Zembla", "Rule 4")]
    data = (FIXTURES / document).read_bytes() if document else as_pdf(rows, "SPECIMEN")
    assert _agreement(parser_named(parser).read(data, options)).passed
    found = [page for page in pdfium_pages(data) if isinstance(page, Page)]
    let_pdfium_find(monkeypatch, [replace(page, lines=page.lines[1:]) for page in found])
    read = parser_named(parser).read(data, options)
    check = _agreement(read)
    assert (check.passed, check.required) == (False, True)
    differences = [problem for problem in read.problems if problem.kind == "engines_differ"]
    assert differences
    assert {problem.individual for problem in differences} == individual


def _agreement(read: Reading) -> Check:
    (check,) = [check for check in read.checks if check.name == "engines_agree"]
    return check


@pytest.mark.parametrize("name", ["no-text", "no-pages", "cut-short", "locked-with-password"])
def test_what_is_refused_is_refused_in_both_ways_with_the_same_words(name: str) -> None:
    said = []
    for way in BOTH:
        with pytest.raises(ReadingError) as refused:
            list(read_pages((FAULTS / f"{name}.pdf").read_bytes(), way))
        said.append((type(refused.value), str(refused.value)))
    assert said[0] == said[1]


@pytest.mark.parametrize(
    ("parser", "options", "has_two"),
    [
        ("ddor", {}, True),
        ("declined-detainer-quarterly", {}, True),
        ("policy-manual", {}, True),
        ("table", {"format": "pdf"}, True),
        ("table", {"format": "html"}, False),
        ("table", {}, False),
        ("statement", {}, False),
        ("ice-287g", {}, False),
    ],
)
def test_the_version_tells_the_way_where_there_are_two(
    parser: str, options: dict[str, str], *, has_two: bool
) -> None:
    named = parser_named(parser)
    verified, fast = (named.version_with(options, way) for way in BOTH)
    assert named.version_with(options) == verified
    assert fast == (f"{verified}+fast" if has_two else verified)
    assert (named.reader(options, Way.FAST) is named.read_fast) is has_two
    assert named.versions_for(options, Way.VERIFIED) == (verified,)
    assert named.versions_for(options, Way.FAST) == ((verified, fast) if has_two else (verified,))
