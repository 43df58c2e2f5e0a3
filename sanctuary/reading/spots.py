"""Whether the evidence of records leads into the document that they were read from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import soupsieve
from bs4 import BeautifulSoup

from parsers.bundle import parts_of
from parsers.html_table import css_path, ids_of, parse_page
from parsers.records import Box, HtmlSpot, PageSpot, PartSpot, Record, SheetSpot, Spot
from parsers.workbook import open_workbook

_ROUNDED = 1.0
"""Points by which a box may reach over the edge of its page."""


def astray(document: bytes, records: Sequence[Record]) -> list[str]:
    """Return of which records the evidence leads nowhere in the document, and why.

    For a process that is confined, since the document comes from outside.
    """
    places = _Places(document)
    found = []
    for record in records:
        name = f"{record.table}, row {record.position}"
        if not record.evidence:
            found.append(f"{name}: it has no evidence")
        found += [f"{name}: {fault}" for spot in record.evidence if (fault := places.fault(spot))]
    return found


class _Places:
    """The places of one document, looked up by need."""

    def __init__(self, document: bytes) -> None:
        self._document = document

    def fault(self, spot: Spot) -> str | None:
        """Return why a spot is nowhere in the document, None if it is there."""
        match spot:
            case PageSpot():
                return self._page_fault(spot.page, spot.bbox)
            case SheetSpot():
                return self._sheet_fault(spot)
            case HtmlSpot():
                is_there = spot.anchor in self._anchors or self._selects_one(spot.anchor)
                return None if is_there else f"{spot.anchor} selects no single element of the page"
            case PartSpot():
                names = {part.name for part in parts_of(self._document) or ()}
                return None if spot.part in names else f"there is no part {spot.part}"

    def _page_fault(self, page: int, bbox: Box) -> str | None:
        if not 1 <= page <= len(self._sizes):
            return f"there is no page {page}"
        width, height = self._sizes[page - 1]
        x0, top, x1, bottom = bbox
        fits = -_ROUNDED <= x0 <= x1 <= width + _ROUNDED
        fits = fits and -_ROUNDED <= top <= bottom <= height + _ROUNDED
        return None if fits else f"its box is not on page {page}"

    @cached_property
    def _sizes(self) -> list[tuple[float, float]]:
        # Only for a PDF, which the parsers of other kinds need not load.
        import pypdfium2

        pdf = pypdfium2.PdfDocument(self._document)
        return [page.get_size() for page in pdf]

    def _sheet_fault(self, spot: SheetSpot) -> str | None:
        if not spot.sheet:
            lines = self._document.count(b"\n") + self._document.count(b"\r") + 1
            return None if 1 <= spot.row <= lines else f"there is no row {spot.row}"
        if spot.row not in self._rows.get(spot.sheet, ()):
            return f"sheet {spot.sheet} has no row {spot.row} with anything in it"
        return None

    @cached_property
    def _rows(self) -> dict[str, set[int]]:
        book = open_workbook(self._document)
        return {sheet.name: {row.number for row in sheet.rows} for sheet in book.sheets}

    @cached_property
    def _anchors(self) -> set[str]:
        """Every element as our own parsers name it, since selecting one by one takes long."""
        ids = ids_of(self._page)
        anchors: set[str] = set(ids)
        for parent in [self._page, *self._page.find_all()]:
            numbers: dict[str, int] = {}
            for child in parent.find_all(recursive=False):
                numbers[child.name] = numbers.get(child.name, 0) + 1
                anchors.add(css_path(child, numbers[child.name], ids))
        return anchors

    @cached_property
    def _page(self) -> BeautifulSoup:
        return parse_page(self._document)

    def _selects_one(self, anchor: str) -> bool:
        try:
            return len(self._page.select(anchor, limit=2)) == 1
        except soupsieve.SelectorSyntaxError:
            return False
