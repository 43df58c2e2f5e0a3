"""The documents that an index page links to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias
from urllib.parse import parse_qs, quote, urljoin, urlsplit, urlunsplit

from bs4 import BeautifulSoup

_SAFELINKS = (".safelinks.protection.outlook.com", ".safelinks.protection.office365.us")
"""Microsoft's mail filter, which rewrites links in mail; pasted on, they stay rewritten."""
_SCHEME = re.compile(r"(?:(https?)(?:\s*:[\s/]*|\s*//+\s*))+", re.IGNORECASE)
"""What people type for ``https://``: ``https:/``, ``https//``, ``https:///``, or it twice."""

Take: TypeAlias = Literal["all", "first", "last"]


@dataclass(frozen=True)
class Links:
    """Which links of a page are documents of a source."""

    pattern: str
    """A regular expression, searched in the whole address, whatever the case."""
    take: Take
    """All of them, or the first or last on the page."""


def discover(page: bytes, address: str, wanted: Links) -> list[str]:
    """Return the addresses that ``page``, which stands at ``address``, links to as documents.

    In the order of the page, each once. Relative links are resolved, blanks and doubled slashes
    mended, a missing scheme supplied, and links that a mail filter wrapped are unwrapped.
    """
    links = dict.fromkeys(
        link for link in _links(page, address) if re.search(wanted.pattern, link, re.IGNORECASE)
    )
    chosen = {"all": slice(None), "first": slice(1), "last": slice(-1, None)}
    return list(links)[chosen[wanted.take]]


def _links(page: bytes, address: str) -> Iterator[str]:
    soup = BeautifulSoup(page, "lxml")
    base = soup.find("base", href=True)
    start = (mended(str(base["href"]), address) if base else None) or address
    for anchor in soup.find_all("a", href=True):
        link = mended(str(anchor["href"]), start)
        if link is not None:
            yield link


def mended(href: str, base: str) -> str | None:
    """Return the address that a link on a page at ``base`` means, None if it is no web address."""
    # Browsers drop line breaks and tabs within an address (WHATWG URL, basic URL parser).
    text = re.sub(r"[\t\r\n]", "", href).strip()
    scheme = _SCHEME.match(text)
    if scheme is not None:
        text = f"{scheme[1].lower()}://{text[scheme.end() :]}"
    elif _begins_with_host(text, base):
        text = f"{urlsplit(base).scheme}://{text}"
    try:
        parts = urlsplit(urljoin(base, text))
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    if host.endswith(_SAFELINKS):
        inner = parse_qs(parts.query).get("url", [])
        return mended(inner[0], base) if len(inner) == 1 else None
    # Slashes after a colon belong to an address within the path, as archives of the web have it.
    path = re.sub(r"(?<!:)/{2,}", "/", parts.path.strip())
    return urlunsplit(
        (
            parts.scheme,
            parts.netloc.lower(),
            quote(path, safe="/%:@!$&'()*+,;=~-._"),
            quote(parts.query.strip(), safe="/%:@!$&'()*+,;=~-._?"),
            "",
        )
    )


def _begins_with_host(link: str, base: str) -> bool:
    """Say whether ``link`` begins with ``www.`` or the name of the page's own host."""
    first = link.partition("/")[0].lower()
    own = (urlsplit(base).hostname or "").removeprefix("www.")
    return bool(re.match(r"www\.[\w-]+\.", first)) or first == own != ""
