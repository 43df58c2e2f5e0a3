"""An HTML page as the lines that a browser shows of it, each with the element it stands in.

What the site prints on every page (menus, head and foot) is left out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement

from parsers.cell_values import collapsed
from parsers.html_table import css_path, shown_text, strikes
from parsers.records import HtmlSpot

_LEFT_OUT = frozenset(
    [
        *("aside", "button", "footer", "head", "header", "nav", "noscript", "script"),
        *("select", "style", "svg", "template", "title"),
    ]
)
_LEFT_OUT_ROLES = frozenset(["banner", "complementary", "contentinfo", "navigation", "search"])
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_BLOCKS = _HEADINGS | frozenset(
    [
        *("address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div"),
        *("dl", "dt", "fieldset", "figcaption", "figure", "hr", "html", "legend", "li", "main"),
        *("ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead"),
        *("tr", "ul"),
    ]
)
_BOLD = frozenset(["b", "strong"])


@dataclass(frozen=True, slots=True, eq=False)
class PageLine:
    """A line of a page, its white space collapsed; two lines of the same words are two."""

    text: str
    block: Tag
    """The innermost block that it stands in."""
    number: int
    """The block's place among the siblings of its kind, from 1."""
    is_item: bool
    """It is one of the items of a list."""
    is_bold: bool
    """All of it is bold."""
    is_struck: bool = False
    """Some of it is struck out."""

    @property
    def is_heading(self) -> bool:
        """The line stands in an element for headings, or all of it is bold."""
        return self.block.name in _HEADINGS or self.is_bold

    def spot(self, ids: Counter[str]) -> HtmlSpot:
        """Return where it was read; ``ids`` are those of ``parsers.html_table.ids_of``."""
        return HtmlSpot(css_path(self.block, self.number, ids))


@dataclass(frozen=True, slots=True, eq=False)
class _Home:
    """A block that lines stand in."""

    block: Tag
    number: int
    is_item: bool


class _Line:
    """A line while it is put together."""

    def __init__(self, home: _Home) -> None:
        self.home = home
        self._texts: list[str] = []
        self._is_bold = True
        self._is_struck = False

    def add(self, text: str, is_bold: bool, is_struck: bool) -> None:
        self._texts.append(text)
        self._is_bold = self._is_bold and (is_bold or not text.strip())
        self._is_struck = self._is_struck or (is_struck and bool(text.strip()))

    def whole(self) -> list[PageLine]:
        """Return the line, if anything stands in it."""
        text = collapsed("".join(self._texts))
        home = self.home
        if not text:
            return []
        is_bold, is_struck = self._is_bold, self._is_struck
        return [PageLine(text, home.block, home.number, home.is_item, is_bold, is_struck)]


def page_lines(page: BeautifulSoup) -> list[PageLine]:
    """Return the lines of a page's body from top to bottom.

    A block begins a line, and so does what follows ``<br>``. Without recursion: a page may nest its
    elements as deep as it likes.
    """
    if page.body is None:
        return []
    lines: list[PageLine] = []
    numbers = Counter[tuple[int, str]]()
    body = _Home(page.body, 1, is_item=False)
    line = _Line(body)
    # None stands where a block goes on behind one that stood in it.
    waiting: list[tuple[PageElement | None, bool, bool, _Home]] = [
        (piece, False, False, body) for piece in reversed(page.body.contents)
    ]
    while waiting:
        piece, in_bold, in_struck, home = waiting.pop()
        if home is not line.home or piece is None or (isinstance(piece, Tag) and _breaks(piece)):
            lines += line.whole()
            line = _Line(home)
        if isinstance(piece, Tag):
            numbers[id(piece.parent), piece.name] += 1
            if _is_left_out(piece) and not _is_heading(piece, home.block):
                continue
            inner = home
            if piece.name in _BLOCKS:
                number = numbers[id(piece.parent), piece.name]
                inner = _Home(piece, number, home.is_item or piece.name == "li")
                waiting.append((None, in_bold, in_struck, home))
            bold = in_bold or piece.name in _BOLD
            struck = in_struck or strikes(piece)
            waiting += [(each, bold, struck, inner) for each in reversed(piece.contents)]
        elif type(piece) is NavigableString:  # not a comment
            line.add(piece, in_bold, in_struck)
    return lines + line.whole()


def _breaks(piece: Tag) -> bool:
    return piece.name == "br" or piece.name in _BLOCKS


def _is_left_out(piece: Tag) -> bool:
    role = str(piece.get("role", "")).lower()
    return piece.name in _LEFT_OUT or role in _LEFT_OUT_ROLES


def _is_heading(piece: Tag, block: Tag) -> bool:
    """Say whether a button is all that stands in a heading, as that of an accordion is."""
    in_heading = piece.name == "button" and block.name in _HEADINGS
    return in_heading and shown_text(piece) == shown_text(block)


def printed_title(page: BeautifulSoup) -> str | None:
    """Return the one heading of the first order on a page, or the title in its head; or None."""
    headings = [heading for heading in page.find_all("h1") if heading.find_parent("nav") is None]
    title = headings[0] if len(headings) == 1 else page.title
    return shown_text(title) if title else None
