"""Handing out: each item once, to those whose rule wants it, when the rule says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from db.dark import renew_dark
from db.deliveries import settle_failed, settle_sent, settle_uncertain
from db.outbox import queued
from db.readings import Decision, accept, named_reading
from db.settings import save_individual_rows
from db.sources import Source
from db.targets import target_failed, target_worked
from db.withholding import Order, withhold_document
from parsers.records import Check, Reading
from sanctuary.notify.queueing import CAME_BACK, NOBODY, NOT_SHOWN, TOO_OLD, hand_out
from tests.db.deliveries import claim_due
from tests.db.history import (
    LIST,
    NOW,
    REPORT,
    declined,
    listing,
    load,
    load_blocked,
    load_gone,
    load_unchanged,
    new_database,
    reading,
)
from tests.db.policies import page, section
from tests.sanctuary.notify.rules import handed, reasons, watched

A, B, C = (
    listing(f"{place}, Zembla", position=number)
    for number, place in enumerate(("Kinbote", "Shade", "Gradus"), 1)
)
FAILED = (Check("enough_rows", False, True, "1 row where 30 are expected"),)
ALL = watched({})


@pytest.fixture
def db(tmp_path: Path) -> Database:
    """A history with one edition of a list, of which nothing waits."""
    db = new_database(tmp_path)
    come(db, LIST, at(1), reading([A, B, C]), address=LIST.address)
    hand_out(db, ALL, at(1))
    db.execute("DELETE FROM deliveries")
    return db


def come(db: Database, source: Source, captured_at: str, what: Reading, **values: Any) -> None:
    """Load a document as soon as it is public."""
    load(db, source, captured_at, what, now=captured_at, **values)


def gone(db: Database, captured_at: str) -> None:
    load_gone(db, LIST, captured_at, LIST.address or "", now=captured_at)


def at(hour: int, minute: int = 0) -> str:
    return f"2025-06-{2 + hour // 24:02}T{hour % 24:02}:{minute:02}:00Z"


def test_a_change_is_handed_out_once_and_at_once(db: Database) -> None:
    come(db, LIST, at(2), reading([A, B, C, listing("Yewslip, Zembla", position=4)]))
    assert handed(db, ALL, at(2, 1)) == [("added", "Yewslip, Zembla", "desk", at(2, 1))]
    assert queued(db) == []
    assert handed(db, ALL, at(3)) == []


def test_a_rule_that_is_added_later_tells_of_what_comes_not_of_what_was(db: Database) -> None:
    come(db, LIST, at(2), reading([A, B, C, listing("Yewslip, Zembla", position=4)]))
    assert handed(db, watched(), at(2)) == []
    assert reasons(db)["added"] == NOBODY
    assert handed(db, ALL, at(3)) == []


def test_what_was_public_for_long_before_it_was_recorded_is_no_news(db: Database) -> None:
    more = reading([A, B, C, listing("Yewslip, Zembla", position=4)])
    late = "2025-06-09T02:00:01Z"
    load(db, LIST, at(2), more, now=late)
    assert handed(db, ALL, late) == []
    assert reasons(db)["added"] == TOO_OLD


def test_what_a_person_accepts_late_is_news_if_it_was_had_in_time(db: Database) -> None:
    held = load(db, LIST, at(2), reading([A], checks=FAILED), now=at(2))
    hand_out(db, watched(), at(2))
    a_month_on = "2025-07-02T10:00:00Z"
    accept(db, held, Decision("Ida", "It is so."), a_month_on)
    assert [row[0] for row in handed(db, ALL, a_month_on)] == ["removed", "removed"]


@pytest.mark.parametrize("role", ["document", "index"])
def test_a_page_that_is_looked_at_once_a_month_can_be_taken_down(db: Database, role: str) -> None:
    second = "2025-07-02T05:00:00Z"
    gone(db, at(5))
    gone(db, second)
    db.execute("UPDATE captures SET role = ? WHERE verdict = 'gone'", [role])
    assert [row[0] for row in handed(db, ALL, second)] == ["withdrawn"]


def test_what_nobody_asked_for_is_forgotten_after_a_while(db: Database) -> None:
    hand_out(db, ALL, "2025-08-30T00:00:00Z")
    assert db["outbox"].count == 1
    hand_out(db, ALL, "2025-09-01T00:00:00Z")
    assert db["outbox"].count == 0


def test_a_target_is_told_a_thing_once_at_a_time_however_many_rules_ask(db: Database) -> None:
    come(db, LIST, at(2), reading([A, B, C, listing("Yewslip, Zembla", position=4)]))
    digest = {"when": "daily", "at": "07:00"}
    assert handed(db, watched({}, {}, digest, digest), at(2)) == [
        ("added", "Yewslip, Zembla", "desk", at(2)),
        ("added", "Yewslip, Zembla", "desk", at(7)),
    ]
    rules = db.execute("SELECT rule FROM deliveries ORDER BY id").fetchall()
    assert rules == [("rule 1",), ("rule 3",)]


def test_a_removal_waits_for_the_grace_period_and_a_digest_comes_after_it(db: Database) -> None:
    come(db, LIST, at(5), reading([A, B]))
    digests = [{"when": "daily", "at": time} for time in ("07:00", "09:00")]
    assert handed(db, watched({}, *digests), at(5, 1)) == [
        ("removed", "Gradus, Zembla", "desk", at(8)),
        ("removed", "Gradus, Zembla", "desk", at(31)),
        ("removed", "Gradus, Zembla", "desk", at(9)),
    ]


def test_a_row_that_returns_in_time_is_told_to_nobody(db: Database) -> None:
    come(db, LIST, at(5), reading([A, B]))
    assert len(handed(db, ALL, at(5))) == 1
    come(db, LIST, at(8), reading([A, B, C]))
    assert handed(db, ALL, at(8)) == []
    assert db.execute("SELECT state, reason FROM deliveries").fetchall() == [("dropped", CAME_BACK)]
    assert claim_due(db, at(9)) == []


def test_so_is_one_that_went_and_returned_before_anything_was_handed_out(db: Database) -> None:
    come(db, LIST, at(5), reading([A, B]))
    come(db, LIST, at(8), reading([A, B, C]))
    assert handed(db, ALL, at(8)) == []
    assert (reasons(db)["removed"], reasons(db)["returned"]) == (CAME_BACK, CAME_BACK)


def test_a_row_that_returns_later_is_told_both_times(db: Database) -> None:
    come(db, LIST, at(5), reading([A, B]))
    come(db, LIST, at(8, 1), reading([A, B, C]))
    assert [row[0] for row in handed(db, ALL, at(9))] == ["removed", "returned"]


def test_who_was_told_that_it_went_is_told_that_it_is_back(db: Database) -> None:
    short = watched({}, grace="0h")
    come(db, LIST, at(5), reading([A, B]))
    hand_out(db, short, at(5))
    settle_sent(db, [each.id for each in claim_due(db, at(5))], at(5))
    come(db, LIST, at(6), reading([A, B, C]))
    # By now the grace period is another, and would have covered it.
    assert [row[0] for row in handed(db, ALL, at(6))] == ["returned"]


def test_who_may_have_been_told_that_it_went_is_told_that_it_is_back(db: Database) -> None:
    short = watched({}, grace="0h")
    come(db, LIST, at(5), reading([A, B]))
    hand_out(db, short, at(5))
    settle_uncertain(db, [each.id for each in claim_due(db, at(5))], "no answer", at(5))
    come(db, LIST, at(6), reading([A, B, C]))
    assert [row[0] for row in handed(db, ALL, at(6))] == ["returned"]


def test_who_could_not_be_told_that_it_went_is_not_told_that_it_is_back(db: Database) -> None:
    come(db, LIST, at(5), reading([A, B]))
    hand_out(db, watched({}, grace="0h"), at(5))
    settle_failed(db, [each.id for each in claim_due(db, at(5))], "no answer", at(5))
    come(db, LIST, at(6), reading([A, B, C]))
    assert handed(db, ALL, at(6)) == []
    assert reasons(db)["returned"] == CAME_BACK


def test_a_source_can_have_a_grace_period_of_its_own(db: Database) -> None:
    come(db, LIST, at(5), reading([A, B]))
    own = watched({}, keys={"grace": "1h"})
    assert [row[3] for row in handed(db, own, at(5))] == [at(6)]


def test_a_list_that_loses_most_of_its_rows_at_once_is_waited_for_longer(db: Database) -> None:
    come(db, LIST, at(5), reading([A]))
    assert {row[3] for row in handed(db, ALL, at(5))} == {at(11)}
    come(db, LIST, at(10), reading([A, B, C]))
    assert handed(db, ALL, at(10)) == []
    assert claim_due(db, at(20)) == []


def test_a_source_can_be_waited_for_otherwise_where_most_of_it_goes(db: Database) -> None:
    come(db, LIST, at(5), reading([A]))
    own = watched({}, keys={"hiccup": "2h"})
    assert {row[3] for row in handed(db, own, at(5))} == {at(7)}


def test_half_of_a_list_is_not_most_of_it(db: Database) -> None:
    come(db, LIST, at(2), reading([A, B, C, listing("Yewslip, Zembla", position=4)]))
    hand_out(db, watched(), at(2))
    come(db, LIST, at(5), reading([A, B]))
    assert {row[3] for row in handed(db, ALL, at(5))} == {at(8)}


def test_rows_that_only_changed_did_not_go(db: Database) -> None:
    come(db, LIST, at(5), reading([replace(each, date_enacted="2017-02") for each in (A, B)]))
    removed = [row for row in handed(db, ALL, at(5)) if row[0] == "removed"]
    assert [row[3] for row in removed] == [at(8)]


def test_a_list_that_is_put_up_again_in_time_was_never_taken_down(db: Database) -> None:
    for hour in (5, 9):
        gone(db, at(hour))
    assert handed(db, ALL, at(9)) == [("withdrawn", "", "desk", at(11))]
    come(db, LIST, at(10), reading([A, B, C]), address=LIST.address)
    assert handed(db, ALL, at(10)) == []
    assert claim_due(db, at(20)) == []


@pytest.mark.parametrize(
    ("told", "rhythms"),
    [("digest", ["daily"]), ("at once", ["at once", "daily"]), ("never", [])],
)
def test_a_codifiers_note_is_told_as_the_setting_says(
    db: Database, told: str, rhythms: list[str]
) -> None:
    law = replace(LIST, jurisdiction="Onhava, Zembla")
    come(db, law, at(30), page(section()))
    hand_out(db, watched(), at(30))
    come(db, law, at(31), page(section(history_note="[Amended at time of adoption of Code]")))
    rules = watched({}, {"when": "daily"}, codifier_notes=told)
    hand_out(db, rules, at(31))
    assert [row[0] for row in db.execute("SELECT rhythm FROM deliveries ORDER BY 1")] == rhythms
    come(db, law, at(32), page(section(body="Another law.", history_note="[Amended]")))
    hand_out(db, rules, at(32))
    assert len(claim_due(db, at(32))) == 1 + (told == "at once")


def test_a_law_that_changes_without_a_note_is_told_whatever_is_told_of_notes(db: Database) -> None:
    law = replace(LIST, jurisdiction="Onhava, Zembla")
    come(db, law, at(30), page(section()))
    hand_out(db, watched(), at(30))
    come(db, law, at(31), page(section(body="Another law.")))
    assert [row[0] for row in handed(db, watched({}, codifier_notes="never"), at(31))] == [
        "changed"
    ]


def test_a_held_document_is_told_at_once_to_operators_and_whoever_named_its_source(
    db: Database,
) -> None:
    come(db, LIST, at(5), reading([A], checks=FAILED))
    rules = watched(
        {"to": ["press"], "sources": ["zembla-*"], "when": "weekly", "kinds": ["added"]},
        {"to": ["nobody"]},
        {"to": ["silent"], "sources": ["zembla-list"], "held": False},
        {"to": ["curious"], "held": True},
        targets=dict.fromkeys(("desk", "press", "nobody", "silent", "curious"), "A"),
        operators=["desk"],
    )
    assert handed(db, rules, at(5)) == [
        ("held", "", target, at(5)) for target in ("desk", "press", "curious")
    ]


def test_an_old_document_that_is_held_is_no_news(db: Database) -> None:
    load(db, LIST, "2024-01-01T00:00:00Z", reading([A], checks=FAILED), now=at(5))
    assert handed(db, watched({}, operators=["desk"]), at(5)) == []
    assert reasons(db)["held"] == TOO_OLD


def test_operators_are_told_that_a_source_went_dark_and_that_it_is_back(db: Database) -> None:
    watching = replace(LIST, deadline_seconds=86_400)
    shown = named_reading(db, "#1")
    load_unchanged(db, LIST, at(2), LIST.address, shown, now=at(2))
    for hour in (30, 40):
        load_blocked(db, LIST, at(hour), LIST.address, now=at(hour))
    with db.atomic():
        renew_dark(db, watching, NOW)
    operators = watched(operators=["desk"])
    assert [row[0] for row in handed(db, operators, at(40))] == ["went_dark"]
    load_unchanged(db, LIST, at(41), LIST.address, shown, now=at(41))
    with db.atomic():
        renew_dark(db, watching, NOW)
    assert [row[0] for row in handed(db, operators, at(41))] == ["restored"]


@pytest.mark.parametrize(
    ("held_at", "told"),
    [(None, {"desk", "public"}), (29, {"desk"}), (41, {"desk", "public"})],
)
def test_that_nothing_could_be_accepted_is_not_told_to_others_as_not_readable(
    db: Database, held_at: int | None, told: set[str]
) -> None:
    shown = named_reading(db, "#1")
    load_unchanged(db, LIST, at(2), LIST.address, shown, now=at(2))
    for hour in (30, 40):
        load_blocked(db, LIST, at(hour), LIST.address, now=at(hour))
    if held_at is not None:
        come(db, LIST, at(held_at), reading([A], checks=FAILED))
    with db.atomic():
        renew_dark(db, replace(LIST, deadline_seconds=86_400), NOW)
    rules = watched({"to": ["public"]}, targets={"desk": "A", "public": "B"}, operators=["desk"])
    dark = [row for row in handed(db, rules, at(40)) if row[0] == "went_dark"]
    assert {row[2] for row in dark} == told


def test_that_a_target_fails_is_told_by_the_others_once_and_again_when_it_works(
    db: Database,
) -> None:
    two = {"targets": {"desk": "A", "mail": "B"}}
    day = watched(**two).settings.notify.failing_after
    for hour in (1, 20, 26, 30):
        target_failed(db, "mail", "no answer", day, at(hour))
    assert handed(db, watched(**two, operators=["mail", "desk"]), at(30)) == [
        ("failing", "", "desk", at(30))
    ]
    target_worked(db, "mail", at(31))
    target_worked(db, "mail", at(32))
    assert [row[0] for row in handed(db, watched(**two, operators=["desk"]), at(32))] == ["working"]
    target_failed(db, "mail", "no answer", 0 * day, at(33))
    # Where the only operator is the one that fails, whoever else can be told is.
    only = watched(**two, operators=["mail"])
    assert [row[2] for row in handed(db, only, at(33))] == ["desk"]
    target_worked(db, "mail", at(34))
    assert [(row[0], row[2]) for row in handed(db, only, at(34))] == [("working", "desk")]


def test_counts_of_individuals_are_told_unless_the_site_shows_none(db: Database) -> None:
    come(db, REPORT, at(5), reading([declined()], week=1))
    hand_out(db, watched(), at(5))
    come(db, REPORT, at(6), reading([declined(), declined("Onhava Gaol")], week=1))
    save_individual_rows(db, "off")
    assert handed(db, ALL, at(6)) == []
    assert reasons(db)["corrected"] == NOT_SHOWN
    save_individual_rows(db, "counts")
    come(db, REPORT, at(7), reading([declined("Onhava Gaol")], week=1))
    assert [row[:3] for row in handed(db, ALL, at(7))] == [("corrected", "", "desk")]
    # What waits when a person decides that the site shows none is not told, either.
    save_individual_rows(db, "off")
    hand_out(db, ALL, at(8))
    assert claim_due(db, at(8)) == []


def test_a_held_document_that_was_withheld_meanwhile_is_not_told(db: Database) -> None:
    held = load(db, LIST, at(5), reading([A], checks=FAILED), now=at(5))
    assert len(handed(db, watched(operators=["desk"]), at(5))) == 1
    withhold_document(db, held.document_sha256, Order("It names a child.", "Ida"), at(6))
    assert claim_due(db, at(6)) == []
