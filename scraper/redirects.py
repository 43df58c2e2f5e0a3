"""Where an answer sends the client on to, read as browsers read it."""

from __future__ import annotations

import string
from urllib.parse import quote, urljoin

from scraper.errors import Refused
from scraper.judge import Response

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


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
