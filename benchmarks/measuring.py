"""Timing a task in a fresh process, with its peak memory, the median of several runs."""

from __future__ import annotations

import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection

RUNS = 5


@dataclass(frozen=True)
class Figure:
    """One row of the table, ready to print."""

    what: str
    ours: str
    peer: str
    ratio: str
    note: str


@dataclass(frozen=True)
class Cost:
    """Median wall time in seconds, and the largest peak of resident memory in megabytes."""

    seconds: float
    megabytes: float

    def __str__(self) -> str:
        """Return both as they stand in the table."""
        return f"{self.seconds:.2f} s, {self.megabytes:.0f} MB"


def costs(*tasks: Callable[[], object]) -> list[Cost]:
    """Run ``tasks`` in turn, ``RUNS`` times each in a process of its own, and return their costs.

    In turn, so that a machine that slows down slows all of them. A first run of each is not
    counted.
    """
    measured: list[list[tuple[float, float]]] = [[] for _ in tasks]
    for number in range(RUNS + 1):
        for task, runs in zip(tasks, measured, strict=True):
            result = _in_child(task)
            if number:
                runs.append(result)
    return [
        Cost(statistics.median(s for s, _ in runs), max(mb for _, mb in runs)) for runs in measured
    ]


def ratio(one: float, other: float) -> str:
    """Return how many times the cost of ``other`` ``one`` is."""
    return f"{one / other:.2f}"


def _in_child(task: Callable[[], object]) -> tuple[float, float]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=_measure, args=(task, theirs))
    child.start()
    theirs.close()  # so that a child that fails ends the wait for it
    result: tuple[float, float] = ours.recv()
    child.join()
    return result


def _measure(task: Callable[[], object], pipe: Connection) -> None:
    start = time.perf_counter()
    task()
    seconds = time.perf_counter() - start
    pipe.send((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))
