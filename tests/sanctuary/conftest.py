"""A command line over a data directory of its own, for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sanctuary.commands import Commands
from tests.sanctuary.hostile import PARSERS


@pytest.fixture
def sanctuary(tmp_path: Path) -> Commands:
    return Commands(tmp_path)


@pytest.fixture
def hostile_parsers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Install the parsers of the hostile fixtures."""
    monkeypatch.syspath_prepend(PARSERS)
