"""What a response is, decided before anyone parses it: by its bytes, not by its status alone.

A refusal is never taken for the document's absence: a challenge page with status 404 is still a
refusal. That a document is gone is said by a plain 404 or 410, or by a page that came whole, with
a success, and says so itself and hardly anything else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from scraper.bodies import FILES, Kind, called, fits, kind_of, lacks_end
from scraper.challenges import challenger
from scraper.redirected import Elsewhere, led_elsewhere
from scraper.stand_ins import StandIn, stand_in

__all__ = ["Judgement", "Kind", "Response", "Verdict", "judge"]


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
    address: str = ""
    """What was asked for, before any redirect; empty if it is not known."""
    final_address: str = ""
    """Where the last redirect led; empty if it is not known."""

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
_SAID = {
    StandIn.LOGIN: Verdict.BLOCKED,
    StandIn.REFUSAL: Verdict.BLOCKED,
    StandIn.OUTAGE: Verdict.ERROR,
    StandIn.FAULT: Verdict.ERROR,
    StandIn.NOT_FOUND: Verdict.GONE,
    StandIn.SHELL: Verdict.EMPTY,
}
_LED = {
    Elsewhere.LOGIN: Verdict.BLOCKED,
    Elsewhere.ERROR_PAGE: Verdict.ERROR,
    # Sites send there what they took down, and what they do not want to show just now.
    Elsewhere.HOME: Verdict.ERROR,
}


def judge(response: Response, wanted: Kind) -> Judgement:
    """Return what ``response`` is to someone who wants a document of kind ``wanted``."""
    body, status = response.body, response.status
    if status == 304 and response.conditional:
        return Judgement(Verdict.UNCHANGED, "the server says it has not changed")
    found = kind_of(body)
    if found not in FILES:
        vendor = challenger(response.headers, body)
        if vendor is not None:
            reason = f"a challenge of {vendor} came back (status {status})"
            return Judgement(Verdict.BLOCKED, reason)
    if status in _REFUSALS:
        return Judgement(Verdict.BLOCKED, f"the server refuses (status {status})")
    if status == 307 and not response.header("location"):
        return Judgement(Verdict.BLOCKED, "the server sends on to nowhere (status 307)")
    if status in _GONE:
        return _not_there(response, found, wanted)
    if not 200 <= status < 300:
        return Judgement(Verdict.ERROR, f"the server answers with status {status}")
    missing = _missing(response, wanted)
    if missing is not None:
        return Judgement(Verdict.TRUNCATED, missing)
    if not body.strip():
        return Judgement(Verdict.EMPTY, "the body is empty")
    return _instead(response, found, wanted) or Judgement(Verdict.DOCUMENT, "the document")


def _not_there(response: Response, found: Kind | None, wanted: Kind) -> Judgement:
    """Return what a 404 or 410 is: it says that the document is gone, unless its body differs."""
    said = stand_in(response.body) if found in (Kind.HTML, Kind.TEXT) else None
    if said is not None and _SAID[said] in (Verdict.BLOCKED, Verdict.ERROR):
        return Judgement(_SAID[said], f"{said.value} (status {response.status})")
    if found is wanted and found in FILES:
        reason = f"the server says it is not there (status {response.status}), and sends it"
        return Judgement(Verdict.ERROR, reason)
    return Judgement(Verdict.GONE, f"the server says it is not there (status {response.status})")


def _instead(response: Response, found: Kind | None, wanted: Kind) -> Judgement | None:
    """Return what came whole and with a success instead of the document, None if it came."""
    said = stand_in(response.body) if found in (Kind.HTML, Kind.TEXT) else None
    if said is not None and said is not StandIn.SHELL:
        return Judgement(_SAID[said], said.value)
    led = led_elsewhere(response.address, response.final_address)
    if led is not None and found is Kind.HTML:
        return Judgement(_LED[led], f"{led.value} ({response.final_address})")
    if not fits(response.body, found, wanted):
        came = called(response.body, found)
        return Judgement(
            Verdict.WRONG_KIND,
            f"{came} came where {wanted.value.upper().replace('_OR_', ' or ')} is wanted",
        )
    return Judgement(_SAID[said], said.value) if said is not None else None


def _missing(response: Response, wanted: Kind) -> str | None:
    """Return what says that only a part of the document came, None if nothing does."""
    if response.cut_off is not None:
        return response.cut_off
    stated = response.stated_length
    if stated is not None and response.received < stated:
        return f"{response.received} of {stated} bytes came"
    if response.status == 206:
        return "the server sent a part that nobody asked for (status 206)"
    return lacks_end(response.body, wanted)
