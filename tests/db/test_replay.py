"""A better reading is no change in the world: the history ends as if it had been the first."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from db import replay
from db.changes import derive_changes
from db.readings import (
    Decision,
    ReadBy,
    StoredReading,
    accept,
    find_reading,
    keep_reading,
    reject,
    store_reading,
)
from db.replay import archived, replace_readings, standing_reading
from db.sources import Source
from parsers.records import Check, Reading
from tests.db.history import (
    LIST,
    NOW,
    REPORT,
    changes,
    declined,
    editions,
    history,
    listing,
    load,
    load_gone,
    new_database,
    reading,
)

LATER = "2026-02-02T00:00:00Z"
FAILED = (Check("enough_rows", False, True, "1 row where 30 are expected"),)
A, B = listing("Kinbote, Zembla"), listing("Shade, Zembla", position=2)
C = listing("Gradus, Zembla", position=3)
CONTENTS = (
    (A,),
    (A, B),
    (listing("Kinbote, Zembla", criteria=("Only with a warrant.",)),),
    (),
)


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return new_database(tmp_path)


def day(number: int) -> str:
    return f"2025-06-{number:02}T10:00:00Z"


def read_anew(db: Database, source: Source, better: dict[str, Reading], now: str = LATER) -> None:
    """Let version 2 of the parser read documents, by the names under which they were loaded."""
    instead = {}
    never_shown = []
    with db.atomic():
        for name, what in better.items():
            sha256 = hashlib.sha256(name.encode()).hexdigest()
            read_by = ReadBy(source.id, sha256, source.parser, "2")
            stands = standing_reading(db, source.id, sha256)
            if stands is None:
                never_shown.append((read_by, what))
            else:
                instead[stands] = keep_reading(db, read_by, what, (), "accepted", now).id
        replace_readings(db, source, instead, now)
        for read_by, what in never_shown:
            store_reading(db, read_by, what, (), now)


def shown(db: Database) -> list[tuple[object, ...]]:
    return db.execute(
        """SELECT edition_id, reading_id, cause, recorded_at, superseded_at
        FROM edition_readings ORDER BY id"""
    ).fetchall()


def causes(db: Database) -> list[tuple[object, ...]]:
    return changes(db, "kind", "place", "cause")


def test_two_editions_that_a_fault_made_become_one(db: Database) -> None:
    load(db, LIST, day(1), reading([A]), name="one")
    load(db, LIST, day(2), reading([A, B]), name="two")
    read_anew(db, LIST, {"two": reading([A])})
    assert editions(db, LIST) == [(None, 1, day(1), day(2))]
    assert causes(db) == [("published", None, "publisher")]


def test_an_edition_that_hid_a_correction_becomes_two(db: Database) -> None:
    load(db, REPORT, day(1), reading([A], week=1), name="one")
    load(db, REPORT, day(2), reading([A], week=1), name="two")
    read_anew(db, REPORT, {"one": reading([A], week=1), "two": reading([A, B], week=1)})
    assert [edition[1:] for edition in editions(db, REPORT)] == [
        (1, day(1), day(1)),
        (2, day(2), day(2)),
    ]
    assert causes(db) == [
        ("published", None, "publisher"),
        ("corrected", "Shade, Zembla", "replay"),
    ]


def test_what_this_database_said_on_a_day_keeps_its_answer(db: Database) -> None:
    first = load(db, LIST, day(1), reading([A]), name="one")
    read_anew(db, LIST, {"one": reading([A, B])})
    assert [row[2:] for row in shown(db)] == [
        ("first", NOW, LATER),
        ("replay", LATER, None),
    ]
    assert shown(db)[0][:2] == (1, first.id)
    assert db.execute("SELECT count(*) FROM listings WHERE reading_id = 1").fetchone()[0] == 1
    assert db.execute("SELECT count(*) FROM current_listings").fetchone()[0] == 2


def test_what_only_moves_on_the_page_keeps_name_and_cause(db: Database) -> None:
    load(db, LIST, day(1), reading([A]), name="one")
    load(db, LIST, day(2), reading([A, B]), name="two")
    before = changes(db, "public_id", "kind", "cause")
    moved = listing("Shade, Zembla", position=7)
    read_anew(db, LIST, {"one": reading([A]), "two": reading([A, moved])})
    assert changes(db, "public_id", "kind", "cause") == before
    (spot,) = db.execute(
        """SELECT DISTINCT evidence_after FROM change_fields
        JOIN changes ON changes.id = change_id
        WHERE superseded_at IS NULL AND evidence_after IS NOT NULL"""
    ).fetchone()
    assert "9.0" in spot


def test_a_later_run_neither_makes_news_of_it_nor_takes_news_back(db: Database) -> None:
    load(db, LIST, day(1), reading([A]), name="one")
    load(db, LIST, day(9), reading([B]), name="two")
    read_anew(db, LIST, {"one": reading([A, C]), "two": reading([B])})
    marked = causes(db)
    assert marked == [
        ("published", None, "publisher"),
        ("added", "Shade, Zembla", "publisher"),
        ("removed", "Gradus, Zembla", "replay"),
        ("removed", "Kinbote, Zembla", "publisher"),
    ]
    # Each of these has the changes into the second edition derived anew, with a narrower window.
    load(db, LIST, day(6), reading([A, C]), name="one")
    load(db, LIST, day(7), reading([B]), name="two")
    assert causes(db) == marked
    assert {row[0] for row in changes(db, "observed_after")} == {None, day(6)}


def test_what_is_derived_again_is_not_written_again(db: Database) -> None:
    load(db, LIST, day(1), reading([A]), name="one")
    load(db, LIST, day(2), reading([A, B]), name="two")
    read_anew(db, LIST, {"one": reading([A, C])})
    before = list(db.conn.iterdump())
    with db.atomic():
        derive_changes(db, LIST, {1, 2}, "publisher", LATER)
    assert list(db.conn.iterdump()) == before


def test_news_that_turns_out_to_have_come_later_is_not_told_twice(db: Database) -> None:
    load(db, LIST, day(1), reading([A]), name="one")
    load(db, LIST, day(5), reading([A, B]), name="two")
    load(db, LIST, day(9), reading([A, B, C]), name="three")
    before = changes(db, "public_id", "place", "cause")
    read_anew(db, LIST, {"two": reading([A])})
    assert sorted(changes(db, "public_id", "place", "cause")) == sorted(before)


def test_what_a_worse_parser_took_back_comes_again_under_its_name_and_as_news(
    db: Database,
) -> None:
    load(db, LIST, day(1), reading([A]), name="one")
    load(db, LIST, day(2), reading([A, B]), name="two")
    before = changes(db, "public_id", "kind", "cause")
    read_anew(db, LIST, {"two": reading([A])})
    assert len(changes(db, "kind")) == 1
    instead = {standing_reading(db, LIST.id, archived(db, LIST.id)[1].sha256) or 0: 2}
    with db.atomic():
        replace_readings(db, LIST, instead, LATER)
    assert changes(db, "public_id", "kind", "cause") == before


def test_a_period_that_was_misread_leaves_nothing_behind(db: Database) -> None:
    load(db, REPORT, day(1), reading([A], week=1), name="one")
    load(db, REPORT, day(2), reading([A, B], week=3), name="two")
    load(db, REPORT, day(3), reading([B], week=2), name="three")
    read_anew(db, REPORT, {"two": reading([A, B], week=2)})
    assert [edition[:2] for edition in editions(db, REPORT)] == [
        ("2017-01-28", 1),
        ("2017-02-04", 1),
        ("2017-02-04", 2),
    ]
    latest = db.execute(
        """SELECT period_start, revision FROM latest_editions
        JOIN editions ON editions.id = edition_id WHERE latest_editions.source_id = ?""",
        [REPORT.id],
    ).fetchone()
    assert latest == ("2017-02-04", 2)


def test_what_comes_later_looks_past_a_period_that_was_never_published(db: Database) -> None:
    load(db, REPORT, day(1), reading([A], week=1), name="one")
    load(db, REPORT, day(2), reading([B], week=2), name="misread")
    place = "http://127.0.0.1/"
    load(db, REPORT, day(8), reading([A, B], week=3), name="three", address=f"{place}3.pdf")
    read_anew(db, REPORT, {"misread": reading([A], week=1)})
    load(db, REPORT, day(5), reading([A, C], week=1), name="revised", address=f"{place}1.pdf")
    assert changes(db, "kind", "place")[2:] == [
        ("added", "Shade, Zembla"),
        ("published", None),
        ("removed", "Gradus, Zembla"),
    ]


def test_a_row_that_no_edition_ever_had_has_not_returned(db: Database) -> None:
    for number, rows in ((1, [A, B]), (2, [A]), (3, [A, B])):
        load(db, LIST, day(number), reading(rows), name=str(number))
    read_anew(db, LIST, {"1": reading([A])})
    assert causes(db) == [
        ("published", None, "publisher"),
        ("added", "Shade, Zembla", "replay"),
    ]
    assert db.execute("SELECT count(*) FROM entries").fetchone()[0] == 2


def test_counts_of_individuals_are_those_of_the_better_reading(db: Database) -> None:
    load(db, REPORT, day(1), reading([declined()], week=1), name="one")
    both = [declined("Jail One"), declined("Jail Two")]
    read_anew(db, REPORT, {"one": reading(both, week=1)})
    assert db.execute(
        """SELECT detainers FROM declined_counts JOIN edition_readings USING (reading_id)
        WHERE superseded_at IS NULL AND dimension = 'all'"""
    ).fetchall() == [(2,)]


def test_a_document_that_showed_nothing_before_is_news_of_its_publisher(db: Database) -> None:
    load(db, LIST, day(1), reading([A]), name="one")
    load(db, LIST, day(2), reading([A, B], checks=FAILED), name="two")
    read_anew(db, LIST, {"two": reading([A, B])})
    assert causes(db)[1:] == [("added", "Shade, Zembla", "publisher")]
    assert [row[2] for row in shown(db)] == ["first", "first"]


def held_anew(db: Database) -> StoredReading:
    """Return a held reading by version 2 of a document of which version 1 read two rows."""
    load(db, LIST, day(1), reading([A]), name="one")
    stands = load(db, LIST, day(2), reading([A, B]), name="two")
    read_by = ReadBy(LIST.id, stands.document_sha256, LIST.parser, "2")
    return keep_reading(db, read_by, reading([A]), FAILED, "held", LATER)


def test_a_held_reading_leaves_the_one_that_stands_and_is_not_read_again(db: Database) -> None:
    held = held_anew(db)
    for version in ("1", "2", "3"):
        found = find_reading(db, ReadBy(LIST.id, held.document_sha256, LIST.parser, version))
        assert found is not None
        assert (found.id, found.status) == (2, "accepted")
    assert len(editions(db, LIST)) == 2


def test_accepting_it_makes_it_current_as_ours_with_all_captures(db: Database) -> None:
    held = held_anew(db)
    load(db, LIST, day(3), reading([A, B]), name="two")
    accept(db, held, Decision("vera", "the second row is a footnote"), LATER)
    assert editions(db, LIST) == [(None, 1, day(1), day(3))]
    assert causes(db) == [("published", None, "publisher")]
    found = find_reading(db, ReadBy(LIST.id, held.document_sha256, LIST.parser, "1"))
    assert found is not None
    assert found.id == held.id


def test_rejecting_it_settles_it_and_the_other_stays(db: Database) -> None:
    held = held_anew(db)
    before = history(db)
    reject(db, held, Decision("vera", "the parser is at fault"), LATER)
    assert history(db) == before
    assert standing_reading(db, LIST.id, held.document_sha256) == 2


def test_what_a_person_rejected_is_settled_for_every_later_version(db: Database) -> None:
    held = load(db, LIST, day(1), reading([A], checks=FAILED), name="one")
    reject(db, held, Decision("vera", "a test page"), NOW)
    found = find_reading(db, ReadBy(LIST.id, held.document_sha256, LIST.parser, "2"))
    assert found is not None
    assert found.status == "rejected"


@pytest.mark.parametrize("step", ["lay_anew", "renew_entries", "derive_changes", "renew_life"])
def test_a_death_at_any_step_leaves_the_history_as_it_was(
    db: Database, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    load(db, LIST, day(1), reading([A]), name="one", address="http://127.0.0.1/list")
    load_gone(db, LIST, day(3), "http://127.0.0.1/list")
    before = list(db.conn.iterdump())

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(replay, step, dies)
    with pytest.raises(KeyboardInterrupt):
        read_anew(db, LIST, {"one": reading([A, B])})
    assert list(db.conn.iterdump()) == before
    monkeypatch.undo()
    read_anew(db, LIST, {"one": reading([A, B])})
    assert db.execute("SELECT count(*) FROM current_listings").fetchone()[0] == 2


Capture: TypeAlias = "tuple[int, int, str | None]"
"""Hour, number of the document (or -1 where the page was gone) and the end of its address."""

N = 4
"""Documents; of each a parser reads one of the contents, for one of the weeks (-1: it is held)."""
captures = st.lists(
    st.tuples(
        st.integers(0, 120),
        st.sampled_from((-1, *range(N))),
        st.sampled_from(("a.pdf", "b.pdf", None)),
    ),
    max_size=8,
    unique_by=lambda capture: capture[0],
)
versions = st.lists(
    st.tuples(st.integers(-1, len(CONTENTS) - 1), st.sampled_from((1, 1, 2, 3))),
    min_size=N,
    max_size=N,
)
better = st.lists(
    st.tuples(st.integers(0, len(CONTENTS) - 1), st.sampled_from((1, 1, 2, 3))),
    min_size=N,
    max_size=N,
)


def what(source: Source, says: tuple[int, int]) -> Reading:
    content, week = says
    checks = FAILED if content == -1 else ()
    return reading(CONTENTS[content], week if source is REPORT else None, checks)


def load_all(
    db: Database, source: Source, seen: list[Capture], reads: list[tuple[int, int]]
) -> None:
    for hour, document, place in seen:
        at = f"2025-06-{1 + hour // 24:02}T{hour % 24:02}:00:00Z"
        address = place and f"http://127.0.0.1/{place}"
        if document != -1:
            load(db, source, at, what(source, reads[document]), address=address, name=str(document))
        elif address is not None:
            load_gone(db, source, at, address)


def without_causes(db: Database) -> str:
    db.execute("UPDATE changes SET cause = 'publisher'")
    return history(db)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from((LIST, REPORT)), captures, captures, versions, better)
def test_read_anew_it_is_the_history_of_todays_parser(
    source: Source,
    before: list[Capture],
    after: list[Capture],
    old: list[tuple[int, int]],
    new: list[tuple[int, int]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        anew, fresh = new_database(Path(folder) / "anew"), new_database(Path(folder) / "fresh")
        load_all(anew, source, before, old)
        seen = {str(document) for _, document, _ in before if document != -1}
        read_anew(anew, source, {name: what(source, new[int(name)]) for name in sorted(seen)})
        load_all(fresh, source, before, new)
        assert without_causes(anew) == without_causes(fresh)
        # What comes later finds its place in both.
        load_all(anew, source, after, new)
        load_all(fresh, source, after, new)
        assert without_causes(anew) == without_causes(fresh)
        anew.close()
        fresh.close()
