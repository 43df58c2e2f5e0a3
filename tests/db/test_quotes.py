"""What a list quotes is looked up in the law that is held: what was found where, and no more."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from db.names import all_names, name_anew
from db.quotes import Quote, quotes_of
from db.sources import save_source
from db.withholding import Order, withhold_document, withhold_row
from parsers.records import Reading
from tests.db.history import LIST, REPORT, listing, load, new_database, reading
from tests.db.naming import name_all
from tests.db.policies import DETAINERS, PURPOSE, REPORTS, page, policy, section

PLACE = "Onhava, Zembla"
LAW = replace(
    LIST,
    id="onhava-law",
    title="Code of Onhava",
    jurisdiction=PLACE,
    max_gap_seconds=10 * 24 * 3600,
)
PLACES = {PLACE: "zz/city/onhava", "Onhava County, Zembla": "zz/county/onhava"}
ORDER = Order("a court said so", "the clerk")
LATER = "2026-02-01T00:00:00Z"
SAID = "more than 48 hours"


@pytest.fixture
def db(tmp_path: Path) -> Database:
    db = new_database(tmp_path)
    save_source(db, LAW)
    return db


def law(db: Database, day: str, *bodies: str) -> None:
    sections = [section(f"§ 9-{n}", body, position=n) for n, body in enumerate(bodies, start=1)]
    load(db, LAW, f"{day}T10:00:00Z", page(*sections))
    name_all(db, PLACES)


def claim(phrase: str, place: str = PLACE) -> Reading:
    return reading([listing(place, criteria=(f"Will hold “{phrase}”.",))])


def listed(db: Database, day: str, phrase: str = SAID, place: str = PLACE) -> None:
    load(db, LIST, f"{day}T12:00:00Z", claim(phrase, place))
    name_all(db, PLACES)


def only(db: Database) -> Quote:
    (quote,) = quotes_of(db)
    return quote


def test_words_that_stand_in_the_law_of_that_time_are_found_verbatim(db: Database) -> None:
    law(db, "2025-06-01", PURPOSE, DETAINERS)
    law(db, "2025-06-08", PURPOSE, DETAINERS)
    listed(db, "2025-06-05")
    quote = only(db)
    assert (quote.result, quote.score, quote.found_text) == ("verbatim", 100.0, SAID)
    assert (quote.number, quote.policy_source_id, quote.differences) == ("§ 9-2", LAW.id, ())


def test_words_of_which_one_differs_are_near_and_the_difference_is_said(db: Database) -> None:
    law(db, "2025-06-01", DETAINERS)
    listed(db, "2025-06-02", "shall not hold a person on a civil detainer for more than 24 hours")
    quote = only(db)
    assert quote.result == "near"
    assert quote.differences == (("24", "48"),)


def test_words_of_another_version_are_not_in_the_one_that_was_in_force(db: Database) -> None:
    law(db, "2025-06-01", DETAINERS)
    law(db, "2025-06-05", REPORTS)
    law(db, "2025-06-12", REPORTS)
    listed(db, "2025-06-10")
    quote = only(db)
    assert (quote.result, quote.found_text) == ("other_version", SAID)
    assert quote.policy_public_from == "2025-06-01T10:00:00Z"
    assert [each.in_force for each in quote.searched] == ["no", "yes"]


def test_what_stands_in_no_held_version_is_absent_only_where_that_of_the_time_is_held(
    db: Database,
) -> None:
    law(db, "2025-06-01", REPORTS)
    listed(db, "2025-06-02")
    assert only(db).result == "absent"


def test_a_text_of_today_says_nothing_of_a_claim_of_2017(db: Database) -> None:
    law(db, "2025-06-01", REPORTS)
    report = replace(claim(SAID), edition=reading([], week=1).edition)
    load(db, REPORT, "2017-03-20T00:00:00Z", report)
    name_all(db, PLACES)
    quote = only(db)
    assert (quote.result, quote.claimed_until) == ("no_text", "2017-02-03")
    assert [each.in_force for each in quote.searched] == ["no"]


def test_between_two_captures_that_are_too_far_apart_no_text_is_held(db: Database) -> None:
    law(db, "2025-06-01", REPORTS)
    listed(db, "2025-07-01")
    assert only(db).result == "no_text"
    law(db, "2025-07-20", REPORTS)
    assert only(db).result == "no_text"


def test_where_one_of_two_versions_held_only_what_both_say_was_said(db: Database) -> None:
    law(db, "2025-06-01", DETAINERS)
    law(db, "2025-06-05", REPORTS)
    listed(db, "2025-06-03")
    assert only(db).result == "other_version"
    assert [each.in_force for each in only(db).searched] == ["perhaps", "perhaps"]


def test_a_place_of_another_name_is_another_place(db: Database) -> None:
    law(db, "2025-06-01", DETAINERS)
    listed(db, "2025-06-02", place="Onhava County, Zembla")
    quote = only(db)
    assert (quote.result, quote.searched) == ("no_text", ())


def test_names_are_equal_but_for_case_and_white_space(db: Database) -> None:
    law(db, "2025-06-01", DETAINERS)
    listed(db, "2025-06-02", place="ONHAVA,  Zembla")
    assert only(db).result == "verbatim"
    assert len(quotes_of(db, jurisdiction="onhava, zembla")) == 1
    assert quotes_of(db, jurisdiction="Onhava") == []


def test_what_was_searched_says_which_kinds_of_instruments(db: Database) -> None:
    order = replace(LAW, id="onhava-order", title="Order of the Mayor of Onhava")
    save_source(db, order)
    law(db, "2025-06-01", REPORTS)
    of = policy(title="Order 7", instrument_type="executive order", host_id="7")
    load(db, order, "2025-06-01T11:00:00Z", page(section("1", DETAINERS), of=of))
    name_all(db, PLACES)
    listed(db, "2025-06-02")
    quote = only(db)
    assert (quote.result, quote.policy_source_id) == ("verbatim", order.id)
    assert [(each.instrument_type, each.found) for each in quote.searched] == [
        ("code", None),
        ("executive order", "verbatim"),
    ]


def test_a_place_that_an_operator_writes_otherwise_counts_at_once(db: Database) -> None:
    save_source(db, replace(LAW, jurisdiction=None))
    law(db, "2025-06-01", DETAINERS)
    listed(db, "2025-06-02")
    assert only(db).result == "no_text"
    save_source(db, LAW)
    name_all(db, PLACES)
    assert only(db).result == "verbatim"
    save_source(db, replace(LAW, jurisdiction=None))
    assert only(db).result == "no_text"


def test_the_town_is_never_the_city_of_its_name(db: Database) -> None:
    """What is printed alike is kept apart by what it was taken for."""
    law(db, "2025-06-01", DETAINERS)
    load(db, LIST, "2025-06-02T12:00:00Z", claim(SAID, "Town of Onhava, Zembla"))
    name_all(db, {**PLACES, "Town of Onhava, Zembla": "zz/town/onhava"})
    assert (only(db).result, only(db).searched) == ("no_text", ())


def test_a_place_that_is_taken_for_another_one_leaves_no_quote_of_the_old(db: Database) -> None:
    law(db, "2025-06-01", DETAINERS)
    listed(db, "2025-06-02")
    assert only(db).result == "verbatim"
    for source_id in (LIST.id, LAW.id):
        for each in all_names(db):
            if each.noted.source_id == source_id:
                name_anew(db, [each.noted.id])
        name_all(db, {PLACE: f"zz/town/{source_id}"})
        assert (only(db).result, only(db).searched) == ("no_text", ())


def test_each_edition_of_a_list_has_an_answer_of_its_time(db: Database) -> None:
    law(db, "2025-06-01", DETAINERS)
    listed(db, "2025-06-02")
    law(db, "2025-06-03", DETAINERS)
    law(db, "2025-06-04", REPORTS)
    load(db, LIST, "2025-06-03T12:00:00Z", reading([listing("B, Zembla")]))
    listed(db, "2025-06-05")
    assert {(q.claimed_from[:10], q.result) for q in quotes_of(db)} == {
        ("2025-06-02", "verbatim"),
        ("2025-06-05", "other_version"),
    }


def history(db: Database) -> list[str]:
    """Return all quotes as text, without the ids of rows."""
    found = []
    for row in db.query(
        """SELECT phrase, claimed_from, claimed_until, result, score, found_text, differences,
            searched, versions.public_from, policy_sections.number FROM quotes
        LEFT JOIN policy_sections ON policy_sections.id = policy_section_id
        LEFT JOIN editions AS versions ON versions.id = policy_edition_id"""
    ):
        searched = [{**each, "edition_id": None} for each in json.loads(row.pop("searched"))]
        found.append(json.dumps([row, searched], sort_keys=True))
    return sorted(found)


def test_in_whichever_order_lists_and_laws_come_the_answers_are_the_same(tmp_path: Path) -> None:
    steps: list[Callable[[Database], Any]] = [
        lambda db: law(db, "2025-06-01", PURPOSE, DETAINERS),
        lambda db: law(db, "2025-06-04", PURPOSE, DETAINERS.replace("48", "24")),
        lambda db: law(db, "2025-06-20", PURPOSE),
        lambda db: listed(db, "2025-06-02"),
        lambda db: listed(db, "2025-06-06"),
    ]
    answers = set()
    for number, order in enumerate(permutations(steps)):
        db = new_database(tmp_path / str(number))
        save_source(db, LAW)
        for step in order:
            step(db)
        answers.add("\n".join(history(db)))
        db.close()
    assert len(answers) == 1
    assert "verbatim" in answers.pop()


def test_of_equal_answers_the_same_is_named_in_whichever_order_they_came(
    tmp_path: Path,
) -> None:
    steps: list[Callable[[Database], Any]] = [
        lambda db: law(db, "2025-06-01", PURPOSE, DETAINERS),
        lambda db: law(db, "2025-06-04", REPORTS, DETAINERS, DETAINERS),
        lambda db: listed(db, "2025-06-02"),
        lambda db: listed(db, "2025-06-05"),
    ]
    named = set()
    for number, order in enumerate(permutations(steps)):
        db = new_database(tmp_path / str(number))
        save_source(db, LAW)
        for step in order:
            step(db)
        named.add((only(db).policy_public_from, only(db).number))
        db.close()
    assert named == {("2025-06-04T10:00:00Z", "§ 9-2")}


def test_a_law_that_is_withheld_leaves_nothing_of_itself_in_the_quotes(db: Database) -> None:
    law(db, "2025-06-01", PURPOSE, DETAINERS)
    listed(db, "2025-06-02")
    row = db.execute("SELECT id FROM policy_sections WHERE number = '§ 9-2'").fetchone()
    withhold_row(db, "policy_sections", row[0], ORDER, LATER)
    quote = only(db)
    assert (quote.result, quote.found_text, quote.section_id) == ("no_text", None, None)
    assert [each.whole for each in quote.searched] == [False]


def test_a_list_that_is_withheld_leaves_none_of_its_quotes(db: Database) -> None:
    law(db, "2025-06-01", DETAINERS)
    listed(db, "2025-06-02")
    sha256 = db.execute(
        "SELECT document_sha256 FROM captures WHERE source_id = ?", [LIST.id]
    ).fetchone()[0]
    withhold_document(db, sha256, ORDER, LATER)
    assert quotes_of(db) == []
    assert db.table("quotes").count == 0


def test_the_date_of_a_list_stands_beside_those_of_the_notes(db: Database) -> None:
    load(db, LAW, "2025-06-01T10:00:00Z", page(section(body=DETAINERS)))
    rows = [
        listing(PLACE, "Rule", date="2017-02"),
        listing(PLACE, "Order", date="2016", position=2),
        listing(PLACE, "Practice", date=None, position=3),
    ]
    load(db, LIST, "2025-06-02T12:00:00Z", reading(rows))
    name_all(db, PLACES)
    found = db.execute(
        "SELECT policy, date_enacted, date, kind, law, agrees FROM claim_dates ORDER BY policy"
    ).fetchall()
    note = ("2017-02-01", "added", "Ord. No. 2017-03")
    assert found == [
        ("Order", "2016", *note, "other"),
        ("Practice", None, *note, "not stated"),
        ("Rule", "2017-02", *note, "same"),
    ]


@pytest.mark.parametrize(
    "phrase",
    [
        "Article II",
        "Chapter 9: Peace",
        "§ 9-1 Purpose",
        "by Ord. No. 2017-03",
        "Purpose The City of",
    ],
)
def test_all_that_a_section_prints_is_searched(db: Database, phrase: str) -> None:
    law(db, "2025-06-01", PURPOSE)
    listed(db, "2025-06-02", phrase)
    quote = only(db)
    assert (quote.result, quote.number) == ("verbatim", "§ 9-1")


def test_the_name_of_a_law_stands_in_its_title(db: Database) -> None:
    named = page(section("§ 9-1", PURPOSE), of=policy(title="Open Door Ordinance"))
    load(db, LAW, "2025-06-01T10:00:00Z", named)
    listed(db, "2025-06-02", "Open Door Ordinance")
    quote = only(db)
    assert (quote.result, quote.found_text) == ("verbatim", "Open Door Ordinance")
    assert (quote.section_id, quote.policy_title) == (None, "Open Door Ordinance")
