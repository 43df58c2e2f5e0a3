"""What a response is: each fixture is one exchange, and its folder is the verdict on it.

A fixture holds the request, a blank line, the redirects that were followed, and the response with
its body; the extension in the request's path says which kind of document was wanted.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.judge import Kind, Response, Verdict, judge

FIXTURES = Path(__file__).parents[1] / "fixtures" / "judge"
EXCHANGES = sorted(FIXTURES.glob("*/*.http"))


def exchange(path: Path) -> tuple[Response, Kind]:
    request, *hops, response = re.split(rb"\n\n(?=HTTP/1\.1 )", path.read_bytes())
    head, _, body = response.partition(b"\n\n")
    status, *lines = head.decode("ascii").split("\n")
    headers = tuple((name, value) for name, value in (line.split(": ", 1) for line in lines))
    wanted = re.match(rb"GET (\S*\.(\w+)) ", request)
    assert wanted
    address = final_address = urljoin("https://agency.example/", wanted[1].decode("ascii"))
    for hop in hops:
        final_address = urljoin(final_address, hop.decode("ascii").partition("\nLocation: ")[2])
    return (
        Response(
            status=int(status.split()[1]),
            headers=headers,
            body=body,
            received=len(body),
            conditional=b"If-Modified-Since" in request,
            address=address,
            final_address=final_address,
        ),
        Kind(wanted[2].decode("ascii")),
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
    for header in ("CF-Mitigated", "X-Vercel-Mitigated"):
        assert found(status, b"", Kind.HTML, **{header: "challenge"}) is Verdict.BLOCKED


def test_of_all_statuses_only_404_and_410_say_that_a_document_is_gone() -> None:
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
    page = b"<html><p>The list.</p></html>"
    assert found(200, page, Kind.HTML, **{"Content-Length": stated}) is Verdict.DOCUMENT


def test_a_page_with_text_of_its_own_is_not_a_challenge_for_the_scripts_it_carries() -> None:
    script = b'<script src="/cdn-cgi/challenge-platform/x.js"></script>'
    full = b"<html><body><p>" + b"The ordinance. " * 40 + b"</p>" + script
    bare = b"<html><body><script>" + b"var text;" * 100 + b"</script>" + script
    assert found(200, full, Kind.HTML) is Verdict.DOCUMENT
    assert found(200, bare, Kind.HTML) is Verdict.BLOCKED


SAID = "<html><head><title>{}</title></head><body><h1>{}</h1><p>{}</p></body></html>"


def said(title: str, heading: str, text: str = "", wanted: Kind = Kind.HTML) -> Verdict:
    return found(200, SAID.format(title, heading, text).encode(), wanted)


@pytest.mark.parametrize(
    "sentence",
    [
        "Page not found",
        "Page Not Found (404)",
        "404 Not Found",
        "404 - Page not found",
        "Error 404: File or directory not found.",
        "Oops! That page can\u2019t be found.",
        "Sorry, we couldn't find that page",
        "We cannot find the page you are looking for",
        "The page you requested could not be found",
        "The resource cannot be found.",
        "The requested URL was not found on this server.",
        "This page does not exist",
        "This page doesn't exist.",
        "This record no longer exists",
        "The document is no longer available",
        "This file has been removed",
    ],
)
def test_a_page_whose_heading_says_that_it_is_not_there_says_that_it_is_gone(
    sentence: str,
) -> None:
    for wanted in (Kind.HTML, Kind.PDF, Kind.XLSX, Kind.JSON):
        assert said("City of Freedonia", sentence, wanted=wanted) is Verdict.GONE
    assert said(f"{sentence} | Freedonia", "Freedonia", sentence) is Verdict.GONE
    assert said(f"Freedonia: {sentence}", "", "Try the search.") is Verdict.GONE


@pytest.mark.parametrize(
    "heading",
    [
        "\u00a7 404 Not found property",
        "Section 404",
        "404 counties",
        "404",
        "Persons not found",
        "Agreements that no longer exist",
        "Records removed",
        "No results found",
        "When a detainer is not found",
        "Site maintenance district",
        "Maintenance",
        "Log in sheets",
        "Session",
        "Denied detainers",
        "Errors and corrections",
        "Human services",
    ],
)
def test_a_heading_that_says_more_is_the_heading_of_a_document(heading: str) -> None:
    assert said(heading, heading, "The list of this week.") is Verdict.DOCUMENT


def test_a_page_that_goes_on_is_a_document_whatever_its_title() -> None:
    rest = "The clerk keeps the list and publishes it each week. " * 12
    for title in ("Page not found", "Log in", "Access denied", "Down for maintenance", "Error"):
        assert said(title, title, rest) is Verdict.DOCUMENT
        assert said(title, title, "") is not Verdict.DOCUMENT


def test_a_title_that_the_page_does_not_bear_out_is_a_mistake() -> None:
    assert said("Page not found", "The list", "Example County") is Verdict.DOCUMENT


def test_a_page_longer_than_any_excuse_is_a_document() -> None:
    style = "<style>" + "p { margin: 0 } " * 40_000 + "</style>"
    page = style + SAID.format("Page not found", "Page not found", "")
    assert found(200, page.encode(), Kind.HTML) is Verdict.DOCUMENT


@pytest.mark.parametrize("status", [200, 404, 410])
@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("Please log in", Verdict.BLOCKED),
        ("Access denied", Verdict.BLOCKED),
        ("We\u2019ll be back soon", Verdict.ERROR),
        ("Something went wrong", Verdict.ERROR),
    ],
)
def test_a_page_that_excuses_itself_never_says_that_a_document_is_gone(
    status: int, sentence: str, verdict: Verdict
) -> None:
    page = SAID.format(sentence, sentence, "").encode()
    assert found(status, page, Kind.HTML) is verdict
    assert found(status, page, Kind.PDF) is verdict


@pytest.mark.parametrize("kind", [Kind.PDF, Kind.XLSX])
@pytest.mark.parametrize("status", [404, 410])
def test_a_file_that_comes_with_the_word_that_it_is_gone_is_neither(
    kind: Kind, status: int
) -> None:
    response, _ = exchange(FIXTURES / "document" / f"{kind}.http")
    assert found(status, response.body, kind) is Verdict.ERROR


PLACES = [
    ("/lists/2017.pdf", "/login?next=/lists/2017.pdf", Verdict.BLOCKED),
    ("/lists/2017.pdf", "/users/sign_in", Verdict.BLOCKED),
    ("/lists/2017.pdf", "https://sso.freedonia.example/", Verdict.BLOCKED),
    ("/lists/2017.html", "/CMSPages/PageNotFound.aspx", Verdict.ERROR),
    ("/lists/2017.html", "/Error.aspx?aspxerrorpath=/lists", Verdict.ERROR),
    ("/lists/2017.html", "/404/", Verdict.ERROR),
    ("/lists/2017.html", "/", Verdict.ERROR),
    ("/lists/2017.html", "https://www.agency.example/Default.aspx", Verdict.ERROR),
    ("/?page=lists", "/", Verdict.ERROR),
    ("/lists/2017.html", "/lists/2017.html", Verdict.DOCUMENT),
    ("/lists/2017.html", "/lists/2017/", Verdict.DOCUMENT),
    ("/lists/2017.html", "/?page=lists", Verdict.DOCUMENT),
    ("/lists/2017.html", "https://lists.agency.example/", Verdict.DOCUMENT),
    ("/", "https://www.agency.example/index.html", Verdict.DOCUMENT),
    ("/index.php", "/", Verdict.DOCUMENT),
    ("/login", "/login/", Verdict.DOCUMENT),
    ("/404", "/errors/404", Verdict.DOCUMENT),
    ("/lists", "/login-ordinance/lists", Verdict.DOCUMENT),
    ("/lists", "/errors/lists", Verdict.DOCUMENT),
]


@pytest.mark.parametrize(("asked", "final", "verdict"), PLACES)
def test_a_page_is_judged_by_where_it_came_from(asked: str, final: str, verdict: Verdict) -> None:
    page = b"<html><h1>Freedonia</h1><p>The lists of the city.</p></html>"
    site = "https://agency.example"
    response = Response(
        200, (), page, len(page), address=site + asked, final_address=urljoin(site, final)
    )
    assert judge(response, Kind.HTML).verdict is verdict


def test_a_response_that_does_not_say_where_it_came_from_is_judged_by_itself() -> None:
    assert found(200, b"<html><p>The list.</p></html>", Kind.HTML) is Verdict.DOCUMENT


@pytest.mark.parametrize(
    ("body", "called"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file"),
        (b"PK\x03\x04 word/document.xml PK\x05\x06" + bytes(18), "a ZIP file"),
        (b"\x1f\x8b\x08\x00", "a gzip file"),
        (b"\x89PNG\r\n\x1a\n\x00", "an image"),
        (b"<?xml version='1.0'?><feed/>", "XML"),
        (b'{"rows": []}', "JSON"),
        (b"The list.", "text"),
        (b"<p>The list.</p>", "HTML"),
        (b"\x00\x01\x02", "something else"),
    ],
)
def test_what_came_instead_is_named(body: bytes, called: str) -> None:
    judgement = judge(Response(200, (), body, len(body)), Kind.PDF)
    assert judgement.verdict is Verdict.WRONG_KIND
    assert judgement.reason == f"{called} came where PDF is wanted"


HOSTILE_STARTS = [
    b"",
    b"%PDF-1.7",
    b"PK\x03\x04",
    b"<html>",
    b"\xff\xfe<\0",
    b"\xef\xbb\xbf<html>",
    b'[{"',
]


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


@pytest.mark.parametrize(
    "body",
    [
        b"<!--" + b"-->" * 100_000,
        b"<!---->" * 50_000,
        b"<?" * 100_000,
        b"<div>" * 50_000,
        b"<html>" + b"<h1>not " * 20_000,
        b"<html>" + b"<header>" * 50_000,
        b" " * 200_000 + b"<",
        b"[" * 200_000,
        b'"' + b"," * 60_000,
        b"<html><p>" + b"enable " * 50_000,
    ],
    ids=lambda body: body[:10].decode(),
)
def test_a_hostile_body_is_judged_in_the_time_of_a_plain_one(body: bytes) -> None:
    """A rule that took the square of the length would not come back from these."""
    for wanted in Kind:
        judge(Response(200, (), body, len(body)), wanted)


REAL = Path(os.environ.get("SANCTUARY_REAL", Path(__file__).parents[3] / "shared" / "real"))
REAL_KINDS = {".txt": Kind.TEXT, ".xml": Kind.TEXT, ".md": Kind.TEXT}


@pytest.mark.skipif(not REAL.is_dir(), reason="the real documents are not at hand")
def test_every_real_document_is_the_document() -> None:
    judged = 0
    for path in sorted(path for path in REAL.rglob("*") if path.is_file()):
        kind = REAL_KINDS.get(path.suffix) or Kind(path.suffix.removeprefix("."))
        body = path.read_bytes()
        judgement = judge(Response(200, (), body, len(body)), kind)
        assert judgement.verdict is Verdict.DOCUMENT, (path, judgement.reason)
        judged += 1
    assert judged > 100
