"""What holds for every test: no waiting, and a folder of its own for what a machine shares."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanctuary import asking
from tests.scraper.hand_time import HandTime


@pytest.fixture(autouse=True)
def _machine_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(asking, "TIMING", HandTime().timing)
