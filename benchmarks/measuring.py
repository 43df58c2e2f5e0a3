"""Timing a task in a fresh process, with its peak memory, the median of several runs."""

from __future__ import annotations

import multiprocessing
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks.figure import Cost

RUNS = 5


@dataclass(frozen=True)
class Prepared:
    """A task with what it is given: that is made in its process, before its time begins."""

    prepare: Callable[[], Any]
    task: Callable[[Any], object]


Task: TypeAlias = "Callable[[], object] | Prepared"


def costs(*tasks: Task) -> list[Cost]:
    """Run ``tasks`` in turn, ``RUNS`` times each in a process of its own, and return their costs.

    In turn, so that a machine that slows down slows all of them. A first run of each is not
    counted. A process has loaded the module that a task is of before its time begins.
    """
    measured: list[list[tuple[float, float]]] = [[] for _ in tasks]
    for number in range(RUNS + 1):
        for task, runs in zip(tasks, measured, strict=True):
            result = _in_child(task)
            if number:
                runs.append(result)
    return [cost_of([s for s, _ in runs], max(mb for _, mb in runs)) for runs in measured]


def cost_of(seconds: list[float], megabytes: float) -> Cost:
    """Return the cost of a task whose runs took ``seconds``, and ``megabytes`` at most."""
    return Cost(statistics.median(seconds), min(seconds), max(seconds), megabytes)


def peak_megabytes() -> float:
    """Return the largest resident memory that this process has had.

    Linux hands the peak that ``getrusage`` tells on to a process that another one starts.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _in_child(task: Task) -> tuple[float, float]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=_measure, args=(task, theirs))
    child.start()
    theirs.close()  # so that a child that fails ends the wait for it
    result: tuple[float, float] = ours.recv()
    child.join()
    return result


def _measure(task: Task, pipe: Connection) -> None:
    run = partial(task.task, task.prepare()) if isinstance(task, Prepared) else task
    start = time.perf_counter()
    run()
    seconds = time.perf_counter() - start
    pipe.send((seconds, peak_megabytes()))
