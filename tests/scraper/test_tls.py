"""Connections over TLS: whom the client believes, and what it records of that."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from scraper.client import Client, Fetched
from scraper.errors import BadNetwork
from scraper.exchange import Limits
from scraper.judge import Kind, Verdict
from scraper.manners import Manners
from scraper.network import Network
from tests.scraper.certificates import server_context, write_certificate
from tests.scraper.conftest import AGENT
from tests.scraper.hand_time import NOW, HandTime
from tests.scraper.lying_server import PAGE, LyingServer, answer, redirect


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return write_certificate(tmp_path, "localhost")


@pytest.fixture
def server(certificate: Path) -> Iterator[LyingServer]:
    with LyingServer() as server:
        server.tls = server_context(certificate, "http/1.1")
        server.answers["/page"] = answer("200 OK", {}, PAGE)
        yield server


Fetch = Callable[..., Fetched]


@pytest.fixture
def fetch(tmp_path: Path) -> Fetch:
    """Return a function that fetches the page of a server over TLS."""

    def fetch(
        server: LyingServer,
        host: str = "localhost",
        limits: Limits | None = None,
        ca_bundle: Path | None = None,
        verify_tls: bool = True,
    ) -> Fetched:
        where = f"{host}:{server.port}"
        network = Network(AGENT, [where], ca_bundle=ca_bundle)
        manners = Manners(tmp_path / "shared", delay_seconds=0.0, attempts=1)
        with Client(network, manners, lambda: NOW, limits, HandTime().timing) as client:
            return client.fetch(f"https://{where}/page", Kind.HTML, verify_tls=verify_tls)

    return fetch


def test_a_certificate_that_nobody_vouches_for_is_not_believed(
    server: LyingServer, fetch: Fetch
) -> None:
    fetched = fetch(server)
    assert (fetched.verdict, fetched.status) == (Verdict.ERROR, None)
    assert "CERTIFICATE_VERIFY_FAILED" in fetched.reason
    assert "certificate is not believed" in fetched.reason
    assert "check the network" not in fetched.reason
    assert not server.requests
    assert not server.robots_requests


def test_it_is_not_tried_again_as_it_will_be_no_better_in_a_moment(
    server: LyingServer, tmp_path: Path, hand_time: HandTime
) -> None:
    where = f"localhost:{server.port}"
    with Client(
        Network(AGENT, [where]), Manners(tmp_path), lambda: NOW, None, hand_time.timing
    ) as client:
        client.fetch(f"https://{where}/page", Kind.HTML)
    assert (server.connections, hand_time.slept) == (1, [])


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_nor_is_it_when_the_environment_vouches_for_it(
    server: LyingServer,
    certificate: Path,
    fetch: Fetch,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
) -> None:
    monkeypatch.setenv(variable, str(certificate))
    assert "CERTIFICATE_VERIFY_FAILED" in fetch(server).reason


def test_the_settings_may_vouch_for_it_and_each_capture_says_so(
    server: LyingServer, certificate: Path, fetch: Fetch
) -> None:
    fetched = fetch(server, ca_bundle=certificate)
    assert fetched.verdict is Verdict.DOCUMENT
    assert fetched.transport.intercepted_by == f"ca_bundle {certificate}"


def test_a_file_of_the_settings_takes_the_place_of_the_usual_certificates(
    server: LyingServer,
    certificate: Path,
    fetch: Fetch,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(certifi, "where", lambda: str(certificate))
    assert fetch(server).verdict is Verdict.DOCUMENT
    other = write_certificate(tmp_path, "other.example")
    assert "CERTIFICATE_VERIFY_FAILED" in fetch(server, ca_bundle=other).reason


@pytest.mark.parametrize("text", [None, "", "no certificate"], ids=["missing", "empty", "text"])
def test_a_file_without_certificates_is_a_fault_of_the_settings(
    server: LyingServer, fetch: Fetch, tmp_path: Path, text: str | None
) -> None:
    bundle = tmp_path / "bundle.pem"
    if text is not None:
        bundle.write_text(text)
    with pytest.raises(BadNetwork, match=r"^ca_bundle: .*mend it in the settings"):
        fetch(server, ca_bundle=bundle)


def test_a_certificate_is_believed_for_its_own_host_only(
    server: LyingServer, certificate: Path, fetch: Fetch
) -> None:
    assert fetch(server, ca_bundle=certificate).verdict is Verdict.DOCUMENT
    assert "not valid for" in fetch(server, host="127.0.0.1", ca_bundle=certificate).reason


class TestAnException:
    """What a source may ask for whose certificate is broken: any certificate will do."""

    def test_is_recorded_with_the_certificate_that_was_seen(
        self, server: LyingServer, certificate: Path, fetch: Fetch
    ) -> None:
        fetched = fetch(server, verify_tls=False)
        seen = x509.load_pem_x509_certificate(certificate.read_bytes())
        tls = fetched.transport.tls
        assert fetched.verdict is Verdict.DOCUMENT
        assert tls is not None
        assert (tls.fingerprint, tls.verified) == (seen.fingerprint(hashes.SHA256()).hex(), False)

    def test_does_not_hold_for_the_next_fetch(self, server: LyingServer, tmp_path: Path) -> None:
        where = f"localhost:{server.port}"
        manners = Manners(tmp_path / "shared", delay_seconds=0.0)
        with Client(Network(AGENT, [where]), manners, lambda: NOW, None, HandTime().timing) as it:
            first = it.fetch(f"https://{where}/page", Kind.HTML, verify_tls=False)
            then = it.fetch(f"https://{where}/page", Kind.HTML)
        assert first.verdict is Verdict.DOCUMENT
        assert "CERTIFICATE_VERIFY_FAILED" in then.reason

    def test_vouches_for_no_robots_txt_of_a_fetch_that_verifies(
        self, server: LyingServer, certificate: Path, fetch: Fetch
    ) -> None:
        fetch(server, ca_bundle=certificate, verify_tls=False)
        fetch(server, ca_bundle=certificate)
        assert len(server.robots_requests) == 2

    def test_does_not_hold_for_another_host_to_which_a_redirect_leads(
        self, server: LyingServer, tmp_path: Path
    ) -> None:
        places = [f"localhost:{server.port}", f"127.0.0.1:{server.port}"]
        server.answers["/door"] = redirect(f"https://{places[1]}/page")
        manners = Manners(tmp_path / "shared", delay_seconds=0.0)
        with Client(Network(AGENT, places), manners, lambda: NOW, None, HandTime().timing) as it:
            fetched = it.fetch(f"https://{places[0]}/door", Kind.HTML, verify_tls=False)
        assert "CERTIFICATE_VERIFY_FAILED" in fetched.reason
        assert len(server.requests) == 1


def test_what_was_agreed_on_is_recorded(
    server: LyingServer, certificate: Path, fetch: Fetch
) -> None:
    transport = fetch(server, ca_bundle=certificate).transport
    assert transport.tls is not None
    assert transport.tls.version == "TLSv1.3"
    assert transport.tls.cipher
    assert transport.tls.cipher.startswith("TLS_")
    assert transport.tls.verified
    assert transport.peer == f"127.0.0.1:{server.port}"
    assert json.loads(transport.to_json())["tls"]["verified"] is True


@pytest.mark.parametrize("limits", [Limits(connect_seconds=0.5), Limits(total_seconds=0.5)])
@pytest.mark.parametrize("drip", [False, True], ids=["nothing", "a byte now and then"])
def test_a_server_that_never_shakes_hands_is_given_up(
    server: LyingServer, fetch: Fetch, limits: Limits, drip: bool
) -> None:
    # It talks in the clear or not at all, and the client waits for its part of the handshake.
    server.tls = None
    if drip:
        server.greets_with = endless_record()
    assert fetch(server, limits=limits).verdict is Verdict.ERROR
    assert not server.gave_up


def endless_record() -> Iterator[bytes]:
    """Yield a TLS record of 16 KiB that is a handshake, as far as one can tell, byte by byte."""
    yield b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc"
    for _ in range(16_000):
        time.sleep(0.01)
        yield b"\0"
