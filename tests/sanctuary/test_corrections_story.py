"""Week 1 is imported, then the notice that corrects it, or the other way round."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.parsers.golden import FIXTURES
from tests.sanctuary.commands import SOURCES, WEEK_1, Commands

NOTICE = FIXTURES / "notices" / "ddor-correction.html"
ENTRY = """
  - id: specimen-corrections
    title: Corrections (specimen)
    publisher: Sanctuary Tracker's specimens
    address: null
    parser: notices
    corrects: specimen-ddor
    editions: content
    why: For tests.
"""
WRONG = ["Franklin, Iowa", "Franklin, New York", "Franklin, Pennsylvania", "Montgomery, Iowa"]
REPORT = ("import", WEEK_1, "--source", "specimen-ddor", "--captured-at", "2017-03-20T10:00")
CORRECTION = (
    *("import", NOTICE, "--source", "specimen-corrections"),
    *("--captured-at", "2017-04-13T10:00"),
)


@pytest.mark.parametrize("order", [(REPORT, CORRECTION), (CORRECTION, REPORT)])
def test_the_four_counties_are_marked_and_no_other(
    tmp_path: Path, order: tuple[tuple[object, ...], ...]
) -> None:
    sanctuary = Commands(tmp_path, SOURCES + ENTRY)
    for words in order:
        answer = sanctuary(*words)
        assert answer.code == 0, answer.err
    rows = sanctuary.rows(
        """SELECT jurisdiction, correction FROM current_detainer_counts
        WHERE correction IS NOT NULL ORDER BY 1"""
    )
    assert [place for place, _ in rows] == WRONG
    for _, said in rows:
        assert said.startswith("Sanctuary Tracker's specimens said in “Corrections (specimen)”")
    assert sanctuary.rows("SELECT count(*) FROM corrections") == [(8,)]
    unmarked = sanctuary.rows(
        "SELECT count(*) FROM current_detainer_counts WHERE correction IS NULL"
    )
    assert unmarked == [(6,)]


def test_what_a_report_said_is_shown_with_what_was_wrong_in_it(tmp_path: Path) -> None:
    sanctuary = Commands(tmp_path, SOURCES + ENTRY)
    for words in (REPORT, CORRECTION):
        sanctuary(*words)
    shown = ("show", "specimen-ddor", "--as-of", "2017-02-01")
    lines = sanctuary(*shown).out.splitlines()
    marked = [i for i, line in enumerate(lines) if "corrected by its publisher: " in line]
    issued = [lines[i - 1].split(":")[0].removeprefix("- ") for i in marked]
    assert sorted(issued)[: len(WRONG)] == WRONG
    tables = json.loads(sanctuary(*shown, "--format", "json").out)["tables"]
    counts = next(table for table in tables if table["table"] == "detainer_counts")
    assert sorted(row["jurisdiction"] for row in counts["rows"] if row["corrections"]) == WRONG
    cells = csv.DictReader(io.StringIO(sanctuary(*shown, "--format", "csv").out))
    assert (
        sorted(
            row["jurisdiction"]
            for row in cells
            if row["table"] == "detainer_counts" and row["correction"]
        )
        == WRONG
    )
