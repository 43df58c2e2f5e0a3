"""A delivery is claimed before it is sent, and never sent twice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from db.changes import store_changes, stored_life_changes
from db.deliveries import (
    OVERTAKEN,
    Planned,
    deliveries,
    due,
    plan,
    retry,
    settle_failed,
    settle_sent,
    settle_uncertain,
    settle_unknown,
)
from db.outbox import mark_handed_out, outbox_counts, prune, queued
from db.targets import TargetState, target_failed, target_worked, targets
from tests.db.deliveries import claim_due
from tests.db.history import LIST, NOW, listing, load, load_gone, new_database, reading

ADDRESS = "http://127.0.0.1/list"
A_DAY = timedelta(days=1)


@pytest.fixture
def db(tmp_path: Path) -> Database:
    """A list that was taken down, and one delivery of each item to each of two targets."""
    db = new_database(tmp_path)
    load(db, LIST, at(1), reading([listing()]), address=ADDRESS)
    for hour in (5, 9):
        load_gone(db, LIST, at(hour), ADDRESS)
    with db.atomic():
        for item in queued(db):
            plan(
                db,
                [Planned(item.id, "all", target, "at once", at(10)) for target in ("desk", "mail")],
            )
        mark_handed_out(db, [(item.id, None) for item in queued(db)], at(10))
    return db


def at(hour: int) -> str:
    return f"2025-06-{2 + hour // 24:02}T{hour % 24:02}:00:00Z"


def states(db: Database) -> list[str]:
    return [row[0] for row in db.execute("SELECT state FROM deliveries ORDER BY id")]


def test_nothing_is_claimed_before_it_is_due(db: Database) -> None:
    assert claim_due(db, at(9)) == []
    assert len(claim_due(db, at(10))) == 4


def test_what_is_due_can_be_looked_at_without_taking_it(db: Database) -> None:
    before = due(db, at(10))
    assert [(each.target, each.item.kind) for each in before] == [
        *[("desk", "change")] * 2,
        *[("mail", "change")] * 2,
    ]
    assert due(db, at(10)) == before
    assert [each.id for each in claim_due(db, at(10))] == [each.id for each in before]


def test_what_is_claimed_is_claimed_once_and_committed(db: Database) -> None:
    first = claim_due(db, at(10))
    assert {each.state for each in first} == {"sending"}
    assert {each.attempts for each in first} == {1}
    assert not db.conn.in_transaction
    assert claim_due(db, at(10)) == []
    settle_sent(db, [each.id for each in first], at(11))
    assert set(states(db)) == {"sent"}
    assert claim_due(db, at(12)) == []


def test_what_failed_is_tried_again_when_it_is_said_and_then_given_up(db: Database) -> None:
    ids = [each.id for each in claim_due(db, at(10))]
    settle_failed(db, ids, "no answer", at(10), again_at=at(12))
    assert claim_due(db, at(11)) == []
    assert {(each.attempts, each.reason) for each in claim_due(db, at(12))} == {(2, "no answer")}
    settle_failed(db, ids, "no answer", at(12))
    assert set(states(db)) == {"failed"}
    assert claim_due(db, at(99)) == []


def test_what_a_command_sent_as_it_died_is_unknown_and_not_sent_by_itself(db: Database) -> None:
    claim_due(db, at(10))
    assert settle_unknown(db, at(11)) == 4
    assert settle_unknown(db, at(11)) == 0
    assert claim_due(db, at(99)) == []
    assert outbox_counts(db).unknown == 4
    one = deliveries(db, ["unknown"])[0]
    retry(db, [one.id], at(12))
    assert [each.id for each in claim_due(db, at(12))] == [one.id]


def test_what_no_answer_came_of_is_unknown_too(db: Database) -> None:
    settle_uncertain(db, [each.id for each in claim_due(db, at(10))], "no answer came", at(10))
    assert set(states(db)) == {"unknown"}


def test_only_what_is_claimed_is_settled(db: Database) -> None:
    ids = [each.id for each in due(db, at(10))]
    settle_sent(db, ids, at(10))
    retry(db, ids, at(10))
    assert set(states(db)) == {"waiting"}


def test_what_was_sent_is_not_sent_once_more_whoever_asks(db: Database) -> None:
    ids = [each.id for each in claim_due(db, at(10))]
    settle_sent(db, ids, at(10))
    retry(db, ids, at(11))
    assert set(states(db)) == {"sent"}


def test_what_does_not_stand_any_more_when_it_is_due_is_dropped(db: Database) -> None:
    with db.atomic():
        store_changes(db, stored_life_changes(db, LIST.id, ADDRESS), [], NOW)
    assert len(due(db, at(10))) == 2
    assert len(claim_due(db, at(10))) == 2
    assert {each.reason for each in deliveries(db, ["dropped"])} == {OVERTAKEN}


def test_what_waits_is_not_forgotten(db: Database) -> None:
    prune(db, at(99))
    assert len(states(db)) == 4
    settle_sent(db, [each.id for each in claim_due(db, at(10))], at(10))
    prune(db, at(10))
    assert len(states(db)) == 4
    prune(db, at(11))
    assert (states(db), db["outbox"].count) == ([], 0)


def test_nor_is_what_is_being_sent(db: Database) -> None:
    claim_due(db, at(10))
    prune(db, at(99))
    assert set(states(db)) == {"sending"}


def test_the_counts_are_those_of_the_deliveries(db: Database) -> None:
    found = outbox_counts(db)
    assert (found.queued, found.waiting, found.oldest_waiting) == (0, 4, at(10))
    ids = [each.id for each in claim_due(db, at(10))]
    settle_failed(db, ids[:1], "no", at(10))
    settle_sent(db, ids[1:2], at(10))
    found = outbox_counts(db)
    assert (found.waiting, found.sending, found.failed, found.unknown) == (0, 2, 1, 0)
    assert found.oldest_waiting is None


def test_a_target_fails_from_the_first_attempt_on_until_one_comes_through(db: Database) -> None:
    for hour in (1, 3):
        target_failed(db, "desk", f"no answer at {hour}", A_DAY, at(hour))
    assert targets(db) == [TargetState("desk", at(1), "no answer at 3", None, None)]
    assert queued(db) == []
    target_worked(db, "desk", at(4))
    assert targets(db) == [TargetState("desk", None, None, at(4), None)]
    assert queued(db) == []
    target_failed(db, "desk", "no answer", A_DAY, at(27))
    assert targets(db)[0].failing_since == at(27)
