"""When a source has gone dark, and when it could be read again."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from db.captures import Capture, Document, record_capture, start_run
from db.dark import renew_dark
from db.log import Wanted, logged
from db.readings import Decision, ReadBy, accept, find_reading, show_captures, store_reading
from db.sources import Source, save_source
from parsers.records import Check
from sanctuary.sentences import sentence
from tests.db.history import LIST, NOW, changes, listing, load_gone, new_database, reading

PAGE = "http://127.0.0.1/list"
WATCHED = replace(LIST, deadline_seconds=24 * 3600)
ROWS = reading([listing()])
SHA256 = "ab" * 32


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return new_database(tmp_path)


def attempt(
    db: Database, at: str, verdict: str, role: str = "document", proof: str = "own"
) -> None:
    """Record a run of one capture; a document is accepted, or held if that is its verdict."""
    run_id = start_run(db, "run", "1", at)
    brings = verdict in ("document", "held") and role == "document"
    sha256 = SHA256 if verdict == "document" else "cd" * 32
    record_capture(
        db,
        Capture(
            LIST.id,
            role,
            PAGE,
            at,
            proof,
            "document" if verdict == "held" else verdict,
            document_sha256=sha256 if brings else None,
        ),
        Document(sha256, 1, None, None) if brings else None,
        run_id,
        NOW,
    )
    if not brings:
        return
    read_by = ReadBy(LIST.id, sha256, "table", "1")
    checks = (Check("enough_rows", False, True, "too few"),) if verdict == "held" else ()
    stored = find_reading(db, read_by) or store_reading(db, read_by, ROWS, checks, NOW)
    if stored.status == "accepted":
        show_captures(db, stored, "first", NOW)


def dark(db: Database, source: Source = WATCHED) -> list[tuple[str, str, str]]:
    """Derive what is to be derived, and return it."""
    with db.atomic():
        renew_dark(db, source, NOW)
    found = changes(db, "kind", "row_key", "observed_after", "observed_by")
    return [(kind, after, by) for kind, key, after, by in found if key == LIST.id and after]


def at(hour: int) -> str:
    return f"2025-06-{1 + hour // 24:02}T{hour % 24:02}:00:00Z"


def test_unreadable_past_its_deadline_is_dark_from_the_last_answer_to_the_first_without(
    db: Database,
) -> None:
    attempt(db, at(0), "document")
    for hour in (10, 20):
        attempt(db, at(hour), "blocked")
    assert dark(db) == []
    attempt(db, at(24), "error")
    attempt(db, at(30), "error")
    assert dark(db) == [("went_dark", at(0), at(24))]


def test_an_answer_after_that_makes_it_readable_again(db: Database) -> None:
    attempt(db, at(0), "document")
    for hour in (20, 30, 40):
        attempt(db, at(hour), "blocked")
    attempt(db, at(50), "unchanged")
    attempt(db, at(60), "unchanged")
    assert dark(db) == [("went_dark", at(0), at(30)), ("restored", at(40), at(50))]
    said = [sentence(change) for change in logged(db, Wanted(kind="restored"))]
    assert said == ["Readable again: List of Zembla (Zembla Ministry)"]
    (went,) = logged(db, Wanted(kind="went_dark"))
    assert sentence(went) == "Not readable: List of Zembla (Zembla Ministry)"


def test_where_nobody_looked_nothing_went_dark(db: Database) -> None:
    attempt(db, at(0), "document")
    attempt(db, at(300), "unchanged")
    assert dark(db) == []
    # The machine was off, and its network comes up later than the tool.
    attempt(db, at(600), "error")
    attempt(db, at(601), "error")
    assert dark(db) == []
    attempt(db, at(603), "error")
    assert dark(db) == [("went_dark", at(300), at(603))]


@pytest.mark.parametrize(
    ("role", "verdict"), [("document", "held"), ("index", "document"), ("index", "gone")]
)
def test_what_brings_no_accepted_document_is_no_answer(
    db: Database, role: str, verdict: str
) -> None:
    attempt(db, at(0), "document")
    for hour in (20, 30):
        attempt(db, at(hour), verdict, role)
    assert dark(db) == [("went_dark", at(0), at(30))]


def test_that_a_document_is_gone_is_an_answer(db: Database) -> None:
    attempt(db, at(0), "document")
    for hour in (20, 40, 60):
        load_gone(db, LIST, at(hour), PAGE)
    assert dark(db) == []
    attempt(db, at(70), "error")
    attempt(db, at(80), "error")
    assert dark(db) == []
    attempt(db, at(90), "error")
    assert dark(db) == [("went_dark", at(60), at(90))]


def test_what_was_never_readable_has_not_gone_dark(db: Database) -> None:
    attempt(db, at(0), "document", proof="archive")
    load_gone(db, LIST, at(20), "http://127.0.0.1/never")
    for hour in (40, 60):
        attempt(db, at(hour), "blocked")
    assert dark(db) == []


def test_an_index_page_is_a_means_and_comes_before_its_document(db: Database) -> None:
    attempt(db, at(0), "document")
    attempt(db, at(20), "blocked")
    run_id = start_run(db, "run", "1", at(30))
    for role, verdict in (("index", "document"), ("document", "unchanged")):
        record_capture(db, Capture(LIST.id, role, PAGE, at(30), "own", verdict), None, run_id, NOW)
    assert dark(db) == []


def test_what_is_over_keeps_its_past_and_goes_dark_no_more(db: Database) -> None:
    over = replace(WATCHED, lifecycle="ended", deadline_seconds=None)
    attempt(db, at(0), "document")
    for hour in (20, 30):
        attempt(db, at(hour), "blocked")
    told = dark(db)
    assert len(told) == 1
    attempt(db, at(40), "unchanged")
    for hour in (50, 90):
        attempt(db, at(hour), "blocked")
    assert dark(db, over) == told


def test_a_document_that_is_accepted_later_was_an_answer(db: Database) -> None:
    attempt(db, at(0), "document")
    for hour in (20, 30):
        attempt(db, at(hour), "held")
    assert dark(db) == [("went_dark", at(0), at(30))]
    held = find_reading(db, ReadBy(LIST.id, "cd" * 32, "table", "1"))
    assert held is not None
    save_source(db, WATCHED)
    accept(db, held, Decision("vera", "the list is that short"), NOW)
    assert ("went_dark",) not in changes(db, "kind")


def test_to_be_dark_is_not_to_be_taken_down(db: Database) -> None:
    attempt(db, at(0), "document")
    for hour in (20, 24):
        load_gone(db, LIST, at(hour), PAGE)
    for hour in (50, 60):
        attempt(db, at(hour), "blocked")
    assert dark(db) == [("went_dark", at(24), at(60))]
    stands = "SELECT stands FROM latest_editions"
    assert db.execute(stands).fetchone()[0] == 0
    # Readable again by the word that it is gone still: that restores no page.
    load_gone(db, LIST, at(70), PAGE)
    assert dark(db)[-1] == ("restored", at(60), at(70))
    assert db.execute(stands).fetchone()[0] == 0
    assert len(changes(db, "kind")) == 4
    # And a page that is restored does not touch what was said of the source.
    attempt(db, at(80), "document")
    assert [each[0] for each in dark(db)] == ["went_dark", "restored"]
    assert db.execute(stands).fetchone()[0] == 1


def public(db: Database) -> list[tuple[str, ...]]:
    return db.execute(
        """SELECT kind, public_id, observed_after, observed_by FROM changes
        WHERE superseded_at IS NULL AND kind IN ('went_dark', 'restored') ORDER BY observed_by"""
    ).fetchall()


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    verdicts=st.lists(
        st.sampled_from(["document", "unchanged", "blocked", "blocked", "error"]), max_size=14
    ),
    seed=st.integers(0, 999),
)
def test_any_order_gives_the_same_and_deriving_it_again_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, verdicts: list[str], seed: int
) -> None:
    told = [(at(9 * number), verdict) for number, verdict in enumerate(verdicts)]
    found = []
    for order in (told, random.Random(seed).sample(told, len(told))):
        db = new_database(tmp_path_factory.mktemp("history"))
        for when, verdict in order:
            attempt(db, when, verdict)
            with db.atomic():
                renew_dark(db, WATCHED, NOW, when)
        once = public(db)
        rows = db.execute("SELECT count(*) FROM changes").fetchone()
        dark(db)
        assert public(db) == once
        assert db.execute("SELECT count(*) FROM changes").fetchone() == rows
        found.append([(kind, after, by) for kind, _, after, by in once])
        db.close()
    assert found[0] == found[1]
