"""Fetching 20,000 policies from 400 hosts, beside what the delays of the hosts allow."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.fetching import LATENCY, Plan, Ran, check, ran_apart
from benchmarks.figure import Amount, Figure, Row, ratio_at_most
from benchmarks.publishers import publishers

HOSTS, PAGES, AT_ONCE, DELAY = 400, 50, 100, 2
"""Hosts, pages of each, hosts that are asked at a time, and seconds between two requests to one."""

_ALLOWED = f"what delays of {DELAY} s allow, {AT_ONCE} hosts at a time"
_NEAR = ratio_at_most(1.25)
_FLAT = ratio_at_most(1.2)
FIRST = Row(f"a first run over {HOSTS * PAGES:,} policies of {HOSTS} hosts", _ALLOWED, _NEAR)
UNCHANGED = Row("a run over them in which nothing changed", _ALLOWED, _NEAR)
MEMORY_FIRST = Row("memory at the end of the first run", "after its first quarter", _FLAT)
MEMORY_UNCHANGED = Row("memory at the end of the other", "after its first quarter", _FLAT)
ROWS = (FIRST, UNCHANGED, MEMORY_FIRST, MEMORY_UNCHANGED)


def figures() -> list[Figure]:
    """Run twice over all hosts, once each: the many hosts are what is repeated."""
    with tempfile.TemporaryDirectory() as folder, publishers(LATENCY) as port:
        plan = Plan(Path(folder), port, HOSTS, PAGES, AT_ONCE, DELAY)
        first, unchanged = ran_apart(plan), ran_apart(plan)
        check(first, "new", plan)
        check(unchanged, "unchanged", plan)
        return [
            FIRST.figure(
                Amount(first.seconds, "s"), Amount(plan.floor(PAGES + 1), "s"), _note(first)
            ),
            UNCHANGED.figure(
                Amount(unchanged.seconds, "s"), Amount(plan.floor(PAGES), "s"), _note(unchanged)
            ),
            MEMORY_FIRST.figure(*_memory(first)),
            MEMORY_UNCHANGED.figure(*_memory(unchanged)),
        ]


def _note(ran: Ran) -> str:
    pages = HOSTS * PAGES
    return (
        f"{pages / ran.seconds:.0f} pages a second; CPU {1000 * ran.cpu / pages:.0f} ms a page, "
        f"and {1000 * ran.reading_cpu / pages:.0f} ms in the processes that read"
    )


def _memory(ran: Ran) -> tuple[Amount, Amount]:
    return Amount(ran.megabytes[-1], "MB"), Amount(ran.megabytes[0], "MB")
