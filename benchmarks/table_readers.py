"""The readers of tables that are compared, each by its usual call: a PDF in, tables out."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

import pdfplumber

from benchmarks.table_cells import Cell, Table, grid_of
from parsers.errors import ReadingError
from parsers.pdf import layout
from parsers.pdf.document import read_pages

Reader = Callable[[Path, int | None], list[Table]]
"""Reads a PDF, or so many of its pages from the first."""


def ours(document: Path, pages: int | None) -> list[Table]:
    """Return the tables as ``parser: table`` sees them; none of a document that it refuses."""
    try:
        read = list(islice(read_pages(document.read_bytes()), pages))
    except ReadingError:
        return []
    return [_cells_of(table) for page in read for table in page.tables]


def plain_pdfplumber(document: Path, pages: int | None) -> list[Table]:
    """Return what ``extract_tables`` gives."""
    with pdfplumber.open(document) as pdf:
        return [grid_of(rows) for page in pdf.pages[:pages] for rows in page.extract_tables()]


def camelot_lattice(document: Path, pages: int | None) -> list[Table]:
    """Return what camelot gives of tables with rules."""
    camelot: Any = import_module("camelot")
    found = camelot.read_pdf(str(document), pages=_pages(pages), flavor="lattice")
    return [grid_of(table.df.to_numpy().tolist()) for table in found]


def tabula(document: Path, pages: int | None) -> list[Table]:
    """Return what tabula gives where it decides itself whether a table has rules."""
    java: Any = import_module("tabula")
    found = java.read_pdf(str(document), pages=_pages(pages), output_format="json", silent=True)
    return [grid_of([[cell["text"] for cell in row] for row in table["data"]]) for table in found]


def _pages(pages: int | None) -> str:
    return f"1-{pages}" if pages else "all"


def _cells_of(table: layout.Table) -> Table:
    places: dict[int, list[tuple[int, int]]] = {}
    cells: dict[int, layout.Cell] = {}
    for row, of_row in enumerate(table.rows):
        for column, cell in enumerate(of_row.cells):
            if cell is not None:
                cells[id(cell)] = cell
                places.setdefault(id(cell), []).append((row, column))
    return [Cell(cell.text, *min(places[key]), *max(places[key])) for key, cell in cells.items()]
