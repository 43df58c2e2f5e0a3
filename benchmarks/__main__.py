"""Run every benchmark and print one Markdown table: ``python -m benchmarks``."""

from __future__ import annotations

import platform
import sqlite3
from importlib.metadata import version

from benchmarks import history, reading
from benchmarks.measuring import Figure


def main() -> None:
    """Print the environment and the figures."""
    figures: list[Figure] = [*reading.figures(), *history.figures()]
    print(f"Python {platform.python_version()} on {platform.machine()}, ", end="")
    print(f"SQLite {sqlite3.sqlite_version}, pdfplumber {version('pdfplumber')}\n")
    print("| what | ours | peer | ratio | note |")
    print("| --- | --- | --- | --- | --- |")
    for figure in figures:
        print(f"| {figure.what} | {figure.ours} | {figure.peer} | {figure.ratio} | {figure.note} |")


if __name__ == "__main__":
    main()
