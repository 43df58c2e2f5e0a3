"""How fast the pages of a large history answer: ``python -m benchmarks.site FOLDER``.

FOLDER has the database that ``benchmarks.big`` made; a copy of it is served. One client asks for
each page again and again, with ApacheBench (``ab``, of Debian's apache2-utils); then once more
while documents are accepted; and for the pages of tables from plain Datasette over the same rows,
without our pages and indexes.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from benchmarks.environment import environment
from benchmarks.figures_page import write_into
from benchmarks.writing import write_on
from sanctuary.shipped import shipped

TIMES = 20
_TABLES = (
    "agreements",
    "listings",
    "policy_sections",
    "changes",
    "captures",
    "current_agreements",
    "current_listings",
    "current_policy_sections",
    "current_changes",
    "standing_agreements",
    "standing_listings",
    "list_events",
    "observations",
)
"""The main tables and views."""


@dataclass(frozen=True)
class Times:
    """What answering took, in milliseconds."""

    median: float
    late: float
    """What 95 in 100 answers took at most."""
    refused: bool
    """The answer was that it takes too long, or another error."""

    def __str__(self) -> str:
        """Return both as they stand in the table."""
        said = f"{self.median:.0f} / {self.late:.0f} ms"
        return f"refused after {said}" if self.refused else said


def main() -> None:
    """Print the figures as one Markdown table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.site", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--write", type=Path, metavar="PAGE", help="put the table into this page of the docs"
    )
    given = parser.parse_args()
    folder: Path = given.folder
    if shutil.which("ab") is None:
        parser.error("ab is missing: apt-get install apache2-utils")
    with tempfile.TemporaryDirectory(dir=folder) as name:
        ours, plain = Path(name) / "tracker.db", Path(name) / "plain" / "tracker.db"
        _copy(folder / "tracker.db", ours)
        plain.parent.mkdir()
        _copy(folder / "tracker.db", plain)
        _drop_indexes(plain)
        paths = [*_pages(ours), *(f"/tracker/{table}" for table in _TABLES)]
        with _served(ours) as port:
            alone = {path: _times(port, path) for path in paths}
            with _writing(ours):
                meanwhile = {path: _times(port, path) for path in paths}
        with _served(plain, plain=True) as port:
            peers = {path: _times(port, path) for path in paths if path[9:] in _TABLES}
    lines = ["| page | median / 95 % | while a run writes | plain Datasette | ratio |"]
    lines.append("| --- | --- | --- | --- | --- |")
    for path in paths:
        peer = peers.get(path)
        ratio = f"{alone[path].median / peer.median:.2f}" if peer else ""
        cells = (f"`{path}`", str(alone[path]), str(meanwhile[path]), str(peer or ""), ratio)
        lines.append(f"| {' | '.join(cells)} |")
    table = "\n".join((f"{environment()}.", "", *lines, ""))
    print(table)
    if given.write:
        write_into(given.write, "site", "How fast the pages of a large history answer.", table)


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def _drop_indexes(database: Path) -> None:
    with closing(sqlite3.connect(database)) as db:
        ours = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        for (name,) in db.execute(ours).fetchall():
            db.execute(f"DROP INDEX {name}")
        db.commit()


def _pages(database: Path) -> Iterator[str]:
    """Yield the addresses of our pages, with something that the database holds."""
    with closing(sqlite3.connect(database)) as db:

        def one(sql: str) -> str:
            return str(db.execute(f"{sql} LIMIT 1").fetchone()[0])

        place = one("SELECT jurisdiction_id FROM standing_listings WHERE jurisdiction_id NOT NULL")
        change = one("SELECT public_id FROM current_changes WHERE kind = 'changed'")
        document = one(
            """SELECT source_id || '/' || document_sha256 || '/listings/1' FROM readings
            JOIN listings ON reading_id = readings.id"""
        )
    yield from (
        "/",
        "/tracker",
        "/tracker/-/changes",
        "/tracker/-/changes?state=Texas",
        "/tracker/-/changes?kind=removed",
        "/tracker/-/changes.atom",
        f"/tracker/-/change/{change}",
        "/tracker/-/compare",
        "/tracker/-/compare?source=generated-list-1",
        "/tracker/-/compare?source=generated-policy-1",
        "/tracker/-/place",
        "/tracker/-/place?state=TX",
        f"/tracker/-/place/{place}",
        "/tracker/-/policy/generated-policy-1",
        f"/tracker/-/evidence/{document}",
        "/tracker/-/report",
        "/tracker/-/report/generated-reports",
        "/tracker/-/report/generated-list-1",
        "/tracker/-/health",
        "/tracker/-/held",
        "/tracker/-/search?q=detainer",
        "/tracker/-/search?q=zembla+county",
        "/tracker/-/downloads",
        "/tracker/-/api",
    )


@contextmanager
def _served(database: Path, *, plain: bool = False) -> Iterator[int]:
    """Serve a database with Datasette as ``sanctuary serve`` does, or without our plugin."""
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "datasette", "serve", str(database), "--port", str(port)]
    if not plain:
        command += ["--metadata", str(shipped("metadata.yml"))]
        command += ["--setting", "suggest_facets", "off"]
    environment = {**os.environ, **({"DATASETTE_LOAD_PLUGINS": ""} if plain else {})}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet) as server:
        try:
            _wait_for(port)
            yield port
        finally:
            server.terminate()


def _wait_for(port: int) -> None:
    for _ in range(600):
        try:
            with urlopen(f"http://127.0.0.1:{port}/-/versions.json"):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("Datasette did not start within a minute")


@contextmanager
def _writing(database: Path) -> Iterator[None]:
    run = multiprocessing.get_context("spawn").Process(target=write_on, args=(database,))
    run.start()
    try:
        yield
        if not run.is_alive():
            raise RuntimeError("the run that was to write has ended")
    finally:
        run.kill()
        run.join()


def _times(port: int, path: str) -> Times:
    """Ask for a page ``TIMES`` times in a row, after two times that do not count."""
    address = f"http://127.0.0.1:{port}{path}"
    with tempfile.NamedTemporaryFile() as file:
        for times, more in ((2, []), (TIMES, ["-e", file.name])):
            command = ["ab", "-q", "-k", "-s", "60", "-n", str(times), "-c", "1", *more, address]
            said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        with Path(file.name).open() as percentages:
            taken = [float(row[1]) for row in list(csv.reader(percentages))[1:]]
    return Times(taken[50], taken[95], "Non-2xx responses" in said)


if __name__ == "__main__":
    main()
