"""What ``schedule print`` writes: it holds in the eyes of those who will read it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from datetime import datetime
from itertools import islice, pairwise
from pathlib import Path

import pytest
import yaml
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


def systemd_files(command: Installed) -> dict[str, str]:
    """Return the parts by the names of the files that they belong into."""
    text = units.systemd(command)
    parts = re.split(r"^# /etc/systemd/system/(\S+)\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@BOTH
@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_systemd_takes_the_units_without_a_word(command: Installed, tmp_path: Path) -> None:
    # It looks whether the program is there.
    program = tmp_path / command.executable.relative_to("/")
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    here = Installed(program, command.data_dir, command.sources_file)
    for name, text in systemd_files(here).items():
        (tmp_path / name).write_text(text)
    found = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *sorted(tmp_path.glob("sanctuary.*"))],
        capture_output=True,
        text=True,
        env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"},
    )
    ours = [line for line in found.stderr.splitlines() if "sanctuary" in line]
    assert (found.returncode, ours) == (0, [])


def unquoted(line: str) -> list[str]:
    """Return the words of a value as systemd reads them, see systemd.syntax(7)."""
    words = re.findall(r'"((?:[^"\\]|\\.)*)"', line)
    # A single percent sign would begin a specifier.
    assert not [word for word in words if "%" in word.replace("%%", "")]
    return [re.sub(r"\\(.)", r"\1", word).replace("%%", "%") for word in words]


@BOTH
def test_systemd_runs_the_command_over_the_folder_and_writes_nowhere_else(
    command: Installed,
) -> None:
    files = systemd_files(command)
    assert set(files) == {"sanctuary.service", "sanctuary.timer"}
    service = dict(re.findall(r"^(\w+)=(.*)$", files["sanctuary.service"], re.MULTILINE))
    # A single dollar sign would begin a variable.
    assert "$" not in service["ExecStart"].replace("$$", "")
    words = [word.replace("$$", "$") for word in unquoted(service["ExecStart"])]
    assert words == [*command.words, "run", "--due"]
    assert unquoted(service["ReadWritePaths"]) == [str(command.data_dir)]
    assert (service["NoNewPrivileges"], service["ProtectSystem"]) == ("yes", "strict")
    assert service["SuccessExitStatus"] == "3"
    assert "Persistent=true" in files["sanctuary.timer"]


def workflow() -> dict[str, object]:
    found = yaml.safe_load(units.github(PLAIN))
    assert isinstance(found, dict)
    return found


def steps() -> dict[str, dict[str, str]]:
    """Return the steps of the job by their names, or by what they use."""
    jobs = workflow()["jobs"]
    assert isinstance(jobs, dict)
    return {step.get("name") or step["uses"].split("@")[0]: step for step in jobs["run"]["steps"]}


def test_the_workflow_answers_to_the_schema_of_workflows(tmp_path: Path) -> None:
    file = tmp_path / "sanctuary.yml"
    file.write_text(units.github(PLAIN))
    found = subprocess.run(
        [
            sys.executable,
            "-m",
            "check_jsonschema",
            "--builtin-schema",
            "vendor.github-workflows",
            file,
        ],
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stdout


def test_the_workflow_has_no_right_that_it_does_not_need() -> None:
    assert workflow()["permissions"] == {}
    jobs = workflow()["jobs"]
    assert isinstance(jobs, dict)
    assert jobs["run"]["permissions"] == {"contents": "write"}
    used = [step["uses"] for step in steps().values() if "uses" in step]
    assert used
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+\.\d+\.\d+", each) for each in used)
    # What comes from outside reaches a script through the environment only.
    assert not [step for step in steps().values() if "${{" in step.get("run", "")]


def test_the_workflow_comes_once_an_hour_but_not_at_the_full_one() -> None:
    text = units.github(PLAIN)
    (line,) = re.findall(r'- cron: "(.*)"', text)
    first, second = islice(CronSim(line, datetime(2026, 1, 1)), 2)
    assert (second - first).total_seconds() == 3600
    assert 5 <= first.minute < 55
    assert "60 days" in text
    assert "SANCTUARY_PING" in text


class Repository:
    """A repository on this machine, in which the steps of the workflow are run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.origin = folder / "origin"
        self.git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(self.origin))
        first = self.clone("first")
        self.git(first, "commit", "--quiet", "--allow-empty", "-m", "The project")
        self.git(first, "push", "--quiet", "origin", "HEAD:main")

    def git(self, where: Path, *words: str) -> str:
        return self.shell(where, shlex.join(["git", *words]))

    def shell(self, where: Path, script: str, **variables: str) -> str:
        who = {"GIT_AUTHOR_NAME": "x", "GIT_COMMITTER_NAME": "x", "EMAIL": "x@example.org"}
        found = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", script],
            cwd=where,
            env={**os.environ, **who, "HOME": str(self.folder), **variables},
            capture_output=True,
            text=True,
        )
        assert found.returncode == 0, found.stderr
        return found.stdout

    def clone(self, name: str) -> Path:
        self.git(self.folder, "clone", "--quiet", str(self.origin), name)
        return self.folder / name

    def fetch_history(self, where: Path) -> str:
        """Run the step that fetches the history; return what it says was there before."""
        output = self.folder / "output"
        output.write_text("")
        script = steps()["Fetch the history"]["run"]
        self.shell(where, script, GITHUB_OUTPUT=str(output))
        return output.read_text().strip().partition("=")[2]

    def keep_history(self, where: Path, before: str) -> None:
        self.shell(where, steps()["Keep the history"]["run"], BEFORE=before)

    def history(self) -> list[str]:
        return self.git(self.origin, "ls-tree", "-r", "--name-only", "history").split()


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def a_run(where: Path, name: str) -> None:
    """Leave in the data directory what a run leaves there."""
    (where / "data" / "archive" / "ab").mkdir(parents=True, exist_ok=True)
    (where / "data" / "archive" / "ab" / name).write_text(name)
    (where / "data" / "tracker.db").write_text(name)
    for left in (".lock", ".lock.json", "tracker.db-shm"):
        (where / "data" / left).write_text("")


def test_the_workflow_keeps_the_history_from_run_to_run_in_one_commit(
    repository: Repository,
) -> None:
    for number in (1, 2, 3):
        where = repository.clone(f"run{number}")
        before = repository.fetch_history(where)
        assert bool(before) is (number > 1)
        a_run(where, f"document{number}")
        repository.keep_history(where, before)
    assert repository.history() == [
        "archive/ab/document1",
        "archive/ab/document2",
        "archive/ab/document3",
        "tracker.db",
    ]
    assert repository.git(repository.origin, "rev-list", "--count", "history") == "1\n"


def test_the_workflow_begins_no_new_history_where_it_cannot_ask_for_the_old(
    repository: Repository,
) -> None:
    where = repository.clone("run")
    repository.origin.rename(repository.folder / "elsewhere")
    with pytest.raises(AssertionError, match="does not appear to be a git repository"):
        repository.fetch_history(where)
    assert not (where / "data").exists()


def test_the_workflow_does_not_overwrite_a_history_that_it_has_not_read(
    repository: Repository,
) -> None:
    late, early = repository.clone("late"), repository.clone("early")
    for where, name in ((late, "old"), (early, "new")):
        assert repository.fetch_history(where) == ""
        a_run(where, name)
    repository.keep_history(early, "")
    with pytest.raises(AssertionError, match="stale info"):
        repository.keep_history(late, "")
    assert repository.history() == ["archive/ab/new", "tracker.db"]


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


@pytest.mark.parametrize("form", ["cron", "systemd", "github"])
def test_printing_needs_no_history_and_makes_none(sanctuary: Commands, form: str) -> None:
    answer = sanctuary("schedule", "print", form)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("# Sanctuary Tracker: ")
    assert not sanctuary.data_dir.exists()
    assert sanctuary("schedule", "print", "launchd").code == 2
