"""The order of loading does not matter."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.dark import renew_dark
from db.doubts import doubt
from db.sources import Source
from parsers.records import Reading
from tests.db.history import (
    LIST,
    NOW,
    REPORT,
    history,
    listing,
    load,
    load_blocked,
    load_gone,
    load_unchanged,
    new_database,
    reading,
)

CONTENTS = (
    (listing("Kinbote, Zembla"),),
    (listing("Kinbote, Zembla"), listing("Shade, Zembla", position=2)),
    (listing("Shade, Zembla"), listing("Kinbote, Zembla", position=2)),
    (listing("Kinbote, Zembla", criteria=("Only with a warrant.",)),),
    (),
)


def at(hour: int) -> str:
    return f"2017-03-{1 + hour // 24:02}T{hour % 24:02}:00:00Z"


list_event = st.tuples(
    st.integers(0, 200), st.sampled_from(("gone", *range(len(CONTENTS)))), st.just(None)
)
# Few places and contents, so that old content turns up again and pages go and come back.
report_event = st.tuples(
    st.integers(0, 200),
    st.sampled_from(("gone", 0, 1, 2, 3)),
    st.tuples(st.sampled_from((1, 1, 2)), st.sampled_from(("a.pdf", "b.pdf", "c.pdf", None))),
)
Event: TypeAlias = "tuple[int, int | str, tuple[int, str | None] | None]"


def written(events: list[Event]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        db = new_database(Path(folder))
        for hour, content, where in events:
            source, week, address = LIST, None, "http://127.0.0.1/list"
            if where is not None:
                source, week = REPORT, where[0]
                address = where[1] and f"http://127.0.0.1/{week}{where[1]}"
            if content != "gone":
                what: Reading = reading(CONTENTS[int(content)], week=week)
                name = f"{week}{content}"
                load(db, source, at(hour), what, address=address, name=name)
            elif address is not None:
                load_gone(db, source, at(hour), address)
        text = history(db)
        db.conn.close()
    return text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.one_of(list_event, report_event), max_size=9, unique_by=lambda e: (e[0], e[2] is None)
    ),
    st.randoms(use_true_random=False),
)
def test_any_order_of_loading_gives_the_same_history(
    events: list[Event], random: st.DataObject
) -> None:
    in_order = sorted(events, key=lambda event: event[0])
    shuffled = list(events)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert written(shuffled) == written(in_order)


WATCHED, ELSEWHERE = "http://127.0.0.1/watched", ("http://127.0.0.1/a", "http://127.0.0.1/b")


def watched(events: list[tuple[int, int | str, str]], source: Source) -> str:
    """Load what came at an address that is watched, and what others have of other addresses."""
    week = 1 if source is REPORT else None
    with tempfile.TemporaryDirectory() as folder:
        db = new_database(Path(folder))
        shown = None
        for hour, came, address in events:
            if came == "gone":
                load_gone(db, source, at(hour), address)
            elif came == "blocked":
                load_blocked(db, source, at(hour), address)
            elif came == "unchanged":
                assert shown is not None
                load_unchanged(db, source, at(hour), address, shown)
            else:
                number = 3 if came == "found out" else int(came)
                what = reading(CONTENTS[number], week=week)
                stored = load(db, source, at(hour), what, address=address, name=f"{week}{number}")
                shown = stored if address == WATCHED else shown
            if came == "found out":
                newest = db.execute("SELECT max(id) FROM captures").fetchone()[0]
                doubt(db, source, address, newest, NOW)
        with db.atomic():
            renew_dark(db, replace(source, deadline_seconds=30 * 3600), NOW)
        text = history(db)
        db.conn.close()
    return text


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from((LIST, REPORT)),
    st.lists(st.sampled_from(("unchanged", "blocked", "found out", "gone", 1)), max_size=4),
    st.lists(
        st.tuples(st.sampled_from(("gone", 0, 1, 2, 3)), st.sampled_from(ELSEWHERE)), max_size=4
    ),
    st.randoms(use_true_random=False),
)
def test_what_is_watched_has_the_same_history_whenever_the_rest_is_loaded(
    source: Source, came: list[int | str], others: list[tuple[int | str, str]], random: Random
) -> None:
    hours = random.sample(range(120), 1 + len(came) + len(others))
    ours, theirs = sorted(hours[: 1 + len(came)]), hours[1 + len(came) :]
    mine = [(hour, what, WATCHED) for hour, what in zip(ours, (0, *came), strict=True)]
    rest = [(hour, what, where) for hour, (what, where) in zip(theirs, others, strict=True)]
    turns = [True] * len(mine) + [False] * len(rest)
    random.shuffle(turns)
    mixed_mine, mixed_rest = iter(mine), iter(rest)
    mixed = [next(mixed_mine if turn else mixed_rest) for turn in turns]
    in_order = sorted([*mine, *rest], key=lambda event: event[0])
    assert watched(mixed, source) == watched(in_order, source)


A, B, C = "a.pdf", "b.pdf", "c.pdf"


@pytest.mark.parametrize(
    "events",
    [
        pytest.param(
            [(1, 4, (1, A)), (2, 0, (1, B)), (4, 1, (1, B)), (5, 0, (1, A)), (3, 0, (1, A))],
            id="the late document makes a later edition a sighting of an older one",
        ),
        pytest.param(
            [(51, 0, (1, C)), (55, 1, (1, B)), (10, 4, (1, C)), (9, 1, (1, B))],
            id="an edition moves to the front",
        ),
        pytest.param(
            [(2, 0, (1, A)), (1, 1, (1, A)), (0, 2, (1, B))],
            id="an edition shows other bytes with the same rows, and the next points to them",
        ),
        pytest.param(
            [(1, 0, (1, None)), (9, 1, (1, None)), (4, 0, (1, None))],
            id="an import without an address narrows the window of the next",
        ),
    ],
)
def test_what_once_went_wrong(events: list[Event]) -> None:
    assert written(events) == written(sorted(events, key=lambda event: event[0]))
