"""A table of an HTML page as rows of cells, with the place each row stands at.

Cells that span rows are repeated as the HTML standard lays a table out (forming a table); cells
that span columns are marked, since one text under several headers says nothing of any of them.
"""

from __future__ import annotations

import re
import warnings
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from bs4 import BeautifulSoup, Tag, XMLParsedAsHTMLWarning
from bs4.dammit import EncodingDetector
from bs4.element import NavigableString, PageElement
from soupsieve import escape

from parsers.cell_values import collapsed
from parsers.errors import NotThisDocument, Unreadable

_BLOCKS = [
    *("address", "article", "aside", "blockquote", "br", "caption", "center", "dd", "div", "dl"),
    *("dt", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header"),
    *("hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot"),
    *("th", "thead", "tr", "ul"),
]
"""Elements that a browser starts on a line of their own."""
_STRUCK = frozenset(["del", "s", "strike"])
_SPAN = re.compile(r"\s*\+?([0-9]+)")
_WIDEST = 1000
"""The most columns a cell can span in HTML."""
_WIDEST_ROW = 10_000
_MOST_SLOTS = 1_000_000
"""Places for cells in a table. Ten kilobytes of cells that span can lay out a billion of them."""
_BYTE_ORDER_MARKS = (BOM_UTF8, BOM_UTF16_LE, BOM_UTF16_BE)
_OTHER_KINDS = {b"%PDF-": "a PDF", b"PK\x03\x04": "a zip or a workbook"}


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: one cell a column, and a CSS path that selects it in the page as lxml builds it."""

    cells: tuple[Tag, ...]
    texts: tuple[str, ...]
    """The text of each cell, empty where there is none."""
    anchor: str
    is_footer: bool
    """The row stands in the table's foot."""

    @property
    def spans_columns(self) -> bool:
        """Whether a cell of the row stands in more than one column."""
        return len({id(cell) for cell in self.cells}) < len(self.cells)


def parse_page(document: bytes) -> BeautifulSoup:
    """Return an HTML page as a tree; raise Unreadable if the bytes are of another kind."""
    for magic, kind in _OTHER_KINDS.items():
        if document.startswith(magic):
            raise Unreadable(f"the file is {kind}, not an HTML page", remedy="fetch it again")
    if b"<" not in document:
        raise Unreadable("the file is not an HTML page", remedy="fetch it again")
    with warnings.catch_warnings():
        # What begins like XML is read as HTML all the same: the table is there, or it is not.
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        page = BeautifulSoup(document, "lxml", from_encoding=_undeclared_encoding(document))
        if page.find() is None:
            # lxml gives nothing at all of a page whose bytes do not fit the encoding it declares.
            page = BeautifulSoup(document.decode("utf-8", errors="replace"), "lxml")
        return page


def _undeclared_encoding(document: bytes) -> str | None:
    """Return what a page that declares no encoding is in, None where it declares one.

    Beautiful Soup would guess by its letters if a library for that happens to be installed.
    """
    if document.startswith(_BYTE_ORDER_MARKS) or EncodingDetector.find_declared_encoding(
        document, is_html=True
    ):
        return None
    try:
        document.decode()
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def find_table(page: BeautifulSoup, select: str | None) -> Tag:
    """Return the table that a CSS selector names, or the only one of the page.

    Raises NotThisDocument if there is none or more than one, or if it holds another table.
    """
    found = page.select(select) if select else page.find_all("table")
    where = f"that {select} selects" if select else "on the page"
    if not found:
        raise NotThisDocument(
            f"there is no table {where}",
            remedy="look at the page: it may have changed, or be filled in by a script",
        )
    if len(found) > 1:
        raise NotThisDocument(
            f"there are {len(found)} tables {where}",
            remedy="name one with the option select, a CSS selector",
        )
    table = found[0]
    if table.name != "table":
        raise NotThisDocument(
            f"{select} selects a <{table.name}>, not a table", remedy="mend the option select"
        )
    if table.find("table") is not None:
        raise NotThisDocument(
            "the table holds another table",
            remedy="name the inner one with the option select, a CSS selector",
        )
    return table


def table_rows(page: BeautifulSoup, table: Tag) -> list[TableRow]:
    """Return the rows of a table that have cells, in the order of the page.

    Raises Unreadable for a table that is far larger than any list.
    """
    ids = ids_of(page)
    numbers = Counter[int]()
    rows = []
    slots = 0
    for parent, group in groupby(table.find_all("tr"), key=lambda row: id(row.parent)):
        elements = list(group)
        for row, cells in zip(elements, _grid(elements), strict=True):
            numbers[parent] += 1
            slots += len(cells)
            if slots > _MOST_SLOTS:
                raise _too_large(f"more than {_MOST_SLOTS:,} cells")
            if cells:
                rows.append(
                    TableRow(
                        cells=tuple(cells),
                        texts=tuple(shown_text(cell) or "" for cell in cells),
                        anchor=css_path(row, numbers[parent], ids),
                        is_footer=row.parent is not None and row.parent.name == "tfoot",
                    )
                )
    return rows


def _grid(rows: list[Tag]) -> Iterator[list[Tag]]:
    """Yield the cells of each row of a row group, those that reach into it from above included."""
    reaching: dict[int, tuple[Tag, int]] = {}
    for number, row in enumerate(rows):
        cells: list[Tag] = []
        own = iter(row.find_all(["td", "th"], recursive=False))
        while True:
            above, last_row = reaching.get(len(cells), (None, 0))
            if above is not None and last_row >= number:
                cells.append(above)
                continue
            cell = next(own, None)
            if cell is None:
                break
            height = _span(cell, "rowspan") or len(rows)
            width = min(_span(cell, "colspan") or 1, _WIDEST)
            for column in range(len(cells), len(cells) + width):
                reaching[column] = (cell, number + height - 1)
            cells.extend([cell] * width)
            if len(cells) > _WIDEST_ROW:
                raise _too_large(f"a row of more than {_WIDEST_ROW:,} columns")
        yield cells


def _too_large(what: str) -> Unreadable:
    return Unreadable(
        f"the table has {what}, spanned ones included", remedy="look at the page by hand"
    )


def _span(cell: Tag, attribute: str) -> int:
    """Return the span that an attribute states: 1 if none, 0 for all rows that are left."""
    match = _SPAN.match(str(cell.get(attribute, "1")))
    return int(match[1][:6]) if match else 1


def css_path(element: Tag, number: int, ids: Counter[str]) -> str:
    """Return a CSS path that selects ``element`` in the page as lxml builds it.

    ``number`` is its place among the siblings of its kind, from 1; ``ids`` counts the ids of the
    page, since one that stands twice names nothing.
    """
    steps: list[str] = []
    for step in (element, *element.parents):
        identity = str(step.get("id", ""))
        if identity and ids[identity] == 1:
            steps.append(f"#{escape(identity)}")
            break
        if step.name == "body":
            steps.append("body")
            break
        if step is not element:
            number = 1 + len(step.find_previous_siblings(step.name))
        steps.append(f"{escape(step.name)}:nth-of-type({number})")
    return " > ".join(reversed(steps))


def ids_of(page: BeautifulSoup) -> Counter[str]:
    """Return how often each id stands on the page."""
    return Counter(str(element["id"]) for element in page.find_all(id=True))


def shown_text(element: Tag) -> str | None:
    """Return the text of an element as a browser shows it, white space collapsed; None if empty."""
    return collapsed("".join(_pieces(element)))


def _pieces(element: Tag) -> Iterator[str]:
    """Yield the texts below an element and a line feed at each edge of a block.

    Without recursion: a page may nest its elements as deep as it likes.
    """
    waiting: list[PageElement | str] = [*reversed(element.contents)]
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, Tag):
            edge = "\n" if piece.name in _BLOCKS else ""
            yield edge
            waiting += [edge, *reversed(piece.contents)]
        elif type(piece) in (NavigableString, str):  # not a comment, a script or a style
            yield str(piece)


def strikes(element: Tag) -> bool:
    """Say whether an element strikes out what stands in it."""
    return element.name in _STRUCK or "line-through" in str(element.get("style", "")).lower()


def specimen_notice(page: BeautifulSoup) -> str | None:
    """Return the first line of the page that begins with SPECIMEN, if there is one."""
    text = page.find(string=re.compile(r"^\s*SPECIMEN\b"))
    if text is None:
        return None
    block = text.find_parent(_BLOCKS)
    if block is None or block.find(_BLOCKS) is not None:
        return collapsed(str(text))
    return shown_text(block)
