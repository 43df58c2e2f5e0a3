"""Connections over TLS: whom the client believes, and which protocol it speaks there."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import certifi
import h2.config
import h2.connection
import h2.events
import pytest

from scraper.client import Client, Limits
from scraper.judge import Kind, Verdict
from scraper.manners import Manners
from scraper.network import Network
from tests.scraper.certificates import server_context, write_certificate
from tests.scraper.conftest import AGENT, NOW
from tests.scraper.lying_server import PAGE, LyingServer, answer


class Http2Server(LyingServer):
    """Answers every request with the page, over HTTP/2."""

    def _answer(self, stream: socket.socket) -> None:
        connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        connection.initiate_connection()
        stream.sendall(connection.data_to_send())
        while data := stream.recv(65536):
            for event in connection.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    headers = dict(event.headers or [])
                    self.requests.append(headers[b":path"].decode())
                    connection.send_headers(event.stream_id, [(":status", "200")])
                    connection.send_data(event.stream_id, PAGE, end_stream=True)
            stream.sendall(connection.data_to_send())


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return write_certificate(tmp_path, "localhost")


@pytest.fixture
def server(certificate: Path) -> Iterator[LyingServer]:
    with LyingServer() as server:
        server.tls = server_context(certificate, "http/1.1")
        server.answers["/page"] = answer("200 OK", {}, PAGE)
        yield server


@pytest.fixture
def http2_server(certificate: Path) -> Iterator[LyingServer]:
    with Http2Server() as server:
        server.tls = server_context(certificate, "h2", "http/1.1")
        yield server


def fetch(
    server: LyingServer, host: str = "localhost", limits: Limits | None = None
) -> tuple[Verdict, str]:
    where = f"{host}:{server.port}"
    network, manners = Network(AGENT, [where]), Manners(Path(), delay_seconds=0.0)
    with Client(network, manners, lambda: NOW, limits) as client:
        fetched = client.fetch(f"https://{where}/page", Kind.HTML)
    return fetched.verdict, fetched.reason


def test_a_certificate_that_nobody_vouches_for_is_not_believed(server: LyingServer) -> None:
    verdict, reason = fetch(server)
    assert verdict is Verdict.ERROR
    assert "CERTIFICATE_VERIFY_FAILED" in reason
    assert not server.requests


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_nor_is_it_when_the_environment_vouches_for_it(
    server: LyingServer, certificate: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, str(certificate))
    assert "CERTIFICATE_VERIFY_FAILED" in fetch(server)[1]


def test_a_certificate_is_believed_for_its_own_host_only(
    server: LyingServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certifi, "where", lambda: str(certificate))
    assert fetch(server)[0] is Verdict.DOCUMENT
    assert "not valid for" in fetch(server, host="127.0.0.1")[1]


def test_http2_is_spoken_where_the_server_does(
    http2_server: LyingServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certifi, "where", lambda: str(certificate))
    assert fetch(http2_server)[0] is Verdict.DOCUMENT
    assert http2_server.requests == ["/page"]


@pytest.mark.parametrize("limits", [Limits(connect_seconds=0.5), Limits(total_seconds=0.5)])
def test_a_server_that_never_shakes_hands_is_given_up(server: LyingServer, limits: Limits) -> None:
    # It waits for a request in the clear, and the client for the server's part of the handshake.
    server.tls = None
    start = time.monotonic()
    assert fetch(server, limits=limits)[0] is Verdict.ERROR
    assert time.monotonic() - start < 5
