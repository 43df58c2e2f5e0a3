"""Reading a report of 35 pages, against plain pdfplumber that extracts its tables and no more."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import pdfplumber

from benchmarks.figure import Figure, Row
from benchmarks.measuring import costs
from parsers.registry import parser_named
from sanctuary.shipped import shipped

CHECKED = Row("reading 35 pages: records with evidence and checks", "`extract_tables`")
ROWS = (CHECKED,)


def figures() -> list[Figure]:
    """Return what a checked reading costs, with evidence, beside bare tables."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "long.pdf"
        script = shipped("specimens") / "make_specimens.py"
        subprocess.run([sys.executable, "-B", script, "--long", report], check=True)
        ours, plain, closing = costs(
            partial(ours_reads, report),
            partial(plain_pdfplumber, report),
            partial(closing_pdfplumber, report),
        )
    return [CHECKED.figure(ours, plain, f"`extract_tables` with `page.close()`: {closing}")]


def ours_reads(report: Path) -> None:
    """Read the report as the child of ``sanctuary parse`` does."""
    parser_named("ddor").read(report.read_bytes(), {})


def plain_pdfplumber(report: Path) -> None:
    """Extract the tables of every page, as pdfplumber's own documentation does it."""
    with pdfplumber.open(report) as pdf:
        for page in pdf.pages:
            page.extract_tables()


def closing_pdfplumber(report: Path) -> None:
    """Extract them, and let each page go."""
    with pdfplumber.open(report) as pdf:
        for page in pdf.pages:
            page.extract_tables()
            page.close()
