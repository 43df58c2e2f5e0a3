"""The page of figures has the rows that the benchmarks of today measure."""

from __future__ import annotations

import getpass
import platform
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks.__main__ import APART, BENCHMARKS, about, benchmark, measured
from benchmarks.environment import NOT_INSTALLED, environment, installed
from benchmarks.figure import Amount, Cost, Figure, Median, Row, at_most, ratio_at_most, rounded
from benchmarks.figures_page import markdown, rows_on, write_into

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "figures.md"
SPEED = Row("counting to ten", "`range`", ratio_at_most(2))


def table(*figures: Figure) -> str:
    return markdown(figures, "On a machine of Zembla")


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "figures.md"
    file.write_text("# Figures\n\nProse before.\n", encoding="utf-8")
    write_into(file, "counting", "Counting.", table(SPEED.figure(Amount(1), Amount(4))))
    write_into(file, "other", "Another.", table(Row("a", "b").figure(Amount(1), Amount(1))))
    return file


@pytest.mark.parametrize("name", [*BENCHMARKS, *APART])
def test_the_page_has_the_rows_that_a_benchmark_measures(name: str) -> None:
    rows = [(row.what, row.peer) for row in benchmark(name).ROWS]
    assert rows
    assert len(set(rows)) == len(rows)
    assert rows_on(PAGE, name) == rows


def test_a_benchmark_that_measures_something_else_than_it_says_is_refused() -> None:
    figure = SPEED.figure(Amount(1), Amount(4))
    honest = SimpleNamespace(__doc__="Counting.", ROWS=(SPEED,), figures=lambda: [figure])
    assert "| counting to ten | `range` | 1 | 4 | 0.25 |" in measured(honest)
    other = SimpleNamespace(__doc__="Counting.", ROWS=(SPEED, SPEED), figures=lambda: [figure])
    with pytest.raises(ValueError, match="not of ROWS"):
        measured(other)


def test_a_table_that_is_measured_anew_leaves_the_others_and_the_prose(page: Path) -> None:
    before = page.read_text("utf-8")
    new = SPEED.figure(Amount(3), Amount(4))
    write_into(page, "counting", "Counting.", table(new))
    after = page.read_text("utf-8")
    assert after == before.replace("| 1 | 4 | 0.25 |", "| 3 | 4 | 0.75 |")
    assert rows_on(page, "counting") == [("counting to ten", "`range`")]


def test_a_benchmark_that_is_not_on_the_page_gets_its_place_at_the_end(page: Path) -> None:
    assert rows_on(page, "new") == []
    write_into(page, "new", "Something new.", table(Row("c", "d").figure(Amount(1), Amount(1))))
    assert rows_on(page, "new") == [("c", "d")]
    assert page.read_text("utf-8").index("## other") < page.read_text("utf-8").index("## new")


@pytest.mark.parametrize(
    ("goal", "ours", "theirs", "said"),
    [
        (ratio_at_most(2), 2, 1, "ratio at most 2: reached"),
        (ratio_at_most(2), 2.1, 1, "ratio at most 2: **missed**"),
        (at_most(80, "MB"), 80, 1, "at most 80 MB: reached"),
        (at_most(80, "MB"), 81, 900, "at most 80 MB: **missed**"),
    ],
)
def test_a_goal_is_said_to_be_reached_or_missed(
    goal: object, ours: float, theirs: float, said: str
) -> None:
    row = Row("something", "something else", goal)  # type: ignore[arg-type]
    assert row.figure(Amount(ours), Amount(theirs)).goal == said


def test_a_peer_that_is_not_here_has_no_ratio_and_the_row_says_what_helps() -> None:
    figure = SPEED.without_peer(Amount(1, "s"), NOT_INSTALLED)
    assert (figure.ours, figure.theirs, figure.ratio) == ("1 s", "", "")
    assert "make bench" in figure.note
    assert not installed("a-peer-of-zembla")


def test_a_cost_is_told_with_its_spread_and_its_memory() -> None:
    assert str(Cost(1.234, 1.1, 12.6, 104.2)) == "1.2 s (1.1 to 13), 104 MB"
    assert str(Cost(1, 1, 1, 104.2).memory) == "104 MB"


def test_what_several_runs_took_is_told_by_its_median_with_its_spread() -> None:
    said = Median([3, 1, 2.5, 8, 2], "ms")
    assert (said.value, str(said)) == (2.5, "2.5 ms (1 to 8)")


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0"), (0.0123, "0.012"), (9.96, "10"), (99.6, "100"), (1234.5, "1,234")],
)
def test_a_number_has_two_digits_that_count(value: float, said: str) -> None:
    assert rounded(value) == said


def test_what_was_measured_on_names_no_machine_no_folder_and_nobody() -> None:
    said = environment()
    assert platform.python_version() in said
    for private in (platform.node(), str(ROOT), str(Path.home()), f" {getpass.getuser()} "):
        assert private not in said


def test_each_benchmark_says_in_one_sentence_what_it_measures() -> None:
    for name in (*BENCHMARKS, *APART):
        assert about(benchmark(name)).endswith((".", "``.")), name
