"""A page taken apart at its headings, however deep it nests what stands between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy

from bs4 import BeautifulSoup, Tag


def parted_at(root: Tag, marks: Sequence[Tag]) -> Iterator[tuple[Tag | None, Tag]]:
    """Yield each mark with a copy of all that stands between it and the next, in one element.

    The first has no mark: what stands before all of them. The page is not changed. An element that
    holds a mark is opened, so that what is around the mark falls to its sides.
    """
    wanted = {id(mark) for mark in marks}
    opened = {id(parent) for mark in marks for parent in mark.parents}
    mark: Tag | None = None
    between = _empty()
    waiting = list(reversed(root.contents))
    while waiting:
        piece = waiting.pop()
        if id(piece) in wanted and isinstance(piece, Tag):
            yield mark, between
            mark, between = piece, _empty()
        elif id(piece) in opened and isinstance(piece, Tag):
            waiting += reversed(piece.contents)
        else:
            between.append(copy(piece))
    yield mark, between


def _empty() -> Tag:
    return BeautifulSoup("", "lxml").new_tag("div")
