"""Reading a document in a process of its own, against reading it in this one."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial

from benchmarks.measuring import RUNS, Figure, ratio
from parsers.registry import parser_named
from sanctuary.reading import ReadingLimits, read_document
from sanctuary.shipped import shipped


def figures() -> list[Figure]:
    """Return what the process costs for a small page and for a report, once its server runs."""
    page = b"<!doctype html><p>Correction: one row of this specimen was wrong."
    report = (shipped("specimens") / "freedonia-2017-01-28-rev1.pdf").read_bytes()
    return [
        _figure("a page of one line", "notices", page),
        _figure("a report of four pages", "ddor", report),
    ]


def _figure(what: str, parser: str, document: bytes) -> Figure:
    child = partial(read_document, parser, document, {}, ReadingLimits())
    here = partial(parser_named(parser).read, document, {})
    measured = [(_seconds(child), _seconds(here)) for _ in range(RUNS + 1)][1:]
    ours, plain = (statistics.median(times) for times in zip(*measured, strict=True))
    return Figure(
        f"reading {what} in a process of its own / in this one",
        f"{ours * 1000:.0f} ms",
        f"{plain * 1000:.0f} ms",
        ratio(ours, plain),
        f"the process costs {(ours - plain) * 1000:.0f} ms a document",
    )


def _seconds(task: Callable[[], object]) -> float:
    start = time.perf_counter()
    task()
    return time.perf_counter() - start
