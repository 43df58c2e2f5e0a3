"""What a year of 8,000 jurisdictions comes to: ``python -m benchmarks.scale``.

A few hundred policy pages of an invented publisher on this machine are fetched, read and accepted
as new, then found unchanged, then found changed. What each of these cost is multiplied by what is
assumed of a year.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import psutil

from benchmarks.environment import environment
from benchmarks.figure import rounded
from benchmarks.figures_page import write_into
from sanctuary.cli import cli
from tests.sanctuary.loopback import Page, Publisher

PAGES = 200
PARAGRAPHS = 60
ROUNDS = 5
"""Rounds in which nothing has changed; what one of them costs is a fifth of what all of them do."""

_SOURCES = """
settings: {{contact: "https://example.org/scale", allow_hosts: ["{host}"], delay: 0s}}
sources:
{entries}
"""
_ENTRY = """
  - id: policy-{number}
    title: Policy {number} of Zembla
    publisher: Zembla Ministry
    address: http://{host}/{number}
    parser: page
    options: {{jurisdiction: "Zembla", instrument_type: ordinance}}
    editions: content
    jurisdiction: Zembla
    confirm_after: 1s
    why: For measuring.
"""


@dataclass(frozen=True)
class Spent:
    """What one capture took of the machine."""

    cpu: float
    """Seconds of a core, those of the reading child included."""
    archive: float
    """Bytes."""
    database: float
    """Bytes."""


@dataclass(frozen=True)
class Measured:
    """What the three kinds of captures took."""

    new: Spent
    """The first document of a page."""
    unchanged: Spent
    changed: Spent
    """A document in which one paragraph is another."""


@dataclass(frozen=True)
class Assumed:
    """What a year is assumed to bring."""

    jurisdictions: int = 8_000
    pages: float = 2.5
    """Pages of each."""
    hosts: int = 400
    """Code hosts serve many places; a host is asked for one page at a time."""
    changing: float = 0.01
    """The share of pages that change in a week."""
    delay: float = 2.0
    """Seconds between two requests to one host: the setting ``delay`` as it comes."""
    answer: float = 0.5
    """Seconds until a host has answered; within the delay, which runs from question to question."""
    at_once: int = 32
    """Hosts that are asked at a time: the setting ``hosts_at_once`` as it comes."""


_DAYS = {"a week": 7, "a day": 1}


def year(measured: Measured, assumed: Assumed) -> dict[str, tuple[str, ...]]:
    """Return the rows of the table by what they say, a cell for each cadence."""
    pages = assumed.jurisdictions * assumed.pages
    changed = pages * assumed.changing * 52
    new, same, other = measured.new, measured.unchanged, measured.changed

    def each(cell: Callable[[float], str]) -> tuple[str, ...]:
        return tuple(cell(365 / days) for days in _DAYS.values())

    def total(part: Callable[[Spent], float], rounds: float) -> float:
        unchanged = max(pages * rounds - pages - changed, 0)
        return pages * part(new) + unchanged * part(same) + changed * part(other)

    at_a_time = min(assumed.hosts, assumed.at_once)
    waiting = pages / at_a_time * max(assumed.delay, assumed.answer)
    return {
        "requests in a year": each(lambda rounds: f"{pages * rounds:,.0f}"),
        "requests in a day": each(lambda rounds: f"{pages * rounds / 365:,.0f}"),
        "hours of one round, by what the hosts allow": each(lambda _: rounded(waiting / 3600)),
        "hours of one core for the first round": each(lambda _: rounded(pages * new.cpu / 3600)),
        "hours of one core for a round without a change": each(
            lambda _: rounded(pages * same.cpu / 3600)
        ),
        "documents that are read": each(lambda _: f"{pages + changed:,.0f}"),
        "hours of one core in a year": each(lambda r: rounded(total(lambda s: s.cpu, r) / 3600)),
        "share of one core": each(
            lambda r: f"{rounded(total(lambda s: s.cpu, r) / (365 * 24 * 36))} %"
        ),
        "archive after the year": each(lambda r: _size(total(lambda s: s.archive, r))),
        "database after the year": each(lambda r: _size(total(lambda s: s.database, r))),
    }


def table(measured: Measured, assumed: Assumed) -> str:
    """Return what was measured and what it comes to, as two Markdown tables."""
    spent = (measured.new, measured.unchanged, measured.changed)
    parts = (
        ("CPU", lambda each: f"{rounded(each.cpu * 1000)} ms"),
        ("archive", lambda each: _size(each.archive)),
        ("database", lambda each: _size(each.database)),
    )
    lines = [f"{environment()}.", "", "| of one capture | new page | unchanged | changed |"]
    lines.append("| --- | --- | --- | --- |")
    lines += [_line(name, *map(cell, spent)) for name, cell in parts]
    lines += ["", f"| of a year | {' | '.join(f'once {often}' for often in _DAYS)} |"]
    lines.append("| --- | --- | --- |")
    lines += [_line(what, *cells) for what, cells in year(measured, assumed).items()]
    return "\n".join([*lines, ""])


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _size(amount: float) -> str:
    for unit, bytes_ in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if amount >= bytes_:
            return f"{rounded(amount / bytes_)} {unit}"
    return f"{rounded(amount)} bytes"


def measure() -> Measured:
    """Fetch, read and accept the pages of the publisher, and return what a capture took."""
    with tempfile.TemporaryDirectory() as name, Publisher() as publisher:
        folder = Path(name)
        entries = "".join(_ENTRY.format(number=n, host=publisher.host) for n in range(PAGES))
        sources = _SOURCES.format(host=publisher.host, entries=entries)
        (folder / "sources.yml").write_text(sources)
        _publish(publisher, 0)
        new = _spent(folder, 1)
        unchanged = _spent(folder, ROUNDS)
        _publish(publisher, 1)
        return Measured(new, unchanged, _spent(folder, 1))


def _publish(publisher: Publisher, version: int) -> None:
    for number in range(PAGES):
        body = _page(number, version).encode()
        publisher.pages[f"/{number}"] = Page(body, headers={"ETag": f'"{version}"'})


def _page(number: int, version: int) -> str:
    """Return a page of an invented policy, one paragraph of which is another in each version."""
    random = Random(number)
    words = [f"{a}{b}" for a in _SYLLABLES.split() for b in _SYLLABLES.split()]
    paragraphs = [" ".join(random.choices(words, k=60)) for _ in range(PARAGRAPHS)]
    paragraphs[version] = f"Version {version}: {paragraphs[version]}"
    text = "".join(f"<p>({at}) {paragraph}.</p>\n" for at, paragraph in enumerate(paragraphs, 1))
    return (
        f"<!doctype html><html><title>Policy {number}</title><body><main><h1>SPECIMEN Policy "
        f"{number}</h1>\n{text}</main></body></html>"
    )


_SYLLABLES = "ra lo mi ten sor va del qui nor est bal tre con pa lu gan mer ti os fel"


def _spent(folder: Path, rounds: int) -> Spent:
    """Run all sources ``rounds`` times in a process of its own; return what a capture took."""
    archive, database = _bytes(folder / "data" / "archive"), _held(folder)
    # What multiprocessing starts would be loaded by each child that reads, once more.
    command = "import sys; from benchmarks.scale import run; run(sys.argv[1], int(sys.argv[2]))"
    done = subprocess.run(
        [sys.executable, "-c", command, str(folder), str(rounds)],
        env={**os.environ, "XDG_CACHE_HOME": str(folder / "cache")},
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"the run ended with {done.returncode}: {done.stdout}{done.stderr}")
    cpu = float(done.stdout.splitlines()[-1])
    captures = PAGES * rounds
    return Spent(
        cpu / captures,
        (_bytes(folder / "data" / "archive") - archive) / captures,
        (_held(folder) - database) / captures,
    )


def run(folder: str, rounds: int) -> None:
    """Run all sources ``rounds`` times, and print the seconds of a core that this took."""
    before = _cpu()
    files = ["--data-dir", f"{folder}/data", "--sources", f"{folder}/sources.yml"]
    for _ in range(rounds):
        try:
            cli.main([*files, "run"], standalone_mode=False)
        except SystemExit as ended:
            if ended.code:
                raise
    print(_cpu() - before)


def _cpu() -> float:
    """Return the seconds that this process and all that it started have spent."""
    here = psutil.Process()
    times = [each.cpu_times() for each in (here, *here.children(recursive=True))]
    return float(sum(t.user + t.system + t.children_user + t.children_system for t in times))


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _held(folder: Path) -> int:
    """Return the bytes of the database that hold something."""
    file = folder / "data" / "tracker.db"
    if not file.exists():
        return 0
    with contextlib.closing(sqlite3.connect(file)) as db:
        pages, free, size = (
            db.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
    return int((pages - free) * size)


def main() -> None:
    """Measure, and print the tables or write them into a page of the docs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the tables into this page")
    parser.add_argument("--jurisdictions", type=int, default=Assumed.jurisdictions)
    parser.add_argument("--pages", type=float, default=Assumed.pages, help="of a jurisdiction")
    parser.add_argument("--hosts", type=int, default=Assumed.hosts)
    parser.add_argument(
        "--changing", type=float, default=Assumed.changing, help="share of pages in a week"
    )
    parser.add_argument("--delay", type=float, default=Assumed.delay, help="seconds, as set")
    parser.add_argument("--at-once", type=int, default=Assumed.at_once, help="hosts, as set")
    given = parser.parse_args()
    assumed = Assumed(
        given.jurisdictions,
        given.pages,
        given.hosts,
        given.changing,
        given.delay,
        at_once=given.at_once,
    )
    written = table(measure(), assumed)
    print(written)
    if given.write:
        write_into(given.write, "scale", "What a year comes to.", written)


if __name__ == "__main__":
    main()
