"""What was read fast stands, is not read again by a run, and is verified by the next replay."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from parsers.records import Problem, Reading
from parsers.registry import Way, parser_named
from sanctuary import readers
from sanctuary.workspace import Workspace
from tests.parsers.golden import FIXTURES
from tests.sanctuary.commands import Commands

SOURCE = "specimen-ddor"
WHOLE = FIXTURES / "ddor-faults" / "whole.pdf"
ODD = FIXTURES / "ddor-faults" / "total-does-not-add-up.pdf"
DIFFERS = FIXTURES / "ddor-faults" / "letters-mapped-to-nothing.pdf"


def read_here(
    name: str, data: bytes, options: Mapping[str, Any], _limits: object, way: Way, *_: object
) -> Reading | Problem:
    return parser_named(name).reader(options, way)(data, options)


@pytest.fixture(autouse=True)
def _no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "read_document", read_here)


def old(sanctuary: Commands, file: Path) -> Commands:
    """Hold a document that an older parser has read."""
    sanctuary("import", file, "--source", SOURCE, "--captured-at", "2017-03-20")
    if sanctuary.rows("SELECT status FROM readings") == [("held",)]:
        sanctuary("accept", "#1", "--reason", "For tests.")
    say_version(sanctuary, "1")
    return sanctuary


def say_version(sanctuary: Commands, version: str) -> None:
    """Let the readings that are held be of another parser version."""
    with Workspace(sanctuary.data_dir).writing() as db:
        db.execute("UPDATE readings SET parser_version = ?", [version])


def never_compared(sanctuary: Commands) -> None:
    """Let the readings that are held be of a parser that had one engine."""
    with Workspace(sanctuary.data_dir).writing() as db:
        db.execute("DELETE FROM checks WHERE name = 'engines_agree'")


def stands(sanctuary: Commands) -> list[str]:
    """Return how the versions end by which the reading that is shown was made."""
    rows = sanctuary.rows(
        "SELECT DISTINCT parser_version FROM readings JOIN sightings ON reading_id = readings.id"
    )
    return [version.rpartition("+")[2] for (version,) in rows]


def test_read_fast_and_accepted_it_stands_until_a_replay_verifies_it(sanctuary: Commands) -> None:
    old(sanctuary, WHOLE)
    assert "1 same" in sanctuary("replay", SOURCE, "--fast", "--accept").out
    assert stands(sanctuary) == ["fast"]
    assert "read every document already" in sanctuary("replay", SOURCE, "--fast").out
    assert "1 same" in sanctuary("replay", SOURCE, "--accept").out
    assert stands(sanctuary) != ["fast"]
    assert "read every document already" in sanctuary("replay", SOURCE).out


def test_what_is_verified_is_never_read_fast(sanctuary: Commands) -> None:
    sanctuary("import", WHOLE, "--source", SOURCE, "--captured-at", "2017-03-20")
    assert "read every document already" in sanctuary("replay", SOURCE, "--fast").out


def test_a_replay_holds_what_it_read_fast_and_the_engines_read_differently(
    sanctuary: Commands,
) -> None:
    old(sanctuary, DIFFERS)
    never_compared(sanctuary)
    assert sanctuary("replay", SOURCE, "--fast", "--accept").code == 0
    shown = "SELECT jurisdiction FROM current_detainer_counts WHERE rank = 2"
    assert sanctuary.rows(shown) == [("Yeslove, Zembla",)]
    verified = sanctuary("replay", SOURCE, "--accept")
    assert verified.code == 3
    assert "1 held" in verified.out
    assert (sanctuary.rows(shown), stands(sanctuary)) == ([("Yeslove, Zembla",)], ["fast"])


@pytest.mark.parametrize("decision", ["none", "accept"])
def test_what_two_engines_read_differently_no_fast_reading_decides(
    sanctuary: Commands, decision: str
) -> None:
    sanctuary("import", DIFFERS, "--source", SOURCE, "--captured-at", "2017-03-20")
    if decision == "accept":
        sanctuary("accept", "#1", "--reason", "For tests.")
    before = stands(sanctuary)
    say_version(sanctuary, "1")
    fast = sanctuary("replay", SOURCE, "--fast", "--accept")
    assert fast.code == 3
    assert "1 held" in fast.out
    assert "two engines read it differently (#1); replay it without --fast" in fast.out
    assert len(stands(sanctuary)) == len(before)
    assert "fast" not in stands(sanctuary)


def test_a_document_held_as_it_was_read_fast_is_not_read_again_by_the_next_import(
    sanctuary: Commands,
) -> None:
    for _ in range(2):
        sanctuary("import", ODD, "--source", SOURCE, "--captured-at", "2017-03-20")
        say_version(sanctuary, parser_named("ddor").version_with({}, Way.FAST))
    assert sanctuary.rows("SELECT status FROM readings") == [("held",)]
