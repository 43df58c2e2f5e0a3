"""The text of a part of a page as a person would copy it: a paragraph a line.

Enumerators stand before their text, the cells of a row are parted by a bar, and footnotes begin
with their number in brackets.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from bs4 import Tag
from bs4.element import NavigableString, PageElement

_LINES = frozenset(
    [
        *("address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd"),
        *("div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2"),
        *("h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "p", "pre"),
        *("section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul"),
    ]
)
_CELLS = frozenset(["td", "th"])
_UNSEEN = frozenset(["head", "noscript", "script", "style", "template", "title"])
_JOINING = re.compile(
    r"^(?:litem_number|defitem_number|footnoterefnum|incr[0-9]+|enumerator|list-number)$"
)
"""Classes of the hosts for an enumerator that stands in an element before its text."""
_ENUMERATOR = re.compile(
    r"(?:\(?[A-Za-z0-9]{1,4}\)|\([A-Za-z0-9]{1,4}\)|\[[0-9A-Za-z]{1,3}\]|[A-Za-z]\.|[ivxlcIVXLC]+\."
    r"|[0-9]{1,3}\.|[•·▪◦–—])"
)
_FOOTNOTE = frozenset(["footnoteref", "footnoterefnum"])
_BREAK, _BAR, _GLUE = "\n", "\x1f", "\x1e"
"""An end of line, an edge of a cell, and what keeps a text on the line of the one before."""


def readable(element: Tag, drop: str = "") -> str:
    """Return the text of ``element``, a paragraph a line, white space collapsed.

    ``drop`` is a CSS selector of what is not part of the text. No word is lost but what it
    selects, and what a browser does not show (scripts, styles). The page is not changed.
    """
    dropped = {id(found) for found in element.select(drop)} if drop else set()
    text = "".join(_pieces(element, dropped))
    lines = [line for line in map(_line, text.split(_BREAK)) if line]
    return "\n".join(_joined(lines))


def plain_lines(text: str) -> str:
    """Return a plain text as ``readable`` gives one: a paragraph a line, without empty ones."""
    lines = [line for line in (_line(_plain(line)) for line in text.splitlines()) if line]
    return "\n".join(_joined(lines))


def _pieces(element: Tag, dropped: set[int]) -> Iterator[str]:
    """Yield texts and edges; without recursion, since a page nests as deep as it likes."""
    waiting: list[tuple[PageElement | str, bool]] = [
        (piece, False) for piece in reversed(element.contents)
    ]
    while waiting:
        piece, in_cell = waiting.pop()
        if isinstance(piece, Tag):
            if id(piece) in dropped or piece.name in _UNSEEN:
                continue
            before, after = _edges(piece, in_cell)
            yield before
            waiting.append((after, in_cell))
            inside = in_cell or piece.name in _CELLS
            waiting += [(child, inside) for child in reversed(piece.contents)]
        elif type(piece) is NavigableString:  # not a comment
            yield _plain(piece)
        elif type(piece) is str:
            yield piece


def _edges(piece: Tag, in_cell: bool) -> tuple[str, str]:
    """Return what stands before and after an element."""
    if piece.name in _CELLS:
        return _BAR, _BAR
    classes = [name for name in piece.get_attribute_list("class") if name]
    left, right = "", ""
    if not _FOOTNOTE.isdisjoint(classes) and piece.get_text().strip().isdigit():
        left, right = "[", "]"
    # A paragraph in a cell ends no row; a row of a table in a cell does.
    line = " " if in_cell and piece.name != "tr" else _BREAK
    if any(_JOINING.match(name) for name in classes):
        return line + left, right + (" " if in_cell else _GLUE + _BREAK)
    return (line, line) if piece.name in _LINES else (left, right)


def _plain(text: str) -> str:
    """Return a text in composed form, with none of the signs that have a meaning here."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))


def _line(line: str) -> str:
    """Return a line with its white space collapsed, and the glue, if it has it, at its end."""
    glued = _GLUE in line
    cells = [" ".join(cell.split()) for cell in line.replace(_GLUE, " ").split(_BAR)]
    if not any(cells):
        return ""
    if len(cells) > 1:
        # A cell has an edge on both sides: what is between two cells is empty.
        cells = [cell for place, cell in enumerate(cells) if place % 2 or cell]
    return " | ".join(cells).strip() + (_GLUE if glued else "")


def _joined(lines: list[str]) -> Iterator[str]:
    """Yield the lines, an enumerator with the text that follows it."""
    held = ""
    for line in lines:
        text = line.removesuffix(_GLUE)
        held = f"{held} {text}" if held else text
        if text is line and not _ENUMERATOR.fullmatch(text):
            yield held
            held = ""
    if held:
        yield held
