"""What a year comes to is what was measured, times what is assumed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from benchmarks.scale import Assumed, Measured, Spent, table, year
from sanctuary.sources import Settings

MEASURED = Measured(
    new=Spent(cpu=0.36, archive=10_000, database=50_000),
    unchanged=Spent(cpu=0.036, archive=0, database=1_000),
    changed=Spent(cpu=0.72, archive=2_000, database=20_000),
)
ASSUMED = Assumed(jurisdictions=100, pages=2, hosts=10, changing=0.1, delay=2, answer=1)
PAGE = Path(__file__).parent.parent / "docs" / "scale.md"


def test_each_round_asks_for_each_page_once() -> None:
    rows = year(MEASURED, ASSUMED)
    assert rows["requests in a year"] == ("10,429", "73,000")
    assert rows["requests in a day"] == ("29", "200")


def test_a_round_takes_as_long_as_the_pace_of_the_hosts() -> None:
    def hours(**assumed: float) -> str:
        changed = replace(ASSUMED, **assumed)
        return year(MEASURED, changed)["hours of one round, by what the hosts allow"][0]

    assert hours(delay=3600) == "20"
    # the delay runs from question to question, so that an answer is part of it
    assert hours(answer=3600) == "20"
    assert hours(delay=3600, at_once=5) == "40"


def test_a_round_keeps_a_core_busy_for_what_its_pages_take() -> None:
    rows = year(MEASURED, ASSUMED)
    assert rows["hours of one core for the first round"] == ("0.02", "0.02")
    assert rows["hours of one core for a round without a change"] == ("0.002", "0.002")


def test_a_page_is_new_once_and_then_changed_or_not() -> None:
    rows = year(MEASURED, ASSUMED)
    assert rows["documents that are read"] == ("1,240", "1,240")
    assert rows["archive after the year"] == ("4.1 MB", "4.1 MB")
    # 200 new, 1,040 changed and, of 73,000 captures in days, 71,760 unchanged
    assert rows["hours of one core in a year"][1] == f"{(72 + 748.8 + 2583.36) / 3600:.2g}"
    assert rows["database after the year"][1] == "103 MB"


def test_where_every_page_changes_every_week_no_capture_finds_one_unchanged() -> None:
    always = year(MEASURED, replace(ASSUMED, changing=1))["hours of one core in a year"][0]
    assert always == f"{(200 * 0.36 + 10_400 * 0.72) / 3600:.2g}"


def test_the_tables_say_what_one_capture_took() -> None:
    said = table(MEASURED, ASSUMED)
    assert "| CPU | 360 ms | 36 ms | 720 ms |" in said
    assert "| archive | 10 kB | 0 bytes | 2 kB |" in said


def test_the_page_says_what_is_assumed() -> None:
    text, assumed = PAGE.read_text("utf-8"), Assumed()
    assert f"{assumed.jurisdictions:,} jurisdictions, {assumed.pages} pages each" in text
    assert f"on {assumed.hosts} hosts" in text
    assert f"{assumed.changing:.0%}".replace("%", " %") + " of the pages change in a week" in text
    assert f"{assumed.delay:g} seconds between two requests" in text
    assert f"{assumed.at_once} hosts asked at a time" in text


def test_what_is_a_setting_is_assumed_as_it_comes() -> None:
    assumed, settings = Assumed(), Settings()
    assert assumed.at_once == settings.hosts_at_once
    assert assumed.delay == settings.delay.total_seconds()


def test_the_page_has_the_rows_that_are_reckoned_today() -> None:
    lines = PAGE.read_text("utf-8").splitlines()
    assert all(
        any(line.startswith(f"| {what} |") for line in lines) for what in year(MEASURED, ASSUMED)
    )
