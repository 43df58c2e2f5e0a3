"""``serve`` has the places ready before anybody looks for one, and serves without them."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from sanctuary.cli import serve
from sanctuary.gazetteer import CannotResolve
from tests.db.history import new_database
from tests.sanctuary.commands import Commands


def made() -> None:
    """Stand for places that could be made."""


def failed() -> None:
    """Stand for data packages that are broken."""
    raise CannotResolve("broken")


@pytest.mark.parametrize("load", [made, failed])
def test_the_places_are_made_before_datasette_starts(
    sanctuary: Commands, monkeypatch: pytest.MonkeyPatch, load: Callable[[], None]
) -> None:
    new_database(sanctuary.data_dir).close()
    done: list[str] = []

    def load_places() -> None:
        done.append("places")
        load()

    monkeypatch.setattr(serve, "load_places", load_places)
    monkeypatch.setattr(os, "execv", lambda program, words: done.append(words[4]))
    serve.serve_database(sanctuary.data_dir / "tracker.db", "127.0.0.1", 8001)
    assert done == ["places", "serve"]
