"""A page that a person saved: as HTML, or with all its parts in one file (MHTML, RFC 2557)."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from email import message_from_bytes

from parsers.errors import Unreadable

_HEADER = re.compile(rb"\s*(?:[A-Za-z][A-Za-z-]*:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n)+\r?\n")
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\([0-9]+\)(\S+)\s*-->")
"""What browsers write at the top of a page that they save."""


@dataclass(frozen=True, slots=True)
class SavedPage:
    """The page itself, and where it was when it was saved, if the file says so."""

    html: bytes
    address: str | None


def saved_page(document: bytes) -> SavedPage:
    """Return the page that a file holds; a file that is no MHTML is the page.

    Of an MHTML it is the first HTML part, which browsers write first, as UTF-8 with a byte order
    mark. Raises Unreadable for an MHTML without one.
    """
    if not _is_mhtml(document):
        found = _SAVED_FROM.search(document[:4096])
        return SavedPage(document, found[1].decode("ascii", "replace") if found else None)
    message = message_from_bytes(document)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            body = part.get_payload(decode=True)
            if not isinstance(body, bytes):
                continue
            address = part["Content-Location"] or message["Snapshot-Content-Location"]
            text = body.decode(_charset(part.get_content_charset()), errors="replace")
            return SavedPage(
                codecs.BOM_UTF8 + text.encode(), str(address).strip() if address else None
            )
    raise Unreadable("the saved page has no HTML part", remedy="save the page again, as HTML")


def _is_mhtml(document: bytes) -> bool:
    header = _HEADER.match(document)
    return header is not None and b"multipart/related" in header[0].lower()


def _charset(stated: str | None) -> str:
    try:
        return codecs.lookup(stated or "utf-8").name
    except LookupError:
        return "utf-8"
