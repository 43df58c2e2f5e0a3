"""Limits, headers and hostile text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.site.histories import HOSTILE, closed_weeks, two_weeks
from tests.site.serving import Site, served
from tests.site.test_compare import PAGE, WEEKS


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("hardening")
    two_weeks(folder).close()
    with served(folder / "tracker.db") as site:
        yield site


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT zeroblob(900000000)",
        "SELECT group_concat(printf('%.*c', 100000, 'x')) FROM sqlite_master",
        "SELECT replace(printf('%.*c', 10000, 'x'), 'x', printf('%.*c', 10000, 'y'))",
    ],
)
def test_sql_that_would_take_all_memory_is_refused_at_once(site: Site, sql: str) -> None:
    answer = site.sql(sql)
    assert answer.status_code == 400
    assert "too big" in answer.json()["error"]


THOUSAND = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000) "


@pytest.mark.parametrize("value", ["hex(zeroblob(240000))", "zeroblob(480000)"])
def test_a_thousand_long_values_are_refused(site: Site, value: str) -> None:
    answer = site.sql(f"{THOUSAND} SELECT {value} FROM n")
    assert answer.status_code == 400
    assert "too large" in answer.json()["error"]


def test_the_size_of_one_answer_does_not_count_for_the_next(site: Site) -> None:
    for _ in range(3):
        answer = site.sql(f"{THOUSAND} SELECT hex(zeroblob(7000)) FROM n")
        assert answer.status_code == 200


def test_a_long_answer_is_refused_or_empty(site: Site) -> None:
    answer = site.sql("SELECT printf('%.*c', 200000000, 'x')")
    assert len(answer.content) < 1000


@pytest.mark.parametrize(
    "page",
    [
        "/",
        "/tracker",
        "/tracker/current_listings",
        "/tracker/listings.json",
        "/tracker/listings.csv",
        "/nowhere",
        "/tracker?sql=SELECT+nothing",
        "/tracker?sql=DELETE+FROM+listings",
        "/tracker/listings/",
        "/tracker/listings.json?_size=-1",
        "/-/static/app.css",
        "/-/static-plugins/sanctuary-tracker/site.css",
        PAGE,
        f"{PAGE}.json",
        f"{PAGE}?source=nowhere",
    ],
)
def test_every_answer_carries_the_headers(site: Site, page: str) -> None:
    headers = site.get(page).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "geolocation=()" in headers["permissions-policy"]
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy


def test_an_answer_to_a_fault_of_ours_carries_the_headers(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError(HOSTILE)

    monkeypatch.setattr("sanctuary.site.compare.Visit.of", fail)
    answer = site.get(PAGE)
    capsys.readouterr()
    assert answer.status_code == 500
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert HOSTILE not in answer.text


def test_closed_pages_carry_the_headers(tmp_path: Path) -> None:
    closed_weeks(tmp_path, "off").close()
    with served(tmp_path / "tracker.db") as site:
        answer = site.get("/tracker/declined_detainers")
        assert answer.status_code == 403
        assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    "page",
    [
        "/tracker?sql=SELECT+'</textarea>{}'+FROM+nothing",
        "/tracker?sql=</textarea>{}",
        "/tracker?sql=SELECT+:a&a={}",
        "/{}",
        "/tracker/{}",
        "/tracker/listings/{}",
        "/tracker/listings?_sort={}",
        "/tracker/listings?{}=1",
        "/tracker/listings?jurisdiction={}",
        "/tracker/listings?_search={}",
        "/tracker/-/place/{}",
        f"{PAGE}?source={{}}",
        "/tracker/jurisdiction_history?jurisdiction={}",
    ],
)
def test_what_an_address_asks_is_never_markup_of_the_answer(
    site: Site, page: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = site.get(page.format(quote("<img src=x onerror=alert(1)>")))
    capsys.readouterr()
    assert "<img" not in answer.text


def test_our_own_pages_allow_no_script_and_no_inline_style(site: Site) -> None:
    answer = site.get(PAGE)
    assert len(answer.headers.get_list("content-security-policy")) == 1
    assert "unsafe-inline" not in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]
    for piece in ("<script", "style=", "<style"):
        assert piece not in answer.text
    assert not re.search(r"<[^>]*\son\w+\s*=", answer.text)


@pytest.mark.parametrize("path", ["/\\example.com/", "/tracker/\\example.com/"])
def test_a_backslash_is_no_way_to_another_host(site: Site, path: str) -> None:
    sent: list[Any] = []

    async def ask() -> None:
        async def receive() -> dict[str, str]:
            return {"type": "http.request"}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [],
        }
        await site.datasette.app()(scope, receive, send)

    site.run(ask())
    assert sent[0]["status"] == 400
    assert b"location" not in {name.lower() for name, _ in sent[0]["headers"]}


@pytest.mark.parametrize(
    "page",
    [
        f"{PAGE}?{WEEKS}",
        f"{PAGE}?source=zembla-list",
        "/tracker/current_listings",
        "/tracker/listings/6",
        "/tracker/current_changes",
        "/tracker/agreements",
        "/tracker/jurisdiction_history",
        "/tracker/listings_between_editions",
    ],
)
def test_scraped_markup_is_shown_as_text(site: Site, page: str) -> None:
    body = site.get(page).text
    assert HOSTILE not in body
    assert "&lt;script&gt;alert(" in body
    assert 'href="javascript:' not in body


def test_scraped_markup_in_markdown_is_escaped(site: Site) -> None:
    assert "<script>" not in site.get(f"{PAGE}.md?{WEEKS}").text


def test_scraped_markup_in_json_is_no_page(site: Site) -> None:
    answer = site.get(f"{PAGE}.json?{WEEKS}")
    assert answer.headers["content-type"].startswith("application/json")
    changes = answer.json()["tables"]["listings"]["changes"]
    assert any(field["after"] == HOSTILE for change in changes for field in change["fields"])


def test_a_page_that_is_not_there_leaves_no_trace_on_the_terminal(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    assert site.get("/robots.txt").status_code == 404
    assert site.get("/tracker/nothing").status_code == 404
    said = capfd.readouterr()
    assert said.out + said.err == ""
