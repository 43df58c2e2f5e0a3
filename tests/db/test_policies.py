"""Policies and sections are kept without loss, each text once, and found by their words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from db.connection import open_database
from db.migrations import APPLICATION_ID, migrations
from db.readings import StoredReading
from db.rows import load_rows, words_sha256
from db.withholding import Order, forget_what_was_deleted, withhold_document, withhold_row
from parsers.records import Policy, PolicySection, Record, SectionEvent
from tests.db.history import LIST, changes, editions, load, new_database
from tests.db.policies import DETAINERS, EVENT, NOTE, PURPOSE, REPORTS, page, policy, section

WRAPPED = PURPOSE.replace(" resident to", " resident\nto").replace("trust", "trust\u00ad")
ORDER = Order("An order of the court of Zembla.", "vera")
LATER = "2026-02-01T00:00:00Z"


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return new_database(tmp_path)


def seen(db: Database, *pages: tuple[PolicySection, ...]) -> list[StoredReading]:
    """Load each of these versions, a day after the other."""
    return [
        load(db, LIST, f"2025-06-0{day}T10:00:00Z", page(*sections))
        for day, sections in enumerate(pages, start=1)
    ]


def count(db: Database, table: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_a_policy_and_its_sections_come_back_as_they_were_read(db: Database) -> None:
    first = section()
    second = section("§ 9-2", DETAINERS, heading=None, history_note=None, events=(), position=2)
    (stored,) = seen(db, (first, second))
    assert load_rows(db, stored.id, Policy) == [policy()]
    assert load_rows(db, stored.id, PolicySection) == [first, second]


def test_a_text_stands_once_however_many_sections_and_editions_print_it(db: Database) -> None:
    amended = section("§ 9-2", DETAINERS.replace("48", "24"), position=2)
    seen(db, (section(), section("§ 9-2", DETAINERS, position=2)), (section(), amended))
    assert count(db, "policy_sections") == 4
    assert count(db, "section_texts") == 3


def test_two_prints_of_one_text_are_kept_apart_and_known_as_one(db: Database) -> None:
    readings = seen(db, (section(),), (section(body=WRAPPED),))
    bodies = [row.body for r in readings for row in load_rows(db, r.id, PolicySection)]  # type: ignore[attr-defined]
    assert bodies == [PURPOSE, WRAPPED]
    assert count(db, "section_texts") == 2
    assert db.execute("SELECT DISTINCT words_sha256 FROM section_texts").fetchall() == [
        (words_sha256(PURPOSE),)
    ]


def test_a_page_that_is_only_set_anew_is_the_same_edition(db: Database) -> None:
    seen(db, (section(),), (section(body=WRAPPED, heading="Purpose ", position=3),))
    assert [edition[2:] for edition in editions(db, LIST)] == [
        ("2025-06-01T10:00:00Z", "2025-06-02T10:00:00Z")
    ]
    assert changes(db, "kind") == [("published",)]


def test_a_new_section_under_a_number_that_was_given_on_has_not_come_back(db: Database) -> None:
    """Of a host that knows its sections by their numbers."""
    holding = section("§ 9-2", DETAINERS, position=2)
    renumbered = replace(holding, host_id="§ 9-3", number="§ 9-3", position=3)
    seen(db, (section(), holding), (section(), section("§ 9-2", REPORTS, position=2), renumbered))
    assert changes(db, "kind") == [("published",), ("added",), ("changed",)]
    seen_again = (section(), renumbered), (section(), section("§ 9-2", REPORTS), renumbered)
    for day, sections in enumerate(seen_again, start=3):
        load(db, LIST, f"2025-06-0{day}T10:00:00Z", page(*sections))
    assert changes(db, "kind")[-2:] == [("removed",), ("returned",)]


def test_a_new_supplement_of_the_code_changes_no_policy(db: Database) -> None:
    load(db, LIST, "2025-06-01T10:00:00Z", page(section()))
    newer = policy(version_label="Includes legislation through 02-01-2025.")
    load(db, LIST, "2025-06-02T10:00:00Z", page(section(), of=newer))
    assert len(editions(db, LIST)) == 1


def test_a_number_that_changes_in_a_text_is_a_change(db: Database) -> None:
    seen(db, (section(body=DETAINERS),), (section(body=DETAINERS.replace("48", "24")),))
    assert changes(db, "kind", "table_name", "place", "state", "row_key") == [
        ("published", None, None, None, LIST.id),
        ("changed", "policy_sections", "Onhava, Zembla", "Zembla", "§ 9-1"),
    ]


def test_heading_note_and_text_are_hashed_apart(db: Database) -> None:
    sql = "SELECT heading_sha256, note_sha256, body_sha256 FROM current_policy_sections ORDER BY id"
    base = section()
    seen(
        db,
        (base,),
        (replace(base, heading="Intent"),),
        (replace(base, history_note=None, events=()),),
        (replace(base, body=DETAINERS),),
    )
    first, heading, note, body = db.execute(sql).fetchall()
    assert [a == b for a, b in zip(first, heading, strict=True)] == [False, True, True]
    assert [a == b for a, b in zip(first, note, strict=True)] == [True, False, True]
    assert note[1] is None
    assert [a == b for a, b in zip(first, body, strict=True)] == [True, True, False]


def test_events_of_a_note_are_rows_in_its_order(db: Database) -> None:
    amended = SectionEvent("amended", None, "3-1-99", "Ord. No. 99-1")
    seen(db, (section(events=(EVENT, amended)),))
    assert db.execute(
        "SELECT position, kind, date, date_text, law FROM section_events ORDER BY position"
    ).fetchall() == [
        (1, "added", "2017-02-01", "2-1-2017", "Ord. No. 2017-03"),
        (2, "amended", None, "3-1-99", "Ord. No. 99-1"),
    ]


def test_the_views_show_the_text_and_what_stands_today(db: Database) -> None:
    seen(db, (section(),), (section(body=REPORTS),))
    bodies = "SELECT body, history_note FROM {}_policy_sections ORDER BY edition_id"
    assert db.execute(bodies.format("current")).fetchall() == [(PURPOSE, NOTE), (REPORTS, NOTE)]
    assert db.execute(bodies.format("standing")).fetchall() == [(REPORTS, NOTE)]
    assert db.execute("SELECT title, last_stated FROM standing_policies").fetchall() == [
        ("Article II: Detainers", "2025-06-02T10:00:00Z")
    ]


def found(db: Database, words: str) -> list[str]:
    return [
        row[0]
        for row in db.execute(
            """SELECT number FROM current_policy_sections WHERE text_id IN (
                SELECT rowid FROM section_texts_fts WHERE section_texts_fts MATCH ?)""",
            [words],
        )
    ]


def test_words_of_a_text_are_found_also_after_the_file_was_written_anew(db: Database) -> None:
    seen(db, (section(), section("§ 9-2", DETAINERS, position=2)))
    assert found(db, "warrant judge") == ["§ 9-2"]
    forget_what_was_deleted(db)
    assert found(db, "warrant judge") == ["§ 9-2"]


def test_a_text_that_is_withheld_is_nowhere_but_where_another_section_prints_it(
    db: Database,
) -> None:
    kept, secret = section(), section("§ 9-2", DETAINERS, position=2)
    seen(db, (kept, secret), (kept, secret, section("§ 9-3", PURPOSE, position=3)))
    for number in ("§ 9-2", "§ 9-3"):
        row = db.execute("SELECT id FROM policy_sections WHERE number = ?", [number]).fetchone()
        taken = withhold_row(db, "policy_sections", row[0], ORDER, LATER)
        assert taken.tables["section_events"]
    forget_what_was_deleted(db)
    assert db.execute("SELECT text FROM section_texts").fetchall() == [(PURPOSE,)]
    assert found(db, "warrant") == []
    index = db.execute("SELECT block FROM section_texts_fts_data").fetchall()
    assert not any(b"warrant" in row[0] or b"0judge" in row[0] for row in index)
    assert DETAINERS not in "\n".join(db.conn.iterdump())


def test_a_withheld_page_leaves_no_section_event_or_text(db: Database) -> None:
    (stored,) = seen(db, (section(),))
    (taken,) = withhold_document(db, stored.document_sha256, ORDER, LATER)
    assert [row["text"] for row in taken.tables["section_texts"]] == [PURPOSE]
    for table in ("policies", "policy_sections", "section_events", "section_texts"):
        assert count(db, table) == 0, table


def test_a_database_of_the_second_release_gets_the_tables(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    old = Database(path)
    old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    migrations.apply(old, stop_before="m003_policies")
    old.conn.commit()
    old.close()
    assert open_database(path).schema == open_database(tmp_path / "fresh.db").schema


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
some = st.one_of(st.none(), texts)
sections = st.builds(
    PolicySection,
    host_id=texts,
    number=some,
    heading=some,
    path=st.lists(texts, max_size=3).map(tuple),
    body=texts,
    history_note=some,
    events=st.lists(
        st.builds(
            SectionEvent,
            kind=st.sampled_from([None, "adopted", "amended"]),
            date=some,
            date_text=some,
            law=some,
        ),
        max_size=3,
    ).map(tuple),
    anchor=some,
    position=st.just(1),
    evidence=st.just(()),
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Database:
    return new_database(tmp_path_factory.mktemp("round-trip"))


@given(st.lists(sections, max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_section_comes_back_as_it_was_stored(
    empty: Database, rows: list[PolicySection]
) -> None:
    numbered = [replace(row, position=number) for number, row in enumerate(rows, start=1)]
    stored = load(empty, LIST, "2025-06-01T10:00:00Z", page(*numbered))
    loaded: list[Record] = load_rows(empty, stored.id, PolicySection)
    assert loaded == numbered
