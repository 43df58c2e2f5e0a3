"""Keys for APIs: who gets them, and that nobody else ever sees them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from scraper.client import Client, Fetched
from scraper.errors import BadNetwork
from scraper.exchange import Ask
from scraper.judge import Kind, Verdict
from scraper.manners import Manners
from scraper.network import Network
from tests.scraper.certificates import server_context, write_certificate
from tests.scraper.conftest import AGENT
from tests.scraper.hand_time import NOW, HandTime
from tests.scraper.http2_server import Http2Server
from tests.scraper.lying_server import OK, LyingServer, answer, redirect

HOST, OTHER = "api.brackwater.example", "www.brackwater.example"
KEY = {"Api-Key": "k-4711", "Api-Secret": "s-0815"}

NewClient = Callable[..., Client]


@pytest.fixture
def api(tmp_path: Path) -> Iterator[LyingServer]:
    """Return the server at ``HOST``."""
    with LyingServer() as api:
        api.tls = server_context(write_certificate(tmp_path, HOST), "http/1.1")
        api.answers["/page"] = OK
        yield api


@pytest.fixture
def other(tmp_path: Path) -> Iterator[LyingServer]:
    """Return the server at ``OTHER``."""
    with LyingServer() as other:
        other.tls = server_context(write_certificate(tmp_path, OTHER), "http/1.1")
        other.answers["/page"] = OK
        yield other


@pytest.fixture
def new_client(
    tmp_path: Path, api: LyingServer, other: LyingServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[NewClient]:
    """Return a function that makes a client with a key, which finds both servers by name."""

    def resolve(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr("scraper.gate.socket.getaddrinfo", resolve)
    bundle = tmp_path / "both.pem"
    bundle.write_text("".join((tmp_path / f"{host}.pem").read_text() for host in (HOST, OTHER)))
    places = [f"{host}:{each.port}" for host in (HOST, OTHER) for each in (api, other)]
    manners = Manners(tmp_path / "shared", delay_seconds=0.0, attempts=1)
    with ExitStack() as clients:

        def make(keys: Mapping[str, Mapping[str, str]], *more: str) -> Client:
            network = Network(AGENT, [*places, *more], ca_bundle=bundle, keys=keys)
            client = Client(network, manners, lambda: NOW, None, HandTime().timing)
            return clients.enter_context(client)

        yield make


@pytest.fixture
def client(new_client: NewClient) -> Client:
    return new_client({HOST: KEY})


def fetch(client: Client, host: str, server: LyingServer, path: str = "/page") -> Fetched:
    return client.fetch(f"https://{host}:{server.port}{path}", Kind.HTML)


def has_key(request: str) -> bool:
    return any(each.lower() in request.lower() for pair in KEY.items() for each in pair)


def test_the_host_gets_its_key(client: Client, api: LyingServer) -> None:
    assert fetch(client, HOST, api).verdict is Verdict.DOCUMENT
    assert "\r\nApi-Key: k-4711\r\nApi-Secret: s-0815\r\n" in api.requests[0]


def test_what_is_recorded_says_that_it_was_sent_and_not_what_it_is(
    client: Client, api: LyingServer
) -> None:
    api.answers["/door"] = redirect("/page")
    fetched = fetch(client, HOST, api, "/door")
    sent = dict(fetched.request_headers)
    assert (sent["Api-Key"], sent["Api-Secret"]) == ("(key)", "(key)")
    assert not any(value in repr(fetched) for value in KEY.values())
    assert not any(value in fetched.transport.to_json() for value in KEY.values())


def test_a_header_that_every_request_has_is_not_told_either(
    new_client: NewClient, api: LyingServer
) -> None:
    fetched = fetch(new_client({HOST: {"accept": "k-4711", "user-agent": AGENT}}), HOST, api)
    assert api.requests[0].lower().count("\r\naccept: ") == 1
    assert [v for n, v in fetched.request_headers if n.lower() == "accept"] == ["(key)"]


def test_another_host_does_not_get_it(client: Client, other: LyingServer) -> None:
    assert fetch(client, OTHER, other).verdict is Verdict.DOCUMENT
    assert not has_key(other.requests[0])


def test_nor_does_a_host_below_or_above_it(new_client: NewClient, other: LyingServer) -> None:
    for host in ("brackwater.example", f"a.{OTHER}"):
        assert fetch(new_client({host: KEY}), OTHER, other).verdict is Verdict.DOCUMENT
    assert not any(has_key(request) for request in other.requests)


def test_nor_does_one_to_which_a_redirect_leads(
    client: Client, api: LyingServer, other: LyingServer
) -> None:
    api.answers["/door"] = redirect(f"https://{OTHER}:{other.port}/page")
    assert fetch(client, HOST, api, "/door").verdict is Verdict.DOCUMENT
    assert has_key(api.requests[0])
    assert not has_key(other.requests[0])


def test_nor_the_host_itself_where_another_has_led_to_it(
    client: Client, api: LyingServer, other: LyingServer
) -> None:
    api.answers["/door"] = redirect(f"https://{OTHER}:{other.port}/door")
    other.answers["/door"] = redirect(f"https://{HOST}:{api.port}/page")
    fetch(client, OTHER, other, "/door")
    fetch(client, HOST, api, "/door")
    assert [has_key(request) for request in api.requests] == [False, True, False]


def test_it_goes_along_where_the_host_leads_on_within_itself(
    client: Client, api: LyingServer
) -> None:
    api.answers["/door"] = redirect("/page")
    fetch(client, HOST, api, "/door")
    assert all(has_key(request) for request in api.requests)


def test_it_does_not_go_in_the_clear(client: Client, api: LyingServer) -> None:
    api.tls = None
    fetched = client.fetch(f"http://{HOST}:{api.port}/page", Kind.HTML)
    assert fetched.verdict is Verdict.DOCUMENT
    assert not has_key(api.requests[0])


def test_nor_where_a_redirect_leads_to_the_clear(
    client: Client, api: LyingServer, other: LyingServer
) -> None:
    other.tls = None
    api.answers["/door"] = redirect(f"http://{HOST}:{other.port}/page")
    assert fetch(client, HOST, api, "/door").verdict is Verdict.DOCUMENT
    assert not has_key(other.requests[0])


def test_nor_to_one_whose_certificate_is_not_verified(client: Client, api: LyingServer) -> None:
    fetched = client.fetch(f"https://{HOST}:{api.port}/page", Kind.HTML, verify_tls=False)
    assert fetched.verdict is Verdict.DOCUMENT
    assert not has_key(api.requests[0])


def test_robots_txt_is_asked_for_without(client: Client, api: LyingServer) -> None:
    fetch(client, HOST, api)
    assert len(api.robots_requests) == 1
    assert not has_key(api.robots_requests[0])


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_the_host_does_not_take_is_a_refusal(
    client: Client, api: LyingServer, status: int
) -> None:
    api.answers["/page"] = answer(f"{status} No", {"Content-Type": "application/json"}, b"{}")
    fetched = fetch(client, HOST, api)
    assert fetched.verdict is Verdict.BLOCKED
    assert not any(value in fetched.reason for value in KEY.values())


@pytest.mark.parametrize(
    "said",
    [
        answer("403 No", {}, b'{"message": "Invalid key k-4711"}'),
        answer("200 OK", {"X-Asked-With": "s-0815"}, b"<html><p>The law.</p></html>"),
        redirect("/page?key=k-4711"),
    ],
    ids=["body", "header", "redirect"],
)
def test_an_answer_that_repeats_it_is_not_kept(
    client: Client, api: LyingServer, said: bytes
) -> None:
    api.answers["/page"] = said
    fetched = fetch(client, HOST, api)
    assert (fetched.verdict, fetched.body) == (Verdict.ERROR, b"")
    assert (
        fetched.reason == f"the answer of {HOST} repeats the key that it was sent; it is not kept"
    )
    assert not any(value in repr(fetched) for value in KEY.values())
    assert len(api.requests) == 1


def test_an_error_on_the_way_does_not_tell_it(client: Client, api: LyingServer) -> None:
    api.answers["/page"] = b"garbage\r\n\r\n"
    fetched = fetch(client, HOST, api)
    assert fetched.verdict is Verdict.ERROR
    assert not any(value in repr(fetched) for value in KEY.values())


@pytest.mark.parametrize("value", ["", " ", "s-0815\n", " s-0815", "s-08\r\nHost: a", "s-ß", "s\0"])
def test_what_no_header_can_hold_is_refused_without_telling_it(
    new_client: NewClient, value: str
) -> None:
    with pytest.raises(BadNetwork, match=rf"^keys: .*Api-Secret of {HOST}") as error:
        new_client({HOST: {"Api-Secret": value}})
    assert "s-" not in str(error.value)
    assert "s-" not in repr(error.value)


def test_the_settings_and_a_request_do_not_show_it() -> None:
    assert "k-4711" not in repr(Network(AGENT, keys={HOST: KEY}))
    assert "k-4711" not in repr(Ask("https://a.example/", {}, None, key=KEY))  # type: ignore[arg-type]


def test_a_client_says_for_which_hosts_it_has_one(new_client: NewClient) -> None:
    client = new_client({HOST: KEY, OTHER: {}})
    assert client.has_key(HOST)
    assert client.has_key(f"{HOST.upper()}.")
    assert not client.has_key(OTHER)
    assert not client.has_key("brackwater.example")


def test_no_log_tells_it(
    new_client: NewClient, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with Http2Server() as server:
        server.tls = server_context(tmp_path / f"{HOST}.pem", "h2")
        fetched = fetch(new_client({HOST: KEY}, f"{HOST}:{server.port}"), HOST, server)
    assert fetched.transport.http_version == "HTTP/2"
    assert server.asked[0]["api-key"] == "k-4711"
    assert caplog.records
    assert not any(value in caplog.text for value in KEY.values())
