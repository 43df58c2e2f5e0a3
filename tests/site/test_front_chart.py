"""The shapes of a chart."""

from __future__ import annotations

import re

from db.presence import Presence, Seen, Stretch
from sanctuary.site.front_chart import BOTTOM, LEFT, RIGHT, TOP, chart_of
from tests.db.history import LIST


def stretch(seen: Seen, since: int, until: int, names: int | None = None) -> Stretch:
    return Stretch(
        seen, f"2025-06-{since:02}T10:00:00Z", f"2025-06-{until:02}T10:00:00Z", names, None
    )


def numbers(path: str) -> list[float]:
    return [float(each) for each in re.findall(r"-?\d+\.?\d*", path)]


PRESENCE = Presence(
    LIST,
    "listings",
    (
        stretch(Seen.PUBLIC, 1, 1, 10),
        stretch(Seen.TURNING, 1, 2),
        stretch(Seen.PUBLIC, 2, 6, 5),
        stretch(Seen.NOT_OBSERVED, 6, 11),
        stretch(Seen.WITHDRAWN, 11, 21),
    ),
    None,
)


def test_a_gap_is_not_drawn_as_a_line() -> None:
    chart = chart_of(PRESENCE)
    first, second = re.findall(r"M[^M]+", chart.line)
    assert numbers(first) == [LEFT, TOP, 0]
    start, height, width = numbers(second)
    assert height == (TOP + BOTTOM) / 2
    assert [start + width, TOP] == numbers(chart.not_observed)[:2]


def test_a_change_that_nobody_saw_leads_from_one_height_to_the_next() -> None:
    x0, y0, x1, y1 = numbers(chart_of(PRESENCE).turning)
    assert (x0, y0) == (LEFT, TOP)
    assert x1 > x0
    assert y1 == (TOP + BOTTOM) / 2


def test_a_band_is_named_where_there_is_room() -> None:
    chart = chart_of(PRESENCE)
    assert [label.text for label in chart.labels] == ["not observed", "withdrawn"]
    assert chart.ended == ""


def test_what_lasted_a_moment_of_ten_years_is_still_to_be_seen() -> None:
    long = Presence(
        LIST,
        "listings",
        (
            Stretch(Seen.NOT_OBSERVED, "2015-06-01T10:00:00Z", "2025-06-01T10:00:00Z", None, None),
            stretch(Seen.PUBLIC, 1, 1, 3),
        ),
        None,
    )
    x, _, width, *_ = numbers(chart_of(long).area)
    assert width >= 1
    assert x + width <= RIGHT
