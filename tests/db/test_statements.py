"""What is said beside lists stands with its place, list, row or change, and with no other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from db.errors import NoSuchNote
from db.notes import Note, add_note, notes, take_back
from db.readings import ReadBy, keep_reading
from db.replay import replace_readings
from db.sources import save_source
from db.statements import Said, statements_about
from db.withholding import Order, withhold_row
from parsers.records import EditionClaim, Reading, Statement
from tests.db.corrections import resolve_names
from tests.db.history import LIST, NOW, REPORT, listing, load, new_database, reading

LETTERS = replace(LIST, id="zembla-letters", title="Letters", parser="statement")
KEY = listing().row_key()


@pytest.fixture
def db(tmp_path: Path) -> Database:
    db = new_database(tmp_path)
    save_source(db, LETTERS)
    load(db, LIST, "2025-06-01T10:00:00Z", reading([listing(), listing("Franklin County, IA")]))
    resolve_names(db)
    return db


def statement(place: str, **values: Any) -> Statement:
    return Statement(
        **{
            "statement_kind": "letter",
            "title": "A letter",
            "publisher": place,
            "issued": "2025-06-02",
            "issued_text": None,
            "about": LIST.id,
            "jurisdiction": place,
            "text": "We were listed by mistake.",
            "address": None,
            "position": 1,
            "evidence": (),
            **values,
        }
    )


def say(db: Database, *statements: Statement, day: str = "02") -> None:
    load(
        db,
        LETTERS,
        f"2025-06-{day}T10:00:00Z",
        Reading(EditionClaim("Invented"), (Statement,), statements),
    )
    resolve_names(db)


def note(db: Database, **about: str | None) -> int:
    values: dict[str, Any] = {
        **dict.fromkeys(("source_id", "jurisdiction_id", "row_key", "public_id")),
        **about,
    }
    return add_note(
        db,
        Note(
            kind="dispute",
            title="A dispute",
            publisher="Kinbote, Zembla",
            issued="2025-06-03",
            text="It is not so.",
            address=None,
            document_sha256=None,
            added_by="Conmal",
            **values,
        ),
        (),
        NOW,
    )


def titles(found: list[Said]) -> list[str]:
    return [said.title for said in found]


def test_a_statement_stands_with_its_place_as_resolved_and_no_other(db: Database) -> None:
    say(db, statement("Franklin County, Iowa"))
    assert titles(statements_about(db, jurisdiction_id="us/ia/county/franklin")) == ["A letter"]
    assert titles(statements_about(db, jurisdiction_id="us/ny/county/franklin")) == []
    assert titles(statements_about(db, printed="Franklin County, Iowa")) == ["A letter"]
    assert titles(statements_about(db, printed="Franklin County")) == []


def test_a_statement_about_one_list_is_not_said_of_another(db: Database) -> None:
    say(db, statement("Kinbote, Zembla"))
    about = {"printed": "Kinbote, Zembla"}
    assert titles(statements_about(db, source_id=LIST.id, **about)) == ["A letter"]
    assert titles(statements_about(db, source_id=REPORT.id, **about)) == []
    assert titles(statements_about(db, source_id=LIST.id)) == ["A letter"]
    assert titles(statements_about(db, source_id=REPORT.id)) == []


def test_the_newest_comes_first_and_each_says_by_whom_it_was_put_there(db: Database) -> None:
    say(db, statement("Kinbote, Zembla"))
    note(db, source_id=LIST.id, row_key=KEY)
    found = statements_about(db, printed="Kinbote, Zembla")
    assert [(each.origin, each.by_whom) for each in found] == [
        ("note", "put here by Conmal"),
        ("statement", "from the source zembla-letters"),
    ]
    assert found[1].document_sha256


def test_of_a_page_that_was_edited_its_newest_words_stand(db: Database) -> None:
    say(db, statement("Kinbote, Zembla"), statement("Onhava, Zembla"))
    say(db, statement("Kinbote, Zembla", text="We were not asked."), day="03")
    assert [said.text for said in statements_about(db, source_id=LIST.id)] == ["We were not asked."]


def test_a_note_on_a_row_stands_with_that_row_its_place_and_its_list(db: Database) -> None:
    note(db, source_id=LIST.id, row_key=KEY)
    other = listing(policy="Another Rule").row_key()
    place = {"printed": "Kinbote, Zembla"}
    assert statements_about(db, source_id=LIST.id, row_key=KEY)
    assert statements_about(db, **place)
    assert statements_about(db, source_id=LIST.id)
    assert not statements_about(db, source_id=LIST.id, row_key=other, **place)
    assert not statements_about(db, source_id=REPORT.id, row_key=KEY)


def test_a_note_on_a_place_stands_with_every_list_of_it(db: Database) -> None:
    note(db, jurisdiction_id="us/ia/county/franklin")
    place = {"jurisdiction_id": "us/ia/county/franklin"}
    key = listing("Franklin County, IA").row_key()
    assert statements_about(db, **place)
    assert statements_about(db, source_id=LIST.id, row_key=key, **place)
    assert not statements_about(db, jurisdiction_id="us/ia/county/clark")


def test_a_note_on_a_change_stands_with_it_and_its_place(db: Database) -> None:
    load(db, LIST, "2025-06-02T10:00:00Z", reading([listing()]))
    (public_id,) = db.execute("SELECT public_id FROM changes WHERE kind = 'removed'").fetchone()
    note(db, public_id=public_id)
    assert statements_about(db, public_id=public_id)
    assert statements_about(db, jurisdiction_id="us/ia/county/franklin")
    assert statements_about(db, source_id=LIST.id)
    assert not statements_about(db, public_id="0" * 12)


def test_a_note_survives_an_edition_and_a_replay(db: Database) -> None:
    note(db, source_id=LIST.id, row_key=KEY)
    before = statements_about(db, printed="Kinbote, Zembla")
    load(db, LIST, "2025-06-02T10:00:00Z", reading([listing()]))
    (reading_id, sha256) = db.execute(
        "SELECT id, document_sha256 FROM readings ORDER BY id DESC LIMIT 1"
    ).fetchone()
    read_by = ReadBy(LIST.id, sha256, LIST.parser, "2")
    better = keep_reading(db, read_by, reading([listing(office="Aros")]), (), "accepted", NOW)
    replace_readings(db, LIST, {reading_id: better.id}, NOW)
    assert statements_about(db, printed="Kinbote, Zembla") == before
    assert statements_about(db, source_id=LIST.id, row_key=KEY) == before


def test_a_note_that_was_taken_back_is_gone_from_what_is_said_and_not_from_the_table(
    db: Database,
) -> None:
    note_id = note(db, source_id=LIST.id, row_key=KEY)
    take_back(db, note_id, "Charles", "2026-01-02T00:00:00Z")
    assert statements_about(db, source_id=LIST.id, row_key=KEY) == []
    (kept,) = notes(db)
    assert (kept.taken_back_by, kept.text) == ("Charles", "It is not so.")


def test_a_note_is_taken_back_once(db: Database) -> None:
    note_id = note(db, source_id=LIST.id, row_key=KEY)
    take_back(db, note_id, "Charles", NOW)
    with pytest.raises(NoSuchNote, match="Charles took it back on 2026"):
        take_back(db, note_id, "Charles", NOW)
    with pytest.raises(NoSuchNote, match="there is no such note"):
        take_back(db, 17, "Charles", NOW)


def test_a_note_does_not_tell_what_stood_in_a_row_that_is_withheld(db: Database) -> None:
    note(db, source_id=LIST.id, row_key=KEY)
    withhold_row(db, "listings", 1, Order("it names a minor", "Conmal"), NOW)
    (kept,) = notes(db)
    assert kept.row_key is not None
    assert "kinbote" not in kept.row_key
    assert kept.title == "A dispute"
