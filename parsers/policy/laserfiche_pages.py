"""The pages of a document of WebLink, and on which of them its words stand."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from parsers.records import PartSpot

_FEW = 40
"""Letters that tell where in a text some words stand."""


@dataclass(frozen=True, slots=True)
class Page:
    """The text of a page."""

    part: str
    """The part of the bundle that holds it."""
    text: str
    """As the service gives it, with markup."""

    @property
    def spot(self) -> PartSpot:
        """Where the text stands."""
        return PartSpot(self.part, "data.text")


class OnPages:
    """On which pages the words of a text stand, asked for in their order.

    Lines were joined on the way, and words put together that a line parted: what is left of them
    are letters and digits.
    """

    def __init__(self, pages: Sequence[Page]) -> None:
        """Take all pages, in their order."""
        self._pages = pages
        texts = [_letters(plain_page(page.text)) for page in pages]
        self._ends = list(accumulate(map(len, texts)))
        self._text = "".join(texts)
        self._from = 0

    def spots(self, words: str) -> tuple[PartSpot, ...]:
        """Return the pages from the first of the words to the last; none if there are none.

        Words that are not found stand where the last were found.
        """
        letters = _letters(words)
        if not letters or not self._pages:
            return ()
        ending = letters[-_FEW:]
        start = self._text.find(letters[:_FEW], self._from)
        end = max(self._text.find(ending, start), start) + len(ending)
        if start < 0:
            start = end = self._from
        self._from = end
        first, last = (bisect_right(self._ends, place) for place in (start, max(end - 1, start)))
        return tuple(page.spot for page in self._pages[first : last + 1])


def plain_page(text: str) -> str:
    """Return the text of one page; its markup is for show, but for the ends of lines."""
    broken = re.sub(r"(?:<|&lt;)br\s*/?(?:>|&gt;)|</(?:p|div)>", "\n", text, flags=re.IGNORECASE)
    return html.unescape(re.sub(r"</?[a-z][^<>]*>", "", broken, flags=re.IGNORECASE))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))
