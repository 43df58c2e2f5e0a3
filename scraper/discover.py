"""The documents that an index page links to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias
from urllib.parse import parse_qs, urljoin, urlsplit, urlunsplit

import httpx

from scraper.page import parse_page

_SAFELINKS = (".safelinks.protection.outlook.com", ".safelinks.protection.office365.us")
"""Microsoft's mail filter, which rewrites links in mail; pasted on, they stay rewritten."""
_SCHEME = re.compile(r"(?:(https?)(?:\s*:[\s/]*|\s*//+\s*))+", re.IGNORECASE)
"""What people type for ``https://``: ``https:/``, ``https//``, ``https:///``, or it twice."""
_WRAPPINGS = 3
"""How often a link may be wrapped: each mail that it went through can do it once more."""

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
    soup = parse_page(page)
    base = soup.find("base", href=True)
    start = (mended(str(base["href"]), address) if base else None) or address
    for anchor in soup.find_all("a", href=True):
        link = mended(str(anchor["href"]), start)
        if link is not None:
            yield link


def mended(href: str, base: str) -> str | None:
    """Return the address that a link on a page at ``base`` means.

    None if it is no web address, or leads to a place on the page itself.
    """
    link = _resolved(href, base)
    for _ in range(_WRAPPINGS):
        if link is not None and _is_wrapped(link):
            inner = parse_qs(link.query.decode("ascii")).get("url", [])
            link = _resolved(inner[0], base) if len(inner) == 1 else None
    return None if link is None or _is_wrapped(link) else str(link)


def _is_wrapped(link: httpx.URL) -> bool:
    return link.host.endswith(_SAFELINKS)


def _resolved(href: str, base: str) -> httpx.URL | None:
    # Browsers drop tabs and line breaks, and take a backslash for a slash before the query (WHATWG
    # URL, basic URL parser).
    text = re.sub(r"[\t\r\n]", "", href).partition("#")[0].strip()
    place, mark, query = text.partition("?")
    text = place.replace("\\", "/") + mark + query
    scheme = _SCHEME.match(text)
    if scheme is not None:
        rest = text[scheme.end() :]
        text = f"{scheme[1].lower()}://{rest}" if rest else ""
    elif _begins_with_host(text, base):
        text = f"{urlsplit(base).scheme}://{text}"
    try:
        parts = urlsplit(urljoin(base, text))
        host = re.sub(r"\s", "", parts.netloc)
        # Slashes after a colon belong to an address within the path, as web archives have it.
        path = re.sub(r"(?<!:)/{2,}", "/", parts.path)
        url = httpx.URL(urlunsplit((parts.scheme, host, path, parts.query, "")))
        is_web = url.scheme in ("http", "https") and url.host != ""
    # idna's errors are UnicodeErrors; httpx lets those of a false `xn--` name through.
    except (ValueError, httpx.InvalidURL):
        return None
    return url if text and is_web else None


def _begins_with_host(link: str, base: str) -> bool:
    """Say whether ``link`` begins with ``www.`` or the name of the page's own host."""
    first = link.partition("/")[0].lower()
    own = (urlsplit(base).hostname or "").removeprefix("www.")
    return bool(re.match(r"www\.[\w-]+\.", first)) or first == own != ""
