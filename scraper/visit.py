"""What several requests to one host have in common, as those of a person who opens a few pages.

Some hosts show a document only to whoever brings the cookies that an earlier page has set. They
last for a visit, and go where such cookies go: back to the host that set them, or to those of the
domain that it named and belongs to (RFC 6265, section 5.3). Captures record them like all that was
sent and came: they tell one anonymous visitor from another, and open nothing to who has them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import httpx


@dataclass(frozen=True)
class Visit:
    """Pass the same one to all requests of a visit; another visit begins with nothing."""

    cookies: httpx.Cookies = field(default_factory=httpx.Cookies, repr=False)
    """What the answers so far have set."""
