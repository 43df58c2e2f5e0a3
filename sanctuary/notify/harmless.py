"""Scraped text in a message: neither a command to the service nor an address that leads astray."""

from __future__ import annotations

import re

from sanctuary.safe_text import markdown_safe, markdown_safe_within, one_line, terminal_safe

_PARTS = "\u200b"
"""A blank without width: what it stands in is neither a mention nor an address any more."""


def harmless(text: str) -> str:
    """Return scraped text on one line, without control characters, mentions and addresses.

    Services make a link of every address, and call people where a text says ``@everyone`` or
    ``@channel``; no escape of their markup keeps them from it. The text reads as before. Blanks at
    its ends stay one blank, so that pieces of a text can be put together.
    """
    return _parted(re.sub(r"\s+", " ", _plain(text)))


def harmless_markdown(text: str) -> str:
    """Return scraped text as ``harmless``, escaped for Markdown, without blanks at its ends."""
    return _parted(markdown_safe(_plain(text)))


def harmless_within(text: str) -> str:
    """Return it as ``harmless_markdown`` does, for a place that no line begins with."""
    return _parted(markdown_safe_within(_plain(text)))


def harmless_title(text: str, longest: int) -> str:
    """Return a title from scraped text: as ``harmless``, without blanks at its ends, and cut."""
    line = one_line(_plain(text))
    if len(line) > longest:
        line = f"{line[: longest - 2].rstrip()} …"
    return _parted(line)


def _plain(text: str) -> str:
    # Which XML and HTML have no signs for.
    return terminal_safe(text).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")


def _parted(text: str) -> str:
    # Also where a text ends: what follows may be the next piece of it. Discord calls by number,
    # Google Chat by <users/all>. An edition like 2018@2 is copied, and is nobody's number.
    text = re.sub(r"@(?!\s|(?<=\d@)\d{1,3}\b)|<(?=\S)", rf"\g<0>{_PARTS}", text)
    text = re.sub(r":(?=//)", f":{_PARTS}", text)
    return re.sub(r"(?i)\b(www)\.", rf"\1{_PARTS}.", text)
