"""What is quoted is looked up anew whenever a list, a law or a name of it is another."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from db import quotes, readings
from db.captures import Capture, Document, record_capture
from db.doubts import doubt
from db.quotes import quotes_of
from db.readings import Decision, ReadBy, accept, keep_reading, store_reading
from db.replay import replace_readings
from db.sources import save_source
from db.withholding import Order, withhold_document, withhold_row
from parsers.records import Check, Reading
from tests.db.history import LIST, NOW, REPORT, listing, load, load_unchanged, new_database, reading
from tests.db.naming import name_all
from tests.db.policies import DETAINERS, PURPOSE, REPORTS, page, section
from tests.db.test_quotes import LATER, LAW, ORDER, PLACE, PLACES, SAID, claim, law, listed, only

PAGE = "http://127.0.0.1/law"


@pytest.fixture
def db(tmp_path: Path) -> Database:
    db = new_database(tmp_path)
    save_source(db, LAW)
    return db


def results(db: Database) -> list[str]:
    return [quote.result for quote in quotes_of(db)]


def test_a_law_that_comes_after_the_list_is_looked_into(db: Database) -> None:
    listed(db, "2025-06-02")
    assert results(db) == ["no_text"]
    law(db, "2025-06-01", DETAINERS)
    assert results(db) == ["verbatim"]


def test_that_a_law_was_unchanged_lets_its_version_hold_for_longer(db: Database) -> None:
    stored = load(db, LAW, "2025-06-01T10:00:00Z", page(section(body=REPORTS)), address=PAGE)
    listed(db, "2025-06-14")
    assert results(db) == ["no_text"]
    load_unchanged(db, LAW, "2025-06-10T10:00:00Z", PAGE, stored)
    assert results(db) == ["absent"]


def test_what_a_server_said_is_taken_back_with_what_follows(db: Database) -> None:
    stored = load(db, LAW, "2025-06-01T10:00:00Z", page(section(body=REPORTS)), address=PAGE)
    load_unchanged(db, LAW, "2025-06-10T10:00:00Z", PAGE, stored)
    listed(db, "2025-06-14")
    load(db, LAW, "2025-06-18T10:00:00Z", page(section(body=PURPOSE)), address=PAGE)
    name_all(db, PLACES)
    assert results(db) == ["absent"]
    newest = db.execute("SELECT id FROM captures WHERE captured_at >= '2025-06-18'").fetchone()[0]
    doubt(db, LAW, PAGE, newest, NOW)
    assert results(db) == ["no_text"]


def test_a_longer_gap_lets_a_version_hold_for_longer(db: Database) -> None:
    law(db, "2025-06-01", REPORTS)
    listed(db, "2025-06-14")
    assert results(db) == ["no_text"]
    save_source(db, replace(LAW, max_gap_seconds=20 * 24 * 3600))
    assert results(db) == ["absent"]


def test_no_gap_is_too_long_for_a_date(db: Database) -> None:
    save_source(db, replace(LAW, max_gap_seconds=10**12))
    law(db, "2025-06-01", REPORTS)
    listed(db, "2025-06-14")
    assert results(db) == ["absent"]


def read_anew(db: Database, source_id: str, what: Reading) -> None:
    """Let version 2 of a parser read the one document of a source."""
    stands, sha256 = db.execute(
        "SELECT id, document_sha256 FROM readings WHERE source_id = ?", [source_id]
    ).fetchone()
    source = LAW if source_id == LAW.id else LIST
    with db.atomic():
        read_by = ReadBy(source_id, sha256, "better", "2")
        better = keep_reading(db, read_by, what, (), "accepted", LATER)
        replace_readings(db, source, {stands: better.id}, LATER)


def test_a_better_reading_of_a_law_is_looked_into(db: Database) -> None:
    law(db, "2025-06-01", REPORTS)
    listed(db, "2025-06-02")
    read_anew(db, LAW.id, page(section(body=DETAINERS)))
    assert results(db) == ["verbatim"]


def test_of_a_list_that_was_read_anew_no_quote_of_the_old_reading_stays(db: Database) -> None:
    law(db, "2025-06-01", DETAINERS)
    listed(db, "2025-06-02")
    read_anew(db, LIST.id, claim("less than 48 hours"))
    assert [quote.phrase for quote in quotes_of(db)] == ["less than 48 hours"]
    assert db.table("quotes").count == 1


def test_a_list_that_is_held_says_nothing_until_a_person_accepts_it(db: Database) -> None:
    law(db, "2025-06-01", DETAINERS)
    sha256 = hashlib.sha256(b"held").hexdigest()
    capture = Capture(
        LIST.id,
        "document",
        None,
        "2025-06-02T12:00:00Z",
        "person",
        "document",
        document_sha256=sha256,
    )
    record_capture(db, capture, Document(sha256, 1, "text/plain", None), None, NOW)
    failed = (Check("enough_rows", False, True, "1 row where 30 are expected"),)
    stored = store_reading(db, ReadBy(LIST.id, sha256, "table", "1"), claim(SAID), failed, NOW)
    save_source(db, replace(LAW, max_gap_seconds=1))
    assert quotes_of(db) == []
    accept(db, stored, Decision("vera", "looked at it"), LATER)
    name_all(db, PLACES)
    assert results(db) == ["other_version"]


def test_where_nothing_else_is_found_nothing_is_written(db: Database) -> None:
    stored = load(db, LAW, "2025-06-01T10:00:00Z", page(section(body=DETAINERS)), address=PAGE)
    listed(db, "2025-06-02")
    db.execute("CREATE TEMP TABLE written (id)")
    db.execute(
        """CREATE TEMP TRIGGER noted AFTER INSERT ON main.quotes
        BEGIN INSERT INTO written VALUES (new.id); END"""
    )
    load_unchanged(db, LAW, "2025-06-01T11:00:00Z", PAGE, stored)
    # The version was seen for an hour more, which the row says; a list as before says nothing new.
    assert db.execute("SELECT count(*) FROM written").fetchone() == (1,)
    with db.atomic():
        quotes.renew_quotes(db, LIST.id)
        quotes.renew_quotes(db, LAW.id)
    assert db.execute("SELECT count(*) FROM written").fetchone() == (1,)


def test_quotes_are_accepted_with_their_list_or_not_at_all(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(db: Database, source_id: str, editions: set[int]) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(readings, "renew_quotes_in", dies)
    with pytest.raises(RuntimeError):
        listed(db, "2025-06-02")
    assert db.table("listings").count == 0


def test_a_phrase_of_any_column_is_looked_up(db: Database) -> None:
    law(db, "2025-06-01", DETAINERS)
    rows = [
        replace(
            listing(PLACE, "The “sanctuary” rule", criteria=("“48 hours”", "and “24 hours”")),
            other_columns={"Remarks": 'said "no"'},
        )
    ]
    load(db, LIST, "2025-06-02T12:00:00Z", reading(rows))
    name_all(db, PLACES)
    assert [(each.position, each.column_name, each.phrase) for each in quotes_of(db)] == [
        (1, "policy", "sanctuary"),
        (2, "criteria", "48 hours"),
        (3, "criteria", "24 hours"),
        (4, "Remarks", "no"),
    ]


def test_a_heading_is_searched_as_the_text_is(db: Database) -> None:
    load(db, LAW, "2025-06-01T10:00:00Z", page(section(body=REPORTS, heading="Sanctuary City")))
    name_all(db, PLACES)
    listed(db, "2025-06-02", "Sanctuary City")
    assert (only(db).result, only(db).found_text) == ("verbatim", "Sanctuary City")


def test_the_whole_time_of_a_list_has_to_be_held_for_a_phrase_to_be_absent(db: Database) -> None:
    law(db, "2025-06-10", REPORTS)
    listed(db, "2025-06-11")
    assert results(db) == ["absent"]
    listed(db, "2025-06-01")
    assert results(db) == ["no_text"]


def test_the_day_of_a_report_is_its_last(db: Database) -> None:
    law(db, "2017-02-03", DETAINERS)
    law(db, "2017-02-04", REPORTS)
    report = replace(claim(SAID), edition=reading([], week=1).edition)
    load(db, REPORT, "2017-03-20T00:00:00Z", report)
    name_all(db, PLACES)
    assert (only(db).result, only(db).claimed_from) == ("verbatim", "2017-02-03")
    law(db, "2017-02-02", REPORTS)
    assert results(db) == ["verbatim"]


def test_what_a_specimen_says_of_itself_stands_with_every_answer_from_it(db: Database) -> None:
    notice = "SPECIMEN, NOT AN OFFICIAL DOCUMENT"
    plain = page(section(body=REPORTS))
    specimen = replace(plain, edition=replace(plain.edition, notice=notice))
    load(db, LAW, "2025-06-01T10:00:00Z", specimen)
    name_all(db, PLACES)
    listed(db, "2025-06-02")
    assert (only(db).result, only(db).notices) == ("absent", (notice,))
    listed(db, "2025-06-03", "each of them")
    assert {quote.notices for quote in quotes_of(db)} == {(notice,)}


def test_a_source_of_which_nothing_is_held_is_named_as_such(db: Database) -> None:
    listed(db, "2025-06-02")
    (searched,) = only(db).searched
    assert (searched.source_id, searched.edition_id, searched.in_force) == (LAW.id, None, "no")


def test_nothing_is_absent_from_a_law_of_which_a_section_is_withheld(db: Database) -> None:
    law(db, "2025-06-01", PURPOSE, REPORTS)
    listed(db, "2025-06-02")
    assert results(db) == ["absent"]
    row = db.execute("SELECT id FROM policy_sections WHERE number = '§ 9-2'").fetchone()
    withhold_row(db, "policy_sections", row[0], ORDER, LATER)
    assert results(db) == ["no_text"]


def test_a_law_that_is_withheld_whole_is_no_text(db: Database) -> None:
    law(db, "2025-06-01", DETAINERS)
    listed(db, "2025-06-02")
    sha256 = db.execute(
        "SELECT document_sha256 FROM captures WHERE source_id = ?", [LAW.id]
    ).fetchone()[0]
    withhold_document(db, sha256, Order("a court said so", "the clerk"), LATER)
    assert (only(db).result, only(db).found_text) == ("no_text", None)
    assert only(db).searched[0].title is None


def test_a_phrase_is_found_between_all_marks_in_all_cells(db: Database) -> None:
    for mark in ("“warrant”", "«warrant»", "‘‘warrant’’", "``warrant''", '"warrant"', "„warrant”"):
        for cells in ({"policy": mark}, {"criteria": (mark,)}, {"other_columns": {"Note": mark}}):
            rows = (replace(listing(), **cells),)
            load(db, LIST, LATER, reading(rows), name=f"{mark}{cells}")
            last = "SELECT phrase FROM quotes WHERE listing_id = (SELECT max(id) FROM listings)"
            assert db.execute(last).fetchall() == [("warrant",)], cells
