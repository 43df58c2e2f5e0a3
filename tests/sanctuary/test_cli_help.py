"""Every command explains itself, and ends in the way it promises."""

from __future__ import annotations

import errno
import sqlite3
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from db.errors import DamagedDatabase
from sanctuary import __version__
from sanctuary.cli import cli, main
from sanctuary.cli.errors import exit_code_of
from sanctuary.errors import SomeoneWrites
from scraper.errors import NotArchived
from tests.sanctuary.commands import Commands

SECTIONS = {
    "Begin": ("init", "demo", "docs", "sources"),
    "Fetch": ("run", "watch", "schedule", "status", "doctor", "notify"),
    "Take in what others kept": ("import", "backfill", "parse"),
    "Look": ("log", "diff", "show", "place", "quotes", "serve"),
    "Decide": ("held", "accept", "reject", "jurisdictions", "replay", "note", "withhold"),
    "Keep, and hand on": (
        *("backup", "restore", "verify", "archive"),
        *("release", "panel", "exhibit", "export"),
    ),
}
COMMANDS = tuple(name for names in SECTIONS.values() for name in names)
AT_80_COLUMNS = 78
"""How wide Click writes its help on such a terminal, the narrowest that is usual."""


def help_of(*words: str) -> str:
    result = CliRunner().invoke(cli, [*words, "--help"], terminal_width=AT_80_COLUMNS)
    assert result.exit_code == 0
    return result.output


def test_the_commands_stand_in_sections_by_what_one_wants_to_do() -> None:
    shown = help_of().partition("--help")[2].split("\n\n")[1:]
    sections = {
        title.removesuffix(":"): tuple(line.split()[0] for line in lines)
        for title, *lines in (part.splitlines() for part in shown)
    }
    assert list(sections.items()) == list(SECTIONS.items())
    assert "Exit codes: 0 done, 1 something failed, 2 usage, 3 something is held" in help_of()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_sentence_an_example_and_help_for_its_options(command: str) -> None:
    text = help_of(command)
    assert "Example" in text
    assert f"\n    sanctuary {command}" in text or f"\n      sanctuary {command}" in text
    found = cli.get_command(click.Context(cli), command)
    assert found is not None
    assert found.name == command
    assert (found.help or "").split("\n")[0].endswith((".", ":"))
    for option in found.params:
        if isinstance(option, click.Option):
            assert option.help, option.name


@pytest.mark.parametrize("words", [(), ("notify",), ("jurisdictions",), ("note",), ("sources",)])
def test_the_line_of_a_command_is_not_cut_on_a_terminal_of_80_columns(
    words: tuple[str, ...],
) -> None:
    _, *lines = help_of(*words).splitlines()
    assert [line for line in lines if line.endswith("...")] == []


def test_the_version_is_that_of_the_distribution() -> None:
    result = CliRunner().invoke(cli, ["--version"])
    assert result.output == f"sanctuary, version {__version__}\n"


@pytest.mark.parametrize(
    "words",
    [
        ("fetch",),
        ("log", "--colour"),
        ("log", "surplus"),
        ("diff",),
        ("diff", "a", "b", "c", "d"),
        ("accept", "#1"),
        ("serve", "--port", "99999"),
        ("log", "--limit", "-1"),
    ],
)
def test_wrong_words_end_with_2_and_one_line(sanctuary: Commands, words: tuple[str, ...]) -> None:
    answer = sanctuary(*words)
    assert answer.code == 2
    assert answer.err.count("\n") == 1
    assert answer.err.startswith(("sanctuary", "cli"))
    assert not sanctuary.data_dir.exists()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SomeoneWrites(Path("data")), "another command is writing to data; wait"),
        (NotArchived("archive/ab", "No space left on device"), "make room or check"),
        (DamagedDatabase(Path("tracker.db"), "it is cut short"), "restore a copy"),
        (sqlite3.OperationalError("database or disk is full"), "database or disk is full; mend"),
        (sqlite3.DatabaseError("database disk image is malformed"), "is malformed; mend that"),
        (PermissionError(13, "Permission denied", "data"), "Permission denied: 'data'"),
        (OSError(errno.ENOSPC, "No space left on device"), "device; make room, then run it"),
        (OSError(errno.ENOSPC, "No space left on device", "a.csv"), "device: a.csv; make room"),
        (KeyboardInterrupt(), "stopped"),
        (click.exceptions.Abort(), "stopped"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_what_a_person_can_mend_ends_with_1_and_one_line(error: BaseException, said: str) -> None:
    code, message = exit_code_of(error)
    assert code == 1
    assert message.startswith("sanctuary: ")
    assert said in message
    assert message.count("\n") == 1


@pytest.mark.parametrize(
    "error", [KeyError("x"), sqlite3.IntegrityError("x"), sqlite3.ProgrammingError("x")]
)
def test_what_is_our_fault_is_shown_whole(error: Exception) -> None:
    with pytest.raises(type(error)):
        exit_code_of(error)


def test_the_exit_code_reaches_the_shell(
    sanctuary: Commands, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["sanctuary", "--data-dir", str(sanctuary.data_dir), "log"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert capsys.readouterr().err.startswith("sanctuary: no history in ")


def test_the_data_directory_may_come_from_the_environment(
    sanctuary: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    monkeypatch.setenv("SANCTUARY_DATA", str(elsewhere))
    result = CliRunner().invoke(cli, ["log"], standalone_mode=False)
    assert str(elsewhere) in str(result.exception)


def test_looking_does_not_load_what_only_fetching_needs(tmp_path: Path) -> None:
    """A command that only looks starts without the web, the parsers and the check of sources."""
    program = "import sys, sanctuary.cli, sanctuary.cli.look; print(*sorted(sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    loaded = set(result.stdout.split())
    web = {"httpx", "bs4", "pydantic", "pdfplumber", "openpyxl", "datasette"}
    assert not loaded & {*web, "fsspec", "distributed"}
