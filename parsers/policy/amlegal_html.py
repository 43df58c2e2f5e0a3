"""The text of a code as American Legal gives it: blocks, some of which are headings.

The service answers with HTML written for a script: ``className=`` in place of ``class=``, and
elements of the script's own (``AnnotationDrawer``, ``CodeOptions``, ``InterCodeLink``, ``Link``)
around what is text all the same. A block is ``div#rid-<doc_id>``; that of a section is of class
``Section`` and has a heading, whose anchor ``JD_<number>`` is what one cites.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from parsers.policy.code_titles import number_and_heading
from parsers.policy.html_text import readable
from parsers.policy.html_walk import parted_at

_CLASS_NAME = re.compile(r"\bclassName=")
_BLOCKS = "[id^=rid-]"
_HEADINGS = "h1, h2, h3, h4, h5, h6"
_ANCHORS = "a[id^=JD_], a[name^=JD_], [id^=JD_]"


@dataclass(frozen=True, slots=True)
class Piece:
    """A heading with the paragraphs below it; without a heading, what stands before the first."""

    doc_id: str | None
    anchor: str | None
    """``JD_1141.01``"""
    number: str | None
    heading: str | None
    is_section: bool
    path: tuple[str, ...]
    lines: list[str]

    @property
    def title(self) -> str:
        """Number and heading, as they stand above the parts below it."""
        return " ".join(part for part in (self.number, self.heading) if part)


def page_of(html: str) -> BeautifulSoup:
    """Return the tree of an answer's HTML; the script's own elements stand around their text."""
    return BeautifulSoup(_CLASS_NAME.sub("class=", html), "lxml")


def pieces_of(root: Tag) -> list[Piece]:
    """Return the pieces that stand in a page, in its order, each with the headings above it."""
    blocks = {id(block): block for block in root.select(_BLOCKS)}
    first = {}
    for heading in root.select(_HEADINGS):
        block = next((parent for parent in heading.parents if id(parent) in blocks), None)
        if block is not None and id(block) not in first:
            first[id(block)] = heading
    of_heading = {id(heading): blocks[block] for block, heading in first.items()}
    pieces: list[Piece] = []
    above: list[tuple[int, str]] = []
    for mark, below in parted_at(root, list(first.values())):
        lines = [line for line in readable(below).split("\n") if line]
        if mark is None:
            pieces += [Piece(None, None, None, None, False, (), lines)] if lines else []
            continue
        level = int(mark.name[1])
        above = [(other, title) for other, title in above if other < level]
        path = tuple(title for _, title in above)
        pieces.append(_part(of_heading[id(mark)], mark, path, lines))
        above.append((level, pieces[-1].title))
    return pieces


def _part(block: Tag, heading: Tag, path: tuple[str, ...], lines: list[str]) -> Piece:
    anchor = heading.select_one(_ANCHORS)
    numbers = heading.select_one(".Section-Numbers")
    number = _line(numbers) if numbers else None
    whole = _line(heading)
    if number and whole.startswith(number):
        rest: str | None = whole.removeprefix(number).lstrip(". ")
    else:
        number, rest = number_and_heading(whole)
    return Piece(
        doc_id=str(block["id"]).removeprefix("rid-"),
        anchor=str(anchor.get("id") or anchor.get("name")) if anchor else None,
        number=number.rstrip(" .:") if number else None,
        heading=rest or None,
        is_section="Section" in block.get_attribute_list("class") or numbers is not None,
        path=path,
        lines=lines,
    )


def _line(element: Tag) -> str:
    return " ".join(readable(element).split())
