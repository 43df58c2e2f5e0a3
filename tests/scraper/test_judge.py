"""What a response is: each fixture is one exchange, and its folder is the verdict on it.

A fixture holds the request, a blank line, and the response with its body; the extension in the
request's path says which kind of document was wanted.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.judge import Kind, Response, Verdict, judge

FIXTURES = Path(__file__).parents[1] / "fixtures" / "judge"
EXCHANGES = sorted(FIXTURES.glob("*/*.http"))


def exchange(path: Path) -> tuple[Response, Kind]:
    request, response = re.split(rb"\n\n(?=HTTP/1\.1 )", path.read_bytes(), maxsplit=1)
    head, _, body = response.partition(b"\n\n")
    status, *lines = head.decode("ascii").split("\n")
    headers = tuple(tuple(line.split(": ", 1)) for line in lines)
    wanted = re.match(rb"GET \S*\.(\w+) ", request)
    assert wanted
    return (
        Response(
            status=int(status.split()[1]),
            headers=headers,
            body=body,
            received=len(body),
            conditional=b"If-Modified-Since" in request,
        ),
        Kind(wanted[1].decode("ascii")),
    )


def found(status: int, body: bytes, wanted: Kind = Kind.PDF, **more: str) -> Verdict:
    return judge(Response(status, tuple(more.items()), body, len(body)), wanted).verdict


@pytest.mark.parametrize(
    "path", EXCHANGES, ids=lambda path: f"{path.parent.name}-{path.name.removesuffix('.http')}"
)
def test_the_folder_is_the_verdict(path: Path) -> None:
    judgement = judge(*exchange(path))
    assert judgement.verdict == path.parent.name, judgement.reason
    assert judgement.reason


def test_every_verdict_has_a_fixture_and_every_folder_is_a_verdict() -> None:
    assert {path.parent.name for path in EXCHANGES} == {str(verdict) for verdict in Verdict}


def test_every_kind_has_a_fixture_that_is_the_document() -> None:
    kinds = {exchange(path)[1] for path in EXCHANGES if path.parent.name == Verdict.DOCUMENT}
    assert kinds == set(Kind)


@pytest.mark.parametrize("status", [200, 202, 403, 404, 405, 410, 429, 500, 503])
def test_a_challenge_is_a_refusal_whatever_its_status(status: int) -> None:
    page = b"<html><head><title>Just a moment...</title></head></html>"
    assert found(status, page) is Verdict.BLOCKED
    assert found(status, b"", Kind.HTML, **{"CF-Mitigated": "challenge"}) is Verdict.BLOCKED


def test_only_404_and_410_without_a_challenge_say_that_a_document_is_gone() -> None:
    page = b"<html><body><p>Nothing here.</p></body></html>"
    gone = [status for status in range(200, 600) if found(status, page) is Verdict.GONE]
    assert gone == [404, 410]


def test_a_document_comes_with_a_success_and_with_nothing_else() -> None:
    page = b"<html><body><p>The list.</p></body></html>"
    documents = [s for s in range(200, 600) if found(s, page, Kind.HTML) is Verdict.DOCUMENT]
    assert documents == [status for status in range(200, 300) if status != 206]


def test_what_was_cut_off_is_truncated_for_the_reason_given() -> None:
    response = Response(200, (), b"<html><body>", 12, cut_off="the rest of it did not come")
    judgement = judge(response, Kind.HTML)
    assert judgement.verdict is Verdict.TRUNCATED
    assert judgement.reason == "the rest of it did not come"


def test_a_packed_body_is_measured_as_it_came() -> None:
    headers = (("Content-Length", "40"), ("Content-Encoding", "gzip"))
    page = b"<html>" + b"<p>row</p>" * 100
    assert judge(Response(200, headers, page, 40), Kind.HTML).verdict is Verdict.DOCUMENT
    assert judge(Response(200, headers, page, 39), Kind.HTML).verdict is Verdict.TRUNCATED


@pytest.mark.parametrize("stated", ["", "-1", "1e9", "many", "٣"])
def test_a_length_that_cannot_be_read_says_nothing(stated: str) -> None:
    assert found(200, b"<html></html>", Kind.HTML, **{"Content-Length": stated}) is Verdict.DOCUMENT


def test_a_page_with_text_of_its_own_is_not_a_challenge_for_the_scripts_it_carries() -> None:
    script = b'<script src="/cdn-cgi/challenge-platform/x.js"></script>'
    full = b"<html><body><p>" + b"The ordinance. " * 40 + b"</p>" + script
    bare = b"<html><body><script>" + b"var text;" * 100 + b"</script>" + script
    assert found(200, full, Kind.HTML) is Verdict.DOCUMENT
    assert found(200, bare, Kind.HTML) is Verdict.BLOCKED


HOSTILE_STARTS = [b"", b"%PDF-1.7", b"PK\x03\x04", b"<html>", b"\xff\xfe<\0", b"\xef\xbb\xbf<html>"]


@settings(deadline=None)
@given(
    start=st.sampled_from(HOSTILE_STARTS),
    rest=st.binary(max_size=200),
    status=st.integers(100, 999),
    wanted=st.sampled_from(Kind),
)
def test_any_bytes_have_a_verdict(start: bytes, rest: bytes, status: int, wanted: Kind) -> None:
    body = start + rest
    assert judge(Response(status, (), body, len(body)), wanted).reason


@pytest.mark.parametrize("name", ["pdf", "xlsx"])
def test_a_file_that_breaks_off_anywhere_is_no_document(name: str) -> None:
    response, wanted = exchange(FIXTURES / "document" / f"{name}.http")
    for length in range(0, len(response.body) - 30, 7):
        assert found(200, response.body[:length], wanted) is not Verdict.DOCUMENT
