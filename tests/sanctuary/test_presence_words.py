"""A list over time in words: what its chart shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from db.presence import Presence, Seen, Stretch
from sanctuary.presence_words import newest_lines, summary
from tests.db.history import LIST


def stretch(seen: Seen, since: int, until: int, names: int | None = None) -> Stretch:
    return Stretch(
        seen, f"2025-06-{since:02}T10:00:00Z", f"2025-06-{until:02}T10:00:00Z", names, None
    )


def found(*stretches: Stretch, table: str = "listings", seen: int = 2) -> Presence:
    return Presence(LIST, table, stretches, f"2025-06-{seen:02}T10:00:00Z")


PUBLIC, TURNING, GONE = Seen.PUBLIC, Seen.TURNING, Seen.WITHDRAWN


def test_the_five_states_of_a_list_never_read_alike() -> None:
    lines = newest_lines(
        found(
            stretch(PUBLIC, 1, 1, 1),
            stretch(TURNING, 1, 2),
            stretch(PUBLIC, 2, 4, 2),
            stretch(Seen.NOT_OBSERVED, 4, 9),
            stretch(PUBLIC, 9, 9, 2),
            stretch(TURNING, 9, 10),
            stretch(GONE, 10, 12),
            stretch(TURNING, 12, 13),
            stretch(PUBLIC, 13, 14, 2),
            stretch(Seen.ENDED, 14, 20),
        ),
        most=20,
    )
    assert lines[::-1] == [
        "1 place on 2025-06-01",
        "changed at some time between 2025-06-01 and 2025-06-02",
        "2 places from 2025-06-02 to 2025-06-04",
        "not observed between 2025-06-04 and 2025-06-09",
        "2 places on 2025-06-09",
        "taken down at some time between 2025-06-09 and 2025-06-10",
        "withdrawn, the whole list, from 2025-06-10 to 2025-06-12",
        "published again at some time between 2025-06-12 and 2025-06-13",
        "2 places from 2025-06-13 to 2025-06-14",
        "ended, the whole list, from 2025-06-14 to 2025-06-20",
    ]


def test_of_a_long_past_the_newest_lines_are_told() -> None:
    past = found(stretch(PUBLIC, 1, 1, 1), stretch(TURNING, 1, 2), stretch(GONE, 2, 4))
    assert newest_lines(past, most=2) == [
        "withdrawn, the whole list, from 2025-06-02 to 2025-06-04",
        "taken down at some time between 2025-06-01 and 2025-06-02",
    ]


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (stretch(GONE, 4, 9), "Withdrawn, found so by 2025-06-04; 2 places when last seen"),
        (stretch(Seen.ENDED, 4, 9), "Ended, 2025-06-04; 2 places when last seen"),
        (stretch(Seen.NOT_OBSERVED, 4, 9), "Not observed since 2025-06-04; 2 places when last"),
    ],
)
def test_a_list_that_is_not_seen_today_says_so_first(last: Stretch, said: str) -> None:
    assert summary(found(stretch(PUBLIC, 1, 4, 2), last)).startswith(said)
    assert summary(found(stretch(PUBLIC, 1, 4, 2), last)).endswith("on 2025-06-02.")


def test_agreements_are_never_called_places() -> None:
    assert summary(found(stretch(PUBLIC, 1, 4, 2), table="agreements")) == "2 agreements."


def test_a_list_that_is_known_in_part_says_so() -> None:
    whole = found(stretch(PUBLIC, 1, 4, 2))
    part = replace(whole, source=replace(LIST, partial=True))
    assert "Known in part" in summary(part)
    assert "Known in part" not in summary(whole)
