"""What holds for every test: no waiting, and a folder of its own for what a machine shares."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from places.kept import FOLDER_VARIABLE
from sanctuary import asking, secrets
from tests.played import PlayedDemo, played_demo
from tests.scraper.hand_time import HandTime

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts what runs in the background deaf to Ctrl-C, and all that this starts in turn.
    signal.signal(signal.SIGINT, signal.default_int_handler)


# How fast a machine is, and what else it does, is no part of any rule.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")


def pytest_xdist_auto_num_workers() -> int:
    """Let three workers share two cores: they often wait for a process or a server of their own."""
    return max(1, 3 * (os.cpu_count() or 1) // 2)


def _shared(factory: pytest.TempPathFactory) -> Path:
    """Return where the workers of one run keep what takes seconds to make; none is of a test."""
    base = factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session", autouse=True)
def _machine_of_the_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Hold it for what is made once for many tests, too, which no fixture of one test reaches."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv(FOLDER_VARIABLE, str(_shared(tmp_path_factory) / "places"))
        patch.setattr(asking, "TIMING", HandTime().timing)
        yield


@pytest.fixture(autouse=True)
def _machine_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(asking, "TIMING", HandTime().timing)
    # What one test reads as a secret is a word like any other in the next.
    monkeypatch.setattr(secrets, "_known", set())


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> PlayedDemo:
    """Play the demo, once for all workers of the run."""
    return played_demo(_shared(tmp_path_factory))
