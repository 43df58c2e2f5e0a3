"""Series whose addresses have a date in them: which is expected next, and where."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.dated import Every, Probe, check_template, expected

SITE = "https://agency.example/reports/"
WEEKLY = SITE + "ddor{start:%Y_%m-%d}to{end:%m-%d}.pdf"
FIRST = date(2017, 1, 28)
DATED = SITE + "{start:%Y-%m-%d}-{end:%Y-%m-%d}.pdf"


def periods(template: str, every: Every, first: date, today: date, ahead: int = 0) -> list[Probe]:
    """All periods of a series of which nothing was found, in their order."""
    probes = expected(template, every, first, (), today, ahead, at_most=10_000)
    return sorted(probes, key=lambda probe: probe.start)


def names(probes: list[Probe]) -> list[str]:
    return [probe.address.removeprefix(SITE) for probe in probes]


def test_a_series_begins_with_its_first_period() -> None:
    assert periods(WEEKLY, "week", FIRST, today=FIRST) == [
        Probe(SITE + "ddor2017_01-28to02-03.pdf", FIRST, date(2017, 2, 3))
    ]
    assert periods(WEEKLY, "week", FIRST, today=FIRST - timedelta(days=1)) == []


def test_periods_count_up_to_today_and_as_many_ahead() -> None:
    today = date(2017, 2, 10)
    assert names(periods(WEEKLY, "week", FIRST, today)) == [
        "ddor2017_01-28to02-03.pdf",
        "ddor2017_02-04to02-10.pdf",
    ]
    assert len(periods(WEEKLY, "week", FIRST, today + timedelta(days=1))) == 3
    assert len(periods(WEEKLY, "week", FIRST, today, ahead=2)) == 4
    assert len(periods(WEEKLY, "week", FIRST, FIRST - timedelta(days=9), ahead=1)) == 1


def test_a_week_may_end_in_the_next_year() -> None:
    probes = periods(DATED, "week", date(2017, 12, 23), date(2018, 1, 6))
    assert names(probes) == [
        "2017-12-23-2017-12-29.pdf",
        "2017-12-30-2018-01-05.pdf",
        "2018-01-06-2018-01-12.pdf",
    ]


def test_iso_weeks_belong_to_the_iso_year() -> None:
    template = SITE + "{start:%G-W%V}.pdf"
    probes = periods(template, "week", date(2020, 12, 21), date(2021, 1, 4))
    assert names(probes) == ["2020-W52.pdf", "2020-W53.pdf", "2021-W01.pdf"]


def test_months_end_on_their_last_day_leap_years_too() -> None:
    probes = periods(DATED, "month", date(2024, 1, 1), date(2024, 4, 1))
    assert names(probes) == [
        "2024-01-01-2024-01-31.pdf",
        "2024-02-01-2024-02-29.pdf",
        "2024-03-01-2024-03-31.pdf",
        "2024-04-01-2024-04-30.pdf",
    ]


def test_a_month_without_the_day_of_the_first_begins_on_its_last() -> None:
    probes = periods(DATED, "month", date(2023, 1, 31), date(2023, 4, 30))
    assert names(probes) == [
        "2023-01-31-2023-02-27.pdf",
        "2023-02-28-2023-03-30.pdf",
        "2023-03-31-2023-04-29.pdf",
        "2023-04-30-2023-05-30.pdf",
    ]


def test_years_begin_on_the_day_of_the_first() -> None:
    probes = periods(DATED, "year", date(2020, 2, 29), date(2024, 2, 29))
    assert [str(probe.start) for probe in probes] == [
        "2020-02-29",
        "2021-02-28",
        "2022-02-28",
        "2023-02-28",
        "2024-02-29",
    ]
    assert names(
        periods(SITE + "fy{end:%y}.pdf", "year", date(2016, 10, 1), date(2017, 10, 1))
    ) == [
        "fy17.pdf",
        "fy18.pdf",
    ]


@pytest.mark.parametrize(
    ("codes", "written"),
    [
        ("%Y/%m/%d", "2017/01/08"),
        ("%y%m%d", "170108"),
        ("%B-%-d-%Y", "January-8-2017"),
        ("%b%d_%Y", "Jan08_2017"),
        ("%Y.%j", "2017.008"),
        ("%Y.%-j", "2017.8"),
        ("%G-W%V", "2017-W01"),
        ("%G-W%-V", "2017-W1"),
        ("%Y-%U", "2017-02"),
        ("%Y-%W", "2017-01"),
    ],
)
def test_dates_are_written_as_the_template_says(codes: str, written: str) -> None:
    template = SITE + "{{a}}/{start:" + codes + "}.pdf"
    first = date(2017, 1, 8)
    assert periods(template, "week", first, first)[0].address == f"{SITE}{{a}}/{written}.pdf"


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("reports/{start:%Y-%m-%d}.pdf", "allowed: an http or https address"),
        ("ftp://agency.example/{start:%Y-%m-%d}.pdf", "allowed: an http or https address"),
        ("https://{start:%Y-%m-%d}.agency.example/x", "allowed: an http or https address"),
        ("https://agency.example{start:/%Y-%m-%d}", "allowed: an http or https address"),
        ("https://agency.example@{start:%Y-%m-%d}/", "allowed: an http or https address"),
        (SITE + "{start.__class__:%Y-%m-%d}", "it says 'start.__class__'"),
        (SITE + "{start.__class__.__mro__[1]}", "it says 'start.__class__.__mro__[1]'"),
        (SITE + "{start[0]:%Y}", "it says 'start[0]'"),
        (SITE + "{self}", "it says 'self'"),
        (SITE + "{0:%Y}", "it says '0'"),
        (SITE + "{:%Y}", "it says ''"),
        (SITE + "{start!r:%Y}", "it says 'start'"),
        (SITE + "{start}", "it says ''"),
        (SITE + "{start:%Y{end.__class__}}", "it says '%Y{end.__class__}'"),
        (SITE + "{start:%Y{end:%m}}", "it says '%Y{end:%m}'"),
        (SITE + "{start:%s}", "it says '%s'"),
        (SITE + "{start:%Y%%}", "it says '%Y%%'"),
        (SITE + "{start:%-B %Y}", "it says '%-B %Y'"),
        (SITE + "{start:%c}", "allowed after start"),
        (SITE + "{start:%Y", "allowed in braces: start and end"),
        (SITE + "start}", "allowed in braces: start and end"),
    ],
)
def test_a_template_says_dates_and_nothing_else(template: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"^allowed") as refused:
        check_template(template, "week", FIRST)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("template", "every"),
    [
        ("list.pdf", "week"),
        ("{start:%Y-%m}.pdf", "week"),
        ("{start:%m-%d}.pdf", "week"),
        ("{start:%B}.pdf", "month"),
        ("{start:%Y}.pdf", "month"),
        ("{start:%m-%d}.pdf", "year"),
        ("{start:%Y-W%V}.pdf", "week"),
    ],
)
def test_two_periods_have_two_addresses(template: str, every: Every) -> None:
    with pytest.raises(ValueError, match=r"would have one address, https://agency\.example"):
        check_template(SITE + template, every, date(2017, 1, 2))


@settings(deadline=None)
@given(template=st.text(st.sampled_from("{}%Ystarend:.[]!_m-")), every=st.sampled_from(["week"]))
def test_no_template_does_anything_but_write_dates(template: str, every: Every) -> None:
    with suppress(ValueError):
        check_template(SITE + template, every, FIRST)
        assert periods(SITE + template, every, FIRST, FIRST)[0].address.startswith(SITE)


DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
EVERY: st.SearchStrategy[Every] = st.sampled_from(["week", "month", "year"])


@settings(deadline=None)
@given(every=EVERY, first=DAYS, days=st.integers(0, 3000), ahead=st.integers(0, 5))
def test_periods_follow_each_other_without_a_gap(
    every: Every, first: date, days: int, ahead: int
) -> None:
    today = first + timedelta(days=days)
    probes = periods(DATED, every, first, today, ahead)
    assert probes[0].start == first
    for before, after in pairwise(probes):
        assert after.start == before.end + timedelta(days=1)
        assert before.start <= before.end
    assert sum(probe.start > today for probe in probes) == ahead
    assert probes[-1 - ahead].start <= today <= probes[-1 - ahead].end


@settings(deadline=None)
@given(
    every=EVERY,
    days=st.integers(0, 2000),
    ahead=st.integers(0, 3),
    at_most=st.integers(0, 12),
    data=st.data(),
)
def test_what_was_found_is_not_asked_for_again(
    every: Every, days: int, ahead: int, at_most: int, data: st.DataObject
) -> None:
    today = FIRST + timedelta(days=days)
    every_one = periods(DATED, every, FIRST, today, ahead)
    found = data.draw(st.sets(st.sampled_from([probe.address for probe in every_one])))
    probes = expected(DATED, every, FIRST, found, today, ahead, at_most)
    missing = {probe.address for probe in every_one} - found
    assert {probe.address for probe in probes} <= missing
    assert len(probes) == len(set(probes)) == min(at_most, len(missing))
    assert probes == expected(DATED, every, FIRST, found, today, ahead, at_most)


def found_but(missing: set[int], until: int) -> set[str]:
    weeks = periods(DATED, "week", FIRST, FIRST + timedelta(weeks=until - 1))
    return {week.address for n, week in enumerate(weeks) if n not in missing}


def starts(found: set[str], weeks: int, at_most: int, day: int = 0) -> list[int]:
    """The numbers of the weeks that are asked for when so many have begun."""
    today = FIRST + timedelta(weeks=weeks - 1, days=day)
    probes = expected(DATED, "week", FIRST, found, today, 0, at_most)
    return [(probe.start - FIRST).days // 7 for probe in probes]


def test_the_next_and_the_newest_come_before_gaps() -> None:
    found = found_but({3, 4, 5}, until=10)
    assert starts(found, weeks=12, at_most=4)[:2] == [10, 11]
    assert set(starts(found, weeks=12, at_most=4)[2:]) < {3, 4, 5}
    assert starts(found, weeks=12, at_most=1) == [10]
    assert starts(found, weeks=16, at_most=6)[:3] == [10, 15, 11]
    assert sorted(starts(found, weeks=12, at_most=9)) == [3, 4, 5, 10, 11]


@pytest.mark.parametrize("days_between_runs", [1, 7])
def test_every_missing_period_has_its_turn_whatever_the_schedule(days_between_runs: int) -> None:
    first = date(1990, 1, 1)
    years = periods(DATED, "year", first, date(2016, 12, 31))
    found = {probe.address for n, probe in enumerate(years) if n in (0, 1, 4, 9)}
    asked: set[str] = set()
    for days in range(0, 364, days_between_runs):
        today = date(2016, 1, 1) + timedelta(days=days)
        asked |= {p.address for p in expected(DATED, "year", first, found, today, 0, at_most=6)}
    assert asked == {probe.address for probe in years} - found


def test_a_series_ends_where_dates_do() -> None:
    last = date.max - timedelta(days=3)
    assert periods(DATED, "week", last - timedelta(days=7), date.max, ahead=5) == [
        Probe(f"{SITE}9999-12-21-9999-12-27.pdf", date(9999, 12, 21), date(9999, 12, 27))
    ]
