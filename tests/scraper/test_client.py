"""The client against a server that lies: what it asks, and what it believes."""

from __future__ import annotations

import gzip
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper.client import Client, Fetched
from scraper.judge import Kind, Verdict
from scraper.manners import Manners
from scraper.network import Network
from scraper.transport import Transport
from tests.scraper.conftest import AGENT, Ask, NewClient
from tests.scraper.hand_time import NOW
from tests.scraper.lying_server import (
    HTML,
    OK,
    PAGE,
    LyingServer,
    answer,
    packed,
    redirect,
    with_length,
)


class TestTheRequest:
    def test_says_who_asks_and_nothing_that_it_need_not(
        self, ask: Ask, server: LyingServer
    ) -> None:
        ask(OK)
        line, *headers = server.requests[0].strip().split("\r\n")
        assert line == "GET /page HTTP/1.1"
        assert dict(header.split(": ", 1) for header in headers) == {
            "Host": server.host,
            "User-Agent": AGENT,
            "Accept": "*/*",
            "Accept-Language": "en, *;q=0.5",
            "Accept-Encoding": "gzip, br, zstd",
        }

    def test_carries_no_cookie_from_one_fetch_to_the_next(
        self, server: LyingServer, new_client: NewClient
    ) -> None:
        server.answers["/set"] = answer("200 OK", {**HTML, "Set-Cookie": "seen=1; Path=/"}, PAGE)
        server.answers["/page"] = OK
        client = new_client()
        client.fetch(server.address("/set"), Kind.HTML)
        client.fetch(server.address("/page"), Kind.HTML)
        assert "cookie" not in server.requests[1].lower()

    def test_carries_a_cookie_on_to_where_it_is_redirected(
        self, server: LyingServer, new_client: NewClient
    ) -> None:
        server.answers["/door"] = answer(
            "302 Found", {"Set-Cookie": "passed=1; Path=/", "Location": "/page"}
        )
        server.answers["/page"] = OK
        new_client().fetch(server.address("/door"), Kind.HTML)
        assert "passed=1" in server.requests[1]

    def test_goes_through_no_proxy_of_the_environment(
        self, ask: Ask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        assert ask(OK).verdict is Verdict.DOCUMENT

    def test_carries_no_password_of_the_environment(
        self, ask: Ask, server: LyingServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        netrc = tmp_path / "netrc"
        netrc.write_text("machine 127.0.0.1 login operator password secret\n")
        netrc.chmod(0o600)
        monkeypatch.setenv("NETRC", str(netrc))
        ask(OK)
        assert "authorization" not in server.requests[0].lower()


class TestTheAnswer:
    def test_is_kept_with_all_that_came(self, ask: Ask, server: LyingServer) -> None:
        headers = {
            "Content-Type": "text/html; charset=utf-8",
            "X-Served-BY": "a",
            "x-served-by": "b",
        }
        address = server.address("/page")
        fetched = ask(answer("200 OK", headers, PAGE))
        sent = server.requests[0].strip().split("\r\n")[1:]
        assert fetched == Fetched(
            address=address,
            final_address=address,
            fetched_at=NOW,
            status=200,
            headers=(*headers.items(), ("Connection", "close")),
            content_type="text/html; charset=utf-8",
            body=PAGE,
            verdict=Verdict.DOCUMENT,
            reason="the document",
            request_headers=tuple((h.split(": ")[0], h.split(": ")[1]) for h in sent),
            robots="no robots.txt (status 404)",
            retry_after=None,
            transport=Transport(
                http_version="HTTP/1.1",
                peer=server.host,
                tls=None,
                intercepted_by=None,
                redirects=(),
                attempts=(),
                seconds=fetched.transport.seconds,
            ),
        )

    def test_304_says_nothing_to_someone_who_set_no_condition(self, ask: Ask) -> None:
        fetched = ask(answer("304 Not Modified", {"ETag": '"1"'}))
        assert (fetched.status, fetched.verdict) == (304, Verdict.ERROR)

    def test_206_is_a_part_that_nobody_asked_for(self, ask: Ask) -> None:
        fetched = ask(answer("206 Partial Content", {"Content-Range": "bytes 0-9/99"}, PAGE))
        assert (fetched.status, fetched.verdict) == (206, Verdict.TRUNCATED)

    def test_404_is_gone_and_a_challenge_with_404_is_not(self, ask: Ask) -> None:
        assert ask(answer("404 Not Found", HTML, PAGE)).verdict is Verdict.GONE
        challenge = answer("404 Not Found", {**HTML, "cf-mitigated": "challenge"}, PAGE)
        assert ask(challenge).verdict is Verdict.BLOCKED

    @pytest.mark.parametrize(
        "sent",
        [
            b"",
            b"\r\n\r\n",
            b"Welcome to the agency\r\n\r\n",
            b"HTTP/1.1 twohundred OK\r\n\r\n",
            b"HTTP/1.1 99999 OK\r\n\r\n",
            b"HTTP/1.1\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00",
            b"HTTP/1.1 200 OK\r\nContent-Length: 10",
            b"HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n<p>",
            b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
            b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n",
        ],
        ids=lambda sent: repr(sent[:40]),
    )
    def test_that_cannot_be_understood_is_an_error(self, ask: Ask, sent: bytes) -> None:
        fetched = ask(sent, between_bytes_seconds=5)
        assert fetched.verdict is Verdict.ERROR
        assert fetched.body == b""
        assert fetched.reason

    def test_does_not_come_where_nobody_listens(self, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as closed:
            host = f"127.0.0.1:{closed.getsockname()[1]}"
        network, manners = Network(AGENT, [host]), Manners(tmp_path, 0.0, attempts=1)
        with Client(network, manners, lambda: NOW) as client:
            fetched = client.fetch(f"http://{host}/", Kind.HTML)
        assert (fetched.verdict, fetched.status) == (Verdict.ERROR, None)

    def test_of_one_fetch_does_no_harm_to_the_next(
        self, server: LyingServer, new_client: NewClient
    ) -> None:
        server.answers |= {"/garbage": b"garbage\r\n\r\n", "/short": with_length(99, b"<html>")}
        server.answers["/page"] = OK
        client = new_client()
        for path in ("/garbage", "/short", "/page"):
            fetched = client.fetch(server.address(path), Kind.HTML)
        assert fetched.verdict is Verdict.DOCUMENT


STARTS = [b"", b"HTTP/1.1 ", b"HTTP/1.1 200 OK\r\n", packed(b""), redirect("")[:-4]]


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(start=st.sampled_from(STARTS), rest=st.binary(max_size=200))
def test_no_answer_makes_the_client_raise(ask: Ask, start: bytes, rest: bytes) -> None:
    assert ask(start + rest, between_bytes_seconds=5).reason


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
CHUNK = b"%x\r\n%b\r\n" % (len(PAGE), PAGE)


WHOLE = gzip.compress(PAGE * 9)
DAMAGED = {
    "last byte": WHOLE[:-1],
    "no checksum": WHOLE[:-8],
    "half": WHOLE[: len(WHOLE) // 2],
    "wrong checksum": WHOLE[:-8] + b"\0" * 8,
    "no blocks": WHOLE[:10] + b"\xff" * 30,
    "not packed": PAGE,
    "more after it": WHOLE + b"more",
}


class TestTheBody:
    @pytest.mark.parametrize(
        "sent",
        [
            with_length(len(PAGE) + 1, PAGE),
            CHUNKED + CHUNK,
            CHUNKED + b"ffff\r\n" + PAGE,
            CHUNKED + CHUNK + b"zz\r\n",
        ],
        ids=["longer length", "no last chunk", "within a chunk", "no size"],
    )
    def test_that_breaks_off_is_truncated_and_kept_as_far_as_it_came(
        self, ask: Ask, sent: bytes
    ) -> None:
        fetched = ask(sent)
        assert (fetched.status, fetched.verdict) == (200, Verdict.TRUNCATED)
        assert fetched.body == PAGE
        assert "did not come" in fetched.reason

    def test_is_unpacked(self, ask: Ask) -> None:
        assert ask(packed(gzip.compress(PAGE))).body == PAGE
        assert ask(packed(gzip.compress(PAGE), "X-GZIP")).body == PAGE
        assert ask(packed(gzip.compress(gzip.compress(PAGE)), "gzip, gzip")).body == PAGE
        assert ask(packed(gzip.compress(PAGE[:9]) + gzip.compress(PAGE[9:]))).body == PAGE

    def test_that_is_packed_twice_and_says_once_is_no_page(self, ask: Ask) -> None:
        assert ask(packed(gzip.compress(gzip.compress(PAGE)))).verdict is Verdict.WRONG_KIND

    @pytest.mark.parametrize("coding", ["deflate", "compress", "dcb"])
    def test_that_is_packed_as_nobody_asked_for_is_kept_as_it_came(
        self, ask: Ask, coding: str
    ) -> None:
        fetched = ask(packed(b"\x8b\x02\x80", coding))
        assert (fetched.verdict, fetched.body) == (Verdict.WRONG_KIND, b"\x8b\x02\x80")

    @pytest.mark.parametrize("coding", ["identity", "utf-8", "", "none"])
    def test_that_only_says_it_is_packed_is_taken(self, ask: Ask, coding: str) -> None:
        assert ask(packed(PAGE, coding)).verdict is Verdict.DOCUMENT

    @pytest.mark.parametrize("body", DAMAGED.values(), ids=DAMAGED.keys())
    def test_whose_packing_is_damaged_is_truncated(self, ask: Ask, body: bytes) -> None:
        fetched = ask(packed(body))
        assert (fetched.status, fetched.verdict) == (200, Verdict.TRUNCATED)
        assert "cannot be unpacked" in fetched.reason

    def test_whose_outer_packing_is_damaged_is_truncated_whatever_is_within(self, ask: Ask) -> None:
        fetched = ask(packed(gzip.compress(gzip.compress(PAGE))[:-1], "gzip, gzip"))
        assert fetched.verdict is Verdict.TRUNCATED


class TestTheGate:
    @pytest.mark.parametrize("host", ["localhost", "127.1", "0.0.0.0", "[::ffff:127.0.0.1]"])
    def test_lets_nothing_pass_that_the_allow_list_does_not_name(
        self, server: LyingServer, new_client: NewClient, host: str
    ) -> None:
        fetched = new_client().fetch(f"http://{host}:{server.port}/page", Kind.HTML)
        assert fetched.verdict is Verdict.ERROR
        assert "not asked for" in fetched.reason
        assert not server.requests

    def test_does_not_open_for_a_name_that_leads_back_here(
        self, server: LyingServer, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def resolve(host: str, port: int, **_: Any) -> list[Any]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

        monkeypatch.setattr("scraper.gate.socket.getaddrinfo", resolve)
        fetched = new_client().fetch(f"http://agency.example:{server.port}/page", Kind.HTML)
        assert "not public" in fetched.reason
        assert not server.requests

    def test_says_so_where_a_name_has_no_address(
        self, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def unknown(*_: object, **__: object) -> None:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")

        monkeypatch.setattr("scraper.gate.socket.getaddrinfo", unknown)
        fetched = new_client().fetch("https://agency.example/", Kind.HTML)
        assert (fetched.verdict, fetched.status) == (Verdict.ERROR, None)
        assert "has no address" in fetched.reason

    @pytest.mark.parametrize("address", ["file:///etc/hostname", "http://a\\b/", "", "http://[::1"])
    def test_refuses_what_is_no_web_address(self, new_client: NewClient, address: str) -> None:
        fetched = new_client().fetch(address, Kind.HTML)
        assert (fetched.verdict, fetched.status, fetched.address) == (Verdict.ERROR, None, address)
