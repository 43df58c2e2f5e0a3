"""Texts that are the same or nearly the same are found, wherever and whenever they came."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from rapidfuzz import fuzz
from sqlite_utils import Database

from db.connection import open_database
from db.migrations import APPLICATION_ID, migrations
from db.pairing import SAME_TEXT
from db.rows import words_sha256
from db.similar import FEWEST_WORDS, KEPT, sketch
from db.storing import store_rows
from db.withholding import Order, withhold_document
from parsers.records.same_text import same_text
from tests.db.history import LIST, load, new_database
from tests.db.policies import page, section

MODEL = (
    "{who} shall not stop, question or arrest a person solely because the person is thought to be "
    "in Zembla without leave, or because a civil detainer was lodged in the person's name.\n"
    "(a) {who} may answer a civil detainer only where a judge has signed a warrant, or where there "
    "is probable cause to believe that the person has entered {place} again after removal."
)
ONHAVA = MODEL.format(who="The Onhava police", place="Zembla")
KINBOTE = MODEL.format(who="The Sheriff of Kinbote", place="the country")
PRINTED_OTHERWISE = ONHAVA.replace("person's", "person’s").replace(" civil", "\ncivil")
OTHER = (
    "Whoever keeps a goose within the walls of Yewslip shall enter it in the book of the clerk of "
    "the market before the first of March, pay the fee that the council sets for the year, and "
    "answer for all that the goose does to gardens, ponds and wells, by day and by night."
)
CLAUSE = (
    "If any provision of this {law} is held invalid, the invalidity does not affect other "
    "provisions that can be given effect without the invalid provision, and to this end the "
    "provisions of this {law} are severable."
)
TEXTS = (ONHAVA, KINBOTE, PRINTED_OTHERWISE, OTHER)
Found = dict[tuple[str, str], float]


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return new_database(tmp_path)


def seen(db: Database, *texts: str) -> None:
    """Load each text as a page of its own, a day after the other."""
    for day, text in enumerate(texts, start=1):
        load(db, LIST, f"2025-06-{day:02}T10:00:00Z", page(section(body=text)))


def found(db: Database) -> Found:
    """Return the scores by the two texts."""
    return {
        (one, other): score
        for one, other, score in db.execute(
            """SELECT one.text, other.text, score FROM similar_texts
            JOIN section_texts AS one ON one.id = text_id
            JOIN section_texts AS other ON other.id = other_text_id"""
        )
    }


def test_a_law_that_another_place_took_over_with_its_own_names_is_found(db: Database) -> None:
    seen(db, ONHAVA, KINBOTE, OTHER)
    score = fuzz.ratio(same_text(ONHAVA), same_text(KINBOTE))
    assert SAME_TEXT <= score < 100
    assert found(db) == {(ONHAVA, KINBOTE): score, (KINBOTE, ONHAVA): score}


def test_the_same_words_printed_otherwise_score_100(db: Database) -> None:
    assert words_sha256(ONHAVA) == words_sha256(PRINTED_OTHERWISE)
    seen(db, ONHAVA, PRINTED_OTHERWISE)
    assert set(found(db).values()) == {100}


def test_words_that_differ_in_case_alone_are_found_and_score_less(db: Database) -> None:
    seen(db, ONHAVA, ONHAVA.upper().replace("ZEMBLA", "Zembla"))
    assert found(db) == {}
    seen(db, KINBOTE, KINBOTE.replace("civil detainer", "Civil Detainer"))
    assert 95 < found(db)[KINBOTE, KINBOTE.replace("civil detainer", "Civil Detainer")] < 100


def test_texts_of_one_page_are_compared_too(db: Database) -> None:
    load(db, LIST, "2025-06-01T10:00:00Z", page(section(body=ONHAVA), section("§ 2", KINBOTE)))
    assert len(found(db)) == 2


def test_clauses_that_every_law_has_are_no_likeness(db: Database) -> None:
    chapter, ordinance = CLAUSE.format(law="chapter"), CLAUSE.format(law="ordinance")
    assert len(chapter.split()) < FEWEST_WORDS
    assert fuzz.ratio(chapter, ordinance) > SAME_TEXT
    seen(db, chapter, ordinance, "(Reserved)", "(Reserved.)")
    assert found(db) == {}


def test_texts_that_only_share_a_turn_of_phrase_are_not_alike(db: Database) -> None:
    seen(db, ONHAVA, f"{OTHER} This holds only where a judge has signed a warrant.")
    assert found(db) == {}


@pytest.mark.parametrize("order", list(permutations(TEXTS)))
def test_the_pairs_do_not_depend_on_the_order_in_which_texts_came(
    tmp_path: Path, order: tuple[str, ...]
) -> None:
    one, other = new_database(tmp_path / "one"), new_database(tmp_path / "other")
    seen(one, *order)
    seen(other, *TEXTS)
    assert found(one) == found(other)
    assert len(found(one)) == 6


def test_texts_that_came_together_or_one_by_one_have_the_same_pairs(tmp_path: Path) -> None:
    one_by_one, together = new_database(tmp_path / "one"), new_database(tmp_path / "other")
    seen(one_by_one, *TEXTS)
    sections = (section(f"§ {number}", text) for number, text in enumerate(TEXTS))
    load(together, LIST, "2025-06-01T10:00:00Z", page(*sections))
    assert found(together) == found(one_by_one)


@pytest.mark.parametrize("together", [True, False])
def test_what_more_texts_share_than_can_be_one_law_pairs_none_of_them(
    db: Database, monkeypatch: pytest.MonkeyPatch, together: bool
) -> None:
    monkeypatch.setattr("db.similar.MOST_SHARING", 3)
    places = ["Onhava", "Kinbote", "Yewslip", "Odevalla"]
    texts = [MODEL.format(who=f"The police of {place}", place=place) for place in places]
    if together:
        load(db, LIST, "2025-06-01T10:00:00Z", page(*(section(f"§ {t}", t) for t in texts)))
    else:
        seen(db, *texts[:3])
        assert len(found(db)) == 6
        load(db, LIST, "2025-06-04T10:00:00Z", page(section(body=texts[3])))
    assert found(db) == {}


def test_a_text_that_is_withheld_leaves_neither_sketch_nor_pair(db: Database) -> None:
    seen(db, KINBOTE)
    stored = load(db, LIST, "2025-06-02T10:00:00Z", page(section(body=ONHAVA)))
    assert len(found(db)) == 2
    withhold_document(db, stored.document_sha256, Order("A court.", "vera"), "2026-02-01T00:00:00Z")
    assert found(db) == {}
    assert db.execute("SELECT count(DISTINCT text_id), count(*) FROM text_shingles").fetchone() == (
        1,
        KEPT,
    )


def test_texts_that_an_earlier_version_stored_are_found(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    fresh = new_database(tmp_path / "fresh")
    seen(fresh, ONHAVA, KINBOTE)
    old = Database(path)
    old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    migrations.apply(old, stop_before="m004_claims_and_law")
    old.table("section_texts").insert_all(
        {"sha256": f"{number:064}", "words_sha256": f"{number:064}", "text": text}
        for number, text in enumerate((ONHAVA, KINBOTE))
    )
    old.conn.commit()
    old.close()
    assert found(open_database(path)) == found(fresh)


def test_a_sketch_is_the_same_on_every_machine_and_in_every_version() -> None:
    assert sketch(same_text(ONHAVA)) == sketch(same_text(PRINTED_OTHERWISE).upper())
    assert sketch(same_text(OTHER))[:3] == [7455267, 64351356, 88780000]


def test_a_sketch_is_short_whatever_the_length_of_the_text() -> None:
    assert len(sketch(" ".join(map(str, range(FEWEST_WORDS))))) == KEPT
    assert len(sketch(" ".join(map(str, range(5_000))))) == KEPT
    assert sketch(" ".join(map(str, range(FEWEST_WORDS - 1)))) == []
    assert len(sketch("word " * 100)) == 1


def test_reading_a_text_again_changes_nothing(db: Database) -> None:
    seen(db, ONHAVA, KINBOTE)
    before = found(db)
    store_rows(db, 1, [section(body=ONHAVA, position=9)])
    assert found(db) == before
