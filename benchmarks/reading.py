"""Reading a report of 35 pages, verified and fast, in a process that has read one before."""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pdfplumber
import pypdfium2

from benchmarks.figure import Figure, Row, at_most, ratio_at_most
from benchmarks.measuring import Prepared, costs
from parsers.pdf.document import read_pages
from parsers.pdf.tables import read_layout
from parsers.registry import Way, parser_named
from sanctuary.shipped import shipped

_PLAIN = "pdfplumber's `extract_tables`, each page closed"
_TEXT = "PDFium giving up the text of each page"
CHECKED = Row("a verified reading: records with evidence and checks", _PLAIN)
TWO_ENGINES = Row("the pages as two engines read them", "the same pages by pdfplumber alone")
FAST = Row("a fast reading: records with evidence and checks", _PLAIN, ratio_at_most(1 / 20))
FAST_TEXT = Row("a fast reading beside text alone", _TEXT, ratio_at_most(4))
FAST_MEMORY = Row("the memory of a fast reading", _PLAIN, at_most(80, "MB"))
ROWS = (CHECKED, TWO_ENGINES, FAST, FAST_TEXT, FAST_MEMORY)


def figures() -> list[Figure]:
    """Return what both ways of reading cost, beside bare tables and bare text."""
    small = (shipped("specimens") / "freedonia-2017-01-28-rev1.pdf").read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "long.pdf"
        script = shipped("specimens") / "make_specimens.py"
        subprocess.run([sys.executable, "-B", script, "--long", report], check=True)
        tasks = (verified, fast, two_engines, pdfplumber_alone, plain_tables, plain_text)
        checked, quick, both, one, tables, text = costs(
            *(Prepared(partial(_warmed, task, small, report), task) for task in tasks)
        )
    return [
        CHECKED.figure(checked, tables),
        TWO_ENGINES.figure(both, one),
        FAST.figure(quick, tables),
        FAST_TEXT.figure(quick, text),
        FAST_MEMORY.figure(quick.memory, tables.memory),
    ]


def _warmed(task: Callable[[bytes], object], small: bytes, report: Path) -> bytes:
    """Return the bytes of the report, once the task has loaded what it needs for a small one."""
    task(small)
    return report.read_bytes()


def verified(report: bytes) -> object:
    """Read a report by both engines, as the child of ``sanctuary parse`` does."""
    return parser_named("ddor").reader({}, Way.VERIFIED)(report, {})


def fast(report: bytes) -> object:
    """Read it by PDFium, as ``sanctuary replay --fast`` does."""
    return parser_named("ddor").reader({}, Way.FAST)(report, {})


def two_engines(report: bytes) -> object:
    """Read the pages of a report by both engines."""
    return list(read_pages(report))


def pdfplumber_alone(report: bytes) -> None:
    """Read the pages of a report as the first engine does."""
    with pdfplumber.open(io.BytesIO(report)) as pdf:
        for page in pdf.pages:
            read_layout(page)
            page.close()


def plain_tables(report: bytes) -> None:
    """Extract the tables of every page, as pdfplumber's own documentation does it."""
    with pdfplumber.open(io.BytesIO(report)) as pdf:
        for page in pdf.pages:
            page.extract_tables()
            page.close()


def plain_text(report: bytes) -> None:
    """Take the text of every page."""
    pdf = pypdfium2.PdfDocument(report)
    for number in range(len(pdf)):
        page = pdf[number]
        text = page.get_textpage()
        text.get_text_range()
        text.close()
        page.close()
    pdf.close()
