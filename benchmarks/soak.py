"""Ten thousand captures of a publisher on this machine: ``python -m benchmarks.soak``.

A list whose bytes change with every answer and whose content changes once in a while, a list that
says which version it is, reports on an index page, a page that is refused now and then, and one
that is gone now and then. Memory has to stay flat and nothing may be lost; it ends with 1 if not.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import psutil
from sqlite_utils import Database

from sanctuary.pipeline import run
from sanctuary.sources import Sources
from sanctuary.sources_file import load_sources
from sanctuary.workspace import Workspace
from tests.sanctuary.loopback import NOT_FOUND, HandClock, Page, Publisher

_SOURCES = """
settings: {{contact: "https://example.org/soak", allow_hosts: ["{host}"], delay: 0s}}
sources:
{entries}
"""
_ENTRY = """
  - id: {name}
    title: A list of Zembla
    publisher: Zembla Ministry
    address: http://{host}/{name}
    parser: table
    options: {{record: listings, columns: {{Jurisdiction: jurisdiction, Policy: policy}}}}
    editions: content
    confirm_after: 1s
    why: For a soak.
"""
_NAMES = ("nonce", "versioned", "refused", "gone")
_ROWS = 60
_CHANGES_EVERY = 25
"""Rounds after which the content of the lists changes."""


def main() -> None:
    """Run it and print what it cost."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--captures", type=int, default=10_000)
    captures = parser.parse_args().captures
    with tempfile.TemporaryDirectory() as folder, Publisher() as publisher:
        # What processes of this machine share is not for a publisher of an hour.
        os.environ["XDG_CACHE_HOME"] = str(Path(folder) / "cache")
        entries = "".join(_ENTRY.format(name=name, host=publisher.host) for name in _NAMES)
        file = Path(folder) / "sources.yml"
        file.write_text(_SOURCES.format(host=publisher.host, entries=entries))
        workspace = Workspace(Path(folder) / "data")
        _soak(workspace, load_sources(file), publisher, captures)
        with workspace.looking() as db:
            faults = [*_lost(db, workspace, captures)]
    for fault in faults:
        print(fault, file=sys.stderr)
    sys.exit(1 if faults else 0)


def _soak(workspace: Workspace, sources: Sources, publisher: Publisher, captures: int) -> None:
    clock = HandClock("2020-01-01T00:00:00Z")
    rounds = -(-captures // len(_NAMES))
    marks: list[float] = []
    started = time.perf_counter()
    for number in range(rounds):
        _publish(publisher, number)
        clock.now = _later(clock.now)
        with workspace.writing() as db:
            run(db, workspace.archive, sources.sources, sources.settings, clock, lambda _: None)
        publisher.asked.clear()
        publisher.conditions.clear()
        if number % (rounds // 10 or 1) == 0:
            marks.append(_megabytes())
            spent = time.perf_counter() - started
            print(f"{(number + 1) * len(_NAMES):>7} captures, {marks[-1]:.0f} MB, {spent:.0f} s")
    print(f"archive {workspace.archive.size() / 1e6:.1f} MB", end=", ")
    print(f"database {workspace.database.stat().st_size / 1e6:.1f} MB")
    half = marks[len(marks) // 2 :]
    print(f"memory grew by {half[-1] - half[0]:.1f} MB over the second half")


def _publish(publisher: Publisher, number: int) -> None:
    """Put up what the publisher shows in a round."""
    version = number // _CHANGES_EVERY
    rows = "".join(
        f"<tr><td>Place {n}, Zembla</td><td>Rule {n + version * (n == version % _ROWS)}</td></tr>"
        for n in range(_ROWS)
    )
    table = f"<table><tr><th>Jurisdiction</th><th>Policy</th></tr>{rows}</table>"
    page = f"<!doctype html><html><p>SPECIMEN, all places are invented</p>{table}"
    publisher.pages["/nonce"] = Page(f"{page}<!-- {number:040x} -->".encode())
    stamp = {"ETag": f'"{version}"'}
    publisher.pages["/versioned"] = Page(page.encode(), headers=stamp)
    refused = number % 10 == 3
    publisher.pages["/refused"] = Page(b"no", 403) if refused else Page(page.encode())
    publisher.pages["/gone"] = NOT_FOUND if number % 100 in (50, 51, 52) else Page(page.encode())


def _lost(db: Database, workspace: Workspace, captures: int) -> Iterator[str]:
    """Yield what is not as it has to be."""
    held = db.execute("SELECT count(*) FROM captures").fetchone()[0]
    if held < captures:
        yield f"{held} captures are held where {captures} were made"
    for (sha256,) in db.execute("SELECT sha256 FROM documents").fetchall():
        if not workspace.archive.has(sha256):
            yield f"document {sha256[:12]} is not in the archive"
    unseen = db.execute(
        """SELECT count(*) FROM captures LEFT JOIN sightings ON capture_id = captures.id
        WHERE verdict IN ('document', 'unchanged') AND capture_id IS NULL"""
    ).fetchone()[0]
    if unseen:
        yield f"{unseen} captures of documents show no edition"
    versions = -(-(captures // len(_NAMES)) // _CHANGES_EVERY)
    for name in ("nonce", "versioned"):
        editions = db.execute(
            "SELECT count(*) FROM editions WHERE source_id = ?", [name]
        ).fetchone()[0]
        if editions < versions:
            yield f"{name}: {editions} editions are held where {versions} were shown"
    for (fault,) in db.execute("PRAGMA integrity_check").fetchall():
        if fault != "ok":
            yield f"the database: {fault}"


def _later(moment: str) -> str:
    later = datetime.fromisoformat(moment) + timedelta(hours=1)
    return f"{later:%Y-%m-%dT%H:%M:%SZ}"


def _megabytes() -> float:
    return float(psutil.Process().memory_info().rss / 1e6)


if __name__ == "__main__":
    main()
