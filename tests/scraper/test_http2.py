"""HTTP/2, where the server speaks it: some hosts refuse whoever does not."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scraper.client import Client
from scraper.judge import Kind, Verdict
from scraper.manners import Manners
from scraper.network import Network
from tests.scraper.certificates import server_context, write_certificate
from tests.scraper.conftest import AGENT
from tests.scraper.hand_time import NOW, HandTime
from tests.scraper.http2_server import Http2Server


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return write_certificate(tmp_path, "localhost")


@pytest.fixture
def server(certificate: Path) -> Iterator[Http2Server]:
    with Http2Server() as server:
        server.tls = server_context(certificate, "h2", "http/1.1")
        yield server


@pytest.fixture
def new_client(server: Http2Server, certificate: Path, tmp_path: Path) -> Callable[[], Client]:
    network = Network(AGENT, [f"localhost:{server.port}"], ca_bundle=certificate)
    manners = Manners(tmp_path / "shared", delay_seconds=0.0)
    return lambda: Client(network, manners, lambda: NOW, None, HandTime().timing)


@pytest.fixture
def client(new_client: Callable[[], Client]) -> Iterator[Client]:
    with new_client() as client:
        yield client


def address(server: Http2Server) -> str:
    return f"https://localhost:{server.port}/page"


def test_it_is_spoken_where_the_server_does(server: Http2Server, client: Client) -> None:
    fetched = client.fetch(address(server), Kind.HTML)
    assert (fetched.verdict, fetched.status) == (Verdict.DOCUMENT, 200)
    assert fetched.transport.http_version == "HTTP/2"
    assert fetched.transport.peer == f"127.0.0.1:{server.port}"
    assert fetched.transport.tls is not None
    assert server.asked[0]["user-agent"] == AGENT
    assert server.asked[0]["accept-encoding"] == "gzip, br, zstd"


def test_one_connection_serves_several_fetches(server: Http2Server, client: Client) -> None:
    for _ in range(3):
        assert client.fetch(address(server), Kind.HTML).verdict is Verdict.DOCUMENT
    assert len(server.asked) == 3
    assert server.connections == 1


def test_a_server_that_takes_its_leave_is_asked_again(server: Http2Server, client: Client) -> None:
    server.leaves = 1
    fetched = client.fetch(address(server), Kind.HTML)
    assert fetched.verdict is Verdict.DOCUMENT
    assert len(fetched.transport.attempts) == 1
    assert server.connections == 2


def test_http_1_is_spoken_where_the_server_does_not(
    server: Http2Server, client: Client, certificate: Path
) -> None:
    server.tls = server_context(certificate, "http/1.1")
    fetched = client.fetch(address(server), Kind.HTML)
    assert (fetched.verdict, fetched.status) == (Verdict.BLOCKED, 403)
    assert fetched.transport.http_version == "HTTP/1.1"


def test_both_are_offered(
    server: Http2Server, new_client: Callable[[], Client], certificate: Path
) -> None:
    offered: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    for protocol in ("h2", "http/1.1"):
        context.set_alpn_protocols([protocol])
        server.tls = context
        with new_client() as client:
            offered.append(client.fetch(address(server), Kind.HTML).transport.http_version)
    assert offered == ["HTTP/2", "HTTP/1.1"]
