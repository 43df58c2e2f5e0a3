"""A reading that fails a required check is held until a person decides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.sanctuary.commands import Commands, list_page

FOUR = tuple((f"{name}, Zembla", "Rule") for name in "ABCD")


@pytest.fixture
def held(sanctuary: Commands, tmp_path: Path) -> Commands:
    """A list of four rows, then one of a single row, which is less than half."""
    for name, rows, day in (("four", FOUR, 1), ("one", FOUR[:1], 2)):
        file = tmp_path / f"{name}.html"
        file.write_bytes(list_page(*rows))
        sanctuary("import", file, "--source", "specimen-list", "--captured-at", f"2025-06-0{day}")
    return sanctuary


def standing_of(source_id: str, commands: Commands) -> dict[str, Any]:
    """Return what ``status`` says of one source."""
    found: list[dict[str, Any]] = commands("status", "--json").data()["sources"]
    return next(each for each in found if each["source_id"] == source_id)


def test_a_list_that_lost_half_its_rows_is_held_and_says_why(
    sanctuary: Commands, tmp_path: Path
) -> None:
    for name, rows in (("four", FOUR), ("one", FOUR[:1])):
        (tmp_path / f"{name}.html").write_bytes(list_page(*rows))
    sanctuary(
        "import", tmp_path / "four.html", "--source", "specimen-list", "--captured-at", "2025-06-01"
    )
    answer = sanctuary(
        "import", tmp_path / "one.html", "--source", "specimen-list", "--captured-at", "2025-06-02"
    )
    assert answer.code == 3
    assert answer.out == "specimen-list: 1 held\n"
    assert "one.html: held for review (#2)" in answer.err
    assert "the list went from 4 to 1 rows" in answer.err
    assert "at least 2 are expected" in answer.err


def test_the_last_good_edition_stays_and_status_names_the_held_one(held: Commands) -> None:
    assert held.rows("SELECT count(*) FROM current_listings") == [(4,)]
    status = held("status")
    assert status.code == 0
    assert "held: #2 of specimen-list" in status.out
    standing = standing_of("specimen-list", held)
    assert [reading["id"] for reading in standing["held"]] == [2]


def test_accepting_makes_it_an_edition_with_who_and_why(held: Commands) -> None:
    answer = held("accept", "#2", "--by", "vera", "--reason", "three were taken off")
    assert answer.code == 0
    assert held.rows("SELECT decided_by, decision_reason FROM readings WHERE id = 2") == [
        ("vera", "three were taken off")
    ]
    removed = held("log", "--kind", "removed", "--json").data()
    assert sorted(change["place"] for change in removed) == ["B, Zembla", "C, Zembla", "D, Zembla"]
    assert removed[0]["observed_after"] == "2025-06-01T00:00:00Z"
    assert removed[0]["observed_by"] == "2025-06-02T00:00:00Z"


def test_rejecting_leaves_the_history_as_it_was(held: Commands) -> None:
    assert held("reject", "#2", "--reason", "a test page").code == 0
    assert held.rows("SELECT count(*) FROM editions") == [(1,)]
    assert standing_of("specimen-list", held)["held"] == []


def test_a_decision_needs_a_reason_and_a_held_reading(held: Commands) -> None:
    assert held("accept", "#2").code == 2
    unknown = held("accept", "#77", "--reason", "none")
    assert unknown.code == 1
    assert unknown.err == (
        "sanctuary: #77: no such reading; see `sanctuary status` for the held ones\n"
    )


def test_an_import_tells_of_its_own_document_and_not_of_what_waits(
    held: Commands, tmp_path: Path
) -> None:
    file = tmp_path / "three.html"
    file.write_bytes(list_page(*FOUR[:3]))
    answer = held("import", file, "--source", "specimen-list", "--captured-at", "2025-06-03")
    assert (answer.code, answer.out, answer.err) == (0, "specimen-list: 1 new\n", "")


def test_a_held_document_that_is_given_again_is_still_held(held: Commands, tmp_path: Path) -> None:
    again = held("import", tmp_path / "one.html", "--source", "specimen-list")
    assert again.code == 3
    assert "held for review (#2)" in again.err
