"""An HTML page as text and as a tree, whatever was sent."""

from __future__ import annotations

import codecs
import warnings

from bs4 import BeautifulSoup


def decoded(page: bytes) -> str:
    """Return the text of a page: UTF-16 with a byte order mark, else UTF-8, else windows-1252.

    What the page declares is passed over, since it is often wrong, and lxml returns nothing at all
    of a page whose bytes do not fit. Markup and addresses are ASCII, which reads the same.
    """
    if page.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return page.decode("utf-16", errors="replace")
    try:
        return page.decode("utf-8-sig")
    except UnicodeDecodeError:
        return page.decode("windows-1252", errors="replace")


def parse_page(page: bytes) -> BeautifulSoup:
    """Return ``page`` as a tree, an empty one if it is no page."""
    with warnings.catch_warnings():
        # XHTML, or a text that is but an address, is read as HTML all the same.
        warnings.simplefilter("ignore")
        return BeautifulSoup(decoded(page), "lxml")
