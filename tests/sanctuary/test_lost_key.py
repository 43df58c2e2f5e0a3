"""A key that is not in the environment one day makes no news of what its host gave in steps."""

from __future__ import annotations

import pytest

from tests.sanctuary.commands import Commands
from tests.sanctuary.loopback import Page
from tests.sanctuary.stepping import Host, clock, host, places, publisher, watched

__all__ = ["clock", "host", "publisher", "watched"]

pytestmark = pytest.mark.usefixtures("hostile_parsers")


def test_no_page_is_taken_for_what_came_in_steps_while_there_was_a_key(
    watched: Commands, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = b'<!doctype html><pre>{"places": ["Kalixhavn"]}</pre>'
    host.publisher.pages["/zembla"] = Page(page)
    keys = "  delay: 0s\n  keys: {127.0.0.1: {api-key: ZEMBLA_KEY}}"
    watched.sources_file.write_text(watched.sources_file.read_text().replace("  delay: 0s", keys))
    monkeypatch.setenv("ZEMBLA_KEY", "secret")
    assert watched("run", "zembla-key").out == "zembla-key: 1 new\n"
    held = places(watched)
    monkeypatch.delenv("ZEMBLA_KEY")
    asked = len(host.publisher.asked)
    run = watched("run", "zembla-key")
    assert (run.code, run.out) == (1, "zembla-key: 1 failed\n")
    assert "there is no key for it in the environment" in run.err
    assert places(watched) == held
    assert host.publisher.asked[asked:] == []
    monkeypatch.setenv("ZEMBLA_KEY", "secret")
    assert watched("run", "zembla-key").code == 0
