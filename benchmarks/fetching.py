"""Fetching policies from many hosts at a time, beside what the delays of the hosts allow.

``python -m benchmarks.fetching --pages 2000 --hosts 100`` asks as many as you want and prints what
came after each quarter; ``benchmarks.many_hosts`` is that for the table.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import psutil

from benchmarks.figure import Amount, Figure, Median, Row, ratio_at_most
from benchmarks.publishers import NOTED, host_name, publishers
from places.gazetteer import load_gazetteer
from sanctuary.clock import utc_now
from sanctuary.outcome import Outcome
from sanctuary.pipeline import run
from sanctuary.sources import Sources
from sanctuary.workspace import Workspace

LATENCY = 0.3
"""Seconds that half of all answers take at most."""
SMALL = 16, 8
"""Hosts, and pages of each, in the table."""
RUNS = 3

FIRST = Row(
    f"a first run over {SMALL[0] * SMALL[1]} policies of {SMALL[0]} hosts",
    "the delays of the hosts alone",
    ratio_at_most(1.5),
)
UNCHANGED = Row("a run in which nothing changed", "the delays alone", ratio_at_most(1.25))
APART = Row("the same with all hosts at a time", "one host after the other, from two of them")
CPU_FIRST = Row("CPU of a new page, reading apart", "`httpx.get` of it")
CPU_UNCHANGED = Row("CPU of a page that has not changed", "`httpx.get` of it, on a condition")
MEMORY = Row("memory at the end of the first run", "at its first quarter", ratio_at_most(1.2))
_START = "import sys; from benchmarks.fetching import run_here; run_here(sys.argv[1])"
ROWS = (FIRST, UNCHANGED, APART, CPU_FIRST, CPU_UNCHANGED, MEMORY)


@dataclass(frozen=True)
class Plan:
    """Who is asked, and how."""

    folder: Path
    port: int
    hosts: int
    pages: int
    """Of each host."""
    at_once: int
    delay: int
    """Seconds between two requests to one host."""

    def sources(self) -> Sources:
        """Return what is watched."""
        names = [host_name(number) for number in range(self.hosts)]
        return Sources.model_validate(
            {
                "settings": {
                    "contact": "https://example.org/benchmark",
                    "allow_hosts": [f"{name}:{self.port}" for name in names],
                    "delay": f"{self.delay}s",
                    "hosts_at_once": self.at_once,
                },
                "sources": [
                    {
                        "id": f"kinbote-{host}-{number}",
                        "title": "A policy of Kinbote",
                        "publisher": "Kinbote",
                        "address": f"http://{name}:{self.port}/{number}",
                        "parser": "page",
                        "options": {"select": "main.policy", "jurisdiction": "Kinbote, Zembla"},
                        "editions": "content",
                        "why": "To measure.",
                    }
                    for number in range(self.pages)
                    for host, name in enumerate(names)
                ],
            }
        )

    def floor(self, requests: int) -> float:
        """Return the seconds that so many requests to each host take by the delays alone."""
        rounds = -(-self.hosts // self.at_once)
        return rounds * (requests - 1) * self.delay


@dataclass(frozen=True)
class Ran:
    """What a run cost."""

    seconds: float
    cpu: float
    """Seconds of its process."""
    reading_cpu: float
    """Seconds of the processes that read."""
    megabytes: list[float]
    """Resident after each quarter of the sources."""
    counts: dict[str, int]
    noted: dict[str, Any]


@dataclass(frozen=True)
class _Round:
    """What one measurement of all of it gave."""

    first: Ran
    unchanged: Ran
    alone: Ran
    plain_cpu: float
    """Seconds of one request by httpx."""
    conditional_cpu: float


def figures() -> list[Figure]:
    """Measure two runs over a few hosts, and one over two of them, one after the other."""
    hosts, pages = SMALL
    total, plan = hosts * pages, _plan(Path(), 0)
    rounds = [_measured() for _ in range(RUNS)]

    def median(of: Callable[[_Round], float], unit: str) -> Median:
        return Median([of(each) for each in rounds], unit)

    first = median(lambda each: each.first.seconds, "s")
    return [
        FIRST.figure(first, Amount(plan.floor(pages + 1), "s"), "reading and accepting included"),
        UNCHANGED.figure(
            median(lambda each: each.unchanged.seconds, "s"), Amount(plan.floor(pages), "s")
        ),
        APART.figure(
            first, median(lambda each: each.alone.seconds * hosts / 2, "s"), "extrapolated"
        ),
        CPU_FIRST.figure(
            median(lambda each: 1000 * each.first.cpu / total, "ms"),
            median(lambda each: 1000 * each.plain_cpu, "ms"),
        ),
        CPU_UNCHANGED.figure(
            median(lambda each: 1000 * each.unchanged.cpu / total, "ms"),
            median(lambda each: 1000 * each.conditional_cpu, "ms"),
        ),
        MEMORY.figure(
            median(lambda each: each.first.megabytes[-1], "MB"),
            median(lambda each: each.first.megabytes[0], "MB"),
        ),
    ]


def _plan(folder: Path, port: int) -> Plan:
    hosts, pages = SMALL
    return Plan(folder, port, hosts, pages, hosts, 1)


def _measured() -> _Round:
    with tempfile.TemporaryDirectory() as folder, publishers(LATENCY) as port:
        plan = _plan(Path(folder) / "all", port)
        first, unchanged = ran_apart(plan), ran_apart(plan)
        check(first, "new", plan)
        check(unchanged, "unchanged", plan)
        few = replace(plan, folder=Path(folder) / "few", hosts=2, at_once=1)
        alone = ran_apart(few)
        check(alone, "new", few)
        return _Round(first, unchanged, alone, *_plain_cpu(plan))


def _plain_cpu(plan: Plan) -> tuple[float, float]:
    """Return the CPU of one plain request for a page, and of one that is answered 304."""
    address = f"http://{host_name(0)}:{plan.port}/0"
    spent = []
    with httpx.Client() as client:
        headers: dict[str, str] = {}
        for _ in range(2):
            began = time.process_time()
            for _ in range(20):
                tag = client.get(address, headers=headers).headers["etag"]
            spent.append((time.process_time() - began) / 20)
            headers = {"If-None-Match": tag}
    return spent[0], spent[1]


def check(ran: Ran, word: str, plan: Plan) -> None:
    """Raise ValueError if what came of every page is not ``word``, or the run was not polite."""
    wanted = plan.hosts * plan.pages
    if ran.counts != {word: wanted}:
        raise ValueError(f"{ran.counts} where {wanted} {word} were to be")
    # By the clock of the server, which on a busy machine hears of a request some time after it.
    if ran.noted["most"] > 1 or (ran.noted["nearest"] or plan.delay) < 0.5 * plan.delay:
        raise ValueError(f"a host was asked {ran.noted}")


def ran_apart(plan: Plan) -> Ran:
    """Carry out a plan in a process of its own, and return what it cost."""
    # As on the command line there must be no script that each process that reads would import.
    words = [sys.executable, "-c", _START, json.dumps(asdict(plan), default=str)]
    said = subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout
    return Ran(**json.loads(said))


def run_here(words: str) -> None:
    """Carry out the plan that is given as JSON, and print what it cost as JSON."""
    given = json.loads(words)
    plan = Plan(**{**given, "folder": Path(given["folder"])})
    load_gazetteer()  # the list of places is made once on a machine
    # What processes of this machine share is not for publishers of an hour.
    os.environ["XDG_CACHE_HOME"] = str(plan.folder / "cache")
    sources, workspace = plan.sources(), Workspace(plan.folder / "data")
    total, done = len(sources.sources), 0
    marks: list[float] = []
    counts: dict[str, int] = {}
    began, cpu = time.monotonic(), time.process_time()

    def ended(outcome: Outcome) -> None:
        nonlocal done
        done += 1
        for word in ("new", "unchanged", "gone", "never_found", "held", "failed"):
            if found := getattr(outcome, word):
                counts[word] = counts.get(word, 0) + found
        if done * 4 // total > len(marks):
            marks.append(psutil.Process().memory_info().rss / 1e6)

    with workspace.writing() as db:
        run(
            db,
            workspace.archive,
            sources.sources,
            sources.settings,
            utc_now,
            lambda _: None,
            ended,
        )
        reading = sum(_spent(each) for each in psutil.Process().children())
    seconds, cpu = time.monotonic() - began, time.process_time() - cpu
    with urllib.request.urlopen(f"http://127.0.0.1:{plan.port}{NOTED}") as answer:
        noted = json.load(answer)
    print(json.dumps(asdict(Ran(seconds, cpu, reading, marks, counts, noted))))


def _spent(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)


def main() -> None:
    """Run it over many hosts and print what it cost."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fetching", description=__doc__)
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--at-once", type=int, default=100, help="hosts that are asked at a time")
    parser.add_argument("--delay", type=int, default=2, help="seconds, to one host")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, publishers(LATENCY) as port:
        each = given.pages // given.hosts
        plan = Plan(Path(folder), port, given.hosts, each, given.at_once, given.delay)
        for word, requests in (("new", each + 1), ("unchanged", each)):
            ran = ran_apart(plan)
            print(_said(ran, plan, word, plan.floor(requests)), flush=True)
            check(ran, word, plan)


def _said(ran: Ran, plan: Plan, word: str, floor: float) -> str:
    pages = plan.hosts * plan.pages
    marks = ", ".join(f"{each:.0f}" for each in ran.megabytes)
    return (
        f"{pages:,} pages of {plan.hosts} hosts, {plan.at_once} at a time, {word}: "
        f"{ran.seconds:.0f} s, {pages / ran.seconds:.1f} pages a second where the delays allow "
        f"{pages / floor:.1f}; CPU {1000 * ran.cpu / pages:.1f} ms a page and "
        f"{1000 * ran.reading_cpu / pages:.1f} ms in processes that read; "
        f"memory at the quarters {marks} MB; {ran.counts}, {ran.noted}"
    )


if __name__ == "__main__":
    main()
