"""``serve`` has the places ready before anybody looks for one, and serves without them.

It lets in no other machine unless told so, and knows where a proxy shows it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from db.connection import is_older
from sanctuary.cli import serve
from sanctuary.gazetteer import CannotResolve
from tests.db.history import new_database
from tests.db.released import put
from tests.sanctuary.commands import Answer, Commands
from tests.site.histories import two_weeks
from tests.site.serving import served


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


Start = Callable[..., tuple[Answer, list[str]]]


@pytest.fixture
def start(sanctuary: Commands, monkeypatch: pytest.MonkeyPatch) -> Start:
    """Return what calls ``serve``, and gives what it said and the words of what it became."""
    new_database(sanctuary.data_dir).close()
    monkeypatch.setattr(serve, "load_places", made)

    def call(*words: str) -> tuple[Answer, list[str]]:
        became: list[str] = []
        monkeypatch.setattr(os, "execv", lambda program, words: became.extend(words))
        return sanctuary("serve", "--port", "0", *words), became

    return call


def settings(words: list[str]) -> dict[str, str]:
    return {words[at + 1]: words[at + 2] for at, word in enumerate(words) if word == "--setting"}


def test_no_other_machine_is_let_in_unless_told(start: Start) -> None:
    answer, became = start()
    assert became[became.index("--host") + 1] == "127.0.0.1"
    assert (answer.code, answer.err) == (0, "")
    assert start("--host", "::1")[0].err == ""


def test_a_history_of_an_earlier_version_is_served_as_the_settings_say(
    start: Start, sanctuary: Commands
) -> None:
    (sanctuary.data_dir / "tracker.db").unlink()
    put("13", sanctuary.data_dir / "tracker.db")
    answer, became = start()
    assert (answer.code, "serve" in became) == (0, True)
    with sanctuary.looking() as db:
        assert not is_older(db)
    assert list(sanctuary.data_dir.glob("tracker.db.before-*"))


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_who_lets_others_in_is_told_that_there_is_no_login(start: Start, host: str) -> None:
    answer, became = start("--host", host)
    assert became[became.index("--host") + 1] == host
    assert answer.err.startswith(
        f"Other machines can reach {host}, and nobody is asked for a login"
    )
    assert answer.err.count("\n") == 1


def test_an_address_in_six_groups_stands_in_brackets(
    start: Start,
) -> None:
    assert "http://[::1]:" in start("--host", "::1")[0].out


@pytest.mark.parametrize(
    ("said", "taken"),
    [("/", "/"), ("/lists/", "/lists/"), ("lists", "/lists/"), ("/a/b-c", "/a/b-c/")],
)
def test_the_path_behind_a_proxy_has_a_slash_at_both_ends(
    start: Start, said: str, taken: str
) -> None:
    answer, became = start("--base-url", said)
    assert settings(became)["base_url"] == taken
    assert settings(became)["force_https_urls"] == "off"
    assert f"{taken} (Ctrl-C ends)" in answer.out


@pytest.mark.parametrize("said", ["https://zembla.example/lists/", "/a b/", "/a?b", "/a/%2e"])
def test_what_is_no_path_is_a_usage_error(start: Start, said: str) -> None:
    answer, became = start("--base-url", said)
    assert (answer.code, became) == (2, [])
    assert "is no path; write it as /lists/" in answer.err


def test_behind_a_proxy_what_is_read_elsewhere_has_its_path_and_https(
    start: Start, tmp_path: Path
) -> None:
    told = settings(start("--https", "--base-url", "lists")[1])
    behind = {"base_url": told["base_url"], "force_https_urls": told["force_https_urls"] == "on"}
    two_weeks(tmp_path).close()
    with served(tmp_path / "tracker.db", settings=behind) as site:
        for form in ("atom", "json"):
            text = site.get(f"/tracker/-/changes.{form}").text
            assert "https://localhost/lists/tracker/-/" in text
            assert "http://localhost" not in text
        assert 'href="/lists/tracker/-/changes' in site.get("/").text
