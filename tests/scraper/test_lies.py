"""What servers do: each fault ends in one verdict and one line, and none in an exception.

The faults that have files of their own: redirects (test_redirects), conditions (test_conditional),
packings (test_decoding), limits on size and time (test_limits), handshakes (test_tls).
"""

from __future__ import annotations

import gzip
import itertools
from pathlib import Path

import pytest

from scraper.judge import Kind, Verdict
from tests.scraper.conftest import NewClient
from tests.scraper.lying_server import (
    HTML,
    PAGE,
    Answer,
    LyingServer,
    answer,
    packed,
    redirect,
    with_length,
)

PDF_HEADERS = {"Content-Type": "application/pdf"}
PDF = b"%PDF-1.4\n" + b"1 0 obj << /Type /Catalog >> endobj\n" * 99 + b"trailer << >>\n%%EOF\n"
WAF = b"<html><head><title>Just a moment...</title></head><body>_cf_chl_opt</body></html>"

FAULTS: dict[str, tuple[Answer, Kind, int | None, Verdict]] = {
    "a challenge with status 200": (
        answer("200 OK", HTML, WAF),
        Kind.HTML,
        200,
        Verdict.BLOCKED,
    ),
    "a challenge in place of a PDF": (
        answer("200 OK", PDF_HEADERS, WAF),
        Kind.PDF,
        200,
        Verdict.BLOCKED,
    ),
    "HTML named .pdf": (
        answer("200 OK", PDF_HEADERS, PAGE),
        Kind.PDF,
        200,
        Verdict.WRONG_KIND,
    ),
    "an empty body": (
        answer("200 OK", {**PDF_HEADERS, "Content-Length": "0"}),
        Kind.PDF,
        200,
        Verdict.EMPTY,
    ),
    "half a PDF whose length is stated truly": (
        answer(
            "200 OK", {**PDF_HEADERS, "Content-Length": str(len(PDF) // 2)}, PDF[: len(PDF) // 2]
        ),
        Kind.PDF,
        200,
        Verdict.TRUNCATED,
    ),
    "half a page": (with_length(len(PAGE) * 2, PAGE), Kind.HTML, 200, Verdict.TRUNCATED),
    "gzip twice, said once": (
        packed(gzip.compress(gzip.compress(PAGE))),
        Kind.HTML,
        200,
        Verdict.WRONG_KIND,
    ),
    "gzip twice, said twice": (
        packed(gzip.compress(gzip.compress(PAGE)), "gzip, gzip"),
        Kind.HTML,
        200,
        Verdict.DOCUMENT,
    ),
    "304 to an unconditional request": (
        answer("304 Not Modified", {"ETag": '"1"'}),
        Kind.HTML,
        304,
        Verdict.ERROR,
    ),
    "a date in the future": (
        answer("200 OK", {**HTML, "Last-Modified": "Mon, 01 Jan 2035 00:00:00 GMT"}, PAGE),
        Kind.HTML,
        200,
        Verdict.DOCUMENT,
    ),
    "a redirect to where clouds keep secrets": (
        redirect("http://169.254.169.254/latest/meta-data/"),
        Kind.HTML,
        None,
        Verdict.ERROR,
    ),
    "a redirect to itself": (redirect("/page"), Kind.HTML, None, Verdict.ERROR),
    "a body without end": (
        itertools.chain([answer("200 OK", HTML)], itertools.repeat(b"x" * 65536)),
        Kind.HTML,
        200,
        Verdict.TRUNCATED,
    ),
    "a body of five gigabytes, as stated": (
        itertools.chain([with_length(5 * 2**30, b"")], itertools.repeat(b"x" * 65536)),
        Kind.HTML,
        200,
        Verdict.TRUNCATED,
    ),
}


@pytest.mark.parametrize(
    ("sent", "wanted", "status", "verdict"), FAULTS.values(), ids=FAULTS.keys()
)
def test_each_fault_has_its_verdict(
    server: LyingServer,
    new_client: NewClient,
    sent: Answer,
    wanted: Kind,
    status: int | None,
    verdict: Verdict,
) -> None:
    server.answers["/page"] = sent
    fetched = new_client(body_bytes=10_000_000).fetch(server.address("/page"), wanted)
    assert (fetched.status, fetched.verdict) == (status, verdict)
    assert "\n" not in fetched.reason


def test_a_byte_now_and_then_does_not_hold_a_fetch_up(
    server: LyingServer, new_client: NewClient
) -> None:
    def drip() -> itertools.chain[bytes]:
        return itertools.chain([answer("200 OK", HTML)], itertools.repeat(b"x"))

    server.answers["/page"] = drip()
    fetched = new_client(total_seconds=0.5).fetch(server.address("/page"), Kind.HTML)
    assert (fetched.status, fetched.verdict) == (200, Verdict.TRUNCATED)


def test_headers_that_come_byte_by_byte_do_not_hold_it_up_either(
    server: LyingServer, new_client: NewClient
) -> None:
    server.answers["/page"] = itertools.chain([b"HTTP/1.1 200 OK\r\nX: "], itertools.repeat(b"a"))
    fetched = new_client(total_seconds=0.5).fetch(server.address("/page"), Kind.HTML)
    assert (fetched.status, fetched.verdict) == (None, Verdict.ERROR)


def test_nothing_is_written_but_what_processes_share(
    server: LyingServer, new_client: NewClient, tmp_path: Path
) -> None:
    server.answers["/page"] = answer("200 OK", {**HTML, "Set-Cookie": "a=b"}, PAGE)
    new_client().fetch(server.address("/page"), Kind.HTML)
    written = {path.relative_to(tmp_path).parts[:2] for path in tmp_path.rglob("*.*")}
    assert written == {("shared", "pace"), ("shared", "robots")}
