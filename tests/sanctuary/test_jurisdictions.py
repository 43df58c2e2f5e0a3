"""``sanctuary jurisdictions``: what names mean is listed, explained and decided."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sanctuary.cli import cli, jurisdictions
from sanctuary.decisions_file import load_decisions
from tests.sanctuary.commands import WEEK_1, Commands, list_page

ITHACA = "us/ny/city/ithaca"


@pytest.fixture
def commands(tmp_path: Path) -> Commands:
    commands = Commands(tmp_path)
    file = tmp_path / "list.html"
    file.write_bytes(list_page(("Ithaca, New York", "One"), ("Freedonia, Westmarch", "Two")))
    assert commands("import", file, "--source", "specimen-list").code == 0
    return commands


def file_of(commands: Commands) -> Path:
    return commands.sources_file.parent / "jurisdictions.yml"


def decided(commands: Commands, *words: str) -> str:
    answer = commands("jurisdictions", "decide", *words, "--by", "vera", "--why", "Looked at it.")
    assert answer.code == 0, answer.err
    return answer.out


def listed(commands: Commands, *words: str) -> dict[str, dict[str, Any]]:
    found = commands("jurisdictions", "list", "--json", *words).data()
    return {each["printed"]: each for each in found}


def test_each_name_is_listed_with_what_it_means_by_which_rule_and_why(commands: Commands) -> None:
    answer = commands("jurisdictions", "list")
    assert answer.code == 0
    assert "specimen-list: Ithaca, New York\n  Ithaca (us/ny/city/ithaca)\n  city: " in answer.out
    assert "specimen-list: Freedonia, Westmarch\n  undecided\n" in answer.out
    assert "2 names, 1 undecided" in answer.out


def test_names_are_chosen_by_source_standing_and_rule(commands: Commands) -> None:
    assert set(listed(commands, "--status", "undecided")) == {"Freedonia, Westmarch"}
    assert set(listed(commands, "--status", "resolved")) == {"Ithaca, New York"}
    assert set(listed(commands, "--method", "city")) == {"Ithaca, New York"}
    assert listed(commands, "--source", "specimen-ddor") == {}
    assert listed(commands, "--misspelt") == {}
    assert listed(commands)["Ithaca, New York"]["jurisdiction_id"] == ITHACA


def test_undecided_names_are_counted_in_status(commands: Commands) -> None:
    answer = commands("status")
    assert "1 name undecided" in answer.out
    assert "1 name undecided: `sanctuary jurisdictions review`" in answer.out
    sources = {each["source_id"]: each for each in commands("status", "--json").data()["sources"]}
    assert sources["specimen-list"]["names"] == {"undecided": 1, "misspelt": 0}
    assert sources["specimen-ddor"]["names"] == {"undecided": 0, "misspelt": 0}


def test_a_decision_is_written_to_the_file_and_counts_at_once(commands: Commands) -> None:
    said = decided(commands, "specimen-list", "Freedonia, Westmarch", "none")
    assert "specimen-list: Freedonia, Westmarch: decided" in said
    (entry,) = load_decisions(file_of(commands)).names
    assert (entry.by, entry.jurisdiction) == ("vera", "none")
    name = listed(commands)["Freedonia, Westmarch"]
    assert (name["status"], name["method"]) == ("no place", "decision")
    assert name["reason"].endswith("Looked at it.")
    assert "1 name undecided" not in commands("status").out


def test_a_decision_lapses_when_the_list_prints_another_name(
    commands: Commands, tmp_path: Path
) -> None:
    decided(commands, "specimen-list", "Freedonia, Westmarch", ITHACA)
    file = tmp_path / "corrected.html"
    file.write_bytes(list_page(("Ithaca, New York", "One"), ("Freedonia, WM", "Two")))
    assert commands("import", file, "--source", "specimen-list").code == 0
    name = listed(commands)["Freedonia, Westmarch"]
    assert (name["lapsed"], name["jurisdiction_id"]) == (True, ITHACA)
    assert "lapsed: the source prints it no more" in commands("jurisdictions", "list").out


def test_a_facility_is_decided_with_the_name_beside_it(commands: Commands) -> None:
    assert commands("import", WEEK_1, "--source", "specimen-ddor").code in (0, 3)
    beside, facility = commands.rows(
        "SELECT jurisdiction_printed, printed FROM facilities ORDER BY id LIMIT 1"
    )[0]
    decided(commands, "specimen-ddor", beside, "--facility", facility, "--location", ITHACA)
    assert commands.rows("SELECT location_id, reviewed FROM facilities WHERE reviewed") == [
        (ITHACA, 1)
    ]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("A", "us/ny/city/ithica"), 1, "there is no jurisdiction us/ny/city/ithica"),
        (("A", "Ithaca"), 1, "jurisdiction: allowed: the id of a jurisdiction"),
        (("A",), 2, "name a JURISDICTION by its id, or none"),
        (("A", "--facility", "B"), 2, "a facility has --location or --operator"),
        (("A", ITHACA, "--facility", "B", "--location", ITHACA), 2, "and no JURISDICTION"),
    ],
)
def test_what_is_no_decision_is_said_in_a_line_and_not_written(
    commands: Commands, words: tuple[str, ...], code: int, said: str
) -> None:
    answer = commands("jurisdictions", "decide", "specimen-list", *words, "--why", "x")
    assert (answer.code, answer.err.count("\n")) == (code, 1)
    assert said in answer.err
    assert not file_of(commands).exists()


def test_a_file_that_does_not_hold_stops_a_writer_before_it_writes(
    commands: Commands, tmp_path: Path
) -> None:
    file_of(commands).write_text("- source: specimen-list\n")
    before = commands.dump()
    answer = commands("import", tmp_path / "list.html", "--source", "specimen-list")
    assert answer.code == 1
    assert "jurisdictions.yml: entry 1: printed: it is missing" in answer.err
    assert commands.dump() == before


def test_without_a_terminal_a_review_says_what_to_do(commands: Commands) -> None:
    answer = commands("jurisdictions", "review")
    assert answer.code == 2
    assert "--json lists them, `sanctuary jurisdictions decide` decides one" in answer.err
    (name,) = commands("jurisdictions", "review", "--json").data()
    assert (name["printed"], name["status"]) == ("Freedonia, Westmarch", "undecided")
    assert name["printed_in"][0]["table"] == "listings"
    assert commands("jurisdictions", "review", "--source", "specimen-ddor").out == (
        "No name is undecided.\n"
    )


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jurisdictions, "is_terminal", lambda: True)


def review(commands: Commands, *typed: str, code: int = 0) -> str:
    before = ["--data-dir", str(commands.data_dir), "--sources", str(commands.sources_file)]
    result = CliRunner().invoke(
        cli,
        [*before, "jurisdictions", "review", "--by", "vera"],
        input="".join(f"{line}\n" for line in typed),
    )
    assert result.exit_code == code, result.output
    return result.output


@pytest.mark.usefixtures("terminal")
def test_a_review_shows_where_a_name_stands_and_writes_what_is_decided(commands: Commands) -> None:
    shown = review(commands, "nowhere", "us/ny/city/nowhere", ITHACA, "Looked at it.")
    assert "specimen-list: Freedonia, Westmarch" in shown
    assert "Listed jurisdictions, public on " in shown
    assert shown.count("There is no jurisdiction") == 2
    assert listed(commands)["Freedonia, Westmarch"]["jurisdiction_id"] == ITHACA
    assert review(commands) == "No name is undecided.\n"


@pytest.mark.usefixtures("terminal")
def test_a_name_can_be_skipped_and_a_review_ended(commands: Commands) -> None:
    review(commands, "s")
    review(commands, "q")
    assert not file_of(commands).exists()
    assert set(listed(commands, "--status", "undecided")) == {"Freedonia, Westmarch"}


@pytest.mark.usefixtures("terminal")
def test_what_was_decided_before_a_review_was_stopped_counts(
    commands: Commands, tmp_path: Path
) -> None:
    file = tmp_path / "list.html"
    file.write_bytes(list_page(("Burbank, California", "One"), ("Franklin County", "Two")))
    assert commands("import", file, "--source", "specimen-list").code == 0
    shown = review(commands, "2", "Looked at it.", code=1)
    assert "(us/ca/city/los-angeles/burbank) 34." in shown
    assert "(us/ma/county/franklin)" in shown
    assert "There can be more; name any place by its id." in shown
    assert listed(commands)["Burbank, California"]["status"] == "resolved"


@pytest.mark.usefixtures("terminal")
def test_a_candidate_is_chosen_by_its_number(commands: Commands, tmp_path: Path) -> None:
    file = tmp_path / "list.html"
    file.write_bytes(list_page(("Washington", "One"), ("Ithaca, New York", "Two")))
    assert commands("import", file, "--source", "specimen-list").code == 0
    (name,) = commands("jurisdictions", "review", "--json").data()
    if name["candidates"]:
        review(commands, "1", "Looked at it.")
        assert listed(commands)[name["printed"]]["jurisdiction_id"] == name["candidates"][0]


def test_a_place_is_shown_with_what_it_lies_in_and_its_names(commands: Commands) -> None:
    answer = commands("jurisdictions", "show", ITHACA)
    assert answer.code == 0
    assert answer.out.startswith("Ithaca, NY (us/ny/city/ithaca)\n  city; ")
    assert "in Tompkins County (us/ny/county/tompkins)" in answer.out
    assert "specimen-list: Ithaca, New York" in answer.out
    data = commands("jurisdictions", "show", ITHACA, "--json").data()
    assert data["jurisdiction"]["parent_id"] == "us/ny/county/tompkins"
    assert [each["printed"] for each in data["names"]] == ["Ithaca, New York"]
    assert commands("jurisdictions", "show", "us/zz/city/nowhere").code == 2


def test_no_name_can_do_anything_to_a_terminal(commands: Commands, tmp_path: Path) -> None:
    file = tmp_path / "hostile.html"
    file.write_bytes(list_page(("A\x1b[31m, Zembla", "One"), ("B, Zembla", "Two")))
    assert commands("import", file, "--source", "specimen-list").code == 0
    for words in (("list",), ("list", "--json"), ("review", "--json")):
        assert "\x1b" not in commands("jurisdictions", *words).out
    assert json.loads(commands("jurisdictions", "list", "--json").out)
