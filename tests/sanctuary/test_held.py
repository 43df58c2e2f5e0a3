"""A reading that fails a required check is held until a person decides."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.sanctuary.commands import REVISION_1, REVISION_2, Commands, list_page

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
    assert "the list went from 4 rows to 1" in answer.err
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
        "sanctuary: #77: no such reading; `sanctuary held` lists those that wait\n"
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


def test_a_held_reading_is_shown_with_its_reasons_and_what_it_would_change(held: Commands) -> None:
    listed = held("held")
    assert listed.out.startswith("#2 specimen-list one.html held: 1 row was read where at least")
    shown = held("held", "#2")
    assert shown.code == 0
    assert "holds it: the list went from 4 rows to 1, a loss of more than 50%" in shown.out
    assert "meanwhile the edition first seen 2025-06-01 00:00 UTC (#1) stays current" in shown.out
    assert "the edition that this one makes would follow it: 3 removed" in shown.out
    assert "- removed B, Zembla (Rule)" in shown.out
    assert "sanctuary accept '#2' --reason …, or sanctuary reject …" in shown.out


def test_a_reading_that_never_waited_is_not_shown_as_if_it_did(held: Commands) -> None:
    answer = held("held", "#1")
    assert (answer.code, answer.out) == (1, "")
    assert "#1: this reading never waited; `sanctuary held` lists those that do" in answer.err


def test_it_is_shown_by_the_start_of_its_hash_and_for_machines(
    held: Commands, tmp_path: Path
) -> None:
    sha256 = hashlib.sha256((tmp_path / "one.html").read_bytes()).hexdigest()
    data = held("held", sha256[:10], "--json").data()
    assert data["difference"]["counts"]["removed"] == 3
    assert data["failed"][0]["required"] is True
    assert data["edition_before"] == "2025-06-01T00:00:00Z"
    assert [each["id"] for each in held("held", "--json").data()] == [2]


def test_the_first_document_of_a_source_is_held_with_nothing_to_compare(
    sanctuary: Commands, tmp_path: Path
) -> None:
    (tmp_path / "one.html").write_bytes(list_page(*FOUR[:1]))
    sanctuary("import", tmp_path / "one.html", "--source", "specimen-list")
    assert "no edition shows it; there is no edition to compare it with" in (
        sanctuary("held", "#1").out
    )
    assert sanctuary("held", "#1", "--json").data()["difference"] is None


def test_an_unreadable_document_is_shown_with_what_stopped_the_parser(
    sanctuary: Commands, tmp_path: Path
) -> None:
    (tmp_path / "none.html").write_bytes(b"<!doctype html><p>No list today.</p>")
    sanctuary("import", tmp_path / "none.html", "--source", "specimen-list")
    shown = sanctuary("held", "#1").out
    assert "problem: " in shown
    assert "once that is settled: sanctuary reject '#1' --reason …" in shown


@pytest.mark.parametrize("level", ["full", "counts"])
def test_rows_about_individuals_are_shown_as_far_as_the_setting_lets_them(
    sanctuary: Commands, level: str
) -> None:
    text = sanctuary.sources_file.read_text()
    settings = f"settings:\n  individual_rows: {level}\n"
    sanctuary.sources_file.write_text(text.replace("settings:\n", settings))
    for file, day in ((REVISION_1, "2017-03-20"), (REVISION_2, "2017-03-29")):
        sanctuary("import", file, "--source", "specimen-freedonia", "--captured-at", day)
    with sqlite3.connect(sanctuary.data_dir / "tracker.db") as connection:
        connection.execute("DELETE FROM sightings WHERE reading_id = 2")
        connection.execute("UPDATE readings SET status = 'held' WHERE id = 2")
    connection.close()
    section = sanctuary("held", "#2").out.split("Section II:")[1].split("\n\n")[0]
    assert ("none differs" in section) is (level == "full")
    assert ("shown as their number only" in section) is (level == "counts")


def test_what_was_decided_is_said_with_whom_and_when(held: Commands) -> None:
    held("accept", "#2", "--by", "vera", "--reason", "three were taken off")
    for command in ("accept", "reject"):
        again = held(command, "#2", "--reason", "once more")
        assert again.code == 1
        assert "#2: vera accepted this reading on 20" in again.err
        assert "three were taken off" in again.err
    assert "accepted by vera on 20" in held("held", "#2").out


def test_a_decision_tells_what_it_does(held: Commands) -> None:
    answer = held("accept", "#2", "--reason", "three were taken off")
    assert answer.out == (
        "accepted #2 of specimen-list: the edition first seen 2025-06-02 00:00 UTC (#2) is in the "
        "history now; the edition first seen 2025-06-01 00:00 UTC (#1) stays as it was\n"
        "3 changes are new and 0 told no more; `sanctuary log --source specimen-list` shows them\n"
    )


def test_a_rejection_tells_what_stays(held: Commands) -> None:
    answer = held("reject", "#2", "--reason", "a test page")
    assert answer.out == (
        "rejected #2 of specimen-list: it stays stored and no edition shows it; the edition first "
        "seen 2025-06-01 00:00 UTC (#1) stays current\n"
    )
    assert held("held").out == "Nothing waits for a decision.\n"
