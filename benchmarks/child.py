"""Reading a document in a process of its own, against reading it in this one."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from benchmarks.figure import Figure, Median, Row
from benchmarks.measuring import RUNS
from parsers.registry import parser_named
from sanctuary.reading import ReadingLimits, read_document
from sanctuary.shipped import shipped

_HERE = "in this process"
LINE = Row("reading a page of one line in a process of its own", _HERE)
REPORT = Row("reading a report of four pages in a process of its own", _HERE)
ROWS = (LINE, REPORT)


def figures() -> list[Figure]:
    """Return what the process costs for a small page and for a report, once its server runs."""
    page = b"<!doctype html><p>Correction: one row of this specimen was wrong."
    report = (shipped("specimens") / "freedonia-2017-01-28-rev1.pdf").read_bytes()
    return [
        _figure(LINE, "notices", page),
        _figure(REPORT, "ddor", report),
    ]


def _figure(row: Row, parser: str, document: bytes) -> Figure:
    child = partial(read_document, parser, document, {}, ReadingLimits())
    here = partial(parser_named(parser).read, document, {})
    measured = [(_seconds(child), _seconds(here)) for _ in range(RUNS + 1)][1:]
    ours, plain = (
        Median([seconds * 1000 for seconds in times], "ms") for times in zip(*measured, strict=True)
    )
    said = f"the process costs {ours.value - plain.value:.0f} ms a document"
    return row.figure(ours, plain, said)


def _seconds(task: Callable[[], object]) -> float:
    start = time.perf_counter()
    task()
    return time.perf_counter() - start
