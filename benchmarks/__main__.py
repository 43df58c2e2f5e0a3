"""Run the benchmarks and print their tables: ``python -m benchmarks``.

A benchmark is a module of this package that has ``ROWS``, what it measures, and ``figures()``,
which measures and returns one figure for each row, in their order. Each figure is a ratio to a
named peer, or to a floor, in the same run; the figures are medians of several runs.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from benchmarks.environment import environment
from benchmarks.figure import Figure, Row
from benchmarks.figures_page import markdown, write_into

BENCHMARKS = (
    "reading",
    "child",
    "cluster",
    "history",
    "growth",
    "diffing",
    "archive",
    "sections",
    "pages",
    "panel",
    "policies",
    "fetching",
)
"""The modules that run where none is named, in the order of the tables."""
APART: tuple[str, ...] = ("tables", "many_hosts")
"""Those that take many minutes or peers that disturb the rest: they run only where they are
named."""


class Benchmark(Protocol):
    """A module that measures something; its docstring begins with what, in one line."""

    __doc__: str | None
    ROWS: Sequence[Row]

    def figures(self) -> list[Figure]:
        """Measure, and return a figure for each row."""


def benchmark(name: str) -> Benchmark:
    """Return the module of that name."""
    return cast(Benchmark, import_module(f"benchmarks.{name}"))


def about(module: Benchmark) -> str:
    """Return what a benchmark measures, in one sentence."""
    return (module.__doc__ or "").partition("\n")[0]


def measured(module: Benchmark) -> str:
    """Run a benchmark and return its table, with what it was measured on.

    Raises ValueError if it gives other rows than it says.
    """
    figures = module.figures()
    given = [(figure.what, figure.peer) for figure in figures]
    if given != [(row.what, row.peer) for row in module.ROWS]:
        raise ValueError(f"these figures are not of ROWS, one for each in their order: {given}")
    return markdown(figures, environment())


def main() -> None:
    """Print the tables, or write them into a page of the docs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    known = (*BENCHMARKS, *APART)
    parser.add_argument("name", nargs="*", help=f"of {', '.join(known)}")
    parser.add_argument(
        "--write",
        type=Path,
        metavar="PAGE",
        help="put the tables into this page, and leave those of other benchmarks as they are",
    )
    given = parser.parse_args()
    for name in given.name:
        if name not in known:
            parser.error(f"no benchmark {name!r}; there are: {', '.join(known)}")
    for name in given.name or BENCHMARKS:
        module = benchmark(name)
        table = measured(module)
        print(f"## {name}\n\n{table}", flush=True)
        if given.write:
            write_into(given.write, name, about(module), table)


if __name__ == "__main__":
    main()
