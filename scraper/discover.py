"""The documents that an index page links to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Literal, TypeAlias
from urllib.parse import parse_qs, urljoin, urlsplit, urlunsplit

import httpx
from lxml import etree

from scraper.page import decoded

_SAFELINKS = (".safelinks.protection.outlook.com", ".safelinks.protection.office365.us")
"""Microsoft's mail filter, which rewrites links in mail; pasted on, they stay rewritten."""
_SCHEME = re.compile(r"(?:(https?)(?:\s*:[\s/]*|\s*//+\s*))+", re.IGNORECASE)
"""What people type for ``https://``: ``https:/``, ``https//``, ``https:///``, or it twice."""
_BLANKS = re.compile(r"\A(?:%20|%C2%A0|[\s\u200b\ufeff])+(?=https?\b|www\.|//)", re.IGNORECASE)
"""Pasted along with an address; a blank that begins a name is left, since browsers ask for it."""
_WRAPPINGS = 3
"""How often a link may be wrapped: each mail that it went through can do it once more."""

_MOST_LINKS = 50_000
"""Different ones; a page of more is no index."""
_READ_AT_ONCE = 64 * 1024
_LEADS = {
    "a": "href",
    "area": "href",
    "iframe": "src",
    "frame": "src",
    "embed": "src",
    "object": "data",
}
"""Elements that lead a reader to a document, or show it in its place, and what names it."""

Take: TypeAlias = Literal["all", "first", "last"]


def discover(page: bytes, address: str, pattern: str) -> list[str]:
    """Return the addresses that ``page``, which stands at ``address``, links to as documents.

    Those in which ``pattern`` is found, a regular expression, whatever the case; in the order of
    the page, each once: links, areas of an image, and what a frame or an object shows. Relative
    links are resolved, blanks and doubled slashes mended, a missing scheme supplied, and links
    that a mail filter wrapped are unwrapped. A page of more than 50,000 different links is no
    index and has none: some of them would pass for all, or for the last.
    """
    found = (link for link in _links(page, address) if re.search(pattern, link, re.IGNORECASE))
    return list(dict.fromkeys(found))


def taken(links: Sequence[str], take: Take) -> list[str]:
    """Return those of the links of a page that are documents of a source: all, first or last."""
    slices = {"all": slice(None), "first": slice(1), "last": slice(-1, None)}
    return list(links[slices[take]])


class _References:
    """What a page refers to, gathered as it is read: no tree of a page of any size is built."""

    def __init__(self) -> None:
        self.base: str | None = None
        self.found: dict[str, None] = {}

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        reference = attributes.get(_LEADS.get(tag, ""))
        if reference is not None:
            self.found[reference] = None
        if tag == "base" and self.base is None:
            self.base = attributes.get("href")

    def close(self) -> None:
        """Whatever the parser asks for at the end of a page."""


def _links(page: bytes, address: str) -> Iterator[str]:
    references = _References()
    parser = etree.HTMLParser(target=references)
    text = decoded(page)
    # Of a page without a single element.
    with suppress(etree.XMLSyntaxError):
        for start in range(0, len(text), _READ_AT_ONCE):
            parser.feed(text[start : start + _READ_AT_ONCE])
            if len(references.found) > _MOST_LINKS:
                return
        parser.close()
    start_at = (mended(references.base, address) if references.base else None) or address
    for reference in references.found:
        link = mended(reference, start_at)
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
    text = _BLANKS.sub("", place.replace("\\", "/")) + mark + query
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
