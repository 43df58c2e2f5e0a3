"""Run the benchmarks and print one Markdown table: ``python -m benchmarks``."""

from __future__ import annotations

import argparse
import platform
import sqlite3
from importlib.metadata import version

from benchmarks import archive, child, history, pages, panel, policies, reading, sections

_BENCHMARKS = {
    "reading": reading.figures,
    "child": child.figures,
    "history": history.figures,
    "archive": archive.figures,
    "sections": sections.figures,
    "pages": pages.figures,
    "panel": panel.figures,
    "policies": policies.figures,
}


def main() -> None:
    """Print the environment and the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="*", help=f"of {', '.join(_BENCHMARKS)}; all if left out")
    names = parser.parse_args().name or list(_BENCHMARKS)
    for name in names:
        if name not in _BENCHMARKS:
            parser.error(f"no benchmark {name!r}; there are: {', '.join(_BENCHMARKS)}")
    print(f"Python {platform.python_version()} on {platform.machine()}, ", end="")
    print(f"SQLite {sqlite3.sqlite_version}, pdfplumber {version('pdfplumber')}\n")
    print("| what | ours | peer | ratio | note |")
    print("| --- | --- | --- | --- | --- |")
    for name in names:
        for figure in _BENCHMARKS[name]():
            cells = (figure.what, figure.ours, figure.peer, figure.ratio, figure.note)
            print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
