"""robots.txt: asked for first, obeyed at each hop, and never trusted to be sound (RFC 9309)."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scraper.client import Client, Fetched
from scraper.judge import Kind, Verdict
from scraper.manners import Manners
from scraper.network import Network
from tests.scraper.conftest import AGENT, NewClient, PoliteClient
from tests.scraper.hand_time import NOW, HandTime
from tests.scraper.lying_server import HTML, OK, PAGE, LyingServer, answer, redirect, with_length

TEXT = {"Content-Type": "text/plain"}
NO = b"User-agent: *\nDisallow: /\n"
DAY = 24 * 60 * 60

Fetch = Callable[..., Fetched]


def robots(text: bytes, status: str = "200 OK") -> bytes:
    return answer(status, TEXT, text)


@pytest.fixture
def fetch(server: LyingServer, polite_client: PoliteClient) -> Fetch:
    """Return a function that fetches a page of the server, whose robots.txt is answered so."""

    def fetch(sent: Any, path: str = "/page") -> Fetched:
        server.answers |= {"/robots.txt": sent, path: OK}
        client = polite_client(delay_seconds=0.0, attempts=1)
        return client.fetch(server.address(path), Kind.HTML)

    return fetch


class TestTheRules:
    def test_keep_an_address_from_being_asked_for(self, fetch: Fetch, server: LyingServer) -> None:
        fetched = fetch(robots(NO))
        assert (fetched.verdict, fetched.status, fetched.body) == (Verdict.BLOCKED, None, b"")
        assert fetched.robots == f"disallowed by robots.txt of {NOW}"
        assert fetched.reason == f"not asked for, {fetched.address}: {fetched.robots}"
        assert not server.requests
        assert len(server.robots_requests) == 1

    def test_let_the_rest_be_asked_for(self, fetch: Fetch) -> None:
        fetched = fetch(robots(b"User-agent: *\nDisallow: /admin/\nDisallow: /*.pdf$\n"))
        assert fetched.verdict is Verdict.DOCUMENT
        assert fetched.robots == f"allowed by robots.txt of {NOW}"

    @pytest.mark.parametrize(
        ("text", "allowed"),
        [
            (b"User-agent: SanctuaryTracker\nDisallow: /\n", False),
            (b"user-agent: sanctuarytracker\nDisallow: /\n", False),
            (NO + b"\nUser-agent: SanctuaryTracker\nAllow: /\n", True),
            (b"User-agent: Tracker\nDisallow: /\n", True),
            (b"User-agent: https\nDisallow: /\n", True),
            (b"User-agent: GPTBot\nDisallow: /\n\nUser-agent: *\nAllow: /\n", True),
            (b"User-agent: *\nContent-Signal: search=yes, ai-train=no\nDisallow: /\n", False),
            (b"User-agent: *\nContent-Signal: search=yes, ai-train=no\nAllow: /\n", True),
            (b"\xef\xbb\xbf" + NO, False),
            (NO.replace(b"\n", b"\r"), False),
            (b"\xff\xfe\n" + NO, False),
            (b"\0\n" + NO, False),
            (b"", True),
            (b"# nothing here\n", True),
            (b"Disallow: /\n", True),
            (b"User-agent: *\nDisallow: /p*g\n", False),
            (b"User-agent: *\nDisallow: /page$\n", False),
            (b"User-agent: *\nDisallow: /\nAllow: /page\n", True),
        ],
    )
    def test_are_read_as_they_are_meant(self, fetch: Fetch, text: bytes, allowed: bool) -> None:
        assert (fetch(robots(text)).verdict is Verdict.DOCUMENT) is allowed

    def test_hold_for_a_query_too(self, fetch: Fetch) -> None:
        sent = robots(b"User-agent: *\nDisallow: /page?print=\n")
        assert fetch(sent, "/page?print=1").verdict is Verdict.BLOCKED
        assert fetch(sent, "/page").verdict is Verdict.DOCUMENT

    def test_may_come_packed(self, fetch: Fetch) -> None:
        sent = answer("200 OK", {**TEXT, "Content-Encoding": "gzip"}, gzip.compress(NO))
        assert fetch(sent).verdict is Verdict.BLOCKED

    def test_count_as_far_as_half_a_mebibyte(self, fetch: Fetch) -> None:
        filler = b"# a comment of forty characters ........\n"
        start = filler * (500 * 1024 // len(filler))
        assert fetch(robots(start + NO + filler * 200_000)).verdict is Verdict.BLOCKED

    def test_do_not_count_beyond_that(self, fetch: Fetch) -> None:
        start = b"# a comment of forty characters ........\n" * (513 * 1024 // 41)
        assert fetch(robots(start + NO)).verdict is Verdict.DOCUMENT

    def test_are_not_read_from_a_line_cut_in_two(self, fetch: Fetch) -> None:
        start = b"User-agent: *\nDisallow: /pag\n"
        cut = b"Allow: /page"
        filler = b"#" * (512 * 1024 - len(start) - len(cut) - 1) + b"\n"
        assert fetch(robots(start + filler + cut + b"-other\n")).verdict is Verdict.BLOCKED


class TestWhereThereIsNone:
    @pytest.mark.parametrize("status", ["400 Bad", "401 No", "403 No", "404 Not Found", "410 Gone"])
    def test_all_is_allowed(self, fetch: Fetch, status: str) -> None:
        fetched = fetch(robots(NO, status))
        assert fetched.verdict is Verdict.DOCUMENT
        assert fetched.robots == f"no robots.txt (status {status[:3]})"

    def test_a_page_may_come_in_its_place(self, fetch: Fetch) -> None:
        fetched = fetch(answer("200 OK", HTML, b"<html>User-agent: *\nDisallow: /\n</html>"))
        assert fetched.verdict is Verdict.DOCUMENT
        assert fetched.robots == "no robots.txt (HTML came in its place)"


class TestAFailure:
    @pytest.mark.parametrize(
        "sent",
        [
            robots(b"", "500 Internal Server Error"),
            robots(b"", "503 Service Unavailable"),
            robots(b"", "429 Too Many Requests"),
            answer("200 OK", {**HTML, "cf-mitigated": "challenge"}, PAGE),
            with_length(999, b"User-agent: *\n"),
            redirect("http://169.254.169.254/robots.txt"),
        ],
        ids=["500", "503", "429", "challenge", "cut off", "moved to a private place"],
    )
    def test_of_the_server_allows_nothing(
        self, fetch: Fetch, server: LyingServer, sent: bytes
    ) -> None:
        fetched = fetch(sent)
        assert (fetched.verdict, fetched.status) == (Verdict.BLOCKED, None)
        assert "nothing is allowed while robots.txt cannot be had" in (fetched.robots or "")
        assert not server.requests

    @pytest.mark.parametrize("sent", [b"", b"garbage\r\n\r\n"], ids=["no answer", "garbage"])
    def test_to_answer_at_all_is_one_of_the_connection(
        self, fetch: Fetch, server: LyingServer, sent: bytes
    ) -> None:
        fetched = fetch(sent)
        assert (fetched.verdict, fetched.status) == (Verdict.ERROR, None)
        assert "robots.txt" in fetched.reason
        assert not server.requests

    def test_to_answer_is_not_met_again_for_each_document(
        self, server: LyingServer, polite_client: PoliteClient, hand_time: HandTime
    ) -> None:
        server.answers["/robots.txt"] = b""
        client = polite_client(delay_seconds=0.0, attempts=2)
        for _ in range(3):
            assert client.fetch(server.address("/page"), Kind.HTML).verdict is Verdict.ERROR
        assert len(server.robots_requests) == 2
        hand_time.sleep(601)
        client.fetch(server.address("/page"), Kind.HTML)
        assert len(server.robots_requests) == 4

    def test_is_believed_for_ten_minutes(
        self, server: LyingServer, new_client: NewClient, hand_time: HandTime
    ) -> None:
        server.answers |= {"/robots.txt": robots(b"", "503 Busy"), "/page": OK}
        assert new_client().fetch(server.address("/page"), Kind.HTML).verdict is Verdict.BLOCKED
        server.answers["/robots.txt"] = robots(b"")
        hand_time.sleep(599)
        assert new_client().fetch(server.address("/page"), Kind.HTML).verdict is Verdict.BLOCKED
        hand_time.sleep(2)
        assert new_client().fetch(server.address("/page"), Kind.HTML).verdict is Verdict.DOCUMENT

    def test_that_names_a_time_to_come_back_is_passed_on(
        self, server: LyingServer, new_client: NewClient
    ) -> None:
        server.answers["/robots.txt"] = answer("503 Busy", {"Retry-After": "3600"})
        fetched = new_client().fetch(server.address("/page"), Kind.HTML)
        assert fetched.retry_after == "2026-11-02T13:00:00Z"


class TestRedirects:
    def test_of_the_document_are_asked_about_at_each_hop(
        self, server: LyingServer, new_client: NewClient
    ) -> None:
        server.answers |= {
            "/robots.txt": robots(b"User-agent: *\nDisallow: /private\n"),
            "/door": redirect("/private/page"),
            "/private/page": OK,
        }
        fetched = new_client().fetch(server.address("/door"), Kind.HTML)
        assert (fetched.verdict, fetched.status) == (Verdict.BLOCKED, None)
        assert fetched.final_address == server.address("/private/page")
        assert len(server.requests) == 1

    def test_to_another_host_are_asked_about_there(
        self, server: LyingServer, tmp_path: Path, hand_time: HandTime
    ) -> None:
        with LyingServer() as other:
            server.answers["/door"] = redirect(other.address("/page"))
            other.answers |= {"/robots.txt": robots(NO), "/page": OK}
            network = Network(AGENT, [server.host, other.host])
            manners = Manners(tmp_path, 0.0)
            with Client(network, manners, lambda: NOW, None, hand_time.timing) as client:
                fetched = client.fetch(server.address("/door"), Kind.HTML)
            assert fetched.verdict is Verdict.BLOCKED
            assert not other.requests

    def test_of_robots_txt_are_followed_five_times(self, server: LyingServer, fetch: Fetch) -> None:
        server.answers |= {f"/r{n}": redirect(f"/r{n + 1}") for n in range(9)}
        server.answers["/r4"] = robots(NO)
        assert fetch(redirect("/r0")).verdict is Verdict.BLOCKED

    def test_of_robots_txt_beyond_that_mean_that_there_is_none(
        self, server: LyingServer, fetch: Fetch
    ) -> None:
        server.answers["/loop"] = redirect("/loop")
        fetched = fetch(redirect("/loop"))
        assert fetched.verdict is Verdict.DOCUMENT
        assert fetched.robots == "no robots.txt (more than 5 redirects)"


class TestTheCopy:
    def test_is_shared_between_clients_for_a_day(
        self, server: LyingServer, new_client: NewClient, hand_time: HandTime
    ) -> None:
        server.answers |= {"/robots.txt": robots(b""), "/page": OK}
        for wait in (0, DAY - 1):
            hand_time.sleep(wait)
            new_client().fetch(server.address("/page"), Kind.HTML)
        assert len(server.robots_requests) == 1
        server.answers["/robots.txt"] = robots(NO)
        hand_time.sleep(1)
        assert new_client().fetch(server.address("/page"), Kind.HTML).verdict is Verdict.BLOCKED

    def test_is_asked_for_anew_by_a_client_that_lives_longer(
        self, server: LyingServer, new_client: NewClient, hand_time: HandTime
    ) -> None:
        server.answers |= {"/robots.txt": robots(b""), "/page": OK}
        client = new_client()
        for wait in (0, 0, DAY):
            hand_time.sleep(wait)
            client.fetch(server.address("/page"), Kind.HTML)
        assert len(server.robots_requests) == 2

    def test_from_the_future_does_not_count(
        self, server: LyingServer, new_client: NewClient, hand_time: HandTime
    ) -> None:
        server.answers |= {"/robots.txt": robots(b""), "/page": OK}
        new_client().fetch(server.address("/page"), Kind.HTML)
        hand_time.now -= 3600
        new_client().fetch(server.address("/page"), Kind.HTML)
        assert len(server.robots_requests) == 2

    @pytest.mark.parametrize(
        "damage",
        [
            b"",
            b"{",
            b"[]",
            b'{"asked_at": 1}',
            b'{"asked_at": NaN, "date": "", "text": "", "lacking": "", "failed": false}',
            b"\xff",
            b"[" * 100_000,
        ],
        ids=range(7),
    )
    def test_that_is_damaged_is_asked_for_anew(
        self, server: LyingServer, new_client: NewClient, tmp_path: Path, damage: bytes
    ) -> None:
        server.answers |= {"/robots.txt": robots(NO), "/page": OK}
        new_client().fetch(server.address("/page"), Kind.HTML)
        (copy,) = (tmp_path / "shared" / "robots").glob("*.json")
        assert json.loads(copy.read_bytes())["origin"] == f"http://{server.host}"
        copy.write_bytes(damage)
        assert new_client().fetch(server.address("/page"), Kind.HTML).verdict is Verdict.BLOCKED
        assert len(server.robots_requests) == 2

    def test_is_kept_for_each_port(
        self, server: LyingServer, tmp_path: Path, hand_time: HandTime
    ) -> None:
        with LyingServer() as other:
            other.answers["/page"] = server.answers["/page"] = OK
            server.answers["/robots.txt"] = robots(NO)
            network = Network(AGENT, [server.host, other.host])
            manners = Manners(tmp_path, 0.0)
            with Client(network, manners, lambda: NOW, None, hand_time.timing) as client:
                blocked = client.fetch(server.address("/page"), Kind.HTML)
                fetched = client.fetch(other.address("/page"), Kind.HTML)
        assert (blocked.verdict, fetched.verdict) == (Verdict.BLOCKED, Verdict.DOCUMENT)


def test_robots_txt_itself_needs_no_permission(server: LyingServer, new_client: NewClient) -> None:
    server.answers["/robots.txt"] = robots(NO)
    answer = new_client().get(server.address("/robots.txt"))
    assert answer.response is not None
    assert answer.response.body == NO
