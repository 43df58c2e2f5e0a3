"""The pages of a PDF as PDFium sees them: a second engine, which shares no code with the first.

It gives what ``parsers.pdf.tables`` gives, for the pages that it can vouch for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from parsers.errors import Unreadable
from parsers.pdf.layout import Page
from parsers.pdf.pdfium_calls import (
    close_document,
    close_page,
    close_text,
    count_pages,
    load_page,
    load_text,
    new_page,
    open_document,
    put_object,
    take_object,
)
from parsers.pdf.pdfium_page import read_page
from parsers.pdf.pdfium_text import text_of
from parsers.pdf.pdfium_unsure import SOFT_HYPHEN, Unsure

_ROOM = 1000.0
"""Points; how wide and high a page is on which an object stands alone."""


@dataclass(frozen=True, slots=True)
class Unvouched:
    """A page that PDFium cannot vouch for: something on it may be read in two ways."""

    number: int
    """From 1."""
    reason: str
    """What is unusual on it, as a clause: ``text is turned``."""


def page_count(document: bytes) -> int:
    """Return how many pages PDFium finds in a PDF, 0 if it cannot open it."""
    opened = open_document(document, len(document), None)
    if not opened:
        return 0
    try:
        return count_pages(opened)
    finally:
        close_document(opened)


def pdfium_pages(document: bytes) -> Iterator[Page | Unvouched]:
    """Yield each page of a PDF in order, or why PDFium cannot vouch for it.

    A document that is encrypted with an empty user password is opened. Raises Unreadable if PDFium
    cannot open the document. PDFium is not safe among threads: one thread of a process calls this.
    """
    opened = open_document(document, len(document), None)
    if not opened:
        raise Unreadable("PDFium cannot open the file", remedy="read it with pdfplumber")
    count = count_pages(opened)
    alone = Alone(opened, count)
    try:
        for index in range(count):
            page = load_page(opened, index)
            if not page:
                yield Unvouched(index + 1, "PDFium cannot open it")
                continue
            try:
                read = read_page(page, index + 1, partial(alone.text, page))
            except Unsure as unsure:
                yield Unvouched(index + 1, str(unsure))
            else:
                yield read
            finally:
                close_page(page)
    finally:
        alone.close()
        close_document(opened)


class Alone:
    """What the text of an object is if nothing else stands on its page.

    A page is added to the document for it, behind all others and for all objects: what is added
    stays in memory until the document is closed.
    """

    def __init__(self, document: int, pages: int) -> None:
        """Take the address of a document, and how many pages it has."""
        self._document = document
        self._pages = pages
        self._own = 0

    def text(self, page: int, address: int) -> str:
        """Return the text of an object that stands on a page itself, not on a form of it.

        Raises Unsure if it does not.
        """
        self._own = self._own or new_page(self._document, self._pages, _ROOM, _ROOM)
        if not take_object(page, address):
            raise Unsure(SOFT_HYPHEN)
        put_object(self._own, address)
        text_page = load_text(self._own)
        try:
            return text_of(text_page)
        finally:
            close_text(text_page)
            take_object(self._own, address)
            put_object(page, address)

    def close(self) -> None:
        """Close the added page."""
        if self._own:
            close_page(self._own)
