"""``diff`` compares what was published, or known here, on two days."""

from __future__ import annotations

import csv
import io

import pytest

from tests.db.history import LIST, REPORT, listing, load, new_database, reading
from tests.sanctuary.commands import Commands

A, B, C = (
    listing("Kinbote, Zembla"),
    listing("Shade, Zembla", position=2),
    listing("Gradus, Zembla", position=3),
)
PAGE, REPORT_PAGE = "http://127.0.0.1/list", "http://127.0.0.1/1.pdf"


@pytest.fixture
def shown(sanctuary: Commands) -> Commands:
    """A list whose second edition was found late, and a report that was corrected."""
    db = new_database(sanctuary.data_dir)
    for day, rows, now in (("01", [A], "01"), ("03", [A, B, C], "04"), ("02", [A, B], "20")):
        moment = f"2025-06-{day}T10:00:00Z"
        load(db, LIST, moment, reading(rows), address=PAGE, now=f"2025-06-{now}T11:00:00Z")
    for day, rows in (("01", [A, B]), ("08", [A])):
        moment = f"2025-06-{day}T10:00:00Z"
        load(db, REPORT, moment, reading(rows, week=1), address=REPORT_PAGE, now=moment)
    db.close()
    return sanctuary


def changed(shown: Commands, source: str, *words: str) -> list[tuple[str, str]]:
    answer = shown("diff", source, *words, "--format", "csv")
    assert answer.code == 0, answer.err
    rows = csv.DictReader(io.StringIO(answer.out))
    return sorted({(row["kind"], row["row"].partition(",")[0]) for row in rows})


def test_a_list_between_two_public_days(shown: Commands) -> None:
    days = ("--as-published-on", "2025-06-01", "--as-published-on", "2025-06-02")
    assert changed(shown, LIST.id, *days) == [("added", "Shade")]


def test_from_a_public_day_to_what_is_newest(shown: Commands) -> None:
    assert changed(shown, LIST.id, "--as-published-on", "2025-06-02") == [("added", "Gradus")]


def test_only_what_was_known_on_a_day_is_compared(shown: Commands) -> None:
    both = [("added", "Gradus"), ("added", "Shade")]
    assert changed(shown, LIST.id, "--as-known-on", "2025-06-19") == both
    assert changed(shown, LIST.id, "--as-known-on", "2025-06-20") == [("added", "Gradus")]
    answer = shown("diff", LIST.id, "--as-known-on", "2025-06-19")
    assert "between 2025-06-01 10:00 UTC and 2025-06-03 10:00 UTC" in answer.out


def test_one_week_between_two_public_days(shown: Commands) -> None:
    week = ("--as-of", "2017-02-01")
    days = ("--as-published-on", "2025-06-02", "--as-published-on", "2025-06-09")
    assert changed(shown, REPORT.id, *week, *days) == [("removed", "Shade")]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((LIST.id, "--as-known-on", "2025-06-02"), 1, "1 edition known on 2025-06-02"),
        (("unknown", "--as-known-on", "2025-06-02"), 1, "no source 'unknown'"),
        ((LIST.id, "#1", "--as-known-on", "2025-06-02"), 2, "exclude one another"),
        ((LIST.id, *(("--as-of", "2025-06-02") * 3)), 2, "twice at most"),
    ],
)
def test_what_cannot_be_answered_is_one_line(
    shown: Commands, words: tuple[str, ...], code: int, said: str
) -> None:
    answer = shown("diff", *words)
    assert (answer.code, answer.err.count("\n")) == (code, 1)
    assert said in answer.err


def test_how_a_list_stood_on_the_days_is_said_with_the_difference(shown: Commands) -> None:
    words = ("--as-published-on", "2025-06-01", "--as-published-on", "2025-12-01")
    answer = shown("diff", LIST.id, *words)
    assert "It was not observed on 2025-12-01: this is what it last stated" in answer.out
    assert "was public on 2025-06-01" not in answer.out
