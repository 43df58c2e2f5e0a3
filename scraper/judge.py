"""What a response is, decided before anyone parses it: by its bytes, not by its status alone.

A refusal is never taken for the document's absence: a challenge page with status 404 is still a
refusal, and only a plain 404 or 410 says that the document is gone.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from enum import StrEnum

from scraper.challenges import challenger


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


def judge(response: Response, wanted: Kind) -> Judgement:
    """Return what ``response`` is to someone who wants a document of kind ``wanted``."""
    body, status = response.body, response.status
    if status == 304:
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
    if not body:
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
    return None


def _kind_of(body: bytes) -> Kind | None:
    """Return the kind of a body by its first bytes, None if it is none of ours.

    Readers take a PDF whose header stands anywhere in the first 1024 bytes (PDF Reference 1.7,
    appendix H, on section 3.4.1); a workbook is a ZIP with content types and an ``xl`` folder
    (ECMA-376).
    """
    if b"%PDF-" in body[:1024]:
        return Kind.PDF
    if body.startswith(b"PK\x03\x04"):
        return Kind.XLSX if _holds_workbook(body) else None
    start = body[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<") and re.search(rb"<(!doctype\s+html|html|head|body)\b", start, re.I):
        return Kind.HTML
    return None


def _holds_workbook(body: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        # A broken-off ZIP has no directory; its first local header still names what it holds.
        return body[30:].startswith((b"[Content_Types].xml", b"xl/", b"_rels/", b"docProps/"))
    return "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names)
