"""Asking by POST, as the pages of some hosts do to read what they show."""

from __future__ import annotations

from pathlib import Path

import pytest

from scraper.client import Client, Fetched
from scraper.conditional import Validators
from scraper.exchange import Limits
from scraper.judge import Kind, Verdict
from scraper.manners import Manners
from scraper.network import Network
from tests.scraper.conftest import AGENT, NewClient, PoliteClient
from tests.scraper.hand_time import NOW, HandTime
from tests.scraper.lying_server import LyingServer, answer, redirect

ASKED = '{"repoName":"Brackwater","entryId":"§ 7"}'
JSON = answer("200 OK", {"Content-Type": "application/json"}, b'{"data": {"pageCount": 3}}')


def post(client: Client, server: LyingServer, path: str = "/service") -> Fetched:
    return client.fetch(server.address(path), Kind.JSON, post=ASKED)


def test_sends_the_text_as_json(server: LyingServer, new_client: NewClient) -> None:
    server.answers["/service"] = JSON
    fetched = post(new_client(), server)
    line, *headers = server.requests[0].strip().split("\r\n")
    assert line == "POST /service HTTP/1.1"
    assert dict(header.split(": ", 1) for header in headers) == {
        "Host": server.host,
        "User-Agent": AGENT,
        "Accept": "application/json",
        "Accept-Language": "en, *;q=0.5",
        "Accept-Encoding": "gzip, br, zstd",
        "Content-Type": "application/json",
        "Content-Length": str(len(ASKED.encode())),
    }
    assert server.posted == [ASKED]
    assert fetched.request_headers == tuple(tuple(each.split(": ", 1)) for each in headers)
    assert (fetched.verdict, fetched.address) == (Verdict.DOCUMENT, server.address("/service"))


def test_sets_no_condition(server: LyingServer, new_client: NewClient) -> None:
    server.answers["/service"] = JSON
    address = server.address("/service")
    known = Validators('"1"', "Mon, 02 Nov 2020 12:00:00 GMT", address)
    new_client().fetch(address, Kind.JSON, known, post=ASKED)
    assert "\r\nIf-" not in server.requests[0]


def test_that_nothing_has_changed_is_no_answer_to_it(
    server: LyingServer, new_client: NewClient
) -> None:
    server.answers["/service"] = answer("304 Not Modified", {"ETag": '"1"'})
    assert post(new_client(), server).verdict is Verdict.ERROR


@pytest.mark.parametrize("status", [307, 308])
def test_is_posted_on_within_the_origin(
    server: LyingServer, new_client: NewClient, status: int
) -> None:
    server.answers |= {"/service": redirect("/moved#a", f"{status} Moved"), "/moved": JSON}
    fetched = post(new_client(), server)
    assert fetched.verdict is Verdict.DOCUMENT
    assert fetched.final_address == server.address("/moved#a")
    assert server.requests[1].startswith("POST /moved ")
    assert server.posted == [ASKED, ASKED]


@pytest.mark.parametrize("status", [301, 302, 303])
def test_becomes_a_get_where_the_redirect_says_so(
    server: LyingServer, new_client: NewClient, status: int
) -> None:
    server.answers |= {"/service": redirect("/result", f"{status} Moved"), "/result": JSON}
    assert post(new_client(), server).verdict is Verdict.DOCUMENT
    assert server.requests[1].startswith("GET /result ")
    assert "content-" not in server.requests[1].lower()
    assert server.posted == [ASKED]


def test_stays_a_get_whatever_the_redirects_after_that_say(
    server: LyingServer, new_client: NewClient
) -> None:
    server.answers |= {"/service": redirect("/a"), "/a": redirect("/b", "307 Moved"), "/b": JSON}
    post(new_client(), server)
    assert [request.split()[0] for request in server.requests] == ["POST", "GET", "GET"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("place", ["another port", "another name", "another scheme"])
def test_is_posted_to_no_other_origin(
    server: LyingServer, tmp_path: Path, status: int, place: str
) -> None:
    with LyingServer() as other:
        at = {
            "another port": f"http://{other.host}",
            "another name": f"http://localhost:{server.port}",
            "another scheme": f"https://{server.host}",
        }[place]
        server.answers |= {"/service": redirect(f"{at}/take", f"{status} Moved"), "/take": JSON}
        other.answers["/take"] = JSON
        network = Network(AGENT, [server.host, other.host, f"localhost:{server.port}"])
        manners = Manners(tmp_path / "shared", delay_seconds=0.0, attempts=1)
        limits = Limits(connect_seconds=1.0, between_bytes_seconds=1.0)
        with Client(network, manners, lambda: NOW, limits, HandTime().timing) as client:
            fetched = post(client, server)
        assert (server.posted, other.posted) == ([ASKED], [])
        if status in (307, 308):
            assert (fetched.verdict, fetched.status) == (Verdict.ERROR, None)
            assert fetched.reason.startswith(f"not asked for, {at}/take: the redirect would take")
            assert not other.robots_requests


def test_of_what_robots_txt_forbids_is_not_sent(server: LyingServer, new_client: NewClient) -> None:
    rules = b"User-agent: *\nDisallow: /service\n"
    server.answers |= {"/service": JSON, "/robots.txt": answer("200 OK", {}, rules)}
    assert post(new_client(), server).verdict is Verdict.BLOCKED
    assert server.posted == []


def test_waits_its_turn_and_is_sent_again_whole_where_that_may_help(
    server: LyingServer, polite_client: PoliteClient, hand_time: HandTime
) -> None:
    server.first["/service"] = [answer("503 Service Unavailable", {"Retry-After": "70"})]
    server.answers["/service"] = JSON
    fetched = post(polite_client(delay_seconds=5.0), server)
    assert fetched.verdict is Verdict.DOCUMENT
    assert fetched.transport.attempts == ("status 503",)
    assert server.posted == [ASKED, ASKED]
    assert sum(hand_time.slept) >= 75


def test_is_cut_at_the_limit(server: LyingServer, new_client: NewClient) -> None:
    server.answers["/service"] = JSON
    fetched = post(new_client(body_bytes=10), server)
    assert (fetched.verdict, fetched.body) == (Verdict.TRUNCATED, b"")


def test_passes_the_gate(server: LyingServer, new_client: NewClient) -> None:
    fetched = new_client().fetch(f"http://localhost:{server.port}/service", Kind.JSON, post=ASKED)
    assert "not public" in fetched.reason
    assert server.posted == []


@pytest.mark.parametrize("posted", [ASKED, None])
def test_a_fragment_is_not_sent(
    server: LyingServer, new_client: NewClient, posted: str | None
) -> None:
    server.answers["/service"] = JSON
    address = server.address("/service#{}")
    fetched = new_client().fetch(address, Kind.JSON, post=posted)
    assert (fetched.verdict, fetched.address) == (Verdict.DOCUMENT, address)
    assert " /service HTTP/1.1" in server.requests[0]


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_is_one(server: LyingServer, new_client: NewClient, status: int) -> None:
    server.answers["/service"] = answer(f"{status} No", {}, b'{"error": true}')
    assert post(new_client(), server).verdict is Verdict.BLOCKED


def test_no_content_is_empty(server: LyingServer, new_client: NewClient) -> None:
    server.answers["/service"] = answer("204 No Content", {})
    assert post(new_client(), server).verdict is Verdict.EMPTY
