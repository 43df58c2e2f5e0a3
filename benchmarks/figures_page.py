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


def write_into(page: Path, name: str, about: str, table: str) -> None:
    """Put ``table`` between the marks of ``name``; all else on the page stays as it is.

    A benchmark without marks gets them at the end of the page, below its name and what it is
    ``about``.
    """
    text = page.read_text(encoding="utf-8")
    if _marked(text, name) is None:
        text += f"\n## {name}\n\n{about}\n\n{_start(name)}{_END}\n"
    found = _marked(text, name)
    assert found is not None
    written = f"{text[: found.start(1)]}\n{table}\n{text[found.end(1) :]}"
    page.write_text(written, encoding="utf-8")


def rows_on(page: Path, name: str) -> list[tuple[str, str]]:
    """Return what the table of ``name`` measures, and beside which peers, as it is printed.

    There are none where the page has no such table.
    """
    found = _marked(page.read_text(encoding="utf-8"), name)
    lines = found[1].splitlines() if found else []
    rows = [line.strip("| ").split(" | ") for line in lines if line.startswith("|")]
    return [(row[0], row[1]) for row in rows[2:]]


_END = "<!-- end of figures -->"


def _start(name: str) -> str:
    return f"<!-- figures of {name} -->\n"


def _marked(text: str, name: str) -> re.Match[str] | None:
    return re.search(f"{re.escape(_start(name))}(.*?){_END}", text, re.DOTALL)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
