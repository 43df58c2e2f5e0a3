"""What is to be told is queued with what happened: once, and nothing that is our own doing."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from db.changes import Change, StoredChange, store_changes
from db.dark import renew_dark
from db.outbox import (
    Item,
    held_key,
    held_reading_id,
    mark_handed_out,
    outbox_counts,
    prune,
    queue,
    queued,
    tell_nobody,
)
from db.readings import Decision, ReadBy, StoredReading, accept, keep_reading, reject, store_reading
from db.replay import replace_readings
from db.withholding import Order, withhold_row
from parsers.records import Check, Listing
from tests.db.history import (
    LIST,
    NOW,
    changes,
    listing,
    load,
    load_blocked,
    load_gone,
    new_database,
    reading,
)

A, B = listing("Kinbote, Zembla"), listing("Shade, Zembla", position=2)
STRICTER = listing("Kinbote, Zembla", criteria=("Only with a warrant.",))
ADDRESS = "http://127.0.0.1/list"
FAILED = (Check("enough_rows", False, True, "1 row where 30 are expected"),)
CONTENTS = ((A,), (A, B), (STRICTER,), ())


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return new_database(tmp_path)


def day(number: int) -> str:
    return f"2025-06-{number:02}T10:00:00Z"


def told(db: Database) -> list[tuple[str, str, str]]:
    """Return kind, row and start of the window of what is queued, in that order."""
    return db.execute(
        """SELECT DISTINCT changes.kind, row_key, changes.source_id FROM outbox
        JOIN changes ON public_id = key WHERE outbox.kind = 'change' ORDER BY outbox.id"""
    ).fetchall()


def keys(db: Database) -> list[str]:
    return [item.key for item in queued(db)]


def held_items(db: Database) -> list[str]:
    return [item.key for item in queued(db) if item.kind == "held"]


def current(db: Database) -> set[str]:
    return {row[0] for row in db.execute("SELECT public_id FROM changes WHERE cause != 'replay'")}


def read_anew(db: Database, shown: StoredReading, rows: tuple[Listing, ...]) -> None:
    """Let a newer parser read a document otherwise."""
    read_by = ReadBy(LIST.id, shown.document_sha256, LIST.parser, "2")
    with db.atomic():
        better = keep_reading(db, read_by, reading(rows), (), "accepted", NOW)
        replace_readings(db, LIST, {shown.id: better.id}, NOW)


def test_a_change_is_queued_under_its_public_id(db: Database) -> None:
    load(db, LIST, day(1), reading([A]))
    load(db, LIST, day(2), reading([A, B]))
    assert [kind for kind, *_ in told(db)] == ["published", "added"]
    assert {item.source_id for item in queued(db)} == {LIST.id}
    assert set(keys(db)) == current(db)


def test_what_is_taken_down_and_what_goes_dark_is_queued_too(db: Database) -> None:
    load(db, LIST, day(1), reading([A]), address=ADDRESS)
    for number in (2, 3):
        load_gone(db, LIST, day(number), ADDRESS)
    for number in (5, 6, 7):
        load_blocked(db, LIST, day(number), ADDRESS)
    with db.atomic():
        renew_dark(db, replace(LIST, deadline_seconds=86_400), NOW)
    assert {"withdrawn", "went_dark"} <= {kind for kind, *_ in told(db)}


def test_a_change_whose_window_gets_narrower_is_not_queued_again(db: Database) -> None:
    load(db, LIST, day(1), reading([A]))
    load(db, LIST, day(9), reading([A, B]))
    before = keys(db)
    load(db, LIST, day(5), reading([A]))
    assert db.execute("SELECT count(*) FROM changes WHERE superseded_at IS NOT NULL").fetchone()[0]
    assert keys(db) == before


def test_it_is_not_queued_again_when_its_item_is_long_forgotten(db: Database) -> None:
    load(db, LIST, day(1), reading([A]))
    load(db, LIST, day(9), reading([A, B]))
    db.execute("UPDATE outbox SET handed_out_at = ?", [day(10)])
    prune(db, day(11))
    load(db, LIST, day(5), reading([A]))
    assert keys(db) == []


def test_what_a_newer_parser_makes_differ_is_never_queued(db: Database) -> None:
    load(db, LIST, day(1), reading([A]))
    second = load(db, LIST, day(2), reading([A, B]))
    before = keys(db)
    read_anew(db, second, (STRICTER,))
    kinds = db.execute("SELECT count(*) FROM changes WHERE cause = 'replay'").fetchone()[0]
    assert kinds
    assert keys(db) == before


def test_what_was_first_told_as_ours_is_never_queued(db: Database) -> None:
    ours = Change(
        *("added", LIST.id, "listings", None, None, "kinbote", "Kinbote, Zembla", None),
        observed_after=day(1),
        observed_by=day(2),
        cause="replay",
    )
    with db.atomic():
        store_changes(db, [], [ours], NOW)
        (row_id, public_id) = db.execute("SELECT id, public_id FROM changes").fetchone()
        store_changes(db, [StoredChange(row_id, public_id, ours)], [], NOW)
        store_changes(db, [], [replace(ours, cause="publisher")], NOW)
    assert changes(db, "public_id", "cause") == [(public_id, "replay")]
    assert keys(db) == []


def test_a_held_document_is_queued_once_and_its_changes_when_it_is_accepted(db: Database) -> None:
    load(db, LIST, day(1), reading([A]))
    held = load(db, LIST, day(2), reading([B], checks=FAILED))
    load(db, LIST, day(3), reading([B], checks=FAILED))
    (item,) = [each for each in queued(db) if each.kind == "held"]
    assert item.key == held_key(LIST.id, held.document_sha256)
    assert held_reading_id(db, item) == held.id
    assert [kind for kind, *_ in told(db)] == ["published"]
    accept(db, held, Decision("Ida", "It is so."), NOW)
    assert [kind for kind, *_ in told(db)] == ["published", "added", "removed"]


def test_a_held_page_that_only_has_other_bytes_each_hour_is_queued_once(db: Database) -> None:
    load(db, LIST, day(1), reading([A]))
    first = load(db, LIST, day(2), reading([B], checks=FAILED), name="token 1")
    load(db, LIST, day(3), reading([B], checks=FAILED), name="token 2")
    assert held_items(db) == [held_key(LIST.id, first.document_sha256)]


@pytest.mark.parametrize("other", ["rows", "reason"])
def test_one_that_is_held_with_other_rows_or_for_more_is_queued(db: Database, other: str) -> None:
    load(db, LIST, day(1), reading([B], checks=FAILED), name="first")
    rows = [A] if other == "rows" else [B]
    more = (*FAILED, Check("stated_total", False, True, "500 are stated"))
    load(db, LIST, day(2), reading(rows, checks=FAILED if other == "rows" else more), name="second")
    assert len(held_items(db)) == 2


def test_one_that_comes_again_after_a_person_has_decided_is_queued(db: Database) -> None:
    first = load(db, LIST, day(1), reading([B], checks=FAILED), name="first")
    reject(db, first, Decision("Ida", "It is cut off."), NOW)
    load(db, LIST, day(2), reading([B], checks=FAILED), name="second")
    assert len(held_items(db)) == 2


def test_a_document_that_a_newer_parser_holds_as_well_is_not_queued_again(db: Database) -> None:
    held = load(db, LIST, day(1), reading([B], checks=FAILED))
    read_by = ReadBy(LIST.id, held.document_sha256, LIST.parser, "2")
    again = store_reading(db, read_by, reading([B], checks=FAILED), (), NOW)
    (item,) = queued(db)
    assert held_reading_id(db, item) == again.id


def test_one_that_a_newer_parser_cannot_read_is_told_as_it_was_held(db: Database) -> None:
    held = load(db, LIST, day(1), reading([B], checks=FAILED))
    read_by = ReadBy(LIST.id, held.document_sha256, LIST.parser, "2")
    again = store_reading(db, read_by, reading([B], checks=FAILED), (), NOW)
    db.execute("UPDATE readings SET status = 'failed' WHERE id = ?", [again.id])
    (item,) = queued(db)
    assert held_reading_id(db, item) == held.id


def test_what_waited_before_something_was_withheld_is_news_still(db: Database) -> None:
    load(db, LIST, day(1), reading([A]))
    mark_handed_out(db, [(item.id, None) for item in queued(db)], day(1))
    with db.atomic():
        for key, number in (("before", 2), ("anew", 3)):
            queue(db, "change", [key], LIST.id, day(number))
        tell_nobody(db, LIST.id, "it was written anew", day(3))
    assert keys(db) == ["before"]


def test_what_was_taken_back_and_is_so_after_all_is_not_queued_again(db: Database) -> None:
    load(db, LIST, day(1), reading([A]))
    second = load(db, LIST, day(2), reading([A, B]))
    (added,) = changes(db, "public_id")[1]
    read_anew(db, second, (A,))
    assert len(changes(db, "public_id")) == 1
    db.execute("DELETE FROM outbox")
    with db.atomic():
        replace_readings(db, LIST, {second.id + 1: second.id}, NOW)
    assert changes(db, "public_id", "cause")[1] == (added, "publisher")
    assert keys(db) == []


def test_what_is_not_stored_is_not_queued(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    load(db, LIST, day(1), reading([A]))
    before = keys(db)
    with monkeypatch.context() as patch:
        patch.setattr("db.readings.renew_list_events_at", dies)
        with pytest.raises(KeyboardInterrupt):
            load(db, LIST, day(2), reading([A, B]))
    assert keys(db) == before
    assert current(db) == set(before)


def test_a_history_from_before_there_was_an_outbox_is_no_news(db: Database) -> None:
    load(db, LIST, day(1), reading([A]))
    load(db, LIST, day(9), reading([A, B]))
    db.execute("DELETE FROM outbox")
    load(db, LIST, day(5), reading([A]))
    assert keys(db) == []


def test_the_counts_say_what_is_queued(db: Database) -> None:
    assert outbox_counts(db).queued == 0
    load(db, LIST, day(1), reading([A]))
    assert outbox_counts(db).queued == 1
    assert isinstance(queued(db)[0], Item)


event = st.tuples(st.integers(1, 28), st.sampled_from(("gone", 0, 1, 2, 3)))


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(event, max_size=7, unique_by=lambda each: each[0]),
    st.randoms(use_true_random=False),
)
def test_whatever_is_loaded_in_whatever_order_is_queued_once_and_none_is_lost(
    events: list[tuple[int, str | int]], random: Random
) -> None:
    shuffled = list(events)
    random.shuffle(shuffled)
    with tempfile.TemporaryDirectory() as folder:
        db = new_database(Path(folder))
        stored = []
        for _ in range(2):  # the second time it is all known
            for number, content in shuffled:
                if content == "gone":
                    load_gone(db, LIST, day(number), ADDRESS)
                else:
                    what = reading(CONTENTS[int(content)])
                    stored.append(load(db, LIST, day(number), what, address=ADDRESS))
        assert len(keys(db)) == len(set(keys(db)))
        # Each change that was ever told to be the publisher's is in it, and nothing else.
        assert set(keys(db)) == current(db)
        before = keys(db)
        if stored:
            read_anew(db, stored[0], (STRICTER, B))
        assert keys(db) == before
        db.conn.close()


def test_a_row_that_is_withheld_is_no_news_under_the_name_that_it_got_later(db: Database) -> None:
    old, new = (listing(f"Shade {word}, Zembla", position=2) for word in ("County", "Co."))
    load(db, LIST, "2025-07-01T10:00:00Z", reading([listing(), old]))
    load(db, LIST, "2025-07-02T10:00:00Z", reading([listing(), new]))
    mark_handed_out(db, [(each.id, None) for each in queued(db)], "2025-07-02T10:00:00Z")
    (row_id,) = db.execute("SELECT id FROM listings WHERE jurisdiction LIKE '% County%'").fetchone()
    withhold_row(db, "listings", row_id, Order("It names a child.", "Ida"), "2025-07-03T10:00:00Z")
    assert queued(db) == []
    fields = db.execute("SELECT before FROM change_fields WHERE before LIKE '% County%'").fetchall()
    assert fields == []
    assert ("added", new.jurisdiction) in changes(db, "kind", "place")
