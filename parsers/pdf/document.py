"""Opening a PDF and going through its pages, with one clear error for all that can be wrong.

Which engine reads a page is decided here (``parsers.registry.Way``).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from itertools import islice

import pdfplumber
import pdfplumber.page
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfplumber.utils.exceptions import PdfminerException

from parsers.errors import NotThisDocument, Unreadable
from parsers.pdf.agreement import compared, found_by_second
from parsers.pdf.layout import Page
from parsers.pdf.pdfium_pages import Unvouched, page_count, pdfium_pages
from parsers.pdf.tables import read_layout
from parsers.registry import Way

_AGAIN = "fetch it again, or import a whole copy"
_HEADER_WITHIN = 1024
"""Readers take a PDF whose header stands in its first 1024 bytes (PDF 1.7, appendix H)."""
_END_WITHIN = 2048


def read_pages(document: bytes, way: Way = Way.VERIFIED) -> Iterator[Page]:
    """Yield what stands on each page of a PDF, in order; memory does not grow with the pages.

    Verified, each page is as pdfplumber reads it, and says where PDFium reads it differently. Fast,
    it is as PDFium reads it, unless that cannot vouch for it: such a page is pdfplumber's; what the
    two do not find equally many pages in is read verified all the same. A document that is
    encrypted with an empty user password is opened, whatever it forbids. Raises Unreadable, with
    the page where it is one page's fault, for bytes that are no sound PDF, are cut short or are
    locked with a password, or of which PDFium alone reads any text; NotThisDocument for a PDF
    without any text.
    """
    _refuse_other_kinds(document)
    has_text = differs = False
    for page in _verified(document) if way is Way.VERIFIED else _fast(document):
        has_text = has_text or bool(page.lines or page.tables or page.turned)
        differs = differs or bool(page.differences)
        yield page
    if differs and not has_text:
        raise Unreadable(
            "pdfplumber finds no text on its pages, PDFium does",
            remedy="open it: if there is text, save it anew from another program, and import that",
        )
    if not has_text:
        raise NotThisDocument(
            "no page has text; the pages may be pictures",
            remedy="find a copy with text, or run it through text recognition and import that",
        )


def has_more_pages(document: bytes, most: int) -> bool:
    """Say whether a PDF has more than ``most`` pages; of what is broken ``read_pages`` says more.

    Pages are counted by going through their tree, since the number that a file states may be any.
    """
    try:
        pages = PDFPage.create_pages(PDFDocument(PDFParser(io.BytesIO(document))))
        return next(islice(pages, most, None), None) is not None
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - pdfminer raises whatever a broken file leads to
        return False


def _refuse_other_kinds(document: bytes) -> None:
    if not document:
        raise Unreadable("the file is empty", remedy=_AGAIN)
    if b"%PDF-" not in document[:_HEADER_WITHIN]:
        start = document[:512].lstrip().lower()
        kind = "an HTML page" if start.startswith((b"<!doctype html", b"<html")) else "no PDF"
        raise Unreadable(
            f"the file is {kind}, where a PDF is wanted",
            remedy="fetch it again, or check which parser it needs",
        )
    if b"%%EOF" not in document[-_END_WITHIN:]:
        raise Unreadable("the file has no end mark: it was cut short", remedy=_AGAIN)


def _verified(document: bytes) -> Iterator[Page]:
    second = _by_pdfium(document)
    first = _First(document)
    for number in range(1, first.count + 1):
        page = first.page(number)
        yield compared(page, next(second, Unvouched(number, "PDFium does not find it")))
    for other in islice(second, 1):  # a file may state a million more
        yield found_by_second(other)


def _fast(document: bytes) -> Iterator[Page]:
    first = _First(document)
    if first.count != page_count(document):
        yield from _verified(document)
        return
    for page in pdfium_pages(document):
        if isinstance(page, Unvouched):
            yield replace(first.page(page.number), unvouched=page.reason)
        else:
            yield page


def _by_pdfium(document: bytes) -> Iterator[Page | Unvouched]:
    """Yield the pages that PDFium finds: none of a file that it cannot open."""
    with suppress(Unreadable):
        yield from pdfium_pages(document)


class _First:
    """The engine whose reading stands, pdfplumber; the file is opened once a page is wanted."""

    def __init__(self, document: bytes) -> None:
        self._document = document

    @property
    def count(self) -> int:
        """The number of pages."""
        return len(self._pages)

    def page(self, number: int) -> Page:
        """Return a page, from 1."""
        page = self._pages[number - 1]
        try:
            return read_layout(page)
        except Exception as error:
            raise _unreadable(error, number) from error
        finally:
            page.close()

    @cached_property
    def _pages(self) -> list[pdfplumber.page.Page]:
        try:
            pages = pdfplumber.open(io.BytesIO(self._document)).pages
        except Exception as error:  # pdfminer raises whatever a broken file leads to
            raise _unreadable(error) from error
        if not pages:
            raise Unreadable("no page was found in the file", remedy=_AGAIN)
        return pages


def _unreadable(error: Exception, page: int | None = None) -> Unreadable:
    cause = error.args[0] if isinstance(error, PdfminerException) and error.args else error
    if isinstance(cause, PDFPasswordIncorrect):
        return Unreadable(
            "the file is locked with a password",
            remedy="save a copy without it, and import that",
        )
    said = " ".join(str(cause).split())[:200]
    return Unreadable(
        f"the file is broken ({said or type(cause).__name__})", remedy=_AGAIN, page=page
    )
