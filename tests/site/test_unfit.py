"""Requests that nobody can have meant are refused, with the headers of every answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from tests.site.histories import two_weeks
from tests.site.serving import Site, served


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("unfit")
    two_weeks(folder).close()
    with served(folder / "tracker.db") as site:
        yield site


def ask(site: Site, path: str, header: tuple[bytes, bytes]) -> dict[str, Any]:
    """Return how the answer to a request begins that no client sends."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [header],
    }
    site.run(site.datasette.app()(scope, receive, send))
    return sent[0]


@pytest.mark.parametrize(
    "header",
    [
        (b"host", b'zembla.example"><script>'),
        (b"host", b"[::1"),
        (b"host", b"zembla.example:999999"),
        (b"host", b"\xff\xfe"),
        (b"cookie", b"\xff=a"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/tracker/-/changes.atom", "/tracker/listings.json"])
def test_headers_that_name_nothing_are_refused(
    site: Site, path: str, header: tuple[bytes, bytes]
) -> None:
    answer = ask(site, path, header)
    assert answer["status"] == 400
    assert b"content-security-policy" in dict(answer["headers"])


@pytest.mark.parametrize("host", [b"zembla.example", b"127.0.0.1:8001", b"[::1]:8001", b""])
def test_hosts_that_are_one_are_not(site: Site, host: bytes) -> None:
    assert ask(site, "/tracker/-/changes.atom", (b"host", host))["status"] == 200


@pytest.mark.parametrize("path", ["/-/static/", "/-/static-plugins/sanctuary-tracker/"])
def test_a_file_of_a_name_that_is_too_long_is_refused(site: Site, path: str) -> None:
    assert site.get(path + "a" * 5000).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "_facet=%00",
        "_sort=%00",
        "_where=%00",
        "_timelimit=x",
        "_through={}",
        "_through=[]",
        "_through=x",
        "id__in=[1,",
        "_sort=id&_sort_desc=id",
        "&".join(f"id__gt={number}" for number in range(3000)),
    ],
)
@pytest.mark.parametrize("table", ["listings", "listings.json", "current_listings"])
def test_parameters_that_datasette_cannot_read_are_no_fault(
    site: Site, table: str, query: str
) -> None:
    answer = site.get(f"/tracker/{table}?{query}")
    assert answer.status_code == 400
    assert "content-security-policy" in answer.headers


def test_a_page_that_there_is_not_is_no_invalid_sql(site: Site) -> None:
    answer = site.get("/tracker/-/changs")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text
    assert "SQL" not in answer.text
    data = site.get("/tracker/-/changs.json")
    assert (data.status_code, data.json()["error"]) == (404, "There is no such page")


def test_a_fault_of_ours_stays_one(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise ValueError("not a number")

    monkeypatch.setattr("sanctuary.site.health.Visit.of", fail)
    assert site.get("/tracker/-/health").status_code == 500
