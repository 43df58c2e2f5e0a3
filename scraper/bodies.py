"""What kind of document a body is, by its bytes: not by its name, nor by what a server calls it."""

from __future__ import annotations

import csv
import re
from enum import StrEnum
from itertools import pairwise

from scraper.page import decoded


class Kind(StrEnum):
    """What a parser wants to read."""

    PDF = "pdf"
    XLSX = "xlsx"
    HTML = "html"
    JSON = "json"
    CSV = "csv"
    TEXT = "text"
    HTML_OR_JSON = "html_or_json"
    """A page, or what the service behind it answers: whichever the address is of."""


FILES = frozenset({Kind.PDF, Kind.XLSX})
"""What no server makes up on the spot to say that something went wrong."""

_ZIP = b"PK\x03\x04"
_START = 16 * 1024
"""Bytes in which a page shows that it is one, behind a long comment too."""
_LINES = 64 * 1024
"""Bytes in which a table shows that it is one."""
_PAGE = r"<(?:!doctype\s+html|html|head|body)\b"
_HTML = re.compile(_PAGE, re.IGNORECASE)
_XHTML = re.compile(rf"(?>\s+|<!--.*?-->|<\?.*?\?>)*+{_PAGE}", re.IGNORECASE | re.DOTALL)
_PART_OF_HTML = re.compile(
    r"(?>\s+|<!--.*?-->)*+<(?:h[1-6]|[uod]l|li|t[rdh]|div|p|table|a|b|br|hr|span|style|script"
    r"|title|font|form|iframe|img|meta|link|section|article|main|header|nav|footer|center"
    r"|noscript)[\s/>]",
    re.IGNORECASE | re.DOTALL,
)
_JSON_START = re.compile(r'\s*(?:\{\s*["}]|\[\s*(?:["\[\]{\d-]|true|false|null))')
_NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_CALLED = {
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"\x1f\x8b": "a gzip file",
    b"<?xml": "XML",
    b"{\\rtf": "RTF",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
}


def kind_of(body: bytes) -> Kind | None:
    """Return the kind of a body, None if it is none of ours.

    TEXT is what no other kind fits and what holds none of the bytes that text does not hold (MIME
    Sniffing, 3): a CSV, too, which only someone who wants one can tell from prose. A workbook is a
    ZIP with content types and a part ``xl/workbook…`` (ECMA-376); names stand in a ZIP as they are.
    """
    if _is_html(body):
        return Kind.HTML
    if _is_pdf(body):
        return Kind.PDF
    if body.startswith(_ZIP):
        is_workbook = b"[Content_Types].xml" in body and b"xl/workbook" in body
        return Kind.XLSX if is_workbook else None
    if not _is_text(body):
        return None
    return Kind.JSON if _begins_json(body) and _ends_json(body) else Kind.TEXT


def fits(body: bytes, found: Kind | None, wanted: Kind) -> bool:
    """Say whether ``body``, which is of the kind ``found``, is what someone wants."""
    if wanted is Kind.CSV:
        return found is Kind.TEXT and _has_columns(body)
    if wanted is Kind.HTML_OR_JSON:
        return found in (Kind.HTML, Kind.JSON)
    return found is wanted


def called(body: bytes, found: Kind | None) -> str:
    """Return what to call a body of the kind ``found`` in a sentence."""
    start = body[:16].lstrip(b"\xef\xbb\xbf \t\r\n")
    named = next((name for magic, name in _CALLED.items() if start.startswith(magic)), None)
    if named is not None and found not in (Kind.HTML, Kind.PDF):
        return named
    if found is None:
        return "a ZIP file" if body.startswith(_ZIP) else "something else"
    return "text" if found is Kind.TEXT else found.value.upper()


def lacks_end(body: bytes, wanted: Kind) -> str | None:
    """Return what lacks at the end of a body whose length the server did not state truly.

    A PDF ends with ``%%EOF``, which readers look for in the last 1024 bytes (PDF Reference 1.7,
    appendix H, on section 3.4.4); a ZIP with its directory, a record of 22 bytes and a comment of
    up to 65535 (APPNOTE.TXT, 4.3.16); JSON with the bracket that closes it.
    """
    if _is_pdf(body) and b"%%EOF" not in body[-1024:]:
        return "the end of the PDF is missing"
    if body.startswith(_ZIP) and b"PK\x05\x06" not in body[-22 - 65535 :]:
        return "the end of the ZIP file is missing"
    if wanted in (Kind.JSON, Kind.HTML_OR_JSON) and _begins_json(body) and not _ends_json(body):
        return "the end of the JSON is missing"
    return None


def _is_pdf(body: bytes) -> bool:
    """Readers take a header anywhere in the first 1024 bytes (appendix H, on section 3.4.1)."""
    return b"%PDF-" in body[:1024] and not _is_html(body)


def _is_html(body: bytes) -> bool:
    """Say whether a body begins as a page does, or as a part of one that a script would insert.

    The elements that begin a part are those of MIME Sniffing, 7.1, and some that it leaves out.
    """
    start = decoded(body[:_START]).lstrip()
    if start.startswith("<?"):
        return bool(_XHTML.match(start))
    return start.startswith("<") and bool(_HTML.search(start) or _PART_OF_HTML.match(start))


def _is_text(body: bytes) -> bool:
    return _NO_TEXT.search(decoded(body).encode() if body[:1] in b"\xff\xfe" else body) is None


def _begins_json(body: bytes) -> bool:
    return _JSON_START.match(decoded(body[:4096])) is not None


def _ends_json(body: bytes) -> bool:
    closing = {b"{": b"}", b"[": b"]"}
    first = body[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return body[-4096:].rstrip()[-1:] == closing.get(first)


def _has_columns(body: bytes) -> bool:
    """Say whether two lines in a row have as many fields, and more than one (RFC 4180)."""
    lines = decoded(body[:_LINES]).splitlines()
    for delimiter in ",;\t|":
        try:
            counts = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        except csv.Error:
            continue
        if any(before == after > 1 for before, after in pairwise(counts)):
            return True
    return False
