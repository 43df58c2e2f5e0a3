"""How eCode360 names the parts of a code, and where a person reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass

HOST = "https://ecode360.com"
_PART = r"(?:Part|Chapter|Article|Title|Division|Subarticle|Appendix|Subchapter)\s+[\w.-]+"
_NEXT = re.compile(rf",\s+(?={_PART}:)")
_PRINTED = re.compile(rf"(?P<number>{_PART}|§+\s*\S+?|(?:SECTION|Section|Sec\.)\s+\S+?)[.:]\s+")
_GUID = re.compile(r"ecode360\.com/(?:[0-9]+/)?([0-9]+)(?:[?#]|$)")


@dataclass(frozen=True, slots=True)
class Title:
    """The number of a part of a code and what it is called, as printed; either may be missing."""

    number: str | None
    heading: str | None

    def __str__(self) -> str:
        return ": ".join(part for part in (self.number, self.heading) if part)


def title_of(printed: str) -> Title:
    """Take a title apart: ``Article I: Administration``, ``§ 215-1. Title.``."""
    plain = " ".join(printed.split())
    found = _PRINTED.match(plain)
    if found:
        return Title(found["number"], plain[found.end() :] or None)
    number, colon, heading = plain.partition(": ")
    if colon and re.search(r"[0-9]", number) and " " not in number:
        return Title(number, heading)
    return Title(None, plain or None)


def titles_of(long_page_string: str) -> tuple[Title, ...]:
    """Return the titles down to a page: ``Chapter 380: Zoning, Article I: Administration``."""
    plain = " ".join(long_page_string.split())
    return tuple(title_of(part) for part in _NEXT.split(plain) if part)


def guid_in(address: str | None) -> str | None:
    """Return the GUID that an address of a page ends with, None if it has none."""
    found = _GUID.search(address or "")
    return found[1] if found else None


def address_of(guid: str) -> str:
    """Return where a person reads a part of a code."""
    return f"{HOST}/{guid}"


def deep_link(page: str, guid: str) -> str:
    """Return the address of a part on the page that it stands on."""
    return address_of(page) if page == guid else f"{address_of(page)}#{guid}"
