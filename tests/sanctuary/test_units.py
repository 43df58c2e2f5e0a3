"""What ``schedule print`` writes: it holds in the eyes of those who will read it."""

from __future__ import annotations

import shlex
import subprocess
import sys
from datetime import datetime
from itertools import islice, pairwise
from pathlib import Path

import pytest
from cronsim import CronSim

from sanctuary import units
from sanctuary.units import Installed
from tests.sanctuary.commands import Commands

PLAIN = Installed(
    Path("/opt/sanctuary/bin/sanctuary"), Path("/srv/sanctuary"), Path("/srv/sources.yml")
)
ODD = Installed(
    Path("/opt/my tools/sanctuary"),
    Path("/srv/100% \"safe\" $HOME 'x' \\ y"),
    Path("/srv/a b/sources;.yml"),
)
BOTH = pytest.mark.parametrize("command", [PLAIN, ODD], ids=["plain", "odd"])
START = "import sys; from sanctuary.cli import main; sys.argv[0] = 'sanctuary'; main()"


def cron_lines(command: Installed) -> list[tuple[str, str]]:
    """Return schedule and command of each line, as cron reads them."""
    found = []
    for line in units.cron(command).splitlines():
        if line and not line.startswith("#"):
            *fields, rest = line.split(None, 5)
            # An unescaped percent sign would end the command, crontab(5).
            assert "%" not in rest.replace(r"\%", "")
            found.append((" ".join(fields), rest.replace(r"\%", "%")))
    return found


@BOTH
def test_cron_runs_what_is_due_often_and_checks_each_day(command: Installed) -> None:
    often, daily = cron_lines(command)
    assert shlex.split(often[1]) == [*command.words, "run", "--due", ">/dev/null"]
    assert shlex.split(daily[1]) == [*command.words, "status", "--check"]
    firings = list(islice(CronSim(often[0], datetime(2026, 1, 1)), 4))
    assert {(b - a).total_seconds() for a, b in pairwise(firings)} == {300}
    firings = list(islice(CronSim(daily[0], datetime(2026, 1, 1)), 4))
    assert {(b - a).total_seconds() for a, b in pairwise(firings)} == {86_400}
    assert firings[0].minute != 0


def test_cron_says_how_to_be_told_by_mail() -> None:
    assert "\n#MAILTO=" in units.cron(PLAIN)


def test_what_is_printed_names_this_installation_with_absolute_paths(
    sanctuary: Commands, tmp_path: Path
) -> None:
    (tmp_path / "sources.yml").write_text(sanctuary.sources_file.read_text())
    found = subprocess.run(
        [sys.executable, "-P", "-c", START, "--data-dir", "my data", "schedule", "print", "cron"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    (line,) = [line for line in found.stdout.splitlines() if "run --due" in line]
    words = shlex.split(line.split(None, 5)[5])
    assert words[1:5] == [
        "--data-dir",
        str(tmp_path / "my data"),
        "--sources",
        str(tmp_path / "sources.yml"),
    ]
    assert Path(words[0]) == Path(sys.executable).with_name("sanctuary")


@pytest.mark.parametrize("form", ["cron", "systemd", "systemd-watch", "systemd-site", "github"])
def test_printing_needs_no_history_and_makes_none(sanctuary: Commands, form: str) -> None:
    answer = sanctuary("schedule", "print", form)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("# Sanctuary Tracker: ")
    assert not sanctuary.data_dir.exists()
    assert sanctuary("schedule", "print", "launchd").code == 2
