"""The workflow that ``schedule print`` writes: linters take it, and its steps do what they say."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from datetime import datetime
from itertools import islice
from pathlib import Path

import pytest
import yaml
from cronsim import CronSim

from sanctuary.github_workflow import workflow as workflow_of
from sanctuary.release.datapackage import data_package
from sanctuary.release.described import Described
from sanctuary.release.papers import Package
from tests.sanctuary.test_units import PLAIN

TEXT = workflow_of(PLAIN)
LEFT = (
    ".lock",
    ".lock.json",
    ".notify.lock",
    ".part-x",
    "releases/.part-x/2026-W48/README.md",
    "tracker.db-shm",
    "tracker.db.before-m014_queue",
)
"""What a run leaves in the data directory and no other run needs."""


def workflow() -> dict[str, object]:
    found = yaml.safe_load(TEXT)
    assert isinstance(found, dict)
    return found


def steps() -> dict[str, dict[str, str]]:
    """Return the steps of the job by their names."""
    jobs = workflow()["jobs"]
    assert isinstance(jobs, dict)
    return {step["name"]: step for step in jobs["run"]["steps"]}


def test_the_workflow_answers_to_the_schema_of_workflows(tmp_path: Path) -> None:
    file = tmp_path / "sanctuary.yml"
    file.write_text(TEXT)
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


def zizmor(file: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("zizmor")
    return subprocess.run(
        [program, "--offline", "--quiet", "--pedantic", "--no-config", file],
        capture_output=True,
        text=True,
    )


def test_zizmor_finds_nothing_that_an_attacker_could_use(tmp_path: Path) -> None:
    file = tmp_path / "sanctuary.yml"
    file.write_text(TEXT)
    found = zizmor(file)
    assert found.returncode == 0, found.stdout


def test_zizmor_does_look(tmp_path: Path) -> None:
    file = tmp_path / "sanctuary.yml"
    file.write_text(TEXT.replace("permissions: {}", "permissions: write-all"))
    assert "excessive-permissions" in zizmor(file).stdout


def test_the_workflow_has_no_right_that_it_does_not_need() -> None:
    assert workflow()["permissions"] == {}
    jobs = workflow()["jobs"]
    assert isinstance(jobs, dict)
    assert jobs["run"]["permissions"] == {"contents": "write"}
    # An action is somebody else's program, with the rights of the job.
    assert not [step for step in steps().values() if "uses" in step]
    # What comes from outside reaches a script through the environment only.
    assert not [step for step in steps().values() if "${{" in step.get("run", "")]


def test_the_workflow_comes_once_an_hour_but_not_at_the_full_one() -> None:
    (line,) = re.findall(r'- cron: "(.*)"', TEXT)
    first, second = islice(CronSim(line, datetime(2026, 1, 1)), 2)
    assert (second - first).total_seconds() == 3600
    assert 5 <= first.minute < 55
    assert "60 days" in TEXT
    assert "SANCTUARY_PING" in TEXT


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
    for left in (*LEFT, "withheld/secret", "renders/page"):
        (where / "data" / left).parent.mkdir(parents=True, exist_ok=True)
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


def datapackage_created(moment: str) -> bytes:
    """Return a descriptor that says when its package was made, as ``release`` writes it."""
    package = Package("x", moment, "1", None, (), (), {}, {}, (), "full", ())
    return data_package(package, Described({}), {"changes.csv": (0, "")}, ("csv",))


def a_package(where: Path, week: str) -> None:
    folder = where / "data" / "releases" / week
    (folder / "tables").mkdir(parents=True)
    (folder / "tables" / "listings.csv").write_text("jurisdiction\nZembla\n")
    (folder / "SHA256SUMS").write_text("")
    created = datapackage_created(f"{week[:4]}-11-30T08:00:00Z")
    (folder / "datapackage.json").write_bytes(created)
    folder.with_name(f"{week}.zip").write_text("packed")


def test_the_workflow_publishes_the_package_with_a_page_that_leads_to_its_files(
    repository: Repository,
) -> None:
    for number, week in enumerate(("2026-W47", "2026-W48")):
        where = repository.clone(f"run{number}")
        before = repository.fetch_history(where)
        a_run(where, f"document{number}")
        a_package(where, week)
        repository.keep_history(where, before)
        script = steps()["Publish the data package"]["run"]
        repository.shell(where, script, RUNNER_TEMP=str(repository.folder))
    listed = repository.git(repository.origin, "ls-tree", "-r", "--name-only", "pages").split()
    files = ["SHA256SUMS", "datapackage.json", "tables/listings.csv"]
    assert sorted(listed) == sorted([".nojekyll", "2026-W48.zip", "index.html", *files])
    page = repository.git(repository.origin, "show", "pages:index.html")
    assert "<h1>Data package 2026-W48</h1>" in page
    assert re.findall('href="(.*?)"', page) == ["2026-W48.zip", *files]
    assert repository.git(repository.origin, "rev-list", "--count", "pages") == "1\n"
    assert "releases/2026-W47/SHA256SUMS" in repository.history()


def test_a_package_that_could_not_be_published_is_by_the_next_run(repository: Repository) -> None:
    script = steps()["Publish the data package"]["run"]
    first = repository.clone("first-run")
    before = repository.fetch_history(first)
    a_run(first, "document")
    a_package(first, "2026-W48")
    repository.keep_history(first, before)
    commits = []
    for number in (2, 3):
        where = repository.clone(f"run{number}")
        repository.fetch_history(where)
        repository.shell(where, script, RUNNER_TEMP=str(repository.folder))
        commits.append(repository.git(repository.origin, "log", "--format=%H %cI", "pages"))
    assert commits[0] == commits[1], "the same package is sent once"
    assert " 2026-11-30T08:00:00" in commits[0]


def test_a_publisher_that_does_not_answer_keeps_no_package_from_the_page() -> None:
    for name in ("Make the data package of the week", "Publish the data package"):
        assert steps()[name]["if"] == steps()["Keep the history"]["if"]


def test_the_workflow_publishes_nothing_where_no_package_was_made(repository: Repository) -> None:
    where = repository.clone("run")
    script = steps()["Publish the data package"]["run"]
    for _ in range(2):
        repository.shell(where, script, RUNNER_TEMP=str(repository.folder))
        (where / "data" / "releases" / "by-hand").mkdir(parents=True, exist_ok=True)
    assert "pages" not in repository.git(repository.origin, "branch")


def test_the_workflow_makes_one_package_a_week(repository: Repository) -> None:
    where = repository.clone("run")
    (where / "data").mkdir()
    tools = repository.folder / "tools"
    tools.mkdir()
    program = tools / "sanctuary"
    program.write_text('#!/bin/sh\nmkdir -p "data/releases/$4"; echo "$@"\n')
    program.chmod(0o755)
    known = {"PATH": f"{tools}:{os.environ['PATH']}"}
    script = steps()["Make the data package of the week"]["run"]
    said = repository.shell(where, script, **known)
    assert re.fullmatch(r"--sources sources\.yml release \d{4}-W\d\d\n", said)
    assert repository.shell(where, script, **known) == ""


@pytest.mark.parametrize(("code", "goes_on"), [(0, True), (3, True), (1, False), (2, False)])
def test_what_is_held_for_review_is_no_failure_of_the_workflow(
    tmp_path: Path, code: int, goes_on: bool
) -> None:
    program = tmp_path / "sanctuary"
    program.write_text(f"#!/bin/sh\nexit {code}\n")
    program.chmod(0o755)
    script = steps()["Fetch what is due"]["run"]
    known = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    found = subprocess.run(["bash", "-eo", "pipefail", "-c", script], env=known, check=False)
    assert (found.returncode == 0) is goes_on


def test_what_is_installed_is_locked() -> None:
    script = steps()["Install"]["run"]
    assert "--require-hashes --requirement requirements-run.lock" in script
    assert "--no-deps --no-build-isolation ." in script
