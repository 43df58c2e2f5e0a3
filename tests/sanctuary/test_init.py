"""``sanctuary init`` writes what a folder begins with, and never over what is there."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from sanctuary.cli import cli, init
from sanctuary.shipped import shipped
from sanctuary.sources_file import load_sources, sources_in
from sanctuary.starting import folder as starting
from tests.sanctuary.commands import REVISION_1, Answer, Commands


@pytest.fixture
def begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sanctuary: Commands) -> Commands:
    monkeypatch.chdir(tmp_path)
    return sanctuary


def written(answer: Answer) -> list[str]:
    return re.findall(r"^wrote (.+?):", answer.out, re.MULTILINE)


def test_an_empty_folder_gets_all_that_ships_and_is_told_what_comes_next(begin: Commands) -> None:
    answer = begin("init", "watch", "--contact", "desk@zembla.example")
    assert (answer.code, answer.err) == (0, "")
    assert written(answer) == ["watch/sources.yml", "watch/metadata.yml"]
    watched = load_sources(Path("watch/sources.yml"))
    assert watched.sources == load_sources(shipped("sources.yml")).sources
    assert watched.settings.contact == "desk@zembla.example"
    assert re.findall(r"^  (cd \S+|sanctuary \S+)", answer.out, re.MULTILINE) == [
        *("cd watch", "sanctuary run", "sanctuary run", "sanctuary serve", "sanctuary sources")
    ]


def test_only_what_is_named_is_watched(begin: Commands) -> None:
    begin("init", "--only", "ddor-corrections", "--only", "ddor-weekly")
    text = Path("sources.yml").read_text()
    assert [s.id for s in load_sources(Path("sources.yml")).sources] == [
        *("ddor-weekly", "ddor-corrections")
    ]
    assert "never seen" in text, "comments come along"
    assert "-----" not in text


def test_what_does_not_hold_is_not_written(begin: Commands) -> None:
    unknown = begin("init", "watch", "--only", "zembla")
    assert (unknown.code, Path("watch").exists()) == (1, False)
    assert "no source 'zembla' ships; there are " in unknown.err
    alone = begin("init", "watch", "--only", "ddor-corrections")
    assert (alone.code, Path("watch").exists()) == (1, False)
    assert "corrects: there is no source of that id" in alone.err


def test_what_is_there_is_never_replaced(begin: Commands) -> None:
    Path("sources.yml").write_text("mine")
    answer = begin("init")
    assert (answer.code, written(answer)) == (0, ["metadata.yml"])
    assert "kept sources.yml" in answer.out
    refused = begin("init", "--contact", "desk@zembla.example")
    assert (refused.code, Path("sources.yml").read_text()) == (1, "mine")
    assert "put the contact into it by hand" in refused.err


@pytest.mark.parametrize("contact", ["a b", "a\nproxy: http://zembla.example", "désk@zembla"])
def test_a_contact_that_no_header_can_carry_is_refused(begin: Commands, contact: str) -> None:
    answer = begin("init", "--contact", contact)
    assert (answer.code, Path("sources.yml").exists()) == (2, False)


def test_a_contact_stays_a_text_whatever_it_says(begin: Commands) -> None:
    for contact in ("{a:b}", "#desk", "null", "'", "*x"):
        begin("init", f"watch{ord(contact[0])}", "--contact", contact, "--only", "ddor-weekly")
        file = Path(f"watch{ord(contact[0])}/sources.yml")
        assert load_sources(file).settings.contact == contact


def test_without_a_terminal_nothing_is_asked_and_the_lack_is_told(begin: Commands) -> None:
    answer = begin("init", "--only", "ddor-weekly")
    assert load_sources(Path("sources.yml")).settings.contact is None
    assert "no contact is set" in answer.err


@pytest.mark.parametrize(
    ("typed", "contact"),
    [("", "me@zembla.example"), ("-", None), ("desk@zembla.example", "desk@zembla.example")],
)
def test_on_a_terminal_the_contact_is_asked_for_once(
    begin: Commands, monkeypatch: pytest.MonkeyPatch, typed: str, contact: str | None
) -> None:
    monkeypatch.setattr(init, "_can_ask", lambda: True)
    monkeypatch.setattr(init, "_known_to_git", lambda: "me@zembla.example")
    asked = []
    monkeypatch.setattr(
        "click.prompt", lambda _, default: asked.append(default) or typed or default
    )
    begin("init", "--only", "ddor-weekly")
    assert load_sources(Path("sources.yml")).settings.contact == contact
    begin("init")
    assert asked == ["me@zembla.example"], "nothing is asked where the answer would go nowhere"


def test_every_setting_that_is_written_as_a_comment_holds_once_it_is_one() -> None:
    text = starting._SETTINGS.read_text()
    used = re.sub(r"^  #(?=\S)", "  ", text, flags=re.MULTILINE)
    entry = (
        "  - {id: z, title: Z, publisher: Z, address: null, parser: ddor, editions: period, why: Z}"
    )
    settings = sources_in(f"{used}sources:\n{entry}\n", Path("used")).settings
    named = set(yaml.safe_load(used)["settings"])
    assert named - settings.model_fields_set == set()
    assert len(named) > 8


def test_the_site_begins_with_the_titles_that_ship(begin: Commands) -> None:
    begin("init")
    own = yaml.safe_load(Path("metadata.yml").read_text())
    assert own == yaml.safe_load(shipped("metadata.yml").read_text())


def test_a_command_in_the_folder_uses_its_sources_and_its_data(
    begin: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:

    begin("init", "--only", "ddor-weekly")
    result = CliRunner().invoke(cli, ["import", str(REVISION_1), "--source", "ddor-weekly"])
    assert result.exit_code == 0, result.output
    with sqlite3.connect("data/tracker.db") as db:
        assert db.execute("SELECT id FROM sources").fetchall() == [("ddor-weekly",)]
