"""Documents with tables, and what is printed in which cell of these."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from lxml import etree

from benchmarks.table_cells import Cell, Table, grid_of

FIXTURES = Path(__file__).parents[1] / "tests" / "fixtures" / "ruled-tables"
REAL = Path(os.environ.get("SANCTUARY_REAL", Path(__file__).parents[2] / "shared" / "real"))
"""The folder of real documents: they are no part of the project."""
NOT_AT_HAND = "not measured: the variable SANCTUARY_REAL names no folder of real documents"


RULED = frozenset(
    f"us-{number}"
    for number in ("005", "006", "007", "010", "011a", "012", "013", "014", "015", "016")
)
"""Those of ICDAR 2013 in which a rule stands between every two neighbouring cells."""


@dataclass(frozen=True)
class Document:
    """A PDF, and the tables on it."""

    path: Path
    tables: tuple[Table, ...]
    pages: int | None = None
    """How many of its pages count, from the first; None for all."""
    has_spans: bool = True
    """It is written down which cells span; else each text stands once."""


def fixtures() -> list[Document]:
    """Return the specimens of this project: what stands in them is written where they are drawn."""
    return [
        Document(path, ([Cell(*cell) for cell in json.loads(_beside(path, ".cells.json"))],))
        for path in sorted(FIXTURES.glob("*.pdf"))
    ]


def icdar_2013() -> list[Document]:
    """Return the documents of the United States in the set of the ICDAR 2013 competition.

    Their tables are in ``NAME-str.xml``: every cell, with the rows and columns that it covers.
    """
    return [
        Document(path, tuple(_tables_of(path.with_name(f"{path.stem}-str.xml"))))
        for path in sorted((REAL / "pdf").glob("us-*.pdf"))
    ]


def tabula_tests() -> list[Document]:
    """Return the documents of the tests of tabula-java that have a table of text beside them.

    That is what tabula reads, on the first page, as its authors found it good.
    """
    return [
        Document(path, tuple(_csv_of(_beside(path, ".csv"))), 1, has_spans=False)
        for path in sorted((REAL / "pdf").glob("*.pdf"))
        if path.with_suffix(".csv").exists()
    ]


def _beside(path: Path, suffix: str) -> str:
    return path.with_suffix(suffix).read_text("utf-8")


def _tables_of(file: Path) -> Iterator[Table]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for table in etree.parse(file, parser).iter("table"):
        yield [
            Cell(
                cell.findtext("content") or "",
                top := int(cell.get("start-row")),
                left := int(cell.get("start-col")),
                int(cell.get("end-row", top)),
                int(cell.get("end-col", left)),
            )
            for cell in table.iter("cell")
        ]


def _csv_of(text: str) -> Iterator[Table]:
    """Yield the tables of a CSV: where one stands below another, the number of columns changes."""
    rows = csv.reader(text.splitlines(keepends=True))
    return (grid_of(list(table)) for _, table in groupby(rows, key=len))
