"""When a request is worth another one, and how long to wait before it.

Only for what may be better in a moment: a connection that did not come about or broke off before
an answer, 429 (Too Many Requests) and 5xx. A challenge is a refusal, whatever its status.
"""

from __future__ import annotations

import re
import ssl

import httpx
from tenacity import retry_if_exception, retry_if_result, wait_random_exponential

from scraper.challenges import challenger
from scraper.conditional import http_date
from scraper.errors import NotResolved
from scraper.exchange import Reply
from scraper.judge import Response

BACKOFF = wait_random_exponential(multiplier=2, max=60)
"""Up to 2 seconds before the second request, then 4, 8, ...: any moment of them, so that many who
failed at once do not come back at once."""


def retry_after(response: Response, now: float) -> float | None:
    """Return for how many seconds the server wants no further request, None if it says nothing.

    Only 429 and 5xx are asked (RFC 9110, section 10.2.3; RFC 6585, section 4). ``now`` is in
    seconds since 1970; a date that has passed is 0 seconds.
    """
    said = (response.header("retry-after") or "").strip()
    if not _is_overload(response):
        return None
    if re.fullmatch("[0-9]+", said):
        return float(said)
    date = http_date(said)
    return None if date is None else max(0.0, date - now)


def _may_pass(reply: Reply) -> bool:
    response = reply.response
    return _is_overload(response) and not challenger(response.headers, response.body)


def _may_pass_over(error: BaseException) -> bool:
    """Say whether an error is of a connection, and not of what the server said or is.

    A server that closes a connection is a RemoteProtocolError to httpcore, as are answers that
    cannot be read; over HTTP/2 it takes its leave first (GOAWAY, RFC 9113, section 6.8).
    """
    if isinstance(error, httpx.RemoteProtocolError):
        return bool(re.search("disconnected|ConnectionTerminated", str(error)))
    if isinstance(error, httpx.NetworkError | httpx.ConnectTimeout):
        return not _is_distrust(error)
    return isinstance(error, NotResolved)


PASSING = retry_if_result(_may_pass) | retry_if_exception(_may_pass_over)
"""What may be better in a moment."""


def described(error: BaseException) -> str:
    """Return what is said of a request that had no answer, as a clause."""
    if isinstance(error, NotResolved):
        return str(error)
    return f"{type(error).__name__}: {error}"


def remedy(error: BaseException) -> str:
    """Return what to do about a request that had no answer, as a clause."""
    if _is_distrust(error):
        return (
            "its certificate is not believed: wait until it is renewed, or see unverified_tls "
            "in docs/sources.md"
        )
    return "check the network, then run again"


def _is_overload(response: Response) -> bool:
    """Say whether the server is at its limit, and not the one of which an archive has a copy.

    What an archive kept of a failure long ago says when that was (RFC 7089, section 2.1.1).
    """
    is_kept = response.header("memento-datetime") is not None
    return not is_kept and (response.status == 429 or 500 <= response.status < 600)


def _is_distrust(error: BaseException | None) -> bool:
    """Say whether a certificate was not believed: it will not be in a moment, either."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False
