"""The page of the docs that holds the tables: each between two marks, the prose around is kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

from benchmarks.figure import Figure

_HEADER = ("what", "beside", "ours", "theirs", "ratio", "goal", "note")


def markdown(figures: Sequence[Figure], environment: str) -> str:
    """Return a table of figures, under a line that says what they were measured on."""
    lines = [_line(_HEADER), _line(["---"] * len(_HEADER))]
    lines += [_line(astuple(figure)) for figure in figures]
    return "\n".join((f"{environment}.", "", *lines, ""))


def write_into(page: Path, name: str, table: str) -> None:
    """Put ``table`` between the marks of ``name``; all else on the page stays as it is.

    Raises ValueError if the page has no such marks.
    """
    text = page.read_text(encoding="utf-8")
    found = _marked(text, name)
    written = f"{text[: found.start(1)]}\n{table}{text[found.end(1) :]}"
    page.write_text(written, encoding="utf-8")


def rows_on(page: Path, name: str) -> list[tuple[str, str]]:
    """Return what the table of ``name`` measures, and beside which peers, as it is printed.

    Raises ValueError if the page has no marks for it.
    """
    table = _marked(page.read_text(encoding="utf-8"), name)[1]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("|")]
    return [(row[0], row[1]) for row in rows[2:]]


def _marked(text: str, name: str) -> re.Match[str]:
    start, end = f"<!-- figures of {name} -->\n", "<!-- end of figures -->"
    found = re.search(f"{re.escape(start)}(.*?){re.escape(end)}", text, re.DOTALL)
    if found is None:
        raise ValueError(f"the page has no marks for {name}: {start.strip()} … {end}")
    return found


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
