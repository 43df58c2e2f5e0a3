"""Replaying reports with one and two readers at a time, and on a Dask cluster of this machine.

Each report is archived; nothing is kept of what a replay makes of it, so that the next one does the
same again. The cluster has two worker processes.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import dask
from distributed import LocalCluster

from benchmarks.figure import Figure, Median, Row, ratio_at_most
from db.captures import Capture, Document, start_run
from db.sources import save_source
from parsers.registry import Way
from sanctuary.readers import Readers, ReadersHere, open_readers
from sanctuary.reading import ReadingLimits, read_document
from sanctuary.recording import keep_capture
from sanctuary.replaying import replay
from sanctuary.shipped import shipped
from sanctuary.sources import Source
from sanctuary.sources_file import load_sources
from sanctuary.workspace import Workspace

REPORTS = 24
RUNS = 3
_NOW = "2026-01-01T00:00:00Z"
_SOURCES = """
sources:
  - id: freedonia
    title: Declined Detainer Report of Freedonia (specimen)
    publisher: Freedonia Removal Agency, an invented agency
    address: null
    parser: ddor
    editions: period
    why: To measure a replay.
"""
_AT_A_TIME = f"replaying {REPORTS} reports of four pages, two at a time"
ONE = Row(
    f"replaying {REPORTS} reports of four pages, one at a time",
    "reading them in a process each, without a database",
)
TWO = Row(_AT_A_TIME, "one at a time", ratio_at_most(0.6))
THERE = Row(f"{_AT_A_TIME}, on a Dask cluster here", "without Dask", ratio_at_most(1.5))
ROWS = (ONE, TWO, THERE)


def figures() -> list[Figure]:
    """Return what a replay takes, by who reads."""
    with (
        tempfile.TemporaryDirectory() as name,
        dask.config.set({"distributed.worker.daemon": False}),
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
        ) as cluster,
    ):
        folder = Path(name)
        (folder / "sources.yml").write_text(_SOURCES)
        source = load_sources(folder / "sources.yml").sources[0]
        workspace = Workspace(folder / "data")
        _archive(workspace, source)
        limits, archive = ReadingLimits(), workspace.archive
        here = [ReadersHere(archive, limits, Way.VERIFIED, cores) for cores in (1, 2)]
        with open_readers(archive, limits, cluster=cluster.scheduler_address) as there:
            plain, one, two, dasked = _costs(
                _read_plainly,
                *(partial(_replay, workspace, source, readers) for readers in (*here, there)),
            )
        for readers in here:
            readers.end()
    overhead = (dasked.value - two.value) / REPORTS * 1000
    return [
        ONE.figure(one, plain),
        TWO.figure(two, one),
        THERE.figure(dasked, two, f"{overhead:.0f} ms a document more"),
    ]


def _costs(*tasks: Callable[[], object]) -> list[Median]:
    """Run ``tasks`` in turn; the processes that read were started in a run that does not count."""
    seconds: list[list[float]] = [[] for _ in tasks]
    for number in range(RUNS + 1):
        for task, runs in zip(tasks, seconds, strict=True):
            start = time.perf_counter()
            task()
            if number:
                runs.append(time.perf_counter() - start)
    return [Median(runs, "s") for runs in seconds]


def _reports() -> list[bytes]:
    report = (shipped("specimens") / "freedonia-2017-01-28-rev1.pdf").read_bytes()
    return [report + b"%% %d\n" % number for number in range(REPORTS)]


def _read_plainly() -> None:
    for report in _reports():
        read_document("ddor", report, {}, ReadingLimits())


def _archive(workspace: Workspace, source: Source) -> None:
    with workspace.writing() as db:
        save_source(db, source.facts())
        run_id = start_run(db, "import", "benchmark", _NOW)
        for number, report in enumerate(_reports()):
            sha256 = workspace.archive.put(report)
            capture = Capture(
                source_id=source.id,
                role="document",
                address=None,
                captured_at=f"2017-02-{number + 1:02}T00:00:00Z",
                proof="person",
                verdict="document",
                document_sha256=sha256,
            )
            document = Document(sha256, len(report), None, f"{number}.pdf")
            keep_capture(db, source, capture, document, run_id, _NOW)


def _replay(workspace: Workspace, source: Source, readers: Readers) -> None:
    with workspace.writing() as db:
        done = replay(
            *(db, workspace.archive, source, readers, lambda: _NOW, lambda _: None, lambda _: None),
            keep=False,
        )
    if done.outcomes["readable"] != REPORTS:
        raise RuntimeError(f"not all were read: {done.outcomes}")
