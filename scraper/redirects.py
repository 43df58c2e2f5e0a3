"""Where an answer sends the client on to, read as browsers read it."""

from __future__ import annotations

import string
from urllib.parse import quote, urljoin

from scraper.errors import Refused
from scraper.gate import admit, origin
from scraper.judge import Response

_TO_GET = frozenset({301, 302, 303})
"""What turns a POST into a GET; 307 and 308 forbid that (RFC 9110, section 15.4)."""
_REDIRECTS = _TO_GET | {307, 308}


def redirect(address: str, response: Response) -> str | None:
    """Return where ``response``, which came from ``address``, leads; None if it is the answer.

    Raises Refused if that address cannot be read.
    """
    location = response.header("location")
    if response.status not in _REDIRECTS or not location:
        return None
    # Servers send blanks and letters beyond ASCII as they are; browsers quote their bytes.
    quoted = quote(location.encode("latin-1"), safe=string.punctuation)
    try:
        return urljoin(address, quoted)
    except ValueError:
        raise Refused(location, "the address of the redirect cannot be read") from None


def posted_on(post: str | None, address: str, response: Response, onward: str) -> str | None:
    """Return what of ``post`` a redirect from ``address`` takes ``onward``: all of it, or None.

    Raises Refused where it would take it to another origin, or an address that is not admitted.
    """
    if post is None or response.status in _TO_GET:
        return None
    if origin(admit(onward)) != origin(admit(address)):
        raise Refused(onward, "the redirect would take there what was posted elsewhere")
    return post
