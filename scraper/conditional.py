"""Asking for a document only if it is another one than is known here (RFC 9110, section 13).

The validators come from one address, where the last redirect led, and are sent to that address
only: where a redirect leads elsewhere now, another document's tag may be equal by chance, and its
date older, and the server would say "not modified" of a document that nobody here has seen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime


@dataclass(frozen=True)
class Validators:
    """What a server said of the version that is known here (RFC 9110, section 8.8)."""

    etag: str | None
    last_modified: str | None
    address: str
    """Whose version it is: the ``final_address`` of the fetch that brought it."""


def conditions(validators: Validators | None, address: str, now: float) -> dict[str, str]:
    """Return the headers that ask ``address`` for another version only, if one of it is known.

    Both are sent: servers that know tags pass over the date, and some know dates only. A date in
    the future (``now`` is in seconds since 1970) is not sent, as the server would say "not
    modified" of all that comes until then; nor is what a header cannot hold.
    """
    if validators is None or validators.address != address:
        return {}
    headers = {}
    etag, date = validators.etag, validators.last_modified
    if etag is not None and _is_plain(etag):
        headers["If-None-Match"] = etag
    if date is not None and _is_plain(date) and (http_date(date) or math.inf) <= now:
        headers["If-Modified-Since"] = date
    return headers


def conditional(headers: dict[str, str]) -> bool:
    """Say whether a request with these headers may be answered with "not modified"."""
    return "If-None-Match" in headers or "If-Modified-Since" in headers


def speaks_of_another(asked: dict[str, str], etag: str | None, last_modified: str | None) -> bool:
    """Say whether a "not modified" is of another version than the headers ``asked`` were about.

    It carries the validators that the whole answer would have had (RFC 9110, section 15.4.5).
    """
    tag, date = asked.get("If-None-Match"), http_date(asked.get("If-Modified-Since"))
    now = http_date(last_modified)
    other_tag = bool(tag and etag) and _opaque(tag) != _opaque(etag)
    return other_tag or (date is not None and now is not None and now > date)


def _opaque(etag: str | None) -> str:
    return (etag or "").strip().removeprefix("W/")


def http_date(text: str | None) -> float | None:
    """Return an HTTP date (RFC 9110, section 5.6.7) in seconds since 1970, None if it is none."""
    if not text:
        return None
    try:
        date = parsedate_to_datetime(text)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _is_plain(text: str) -> bool:
    return bool(text) and text.isascii() and text.isprintable()
