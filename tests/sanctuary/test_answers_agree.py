"""States, `show`, the panel, the page of a place, the queries and the views give one answer."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from sqlite_utils import Database

from db.named import known_jurisdiction, names_of
from db.rows import load_rows
from db.sources import load_source, save_source
from db.states import standing_lists, states_on, timeline_of
from db.timeline import ListState, Timeline
from db.withholding import Order, withhold_document
from parsers.records import Listing
from sanctuary.panel import COLUMNS, Wanted, open_panel
from sanctuary.place_finding import FoundPlace
from sanctuary.place_lists import Lists
from sanctuary.stated import NothingStated, Question, only_of_place, stated
from tests.db.history import new_database
from tests.db.test_observations import SOURCES, Operation, do, operations, recorded
from tests.site.test_time_queries import ask

DOOMSDAY = "9999-12-31"
"""No window ends before it."""

PLACES = {
    "Kinbote, Zembla": "us/zz/city/kinbote",
    "Shade, Zembla": "us/zz/city/shade",
    "Gradus, Zembla": "us/zz/city/gradus",
}
"""The last of them stands on no list."""
DAYS = [str(date(2017, 2, 27) + timedelta(days=number)) for number in range(28)]
OPEN = {ListState.PUBLIC, ListState.NOT_OBSERVED}


@pytest.mark.parametrize(
    "like",
    [{}, {"lifecycle": "ended"}, {"partial": True, "max_gap_seconds": 5 * 24 * 3600}],
    ids=["active", "ended", "partial"],
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(operations)
@example([("load", 23, 0, 0, 0), ("load", 24, 1, 0, 0), ("load", 95, 0, 0, 0)])
@example(  # It moved, and the address that nobody looks at any more is gone.
    [
        ("load", 1, 0, 0, 0),
        ("load", 20, 0, 1, 0),
        ("gone", 40, 0, 0, 0),
        ("gone", 60, 0, 0, 0),
    ]
)
@example(  # It moved with other content, and was taken down where it is now.
    [
        ("load", 1, 0, 0, 0),
        ("load", 20, 1, 1, 0),
        ("gone", 40, 0, 1, 0),
        ("gone", 60, 0, 1, 0),
    ]
)
def test_all_answers_agree_on_every_day(like: dict[str, Any], done: list[Operation]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        db = new_database(Path(folder))
        for source in SOURCES:
            save_source(db, replace(source, **like))
        for number, operation in enumerate(done):
            do(db, operation, recorded(number))
        know_places(db)
        for known_on in (None, recorded(len(done) // 2)[:10]):
            check(db, known_on)
        check_what_stands(db)
        document = db.execute("SELECT document_sha256 FROM captures WHERE document_sha256 != ''")
        if (first := document.fetchone()) is not None:
            withhold_document(db, first[0], Order("By order.", "vera"), recorded(20))
            know_places(db)
            check(db, None)
        db.conn.close()


def know_places(db: Database) -> None:
    for printed, place in PLACES.items():
        row = {"id": place, "kind": "city", "name": place, "state": "ZZ", "authority": "test"}
        db.table("jurisdictions").insert(row, ignore=True)
        db.execute(
            """UPDATE jurisdiction_names SET jurisdiction_id = ?, status = 'resolved'
            WHERE printed = ?""",
            [place, printed],
        )


def check(db: Database, known_on: str | None) -> None:
    """Ask all of them of every place, list and day."""
    timelines = {each: timeline_of(db, each, known_on) for each in standing_lists(db)}
    states = {
        (list_id, place, day): str(timeline.window_on(place, day).state)
        for list_id, timeline in timelines.items()
        for place in PLACES.values()
        for day in DAYS
    }
    for day in DAYS:
        for each in states_on(db, day, known_on):
            assert states[each.source_id, each.jurisdiction_id, day] == each.state
        for timeline in timelines.values():
            check_show(db, timeline, day, known_on, states)
    if timelines:
        check_panel(db, known_on, states)
    if known_on is None:
        check_queries_and_page(db, states)


States = dict[tuple[str, str, str], str]


def check_show(
    db: Database, timeline: Timeline, day: str, known_on: str | None, states: States
) -> None:
    """Compare what ``show`` prints of a place with its state."""
    source = timeline.source
    try:
        said = stated(db, source.id, Question(None, day, known_on), day)
    except NothingStated:
        said = None
    list_state = timeline.list_state_on(day)
    assert said is None or said.state == list_state
    for place in PLACES.values():
        state = states[source.id, place, day]
        if said is None:
            assert state in ("not observed", "ended")
            continue
        named = bool(only_of_place(said, place).tables)
        absent = "not observed" if source.partial else "not listed"
        shown = "listed" if named else absent
        if list_state is ListState.PUBLIC:
            assert state == shown
        elif list_state is ListState.NOT_OBSERVED:
            assert state in (shown, "not observed"), "what did not change holds"
        else:
            assert state == list_state


def check_panel(db: Database, known_on: str | None, states: States) -> None:
    wanted = Wanted("place", "week", (), DAYS[0], DAYS[-1], known_on)
    panel = open_panel(db, wanted, DAYS[-1])
    for unit in panel.units:
        for values in panel.rows_of(unit):
            row = dict(zip(COLUMNS, values, strict=True))
            start, end, list_id = (
                str(row[each]) for each in ("period_start", "period_end", "source_id")
            )
            days = [day for day in DAYS if start <= day <= end]
            count = Counter(states[list_id, unit.id, day] for day in days)
            for state in ("listed", "not listed", "not observed", "withdrawn", "ended"):
                assert row[f"days_{state.replace(' ', '_')}"] == count[state]
            assert row["state_at_end"] == states[list_id, unit.id, days[-1]]


def check_queries_and_page(db: Database, states: States) -> None:
    lists = Lists(db, DOOMSDAY)
    for place in PLACES.values():
        found = FoundPlace(place, known_jurisdiction(db, place), names=tuple(names_of(db, [place])))
        for on_list in lists.of(found):
            for day in DAYS:
                assert states[on_list.source.id, place, day] == on_list.on(day)
        for day in DAYS[::5]:
            for row in ask(db, "place_on_day", place=place, day=day):
                assert states[row["source_id"], place, day] == row["state"]


def check_what_stands(db: Database) -> None:
    """Compare the view of what stands today with the last that was seen of each list."""
    for list_id in standing_lists(db):
        events = timeline_of(db, list_id).events
        rows = db.execute(
            "SELECT jurisdiction FROM standing_listings WHERE source_id = ? ORDER BY position",
            [list_id],
        )
        edition = events[-1].edition if events else None
        stands = edition is not None and load_source(db, list_id).lifecycle != "ended"
        shown = load_rows(db, edition.reading_id, Listing) if edition and stands else ()
        assert [row[0] for row in rows] == [
            row.jurisdiction for row in shown if isinstance(row, Listing)
        ]
