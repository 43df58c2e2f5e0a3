"""The pages of a PDF as PDFium sees them: a second engine, which shares no code with the first.

It gives what ``parsers.pdf.tables`` gives, for the pages that it can vouch for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2.raw as pdfium

from parsers.errors import Unreadable
from parsers.pdf.layout import Page


@dataclass(frozen=True, slots=True)
class Unvouched:
    """A page that PDFium cannot vouch for: something on it may be read in two ways."""

    number: int
    """From 1."""
    reason: str
    """What is unusual on it, as a clause: ``text is turned``."""


def pdfium_pages(document: bytes) -> Iterator[Page | Unvouched]:
    """Yield each page of a PDF in order, or why PDFium cannot vouch for it.

    A document that is encrypted with an empty user password is opened. Raises Unreadable if PDFium
    cannot open the document. PDFium is not safe among threads: one thread of a process calls this.
    """
    opened = pdfium.FPDF_LoadMemDocument64(document, len(document), None)
    if not opened:
        raise Unreadable("PDFium cannot open the file", remedy="read it with pdfplumber")
    try:
        for index in range(pdfium.FPDF_GetPageCount(opened)):
            yield Unvouched(index + 1, "it is not read yet")
    finally:
        pdfium.FPDF_CloseDocument(opened)
