"""A person puts a document beside a listing, a change or a place, and can take the note back."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.statements import statements_about
from tests.sanctuary.commands import Commands, list_page

SAID = (
    "--kind",
    "dispute",
    "--publisher",
    "Example County, Freedonia",
    "--issued",
    "2025-06-02",
    "--title",
    "We were listed by mistake",
)
TEXT = ("--text", "The county of that name in Erewhon was meant.")


@pytest.fixture
def listed(sanctuary: Commands, tmp_path: Path) -> Commands:
    rows = (("Example County, Freedonia", "A"), ("Sample County", "B"), ("Sample County", "C"))
    for day, page in (("01", list_page(*rows)), ("03", list_page(*rows[:2], ("Mock", "D")))):
        file = tmp_path / f"list-{day}.html"
        file.write_bytes(page)
        answer = sanctuary(
            "import", file, "--source", "specimen-list", "--captured-at", f"2025-06-{day}T10:00"
        )
        assert answer.code == 0, answer.err
    return sanctuary


def test_a_note_on_a_listing_names_its_row_by_the_place_that_the_list_prints(
    listed: Commands,
) -> None:
    answer = listed(
        "note", "add", "example county, Freedonia", "--list", "specimen-list", *SAID, *TEXT
    )
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == "note 1 added: We were listed by mistake\n"
    ((source, key),) = listed.rows("SELECT source_id, row_key FROM notes")
    assert source == "specimen-list"
    assert key.startswith("example county, freedonia|")


def test_a_note_on_a_row_or_a_change_goes_by_its_id(listed: Commands) -> None:
    ((public_id,),) = listed.rows("SELECT public_id FROM changes WHERE kind = 'removed'")
    for about in ("listings:1", public_id):
        assert listed("note", "add", about, *SAID, *TEXT).code == 0
    row, change = listed.rows("SELECT row_key IS NOT NULL, public_id FROM notes ORDER BY id")
    assert (row, change) == ((1, None), (0, public_id))


def test_a_note_on_a_place_knows_what_the_place_lies_in(listed: Commands) -> None:
    answer = listed("note", "add", "Nassau County, NY", *SAID, *TEXT, "--json")
    assert answer.code == 0, answer.err
    assert answer.data()["jurisdiction_id"] == "us/ny/county/nassau"
    kept = {row[0] for row in listed.rows("SELECT id FROM jurisdictions")}
    assert {"us/ny", "us/ny/county/nassau"} <= kept


def test_a_file_is_archived_and_captured_as_the_word_of_a_person(
    listed: Commands, tmp_path: Path
) -> None:
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(b"%PDF- SPECIMEN of a letter")
    assert listed("note", "add", "listings:1", letter, *SAID).code == 0
    ((sha256, role, proof, source, name),) = listed.rows(
        """SELECT notes.document_sha256, role, proof, captures.source_id, file_name FROM notes
        JOIN captures ON captures.document_sha256 = notes.document_sha256
        JOIN documents ON sha256 = notes.document_sha256"""
    )
    assert (role, proof, source, name) == ("note", "person", "notes-of-people", "letter.pdf")
    assert list((listed.data_dir / "archive").rglob(f"{sha256}*"))
    assert listed("verify").code == 0
    assert listed("replay").code == 0
    assert listed.rows("SELECT count(*) FROM readings WHERE source_id = 'notes-of-people'") == [
        (0,)
    ]


def test_a_note_survives_a_replay_and_the_next_edition(listed: Commands, tmp_path: Path) -> None:
    assert listed("note", "add", "listings:1", *SAID, *TEXT).code == 0
    with listed.looking() as db:
        before = statements_about(db, printed="Example County, Freedonia")
    assert len(before) == 1
    assert listed("replay").code == 0
    file = tmp_path / "next.html"
    file.write_bytes(list_page(("Example County, Freedonia", "A"), ("Other", "E")))
    assert listed("import", file, "--source", "specimen-list").code == 0
    with listed.looking() as db:
        assert statements_about(db, printed="Example County, Freedonia") == before


def test_a_note_is_listed_and_stays_listed_after_it_was_taken_back(listed: Commands) -> None:
    listed("note", "add", "listings:1", *SAID, *TEXT, "--by", "A. Clerk")
    assert listed("note", "take-back", 1, "--by", "B. Clerk").code == 0
    (line,) = listed("note", "list").out.splitlines()
    assert "Example County, Freedonia: dispute, “We were listed by mistake”" in line
    assert "put here by A. Clerk; B. Clerk took it back on 20" in line
    assert listed("note", "list", "--json").data()[0]["taken_back_by"] == "B. Clerk"
    with listed.looking() as db:
        assert statements_about(db, source_id="specimen-list") == []


def test_what_a_note_says_drives_no_terminal(listed: Commands) -> None:
    hostile = "x\x1b[2J\n1  2025-06-02  Another note"
    answer = listed("note", "add", "listings:1", *SAID[:-1], hostile, *TEXT)
    assert answer.out.count("\n") == 1
    out = listed("note", "list").out
    assert "\x1b" not in out
    assert out.count("\n") == 1
    assert "\x1b" not in listed("note", "list", "--json").out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("listings:1", *SAID), 2, "give the FILE, its --address, or its --text"),
        (("listings:99", *SAID, *TEXT), 1, "listings has no row of that id"),
        (("declined_detainers:1", *SAID, *TEXT), 1, "is no table of listings or agreements"),
        (("0123456789ab", *SAID, *TEXT), 1, "there is no such change"),
        (("Nowhere at all", *SAID, *TEXT), 1, "name a row by table and id"),
        (("Sample County", "--list", "specimen-list", *SAID, *TEXT), 1, "name a row by table"),
        (("Mock", "--list", "elsewhere", *SAID, *TEXT), 1, "the history knows no list elsewhere"),
        (("listings:1", "--list", "specimen-list", *SAID, *TEXT), 1, "leave out --list"),
        (("listings:1", *SAID, "--address", "javascript:alert(1)"), 2, "is no address like"),
        (("listings:1", *SAID, *TEXT, "--issued", "June"), 2, "is no day like 2017-03-24"),
        (("listings:1", *SAID, *TEXT, "--issued", "2025-13"), 2, "is no day like 2017-03-24"),
        (("listings:1", *SAID, *TEXT, "--issued", "2999-01"), 2, "is in the future"),
        (("listings:1", *SAID, *TEXT, "--title", " "), 2, "need a word"),
        (("listings:1", *SAID, *TEXT, "--kind", "rumour"), 2, "is not one of"),
    ],
)
def test_a_note_that_cannot_stand_is_refused_in_one_line(
    listed: Commands, words: tuple[str, ...], code: int, said: str
) -> None:
    answer = listed("note", "add", *words)
    assert (answer.code, answer.err.count("\n")) == (code, 1), answer.err
    assert said in answer.err
    assert listed.rows("SELECT count(*) FROM notes") == [(0,)]


def test_an_empty_file_is_no_document(listed: Commands, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pdf"
    empty.touch()
    answer = listed("note", "add", "listings:1", empty, *SAID)
    assert (answer.code, answer.err.count("\n")) == (2, 1)
    assert "empty.pdf is empty" in answer.err


def test_only_a_note_that_stands_is_taken_back(listed: Commands) -> None:
    answer = listed("note", "take-back", 7)
    assert (answer.code, answer.err) == (
        1,
        "sanctuary: note 7: there is no such note; `sanctuary note list` has them all\n",
    )
