"""The order of loading does not matter."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers.records import Reading
from tests.db.history import (
    LIST,
    REPORT,
    history,
    listing,
    load,
    load_gone,
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
report_event = st.tuples(
    st.integers(0, 200),
    st.integers(0, len(CONTENTS) - 1),
    st.tuples(st.sampled_from((1, 2, 3)), st.sampled_from(("a.pdf", "b.pdf", None))),
)
Event = tuple[int, "int | str", "tuple[int, str | None] | None"]


def written(events: list[Event]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        db = new_database(Path(folder))
        for hour, content, where in events:
            if content == "gone":
                load_gone(db, LIST, at(hour), "http://127.0.0.1/list")
                continue
            what: Reading = reading(CONTENTS[int(content)], week=where[0] if where else None)
            name = f"{where[0] if where else ''}{content}"
            if where is None:
                load(db, LIST, at(hour), what, address="http://127.0.0.1/list", name=name)
            else:
                address = where[1] and f"http://127.0.0.1/{where[0]}{where[1]}"
                load(db, REPORT, at(hour), what, address=address, name=name)
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
