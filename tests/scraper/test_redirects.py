"""Redirects: each hop is read as a browser reads it, and passes the gate like the first."""

from __future__ import annotations

import pytest

from scraper.judge import Kind, Verdict
from tests.scraper.conftest import Ask, NewClient
from tests.scraper.lying_server import HTML, OK, PAGE, LyingServer, answer, redirect


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["/page", "page", "//{host}/page", "http://{host}/page"])
def test_a_redirect_leads_on(
    server: LyingServer, new_client: NewClient, status: int, location: str
) -> None:
    server.answers["/door"] = redirect(location.format(host=server.host), f"{status} Moved")
    server.answers["/page"] = OK
    fetched = new_client().fetch(server.address("/door"), Kind.HTML)
    assert fetched.verdict is Verdict.DOCUMENT
    assert fetched.address == server.address("/door")
    assert fetched.final_address == server.address("/page")


@pytest.mark.parametrize("status", [200, 201, 300, 304, 305, 404])
def test_another_status_is_no_redirect_though_it_names_a_place(
    server: LyingServer, new_client: NewClient, status: int
) -> None:
    server.answers["/door"] = redirect("/page", f"{status} Status")
    assert new_client().fetch(server.address("/door"), Kind.HTML).status == status
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("/my list.html", "/my%20list.html"),
        ("/niño.html".encode().decode("latin-1"), "/ni%C3%B1o.html"),
        ("/ni\xf1o.html", "/ni%F1o.html"),
        ("/100%25.html", "/100%25.html"),
        ("/page#part", "/page"),
    ],
    ids=["blank", "utf-8", "latin-1", "quoted", "fragment"],
)
def test_an_address_is_read_as_browsers_read_it(
    server: LyingServer, new_client: NewClient, location: str, path: str
) -> None:
    server.answers |= {"/door": redirect(location), path: OK}
    fetched = new_client().fetch(server.address("/door"), Kind.HTML)
    assert fetched.verdict is Verdict.DOCUMENT
    assert server.requests[1].startswith(f"GET {path} HTTP/1.1\r\n")


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:169.254.169.254]/",
        "http://localhost:{port}/page",
        "http://[::1]:{port}/page",
        "http://127.0.0.1:{other}/page",
        "http://127.1:{port}/page",
        "http://2130706433:{port}/page",
        "https://127.0.0.1/page",
        "http://user@{host}/page",
        "http://user:word@{host}/page",
        "http://agency.example@{host}/page",
        "http://{host}\\@agency.example/page",
        "\\\\{host}/page",
        "/a\\page",
        "file:///etc/hostname",
        "FILE:/etc/hostname",
        "ftp://{host}/page",
        "data:text/html,<html><p>",
        "javascript:alert(1)",
        "http://[::1",
        "http://{host}:port/",
    ],
)
def test_each_hop_passes_the_gate(
    server: LyingServer, new_client: NewClient, location: str
) -> None:
    place = location.replace("{host}", server.host).replace("{port}", str(server.port))
    server.answers |= {"/door": redirect(place.replace("{other}", str(server.port ^ 1)))}
    server.answers["/page"] = server.answers["/a%5Cpage"] = OK
    fetched = new_client().fetch(server.address("/door"), Kind.HTML)
    assert (fetched.verdict, fetched.status, fetched.body) == (Verdict.ERROR, None, b"")
    assert fetched.reason.startswith("not asked for")
    assert len(server.requests) == 1


def test_a_loop_ends_at_the_limit(server: LyingServer, new_client: NewClient) -> None:
    server.answers |= {"/a": redirect("/b"), "/b": redirect("/a")}
    fetched = new_client(hops=4).fetch(server.address("/a"), Kind.HTML)
    assert (fetched.verdict, fetched.reason) == (Verdict.ERROR, "more than 4 redirects")
    assert len(server.requests) == 5


def test_there_may_be_as_many_as_the_limit(server: LyingServer, new_client: NewClient) -> None:
    server.answers |= {f"/{n}": redirect(f"/{n + 1}") for n in range(3)} | {"/3": OK}
    assert new_client(hops=3).fetch(server.address("/0"), Kind.HTML).body == PAGE
    assert new_client(hops=2).fetch(server.address("/0"), Kind.HTML).body == b""


def test_a_redirect_without_a_place_leads_nowhere(ask: Ask) -> None:
    fetched = ask(answer("307 Temporary Redirect", HTML, PAGE))
    assert (fetched.verdict, fetched.status) == (Verdict.BLOCKED, 307)


def test_a_redirect_to_a_login_is_a_refusal(server: LyingServer, new_client: NewClient) -> None:
    server.answers["/list"] = redirect("/login?next=/list")
    server.answers["/login?next=/list"] = OK
    fetched = new_client().fetch(server.address("/list"), Kind.HTML)
    assert fetched.verdict is Verdict.BLOCKED
