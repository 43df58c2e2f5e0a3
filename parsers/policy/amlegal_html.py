"""The text of a code as American Legal gives it: blocks, some of which are headings.

The service answers with HTML written for a script: ``className=`` in place of ``class=``, and
elements of the script's own (``AnnotationDrawer``, ``CodeOptions``, ``InterCodeLink``, ``Link``)
around what is text all the same. A block is ``div#rid-<doc_id>``; that of a section is of class
``Section`` and has a heading, whose anchor ``JD_<number>`` is what one cites.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag

from parsers.policy.code_titles import number_and_heading
from parsers.policy.html_text import readable

_COMPONENT = re.compile(r"</?[A-Z][a-z]\w*\b[^>]*>")
_CLASS_NAME = re.compile(r"\bclassName=")
_BLOCKS = "[id^=rid-]"
_HEADINGS = "h1, h2, h3, h4, h5, h6"
_ANCHORS = "a[id^=JD_], a[name^=JD_], [id^=JD_]"


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with the paragraphs below it; without a heading, what stands before the first."""

    doc_id: str | None
    anchor: str | None
    """``JD_1141.01``"""
    number: str | None
    heading: str | None
    is_section: bool
    path: tuple[str, ...]
    lines: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        """Number and heading, as they stand above the parts below it."""
        return " ".join(part for part in (self.number, self.heading) if part)


def page_of(html: str) -> BeautifulSoup:
    """Return the tree of an answer's HTML, its script's own elements taken off their content."""
    return BeautifulSoup(_COMPONENT.sub("", _CLASS_NAME.sub("class=", html)), "lxml")


def parts_of(root: Tag) -> list[Part]:
    """Return the parts that stand in a page, in its order, each with the headings above it.

    The headings are taken out of the page.
    """
    parts = [Part(None, None, None, None, is_section=False, path=())]
    open_levels: list[tuple[int, str]] = []
    for block in root.select(_BLOCKS):
        heading = next(_own(block, _HEADINGS), None)
        if heading is not None:
            level = int(heading.name[1])
            open_levels = [(above, title) for above, title in open_levels if above < level]
            part = _part(block, heading, tuple(title for _, title in open_levels))
            open_levels.append((level, part.title))
            parts.append(part)
            heading.extract()
        lines = readable(block, _BLOCKS).split("\n")
        parts[-1].lines.extend(line for line in lines if line)
    return parts if parts[0].lines else parts[1:]


def text_outside(root: Tag) -> str:
    """Return what stands in no block."""
    return readable(root, _BLOCKS)


def _own(block: Tag, selector: str) -> Iterator[Tag]:
    """Yield what is in a block and in none of the blocks in it."""
    for found in block.select(selector):
        if found.find_parent(id=re.compile("^rid-")) is block:
            yield found


def _part(block: Tag, heading: Tag, path: tuple[str, ...]) -> Part:
    anchor = heading.select_one(_ANCHORS)
    numbers = heading.select_one(".Section-Numbers")
    number = _line(numbers) if numbers else None
    whole = _line(heading)
    if number and whole.startswith(number):
        rest: str | None = whole.removeprefix(number).lstrip(". ")
    else:
        number, rest = number_and_heading(whole)
    return Part(
        doc_id=str(block["id"]).removeprefix("rid-"),
        anchor=str(anchor.get("id") or anchor.get("name")) if anchor else None,
        number=number.rstrip(" .:") if number else None,
        heading=rest or None,
        is_section="Section" in block.get_attribute_list("class") or numbers is not None,
        path=path,
    )


def _line(element: Tag) -> str:
    return " ".join(readable(element).split())
