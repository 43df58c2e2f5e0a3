"""What the settings and a server's wishes come to in a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sanctuary.asking import new_client
from sanctuary.errors import HalfAKey, NoLogin
from sanctuary.sources import Settings
from scraper.client import Client
from scraper.network import Network
from tests.sanctuary.commands import Commands
from tests.sanctuary.loopback import HandClock, Page, Publisher
from tests.sanctuary.test_run import TWO, clock, publisher, watched

__all__ = ["clock", "publisher", "watched"]

LIST = "freedonia-list"


def noting(seen: list[Network]) -> type[Client]:
    """Return a client that only notes in ``seen`` what it is made for."""

    class Noting(Client):
        def __init__(self, network: Network, *_: Any, **__: Any) -> None:
            seen.append(network)

    return Noting


def test_when_a_server_wants_no_request_is_kept_and_the_source_is_not_due_before(
    watched: Commands, publisher: Publisher, clock: HandClock
) -> None:
    clock.now = "2026-11-02T12:00:00Z"  # where the clock of the machine stands in tests
    publisher.pages["/list"] = Page(b"", 503, headers={"Retry-After": "7200"})
    watched("run", LIST)
    assert watched.rows("SELECT retry_after FROM captures") == [("2026-11-02T14:00:00Z",)]
    (standing,) = (
        each for each in watched("status", "--json").data()["sources"] if each["source_id"] == LIST
    )
    assert standing["next_due"] == "2026-11-02T14:00:00Z"


def test_requests_go_through_the_proxy_of_the_settings(
    watched: Commands, publisher: Publisher
) -> None:
    text = watched.sources_file.read_text()
    text = text.replace(f"address: http://{publisher.host}/list", "address: http://list.example/")
    text = text.replace("settings:", f"settings:\n  proxy: http://{publisher.host}")
    watched.sources_file.write_text(text)
    publisher.pages["http://list.example/"] = Page(TWO)
    assert watched("run", LIST).out == f"{LIST}: 1 new\n"
    sql = "SELECT json_extract(transport, '$.intercepted_by') FROM captures"
    assert watched.rows(sql) == [(f"proxy http://{publisher.host}",)]


def test_certificates_and_login_are_those_of_the_settings(
    monkeypatch: pytest.MonkeyPatch, clock: HandClock
) -> None:
    seen: list[Network] = []
    made = noting(seen)
    settings = Settings(
        proxy="http://proxy.example:3128", proxy_login="PROXY_LOGIN", ca_bundle=Path("ours.pem")
    )
    with pytest.raises(NoLogin):
        new_client(settings, clock, made=made)
    monkeypatch.setenv("PROXY_LOGIN", "me:secret")
    new_client(settings, clock, made=made)
    assert (seen[0].proxy_login, seen[0].ca_bundle) == ("me:secret", Path("ours.pem"))


class TestAKey:
    """A key for an API, whose values the environment holds."""

    SETTINGS = Settings(
        keys={
            "api.brackwater.example": {"api-key": "BRACKWATER_KEY", "api-secret": "BRACKWATER_WORD"}
        }
    )

    def test_is_taken_from_the_environment(
        self, clock: HandClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("BRACKWATER_KEY", "k-4711")
        monkeypatch.setenv("BRACKWATER_WORD", "s-0815")
        seen: list[Network] = []
        new_client(self.SETTINGS, clock, made=noting(seen))
        assert seen[0].keys == {
            "api.brackwater.example": {"api-key": "k-4711", "api-secret": "s-0815"}
        }

    @pytest.mark.parametrize("value", [None, ""], ids=["not set", "empty"])
    def test_that_is_not_there_is_none(
        self, clock: HandClock, monkeypatch: pytest.MonkeyPatch, value: str | None
    ) -> None:
        for name in ("BRACKWATER_KEY", "BRACKWATER_WORD"):
            monkeypatch.delenv(name, raising=False)
            if value is not None:
                monkeypatch.setenv(name, value)
        with new_client(self.SETTINGS, clock) as client:
            assert not client.has_key("api.brackwater.example")

    @pytest.mark.parametrize("missing", ["BRACKWATER_KEY", "BRACKWATER_WORD"])
    def test_of_which_a_part_is_missing_is_an_error_that_names_it(
        self, clock: HandClock, monkeypatch: pytest.MonkeyPatch, missing: str
    ) -> None:
        for name in ("BRACKWATER_KEY", "BRACKWATER_WORD"):
            monkeypatch.setenv(name, "k-4711")
        monkeypatch.delenv(missing)
        with pytest.raises(HalfAKey, match=f"api.brackwater.example .* {missing}, ") as error:
            new_client(self.SETTINGS, clock)
        assert "k-4711" not in str(error.value)


@pytest.mark.parametrize("excepted", [False, True])
def test_a_certificate_is_verified_unless_the_source_says_otherwise(
    watched: Commands, monkeypatch: pytest.MonkeyPatch, excepted: bool
) -> None:
    asked: list[bool] = []
    fetch = Client.fetch

    def noted(self: Client, *words: Any, verify_tls: bool, **more: Any) -> Any:
        asked.append(verify_tls)
        return fetch(self, *words, verify_tls=verify_tls, **more)

    monkeypatch.setattr(Client, "fetch", noted)
    if excepted:
        text = watched.sources_file.read_text()
        entry = f"- id: {LIST}\n"
        reason = "    unverified_tls: {reason: Its certificate has expired.}\n"
        watched.sources_file.write_text(text.replace(entry, entry + reason))
    watched("run", LIST)
    assert asked == [not excepted]
