"""The characters of a page with no more about each than reading needs.

pdfplumber makes a dictionary of all that pdfminer knows of a character: its colours, its matrix,
its tags. That takes a third of the time of a page, and nothing here asks for it. Rules are few, and
stay as pdfplumber has them, so that its own table finder goes on finding the cells.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from pdfminer.layout import LTChar, LTItem
from pdfplumber.page import Page, fix_fontname_bytes

Char: TypeAlias = dict[str, Any]
"""A character under pdfplumber's names, and its middle as ``across`` and ``down``."""


class SparePage(Page):
    """A page of pdfplumber whose characters are spare."""

    def process_object(self, obj: LTItem) -> Char:
        """Return an object of the page as pdfplumber has it, a character without the rest."""
        if not isinstance(obj, LTChar):
            return super().process_object(obj)
        left, above = self.mediabox[:2]
        height = self.height
        x0, x1 = obj.x0 + left, obj.x1 + left
        top, bottom = (height - obj.y1) + above, (height - obj.y0) + above
        name = obj.fontname
        return {
            "object_type": "char",
            "text": obj.get_text(),
            "x0": x0,
            "top": top,
            "x1": x1,
            "bottom": bottom,
            "doctop": top,
            "height": obj.height,
            "across": (x0 + x1) / 2,
            "down": (top + bottom) / 2,
            "upright": obj.upright,
            "size": obj.size,
            "fontname": fix_fontname_bytes(name) if isinstance(name, bytes) else name,
        }


def spare_page(page: Page) -> SparePage:
    """Return a page of an open PDF with spare characters; it is to be closed like any other."""
    return SparePage(page.pdf, page.page_obj, page.page_number, page.initial_doctop)
