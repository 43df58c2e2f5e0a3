"""A visit: what several requests to one host have in common, and nobody else gets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from scraper.client import Client
from scraper.judge import Kind
from scraper.manners import Manners
from scraper.network import Network
from scraper.visit import Visit
from tests.scraper.conftest import AGENT, NewClient
from tests.scraper.hand_time import NOW, HandTime
from tests.scraper.lying_server import HTML, OK, PAGE, LyingServer, answer, redirect

OTHER = "localhost"
"""The same server, as a host of another name than 127.0.0.1."""


def setting(cookie: str) -> bytes:
    return answer("200 OK", {**HTML, "Set-Cookie": cookie}, PAGE)


@pytest.fixture
def client(server: LyingServer, tmp_path: Path) -> Iterator[Client]:
    """Return a client that may ask the server by both its names."""
    server.answers |= {"/set": setting("seen=1; Path=/"), "/page": OK}
    network = Network(AGENT, [server.host, f"{OTHER}:{server.port}"])
    manners = Manners(tmp_path / "shared", delay_seconds=0.0, attempts=1)
    with Client(network, manners, lambda: NOW, None, HandTime().timing) as client:
        yield client


def test_carries_a_cookie_from_one_request_to_the_next(server: LyingServer, client: Client) -> None:
    visit = Visit()
    client.fetch(server.address("/set"), Kind.HTML, visit=visit)
    fetched = client.fetch(server.address("/page"), Kind.HTML, visit=visit)
    assert "\r\nCookie: seen=1\r\n" in server.requests[1]
    assert ("Cookie", "seen=1") in fetched.request_headers


def test_carries_none_over_to_another_visit(server: LyingServer, client: Client) -> None:
    client.fetch(server.address("/set"), Kind.HTML, visit=Visit())
    client.fetch(server.address("/page"), Kind.HTML, visit=Visit())
    client.fetch(server.address("/page"), Kind.HTML)
    assert not any("cookie" in request.lower() for request in server.requests)


def test_takes_a_cookie_to_no_other_host(server: LyingServer, client: Client) -> None:
    visit = Visit()
    client.fetch(server.address("/set"), Kind.HTML, visit=visit)
    client.fetch(f"http://{OTHER}:{server.port}/page", Kind.HTML, visit=visit)
    assert "cookie" not in server.requests[1].lower()


def test_nor_where_a_redirect_leads_to_another(server: LyingServer, client: Client) -> None:
    server.answers["/door"] = redirect(f"http://{OTHER}:{server.port}/page")
    visit = Visit()
    client.fetch(server.address("/set"), Kind.HTML, visit=visit)
    client.fetch(server.address("/door"), Kind.HTML, visit=visit)
    assert "seen=1" in server.requests[1]
    assert "cookie" not in server.requests[2].lower()


def test_takes_no_cookie_that_one_host_sets_for_another(
    server: LyingServer, client: Client
) -> None:
    server.answers["/set"] = setting(f"seen=1; Path=/; Domain={OTHER}")
    visit = Visit()
    client.fetch(server.address("/set"), Kind.HTML, visit=visit)
    client.fetch(f"http://{OTHER}:{server.port}/page", Kind.HTML, visit=visit)
    assert "cookie" not in server.requests[1].lower()


def test_does_not_show_what_it_holds(server: LyingServer, client: Client) -> None:
    visit = Visit()
    client.fetch(server.address("/set"), Kind.HTML, visit=visit)
    assert "seen" not in repr(visit)


def test_robots_txt_takes_no_part_in_it(server: LyingServer, new_client: NewClient) -> None:
    server.answers |= {"/page": OK, "/robots.txt": answer("200 OK", {"Set-Cookie": "seen=1"})}
    new_client().fetch(server.address("/page"), Kind.HTML, visit=Visit())
    assert "cookie" not in server.requests[0].lower()
