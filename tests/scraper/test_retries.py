"""Requests that are made again: only where that may help, and when the server likes it."""

from __future__ import annotations

import math
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scraper.client import Client, Fetched
from scraper.exchange import Limits
from scraper.judge import Kind, Response, Verdict
from scraper.manners import Manners
from scraper.network import Network
from scraper.retrying import retry_after
from tests.scraper.conftest import AGENT, PoliteClient
from tests.scraper.hand_time import NOON, NOW, HandTime
from tests.scraper.lying_server import (
    HTML,
    OK,
    PAGE,
    Answer,
    LyingServer,
    answer,
    redirect,
    with_length,
)

BUSY = answer("503 Service Unavailable", {"Content-Length": "0"})
TOO_MANY = answer("429 Too Many Requests", {"Content-Length": "0"})
Fetch = Callable[..., Fetched]


def busy_for(seconds: object) -> bytes:
    return answer("503 Service Unavailable", {"Retry-After": str(seconds)})


@pytest.fixture
def fetch(server: LyingServer, polite_client: PoliteClient) -> Fetch:
    """Return a function that fetches a page which is answered so, one answer after the other.

    The last answer is given again.
    """

    def fetch(*sent: Answer, limits: Limits | None = None, **manners: Any) -> Fetched:
        server.answers["/page"] = sent[-1]
        server.first["/page"] = list(sent[:-1])
        client = polite_client(limits, **{"delay_seconds": 0.0, **manners})
        return client.fetch(server.address("/page"), Kind.HTML)

    return fetch


class TestWhatMayHelp:
    @pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 520, 599])
    def test_is_asked_for_again(self, fetch: Fetch, server: LyingServer, status: int) -> None:
        fetched = fetch(answer(f"{status} Status", {}), OK)
        assert (fetched.verdict, fetched.body) == (Verdict.DOCUMENT, PAGE)
        assert fetched.transport.attempts == (f"status {status}",)
        assert len(server.requests) == 2

    def test_is_a_connection_that_ends_without_an_answer(self, fetch: Fetch) -> None:
        fetched = fetch(b"", OK)
        assert fetched.verdict is Verdict.DOCUMENT
        assert "disconnected" in fetched.transport.attempts[0]

    def test_is_a_host_that_does_not_answer_yet(
        self, server: LyingServer, tmp_path: Path, hand_time: HandTime
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as closed:
            host = f"127.0.0.1:{closed.getsockname()[1]}"
        fetched = fetch_of(host, tmp_path, hand_time)
        assert (fetched.verdict, fetched.status) == (Verdict.ERROR, None)
        assert "ConnectError" in fetched.reason
        assert len(hand_time.slept) == 3

    def test_is_a_name_that_has_no_address_yet(
        self, tmp_path: Path, hand_time: HandTime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def unknown(*_: object, **__: object) -> None:
            raise socket.gaierror(socket.EAI_AGAIN, "try again")

        monkeypatch.setattr("scraper.gate.socket.getaddrinfo", unknown)
        fetched = fetch_of("agency.example", tmp_path, hand_time)
        assert "has no address" in fetched.reason
        assert len(hand_time.slept) == 3

    def test_is_tried_four_times_and_then_believed(
        self, fetch: Fetch, server: LyingServer, hand_time: HandTime
    ) -> None:
        fetched = fetch(BUSY)
        assert (fetched.verdict, fetched.status) == (Verdict.ERROR, 503)
        assert fetched.transport.attempts == ("status 503",) * 3
        assert len(server.requests) == 4
        assert len(hand_time.slept) == 3

    def test_is_tried_as_often_over_all_redirects(self, fetch: Fetch, server: LyingServer) -> None:
        server.answers["/next"] = BUSY
        fetched = fetch(BUSY, BUSY, redirect("/next"))
        assert fetched.status == 503
        assert len(fetched.transport.attempts) == 3

    def test_is_waited_for_up_to_twice_as_long_each_time(
        self, fetch: Fetch, hand_time: HandTime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tenacity.wait.random.uniform", lambda low, high: high)
        fetch(BUSY, attempts=7)
        assert hand_time.slept == [2, 4, 8, 16, 32, 60]

    def test_is_waited_for_by_chance(self, fetch: Fetch, hand_time: HandTime) -> None:
        fetch(BUSY, attempts=7)
        assert len(set(hand_time.slept)) == 6

    def test_keeps_the_distance_too(self, fetch: Fetch, hand_time: HandTime) -> None:
        fetch(BUSY, OK, delay_seconds=5.0)
        # After robots.txt; then what is left of the distance after the wait before the retry.
        assert hand_time.slept[0] == 5
        assert sum(hand_time.slept[1:]) == pytest.approx(5)


class TestWhatDoesNotHelp:
    @pytest.mark.parametrize("status", [200, 206, 304, 400, 401, 403, 404, 408, 410, 418, 451])
    def test_is_asked_for_once(self, fetch: Fetch, server: LyingServer, status: int) -> None:
        fetched = fetch(answer(f"{status} Status", HTML, PAGE))
        assert fetched.status == status
        assert len(server.requests) == 1

    @pytest.mark.parametrize("status", ["503 Service Unavailable", "429 Too Many Requests"])
    def test_is_a_challenge(self, fetch: Fetch, server: LyingServer, status: str) -> None:
        page = b"<html><head><title>Just a moment...</title></head></html>"
        fetched = fetch(answer(status, HTML, page))
        assert fetched.verdict is Verdict.BLOCKED
        assert len(server.requests) == 1

    def test_is_a_refusal_of_the_gate(self, fetch: Fetch, server: LyingServer) -> None:
        fetched = fetch(redirect("http://169.254.169.254/latest/meta-data/"))
        assert "not asked for" in fetched.reason
        assert len(server.requests) == 1

    def test_is_a_refusal_of_robots_txt(self, fetch: Fetch, server: LyingServer) -> None:
        server.answers["/robots.txt"] = answer("200 OK", {}, b"User-agent: *\nDisallow: /\n")
        assert fetch(OK).verdict is Verdict.BLOCKED
        assert len(server.robots_requests) == 1

    def test_is_an_answer_that_cannot_be_read(self, fetch: Fetch, server: LyingServer) -> None:
        assert fetch(b"Welcome to the agency\r\n\r\n").verdict is Verdict.ERROR
        assert len(server.requests) == 1

    def test_is_a_body_that_breaks_off(self, fetch: Fetch, server: LyingServer) -> None:
        assert fetch(with_length(999, PAGE)).verdict is Verdict.TRUNCATED
        assert len(server.requests) == 1

    def test_is_what_an_archive_has_of_a_failure_long_ago(
        self, fetch: Fetch, server: LyingServer
    ) -> None:
        then = {"Memento-Datetime": "Sat, 28 Jan 2017 10:00:00 GMT", "Retry-After": "9"}
        fetched = fetch(answer("503 Service Unavailable", then))
        assert (fetched.status, fetched.retry_after) == (503, None)
        assert len(server.requests) == 1


class TestRetryAfter:
    @pytest.mark.parametrize("said", ["30", "Mon, 02 Nov 2026 12:00:30 GMT"])
    def test_is_waited_for(self, fetch: Fetch, hand_time: HandTime, said: str) -> None:
        fetched = fetch(busy_for(said), OK)
        assert (fetched.verdict, fetched.retry_after) == (Verdict.DOCUMENT, None)
        assert hand_time.slept == [30]

    def test_is_not_waited_for_where_that_is_too_long(
        self, fetch: Fetch, server: LyingServer, hand_time: HandTime
    ) -> None:
        fetched = fetch(busy_for(121), OK)
        assert (fetched.status, fetched.retry_after) == (503, "2026-11-02T12:02:01Z")
        assert hand_time.slept == []
        assert len(server.requests) == 1

    def test_keeps_every_client_away_until_then(
        self, fetch: Fetch, server: LyingServer, hand_time: HandTime
    ) -> None:
        fetch(busy_for(3600), OK)
        later = fetch(OK)
        assert (later.verdict, later.status) == (Verdict.ERROR, None)
        assert later.retry_after == "2026-11-02T13:00:00Z"
        assert "before 2026-11-02T13:00:00Z" in later.reason
        assert len(server.requests) == 1
        hand_time.sleep(3600)
        assert fetch(OK).verdict is Verdict.DOCUMENT

    def test_holds_after_the_last_attempt(self, fetch: Fetch) -> None:
        fetched = fetch(busy_for(60), attempts=1)
        assert fetched.retry_after == "2026-11-02T12:01:00Z"

    def test_of_a_challenge_holds_too(self, fetch: Fetch, server: LyingServer) -> None:
        headers = {"cf-mitigated": "challenge", "Retry-After": "60"}
        fetched = fetch(answer("429 Too Many Requests", headers))
        assert (fetched.verdict, fetched.retry_after) == (Verdict.BLOCKED, "2026-11-02T12:01:00Z")
        assert len(server.requests) == 1

    @pytest.mark.parametrize("said", ["9" * 99, "Fri, 31 Dec 9999 23:59:59 GMT"])
    def test_is_a_day_at_most(self, fetch: Fetch, said: str) -> None:
        assert fetch(busy_for(said)).retry_after == "2026-11-03T12:00:00Z"

    @pytest.mark.parametrize(
        ("said", "seconds"),
        [
            ("0", 0),
            ("120", 120),
            (" 7 ", 7),
            ("Mon, 02 Nov 2026 12:01:00 GMT", 60),
            ("Monday, 02-Nov-26 12:01:00 GMT", 60),
            ("Mon, 02 Nov 2020 12:00:00 GMT", 0),
            ("-5", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
            ("\u0665", None),
            ("9" * 5000, math.inf),
            ("120, 240", None),
        ],
    )
    def test_is_read_as_seconds_or_as_a_date(self, said: str, seconds: float | None) -> None:
        response = Response(503, (("Retry-After", said),), b"", 0)
        assert retry_after(response, NOON) == seconds

    @pytest.mark.parametrize("status", [200, 301, 403, 404])
    def test_counts_for_429_and_5xx_only(self, status: int) -> None:
        assert retry_after(Response(status, (("Retry-After", "9"),), b"", 0), NOON) is None


class TestTheWholeFetch:
    def test_takes_no_longer_than_its_limit(
        self, fetch: Fetch, server: LyingServer, hand_time: HandTime
    ) -> None:
        limits = Limits(total_seconds=100)
        fetched = fetch(busy_for(60), limits=limits, attempts=9)
        # After the second answer, not even forty seconds are left.
        assert (fetched.status, len(server.requests)) == (503, 2)
        assert hand_time.slept == [60]
        assert fetched.transport.seconds == pytest.approx(60, abs=5)

    def test_says_when_the_request_began_that_was_answered(
        self, server: LyingServer, tmp_path: Path, hand_time: HandTime
    ) -> None:
        server.answers["/page"] = OK
        server.first["/page"] = [busy_for(60)]
        network, manners = Network(AGENT, [server.host]), Manners(tmp_path, 0.0)
        with Client(
            network, manners, lambda: f"noon + {hand_time.now - NOON:g}", None, hand_time.timing
        ) as client:
            assert client.fetch(server.address("/page"), Kind.HTML).fetched_at == "noon + 60"


def fetch_of(host: str, shared: Path, hand_time: HandTime) -> Fetched:
    network, manners = Network(AGENT, [host]), Manners(shared, 0.0)
    with Client(network, manners, lambda: NOW, None, hand_time.timing) as client:
        return client.fetch(f"http://{host}/page", Kind.HTML)
