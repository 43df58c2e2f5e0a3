"""The normal form of a link that a document carries."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

_SAFE_LINKS_HOST = ".safelinks.protection.outlook.com"
"""Microsoft's mail filter, which rewrites links in mail; pasted on, they stay rewritten."""


def web_address(link: str) -> str | None:
    """Return the http or https address that a link leads to, or None if it leads to none.

    An address wrapped by Microsoft's Safe Links is taken out of its wrapping: the wrapping changes
    with every mail, is not what the publisher meant, and names the mailbox it was sent to.
    """
    address = link.strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    if not parts.hostname.endswith(_SAFE_LINKS_HOST):
        return address
    inner = parse_qs(parts.query).get("url", [])
    return web_address(inner[0]) if len(inner) == 1 else None
