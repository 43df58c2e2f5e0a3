"""``docs/time.md`` names the states, questions and columns that there are."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from db.states import State
from sanctuary.cli import cli
from sanctuary.panel import COLUMNS

TEXT = (Path(__file__).parent.parent / "docs" / "time.md").read_text("utf-8")


def table(first: str) -> list[list[str]]:
    """Return the rows of the table whose first heading this is."""
    rows = TEXT.split(f"| {first} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def test_the_five_states_are_told() -> None:
    assert [row[0] for row in table("state")] == [str(state) for state in State]


def test_each_question_is_told_with_its_option() -> None:
    shown = CliRunner().invoke(cli, ["show", "--help"]).output
    options = re.findall(r"--as-[a-z-]+", " ".join(row[2] for row in table("question")))
    assert options == ["--as-of", "--as-published-on", "--as-known-on"]
    assert all(option in shown for option in options)


def test_the_columns_of_the_panel_are_its_columns() -> None:
    named = [row[0].strip("`") for row in table("column")]
    assert named == [name for name in COLUMNS if name.endswith("named")]
    assert "days_observed" in COLUMNS
