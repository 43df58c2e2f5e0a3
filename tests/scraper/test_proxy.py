"""A proxy of the settings: all goes through it, it is recorded, and it opens nothing else."""

from __future__ import annotations

import base64
import select
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scraper.client import Client, Fetched
from scraper.errors import BadNetwork
from scraper.judge import Kind, Verdict
from scraper.manners import Manners
from scraper.network import Network
from tests.scraper.certificates import server_context, write_certificate
from tests.scraper.conftest import AGENT
from tests.scraper.hand_time import NOW, HandTime
from tests.scraper.lying_server import OK, PATIENCE, LyingServer, answer, redirect


class Proxy(LyingServer):
    """Answers for every host; lets a tunnel through to one server, whatever name is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.tunnels_to: int | None = None

    def _answer(self, stream: socket.socket) -> None:
        head = stream.recv(65536)
        if not head.startswith(b"CONNECT "):
            self._reply(stream, head)
            return
        self.requests.append(head.decode("latin-1"))
        if self.tunnels_to is None:
            stream.sendall(answer("407 Proxy Authentication Required", {}))
            return
        with socket.socket() as inner:
            inner.settimeout(PATIENCE)
            inner.connect(("127.0.0.1", self.tunnels_to))
            stream.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            pass_on(stream, inner)


def pass_on(one: socket.socket, other: socket.socket) -> None:
    """Pass bytes on both ways until one side closes."""
    ends = {one: other, other: one}
    while ready := select.select(list(ends), [], [], PATIENCE)[0]:
        for end in ready:
            data = end.recv(65536)
            if not data:
                return
            ends[end].sendall(data)


Fetch = Callable[..., Fetched]


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with Proxy() as proxy:
        proxy.answers["http://agency.example/page"] = OK
        yield proxy


@pytest.fixture
def fetch(proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fetch:
    """Return a function that fetches through the proxy, on a network that resolves no names."""

    def resolve(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        assert host == "127.0.0.1", f"{host} is for the proxy to resolve"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]

    monkeypatch.setattr("scraper.gate.socket.getaddrinfo", resolve)

    def fetch(address: str, login: str | None = None, ca_bundle: Path | None = None) -> Fetched:
        network = Network(
            AGENT,
            proxy=f"http://{proxy.host}",
            proxy_login=login,
            ca_bundle=ca_bundle,
        )
        manners = Manners(tmp_path / "shared", delay_seconds=0.0)
        with Client(network, manners, lambda: NOW, None, HandTime().timing) as client:
            return client.fetch(address, Kind.HTML)

    return fetch


def test_every_request_goes_through_it(proxy: Proxy, fetch: Fetch) -> None:
    fetched = fetch("http://agency.example/page")
    assert fetched.verdict is Verdict.DOCUMENT
    assert proxy.requests[0].startswith("GET http://agency.example/page HTTP/1.1\r\n")
    assert proxy.robots_requests[0].startswith("GET http://agency.example/robots.txt HTTP/1.1\r\n")


def test_each_capture_says_so(proxy: Proxy, fetch: Fetch) -> None:
    transport = fetch("http://agency.example/page", login="operator:secret").transport
    assert transport.intercepted_by == f"proxy http://{proxy.host}"
    assert transport.peer == proxy.host
    assert "secret" not in transport.to_json()


def test_a_login_is_for_the_proxy_only(proxy: Proxy, fetch: Fetch) -> None:
    fetched = fetch("http://agency.example/page", login="operator:sec:ret")
    login = base64.b64encode(b"operator:sec:ret").decode()
    assert f"Proxy-Authorization: Basic {login}\r\n" in proxy.requests[0]
    assert "Proxy-Authorization" not in dict(fetched.request_headers)
    assert "secret" not in repr(Network(AGENT, proxy_login="operator:secret"))


def test_https_goes_through_a_tunnel_and_is_verified(
    proxy: Proxy, fetch: Fetch, tmp_path: Path
) -> None:
    certificate = write_certificate(tmp_path, "agency.example")
    with LyingServer() as server:
        server.tls = server_context(certificate, "http/1.1")
        server.answers["/page"] = OK
        proxy.tunnels_to = server.port
        fetched = fetch("https://agency.example/page", "operator:secret", certificate)
        assert fetched.verdict is Verdict.DOCUMENT
        assert fetched.transport.tls is not None
        assert fetched.transport.intercepted_by == (
            f"proxy http://{proxy.host}, ca_bundle {certificate}"
        )
        assert "CONNECT agency.example:443 HTTP/1.1" in proxy.requests[0]
        assert "secret" not in server.requests[0].lower()
        assert "proxy-authorization" not in server.requests[0].lower()
        assert "CERTIFICATE_VERIFY_FAILED" in fetch("https://agency.example/page").reason


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/page",
        "http://127.1/page",
        "http://2130706433/page",
        "http://0x7f000001/page",
        "http://[::1]/page",
        "http://[::ffff:169.254.169.254]/page",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/page",
        "http://localhost/page",
        "http://LOCALHOST./page",
        "http://a.localhost:8080/page",
        "http://user@agency.example/page",
        "http://agency.example\\@10.0.0.1/page",
        "file:///etc/hostname",
    ],
)
def test_what_is_private_by_its_address_alone_is_not_asked_for(
    proxy: Proxy, fetch: Fetch, address: str
) -> None:
    fetched = fetch(address)
    assert (fetched.verdict, fetched.status) == (Verdict.ERROR, None)
    assert "not asked for" in fetched.reason
    assert proxy.requests == proxy.robots_requests == []


def test_nor_is_the_proxy_itself(proxy: Proxy, fetch: Fetch) -> None:
    proxy.answers["http://agency.example/door"] = redirect(f"http://{proxy.host}/page")
    fetched = fetch("http://agency.example/door")
    assert "not asked for" in fetched.reason
    assert len(proxy.requests) == 1


def test_a_proxy_that_refuses_is_no_answer_of_the_host(proxy: Proxy, fetch: Fetch) -> None:
    fetched = fetch("https://agency.example/page")
    assert (fetched.verdict, fetched.status) == (Verdict.ERROR, None)
    assert "ProxyError: 407 Proxy Authentication Required" in fetched.reason
    assert len(proxy.requests) == 1


@pytest.mark.parametrize(
    "setting",
    [
        "proxy.example:3128",
        "socks5://proxy.example:1080",
        "http://",
        "http://[::1",
        "",
        "http://operator:secret@proxy.example:3128",
    ],
)
def test_a_setting_that_is_no_proxy_is_an_error(tmp_path: Path, setting: str) -> None:
    with pytest.raises(BadNetwork, match=r"^proxy: .*mend it in the settings") as error:
        Client(Network(AGENT, proxy=setting), Manners(tmp_path), lambda: NOW)
    assert "secret" not in str(error.value)
