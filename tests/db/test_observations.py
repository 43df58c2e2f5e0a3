"""What this database said on a day keeps its answer, whatever comes later."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from db.doubts import doubt
from db.observations import known_editions, observations
from db.readings import Decision, accept, find_reading, keep_reading, reject
from db.readings import ReadBy as By
from db.replay import replace_readings, standing_reading
from db.sources import Source
from db.states import states_on, windows_of
from db.withholding import Order, withhold_document
from parsers.records import Check
from tests.db.history import (
    LIST,
    REPORT,
    listing,
    load,
    load_blocked,
    load_gone,
    load_unchanged,
    new_database,
    reading,
)

A, B = listing("Kinbote, Zembla"), listing("Shade, Zembla", position=2)
CONTENTS = ((A,), (A, B), (B,), ())
HELD = (Check("enough_rows", False, True, "1 row where 30 are expected"),)
PLACES = {"Kinbote, Zembla": "zz/kinbote", "Shade, Zembla": "zz/shade"}
ADDRESSES = ("http://127.0.0.1/a", "http://127.0.0.1/b", None)
SOURCES = (LIST, REPORT)
DAYS = tuple(f"2017-03-{number:02}" for number in range(1, 32))


def at(hour: int) -> str:
    return f"2017-03-{1 + hour // 24:02}T{hour % 24:02}:00:00Z"


def recorded(number: int) -> str:
    """Return when the operation of that number is done: each on a day of its own."""
    return f"2026-01-{1 + number:02}T12:00:00Z"


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return known(new_database(tmp_path))


def known(db: Database) -> Database:
    """Let the invented places be known, so that every name that is printed of them is resolved."""
    for place in PLACES.values():
        row = {"id": place, "kind": "county", "name": place, "state": "ZZ", "authority": "test"}
        db.table("jurisdictions").insert(row)
    return db


def resolve_all(db: Database) -> None:
    for printed, place in PLACES.items():
        db.execute(
            """UPDATE jurisdiction_names SET jurisdiction_id = ?, status = 'resolved'
            WHERE printed = ?""",
            [place, printed],
        )


def sha(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def said(db: Database, known_on: str | None) -> list[object]:
    """Return all that the database says as known on a day: what was seen, and of every place."""
    resolve_all(db)
    seen = [
        (source.id, each.captured_at, each.content_hash, each.reading_id)
        for source in SOURCES
        for each in observations(db, source.id, known_on)
    ]
    windows = [
        (source.id, place, [(each.state, each.since, each.until) for each in found])
        for source in SOURCES
        for place in PLACES.values()
        if (found := windows_of(db, source.id, place, known_on))
    ]
    return [seen, windows]


def kept_by(db: Database, source: Source) -> list[tuple[object, ...]]:
    """Return the editions with their sightings, as the tables hold them for today."""
    return [
        (row[0], row[1], row[2], row[3].split(","))
        for row in db.execute(
            """SELECT period_start, revision, content_hash, (
                SELECT group_concat(captured_at) FROM (
                    SELECT captured_at FROM sightings JOIN captures ON captures.id = capture_id
                    WHERE edition_id = editions.id ORDER BY captured_at, capture_id))
            FROM editions WHERE source_id = ? AND public_from IS NOT NULL
            ORDER BY period_start, revision""",
            [source.id],
        )
    ]


def derived(db: Database, source: Source) -> list[tuple[object, ...]]:
    return [
        (
            edition.period_start,
            edition.revision,
            edition.content_hash,
            [each.captured_at for each in edition.observations],
        )
        for edition in known_editions(source, observations(db, source.id))
    ]


Operation: TypeAlias = "tuple[str, int, int, int, int]"
"""What is done, at which hour, with which content, at which address, to which source."""

KINDS = (
    "held",
    "accept",
    "reject",
    "gone",
    "unchanged",
    "blocked",
    "found out",
    "replay",
    "back",
)

operations = st.lists(
    st.tuples(
        st.sampled_from(("load", "load", "load", *KINDS)),
        st.integers(0, 400),
        st.integers(0, len(CONTENTS) - 1),
        st.integers(0, len(ADDRESSES) - 1),
        st.integers(0, 1),
    ),
    min_size=2,
    max_size=12,
    unique_by=lambda each: each[1],
)


def do(db: Database, operation: Operation, now: str) -> None:
    """Do one thing that a day can bring; what makes no sense just then does nothing."""
    kind, hour, content, where, number = operation
    source, address = SOURCES[number], ADDRESSES[where]
    week = 1 + content % 2 if source is REPORT else None
    name = f"{source.id}{content}"
    what = reading(CONTENTS[content], week=week)
    stands = standing_reading(db, source.id, sha(name))
    match kind:
        case "load":
            load(db, source, at(hour), what, address=address, name=name, now=now)
        case "held":
            held = reading(CONTENTS[content], week=week, checks=HELD)
            load(db, source, at(hour), held, address=address, name=f"held{name}", now=now)
        case "accept" | "reject":
            waiting = find_reading(db, By(source.id, sha(f"held{name}"), source.parser, "1"))
            if waiting is not None and waiting.status == "held":
                decide = accept if kind == "accept" else reject
                decide(db, waiting, Decision("vera", "seen"), now)
        case "gone" if address is not None:
            load_gone(db, source, at(hour), address, now=now)
        case "blocked":
            load_blocked(db, source, at(hour), address)
        case "unchanged" if stands is not None and address is not None:
            stored = find_reading(db, By(source.id, sha(name), source.parser, "1"))
            assert stored is not None
            load_unchanged(db, source, at(hour), address, stored, now=now)
        case "found out" if address is not None:
            load(db, source, at(hour), what, address=address, name=name, now=now)
            newest = db.execute("SELECT max(id) FROM captures").fetchone()[0]
            doubt(db, source, address, newest, now)
        case "replay" | "back" if stands is not None:
            version = "2" if kind == "replay" else "1"
            other = reading((*CONTENTS[content], *([B] if version == "2" else [])), week=week)
            by = By(source.id, sha(name), source.parser, version)
            found = db.execute(
                """SELECT id FROM readings WHERE source_id = ? AND document_sha256 = ?
                AND parser_version = ?""",
                [source.id, sha(name), version],
            ).fetchone()
            with db.atomic():
                new = found[0] if found else keep_reading(db, by, other, (), "accepted", now).id
                if new != stands:
                    replace_readings(db, source, {stands: new}, now)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(operations)
def test_what_was_known_on_a_day_is_unchanged_by_all_that_comes_later(
    done: list[Operation],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        db = known(new_database(Path(folder)))
        then: list[list[object]] = []
        for number, operation in enumerate(done):
            do(db, operation, recorded(number))
            then.append(said(db, None))
            for source in SOURCES:
                assert derived(db, source) == kept_by(db, source)
        for number, answer in enumerate(then):
            assert said(db, recorded(number)[:10]) == answer
        db.conn.close()


loads = st.lists(
    st.tuples(
        st.sampled_from(("load", "load", "gone")),
        st.integers(0, 400),
        st.integers(0, len(CONTENTS) - 1),
        st.integers(0, len(ADDRESSES) - 1),
        st.integers(0, 1),
    ),
    max_size=9,
    unique_by=lambda each: each[1],
)


def answers(done: Sequence[Operation]) -> list[object]:
    """Do all that is given on one day, and return what is said on all three clocks."""
    with tempfile.TemporaryDirectory() as folder:
        db = known(new_database(Path(folder)))
        for operation in done:
            do(db, operation, recorded(0))
        found: list[object] = []
        for known_on in (None, "2025-12-31", recorded(0)[:10]):
            resolve_all(db)
            for source in SOURCES:
                seen = observations(db, source.id, known_on)
                found.append([(each.captured_at, each.content_hash) for each in seen])
                found.append(
                    [
                        (each.period_start, each.revision, each.public_from, each.public_until)
                        for each in known_editions(source, seen)
                    ]
                )
            found += [states_on(db, day, known_on) for day in DAYS]
        db.conn.close()
    return found


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(loads, st.randoms(use_true_random=False))
def test_the_order_of_loading_does_not_matter_on_any_clock(
    done: list[Operation], random: Random
) -> None:
    shuffled = list(done)
    random.shuffle(shuffled)
    assert answers(shuffled) == answers(sorted(done, key=lambda each: each[1]))


def test_a_reading_that_is_held_or_rejected_was_never_said(db: Database) -> None:
    do(db, ("held", 1, 0, 0, 0), recorded(0))
    assert observations(db, LIST.id) == []
    do(db, ("reject", 2, 0, 0, 0), recorded(1))
    assert observations(db, LIST.id) == []


def test_a_held_reading_is_known_from_the_day_it_was_accepted(db: Database) -> None:
    do(db, ("held", 1, 0, 0, 0), recorded(0))
    do(db, ("accept", 2, 0, 0, 0), recorded(5))
    row = next(db.query("SELECT captured_at, known_from, known_until FROM observations"))
    assert row == {"captured_at": at(1), "known_from": recorded(5), "known_until": None}


def test_a_reading_is_known_until_a_better_one_takes_its_place_and_when_it_is_back(
    db: Database,
) -> None:
    for number, kind in enumerate(("load", "replay", "back")):
        do(db, (kind, 1, 0, 0, 0), recorded(number))
    rows = db.execute(
        """SELECT parser_version, known_from, known_until FROM observations
        JOIN readings ON readings.id = reading_id ORDER BY known_from"""
    ).fetchall()
    assert rows == [
        ("1", recorded(0), recorded(1)),
        ("2", recorded(1), recorded(2)),
        ("1", recorded(2), None),
    ]


def test_a_capture_is_known_until_it_was_doubted(db: Database) -> None:
    for number, operation in enumerate(
        [("load", 1, 0, 0, 0), ("unchanged", 5, 0, 0, 0), ("found out", 9, 1, 0, 0)]
    ):
        do(db, operation, recorded(number))
    known_until = db.execute(
        "SELECT known_until FROM observations WHERE captured_at = ?", [at(5)]
    ).fetchall()
    assert known_until == [(recorded(2),)]


def test_a_capture_that_is_doubted_again_is_doubted_since_the_first_time(db: Database) -> None:
    do(db, ("load", 1, 0, 0, 0), recorded(0))
    do(db, ("unchanged", 5, 0, 0, 0), recorded(1))
    do(db, ("found out", 9, 1, 0, 0), recorded(2))
    do(db, ("found out", 7, 2, 0, 0), recorded(3))
    sql = "SELECT doubted_at FROM captures WHERE captured_at = ?"
    assert db.execute(sql, [at(5)]).fetchone() == (recorded(2),)


def test_a_document_that_is_withheld_gives_no_rows_on_any_day(db: Database) -> None:
    do(db, ("load", 1, 0, 0, 0), recorded(0))
    document = db.execute("SELECT sha256 FROM documents").fetchone()[0]
    withhold_document(db, document, Order("By order.", "vera"), recorded(1))
    assert observations(db, LIST.id) == []
    assert observations(db, LIST.id, recorded(0)[:10]) == []


def test_a_database_of_before_knows_which_reading_stood_when(db: Database) -> None:
    from db.migrations import seventh

    for number, kind in enumerate(("load", "replay", "back", "replay")):
        do(db, (kind, 1, 0, 0, 0), recorded(number))
    do(db, ("load", 9, 1, 0, 0), recorded(4))
    now = db.execute(
        "SELECT source_id, reading_id, captured_at FROM observations "
        "WHERE known_until IS NULL ORDER BY 3"
    ).fetchall()
    db.execute("DROP VIEW observations")
    for table in ("list_events", "document_readings"):
        db.execute(f"DROP TABLE {table}")
    seventh.m007_three_clocks(db)
    assert (
        now
        == db.execute(
            "SELECT source_id, reading_id, captured_at FROM observations "
            "WHERE known_until IS NULL ORDER BY 3"
        ).fetchall()
    )
