"""What a response is, decided before anyone parses it: by its bytes, not by its status alone.

A refusal is never taken for the document's absence: a challenge page with status 404 is still a
refusal, and only a plain 404 or 410 says that the document is gone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from scraper.challenges import challenger
from scraper.page import decoded


class Kind(StrEnum):
    """What a parser wants to read."""

    PDF = "pdf"
    XLSX = "xlsx"
    HTML = "html"


class Verdict(StrEnum):
    """What came back."""

    DOCUMENT = "document"
    UNCHANGED = "unchanged"
    GONE = "gone"
    BLOCKED = "blocked"
    WRONG_KIND = "wrong_kind"
    TRUNCATED = "truncated"
    EMPTY = "empty"
    ERROR = "error"


@dataclass(frozen=True)
class Response:
    """What of a response counts for the judgement."""

    status: int
    headers: tuple[tuple[str, str], ...]
    """Name and value, in the order and spelling in which they came."""
    body: bytes
    """Decompressed."""
    received: int
    """How many bytes of the body came, before decompression."""
    cut_off: str | None = None
    """Why the rest of the body did not come, as a clause; None if nobody stopped it."""
    conditional: bool = False
    """Whether the request said which version is known here."""

    def header(self, name: str) -> str | None:
        """Return the first value of a header, None if it did not come."""
        return next((v for n, v in self.headers if n.lower() == name), None)

    @property
    def stated_length(self) -> int | None:
        """The Content-Length, None if none was stated that can be read."""
        stated = self.header("content-length") or ""
        return int(stated) if re.fullmatch("[0-9]+", stated) else None


@dataclass(frozen=True)
class Judgement:
    """The verdict, and why in one clause."""

    verdict: Verdict
    reason: str


_REFUSALS = frozenset({401, 403, 407, 429, 451})
_GONE = frozenset({404, 410})
_ZIP = b"PK\x03\x04"
_HTML = re.compile(r"<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)


def judge(response: Response, wanted: Kind) -> Judgement:
    """Return what ``response`` is to someone who wants a document of kind ``wanted``."""
    body, status = response.body, response.status
    if status == 304 and response.conditional:
        return Judgement(Verdict.UNCHANGED, "the server says it has not changed")
    found = _kind_of(body)
    if found in (Kind.HTML, None):
        vendor = challenger(response.headers, body)
        if vendor is not None:
            reason = f"a challenge of {vendor} came back (status {status})"
            return Judgement(Verdict.BLOCKED, reason)
    if status in _REFUSALS:
        return Judgement(Verdict.BLOCKED, f"the server refuses (status {status})")
    if status in _GONE:
        return Judgement(Verdict.GONE, f"the server says it is not there (status {status})")
    if not 200 <= status < 300:
        return Judgement(Verdict.ERROR, f"the server answers with status {status}")
    missing = _missing(response)
    if missing is not None:
        return Judgement(Verdict.TRUNCATED, missing)
    if not body.strip():
        return Judgement(Verdict.EMPTY, "the body is empty")
    if found is not wanted:
        came = found.value.upper() if found else "something else"
        return Judgement(Verdict.WRONG_KIND, f"{came} came where {wanted.value.upper()} is wanted")
    return Judgement(Verdict.DOCUMENT, "the document")


def _missing(response: Response) -> str | None:
    """Return what says that only a part of the document came, None if nothing does."""
    if response.cut_off is not None:
        return response.cut_off
    stated = response.stated_length
    if stated is not None and response.received < stated:
        return f"{response.received} of {stated} bytes came"
    if response.status == 206:
        return "the server sent a part that nobody asked for (status 206)"
    return _without_end(response.body)


def _without_end(body: bytes) -> str | None:
    """Return what lacks at the end of a PDF or ZIP whose length the server did not state truly.

    A PDF ends with ``%%EOF``, which readers look for in the last 1024 bytes (PDF Reference 1.7,
    appendix H, on section 3.4.4); a ZIP with its directory, a record of 22 bytes and a comment of
    up to 65535 (APPNOTE.TXT, 4.3.16).
    """
    if _is_pdf(body) and b"%%EOF" not in body[-1024:]:
        return "the end of the PDF is missing"
    if body.startswith(_ZIP) and b"PK\x05\x06" not in body[-22 - 65535 :]:
        return "the end of the ZIP file is missing"
    return None


def _kind_of(body: bytes) -> Kind | None:
    """Return the kind of a body by its bytes, None if it is none of ours.

    A workbook is a ZIP with content types and a part ``xl/workbook…`` (ECMA-376); names stand in a
    ZIP as they are.
    """
    if _is_html(body):
        return Kind.HTML
    if _is_pdf(body):
        return Kind.PDF
    if body.startswith(_ZIP) and b"[Content_Types].xml" in body and b"xl/workbook" in body:
        return Kind.XLSX
    return None


def _is_pdf(body: bytes) -> bool:
    """Readers take a header anywhere in the first 1024 bytes (appendix H, on section 3.4.1)."""
    return b"%PDF-" in body[:1024] and not _is_html(body)


def _is_html(body: bytes) -> bool:
    start = decoded(body[:4096]).lstrip()
    return start.startswith("<") and bool(_HTML.search(start))
