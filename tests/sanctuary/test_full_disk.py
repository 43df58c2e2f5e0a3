"""A disk that is full anywhere costs one line, and the next run ends in the same history."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from db.connection import open_database
from tests.db.history import history
from tests.sanctuary.commands import REVISION_1, Commands
from tests.sanctuary.loopback import Page, Publisher
from tests.sanctuary.test_run import SOURCES
from tests.sanctuary.watching import TWO, index, pdf

LIMITS = [1, 2_000, 20_000, 60_000, 120_000, 200_000, 300_000, 400_000, 500_000]
"""Bytes beyond which no file can grow: before the archive, in the database, in its log, after."""


@pytest.fixture(scope="module")
def publisher() -> Iterator[Publisher]:
    with Publisher() as publisher:
        publisher.pages["/list"] = Page(TWO)
        publisher.pages["/reports/"] = index("one.pdf")
        publisher.pages["/reports/one.pdf"] = pdf(REVISION_1)
        yield publisher


@pytest.fixture(scope="module")
def good(publisher: Publisher, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What is known after a run on a disk that has room."""
    sanctuary = Commands(tmp_path_factory.mktemp("good"), SOURCES.format(host=publisher.host))
    assert run(sanctuary, None).returncode == 0
    return what_is_known(sanctuary)


def run(sanctuary: Commands, limit: int | None) -> subprocess.CompletedProcess[str]:
    """Run what is watched in a process whose files can grow up to ``limit`` bytes."""

    def limited() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(
        [
            *(sys.executable, "-c", "from sanctuary.cli import main; main()"),
            *("--data-dir", str(sanctuary.data_dir), "--sources", str(sanctuary.sources_file)),
            "run",
        ],
        preexec_fn=limited,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def what_is_known(sanctuary: Commands) -> dict[str, Any]:
    """Return the history without when it was seen, which differs from run to run."""
    db = open_database(sanctuary.data_dir / "tracker.db")
    try:
        parts: dict[str, Any] = json.loads(history(db))
    finally:
        db.close()
    return {
        "editions": [[*edition[:5], edition[7]] for edition in parts["editions"]],
        "changes": [[*change[:6], change[8]] for change in parts["changes"]],
    }


@pytest.mark.parametrize("limit", LIMITS)
def test_a_full_disk_is_one_line_and_loses_nothing(
    tmp_path: Path, publisher: Publisher, good: dict[str, Any], limit: int
) -> None:
    full = Commands(tmp_path, SOURCES.format(host=publisher.host))
    first = run(full, limit)
    if first.returncode:
        assert first.returncode == 1
        assert "Traceback" not in first.stderr
        last = first.stderr.splitlines()[-1]
        assert last.startswith("sanctuary: ")
        assert str(full.data_dir) in last or "database" in last
    assert not list(full.data_dir.rglob(".part-*"))
    again = run(full, None)
    assert again.returncode == 0, again.stderr
    assert what_is_known(full) == good
