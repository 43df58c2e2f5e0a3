"""What is typed into a search box is no syntax, and what is found stands once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from db import search
from db.errors import UnfitSearch
from db.search import Asked, Part, at_most, mark, marked
from db.search_changes import search_changes
from db.search_places import search_places, states_named
from db.search_rows import RowHit, search_listings, search_policies
from db.search_sections import search_sections
from db.search_terms import LONGEST, MOST_TERMS, Term, fts_of, terms_of
from db.sources import save_source
from parsers.records import Check
from tests.db.history import LIST, REPORT, listing, load, load_gone, new_database, reading
from tests.db.naming import name_all
from tests.db.policies import DETAINERS, page, section
from tests.db.test_replay import read_anew
from tests.site.histories import declined, law, load_laws, report, two_weeks

WORDS = sqlite3.connect(":memory:")
WORDS.execute("CREATE VIRTUAL TABLE words USING fts5 (text)")
FAILED = (Check("enough_rows", required=True, passed=False, message="1 row"),)


def asked(words: str, state: str | None = None, most: int = 20) -> Asked:
    return Asked(terms_of(words), state, most)


def names(hits: tuple[RowHit, ...]) -> list[str]:
    return ["".join(part.text for part in hit.name) for hit in hits]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    found = two_weeks(tmp_path_factory.mktemp("search"))
    load_laws(found)
    yield found
    found.close()


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("Civil detainer", [Term(("Civil",)), Term(("detainer",))]),
        ('"civil  detainer" x', [Term(("civil", "detainer")), Term(("x",))]),
        ('"never closed', [Term(("never", "closed"))]),
        ("detain* a*", [Term(("detain",), is_prefix=True), Term(("a",))]),
        ('"civil det"*', [Term(("civil", "det"), is_prefix=True)]),
        ("287(g) well-being", [Term(("287", "g")), Term(("well", "being"))]),
        ("NEAR(a b) OR -c:d", [Term(("NEAR", "a")), Term(("b",)), Term(("OR",)), Term(("c", "d"))]),
        ("§ * \" ' -", []),
    ],
)
def test_words_phrases_and_prefixes_are_told_apart(typed: str, terms: list[Term]) -> None:
    assert list(terms_of(typed)) == terms


@given(st.text(max_size=60))
def test_whatever_is_typed_is_no_syntax_error(typed: str) -> None:
    try:
        terms = terms_of(typed)
    except UnfitSearch:
        return
    if terms:
        WORDS.execute("SELECT * FROM words WHERE words MATCH ?", [fts_of(terms)]).fetchall()


@pytest.mark.parametrize("typed", ["x" * (LONGEST + 1), " ".join("abcdefghijklmnopq")])
def test_what_is_too_long_is_refused(typed: str) -> None:
    assert len(typed.split()) in (1, MOST_TERMS + 5)
    with pytest.raises(UnfitSearch):
        terms_of(typed)


@given(st.text(), st.text(alphabet="ab \ue000\ue001"))
def test_marks_take_nothing_from_a_text(plain: str, signed: str) -> None:
    parts = mark(plain, terms_of("a b*"))
    assert "".join(part.text for part in parts) == plain
    kept = "".join(part.text for part in marked(signed))
    assert kept == signed.replace("\ue000", "").replace("\ue001", "")


def test_a_listing_in_several_editions_is_found_once(db: Database) -> None:
    (hit,) = search_listings(db, asked("yewslip")).shown
    assert hit.source_id == "zembla-report"
    assert (hit.seen.first_seen, hit.seen.standing) == ("2017-03-20T10:00:00Z", "newest")
    assert hit.is_last_wording
    assert Part("Yewslip", found=True) in hit.name


def test_words_that_a_listing_has_no_longer_are_said_to_be_old(db: Database) -> None:
    (hit,) = search_listings(db, asked('kinbote "48 hours"')).shown
    assert hit.seen.standing == "newest"
    assert not hit.is_last_wording
    assert "".join(part.text for part in hit.text) == "Within 48 hours."


def test_a_listing_that_is_on_no_newer_edition_is_gone(db: Database) -> None:
    (hit,) = search_listings(db, asked('"Onhava Order"')).shown
    assert hit.seen.standing == "gone"


def test_a_list_that_was_taken_down_is_said_to_be(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    load(db, LIST, "2025-06-01T10:00:00Z", reading([listing()]), address="http://127.0.0.1/list")
    for day in ("02", "03"):
        load_gone(db, LIST, f"2025-06-{day}T10:00:00Z", "http://127.0.0.1/list")
    (hit,) = search_listings(db, asked("kinbote")).shown
    assert hit.seen.standing == "withdrawn"
    db.close()


def test_what_waits_for_review_is_not_found(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    load(db, LIST, "2025-06-01T10:00:00Z", reading([listing()], checks=FAILED))
    assert db.execute("SELECT count(*) FROM listings_fts").fetchone() == (1,)
    assert not search_listings(db, asked("kinbote")).shown
    db.close()


def test_what_a_better_reading_replaced_is_not_found(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    load(db, LIST, "2025-06-01T10:00:00Z", reading([listing("Onhova, Zembla")]), name="one")
    read_anew(db, LIST, {"one": reading([listing("Onhava, Zembla")])})
    assert not search_listings(db, asked("onhova")).shown
    assert names(search_listings(db, asked("onhava")).shown) == ["Onhava, Zembla"]
    db.close()


def test_a_text_is_found_once_for_every_policy_that_has_it(db: Database) -> None:
    hits = search_sections(db, asked('"civil detainer" solely')).shown
    assert sorted(hit.source_id for hit in hits) == ["aros-law", "glitterntin-law", "yaruga-law"]
    assert {hit.place_in_newest for hit in hits} == {1}
    assert {hit.number for hit in hits} == {"§ 9-1"}


def test_a_section_whose_text_was_replaced_is_in_no_newest_version(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    save_source(db, law("Aros"))
    for day, body in (("01", DETAINERS), ("02", "(Reserved)")):
        load(db, law("Aros"), f"2025-06-{day}T10:00:00Z", page(section(body=body)))
    (hit,) = search_sections(db, asked("warrant")).shown
    assert (hit.seen.standing, hit.place_in_newest) == ("gone", None)
    assert (hit.seen.first_seen, hit.seen.last_seen) == ("2025-06-01T10:00:00Z",) * 2
    db.close()


def test_policies_are_found_by_title_and_citation(db: Database) -> None:
    hits = search_policies(db, asked("detainers chapter")).shown
    assert names(hits) == ["Article II: Detainers"] * 3


def test_changes_are_found_by_their_place(db: Database) -> None:
    hits = search_changes(db, asked("odevalla")).shown
    assert [(hit.change.kind, hit.change.place) for hit in hits] == [("added", "Odevalla, Zembla")]


def test_changes_among_rows_about_individuals_are_left_out(db: Database) -> None:
    told = db.execute(
        "SELECT count(*) FROM changes WHERE table_name = 'declined_detainers'"
    ).fetchone()
    assert told[0]
    found = search_changes(db, asked('"2017-01-28..2017-02-03"')).shown
    assert {hit.change.table_name for hit in found} == {None}


def test_places_are_found_by_printed_names_and_the_one_that_is_meant_comes_first(
    tmp_path: Path,
) -> None:
    db = new_database(tmp_path)
    printed = ("Onhava City", "Onhava", "Aros by Onhava", "X")
    rows = [listing(name, position=number) for number, name in enumerate(printed)]
    load(db, LIST, "2025-06-01T10:00:00Z", reading(rows))
    known = {"Onhava City": "onhava-on-sea", "Onhava": "onhava", "Aros by Onhava": "aros"}
    name_all(db, {name: f"zz/city/{place}" for name, place in known.items()})
    found = search_places(db, asked("onhav*")).shown
    places = [(hit.jurisdiction_id or "").removeprefix("zz/city/") for hit in found]
    assert places == ["onhava", "onhava-on-sea", "aros"]
    (unresolved,) = search_places(db, asked("x")).shown
    assert unresolved.jurisdiction_id is None
    assert not search_places(db, asked("nhava")).shown
    assert states_named(db) == [("ZZ", "ZZ")]
    db.close()


def test_a_name_that_rows_about_individuals_alone_print_is_not_found(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    load(db, REPORT, "2017-03-20T10:00:00Z", report(1, (declined(1, ("ARSON", None)),)))
    assert db.execute("SELECT printed FROM jurisdiction_names").fetchall()
    assert not search_places(db, asked("kinbote")).shown
    db.close()


def test_a_state_keeps_what_belongs_to_its_places(db: Database) -> None:
    assert search_listings(db, asked("yewslip", "ZZ")).shown
    assert not search_listings(db, asked("yewslip", "YY")).shown
    assert not search_listings(db, asked("odevalla", "ZZ")).shown
    assert {hit.source_id for hit in search_sections(db, asked("solely", "ZZ")).shown} == {
        "aros-law"
    }
    assert not search_changes(db, asked("odevalla", "ZZ")).shown
    assert not search_places(db, asked("aros", "YY")).shown


def test_no_more_are_shown_than_asked_for_and_it_is_said(db: Database) -> None:
    some = search_listings(db, asked("zembla", most=2))
    assert (len(some.shown), some.more, some.ranked) == (2, True, True)
    every = search_listings(db, asked("zembla"))
    assert (len(every.shown), every.more) == (4, False)


def test_where_too_many_have_the_words_the_newest_are_shown(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_RANKED", 2)
    found = search_listings(db, asked("zembla"))
    assert (found.more, found.ranked) == (True, False)
    last = db.execute("SELECT max(id) FROM listings").fetchone()[0]
    assert (
        found.shown[0].row.position
        == (db.execute("SELECT position FROM listings WHERE id = ?", [last]).fetchone()[0])
    )


def test_a_search_that_takes_too_long_is_ended(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_STEPS", 1)
    with pytest.raises(UnfitSearch, match="too long"), at_most(db, -1):
        search_listings(db, asked("zembla"))
    assert search_listings(db, asked("zembla")).shown
