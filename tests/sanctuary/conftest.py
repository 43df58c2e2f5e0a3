"""A command line over a data directory of its own, for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sanctuary.commands import Commands


@pytest.fixture
def sanctuary(tmp_path: Path) -> Commands:
    return Commands(tmp_path)
