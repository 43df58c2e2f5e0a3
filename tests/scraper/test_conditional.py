"""Asking for another version only: when that is safe, and what the answers mean."""

from __future__ import annotations

import pytest

from scraper.conditional import Validators, conditions, http_date
from scraper.judge import Kind, Verdict
from tests.scraper.conftest import NewClient
from tests.scraper.hand_time import NOON
from tests.scraper.lying_server import HTML, OK, PAGE, LyingServer, answer, redirect

TAG = '"v1"'
DATE = "Sun, 01 Nov 2026 10:00:00 GMT"
FUTURE = "Mon, 02 Nov 2026 12:00:01 GMT"
ADDRESS = "https://agency.example/list"
NOT_MODIFIED = answer("304 Not Modified", {"ETag": TAG})


def test_both_validators_are_sent_since_servers_differ_in_which_they_know(
    server: LyingServer, new_client: NewClient
) -> None:
    server.answers["/page"] = NOT_MODIFIED
    address = server.address("/page")
    fetched = new_client().fetch(address, Kind.HTML, Validators(TAG, DATE, address))
    assert (fetched.status, fetched.verdict) == (304, Verdict.UNCHANGED)
    assert ("If-None-Match", TAG) in fetched.request_headers
    assert ("If-Modified-Since", DATE) in fetched.request_headers
    assert f"If-None-Match: {TAG}\r\nIf-Modified-Since: {DATE}\r\n" in server.requests[0]


def test_304_to_someone_who_set_no_condition_is_an_error(
    server: LyingServer, new_client: NewClient
) -> None:
    server.answers["/page"] = NOT_MODIFIED
    address = server.address("/page")
    for validators in (None, Validators(None, None, address), Validators(None, FUTURE, address)):
        fetched = new_client().fetch(address, Kind.HTML, validators)
        assert (fetched.status, fetched.verdict) == (304, Verdict.ERROR)


@pytest.mark.parametrize(
    ("validators", "another"),
    [
        ({"ETag": '"v2"'}, True),
        ({"ETag": 'W/"v1"'}, False),
        ({"Last-Modified": "Sun, 01 Nov 2026 10:00:01 GMT"}, True),
        ({"Last-Modified": "Sun, 01 Nov 2026 09:00:00 GMT"}, False),
        ({}, False),
    ],
)
def test_304_of_another_version_hides_nothing(
    server: LyingServer, new_client: NewClient, validators: dict[str, str], another: bool
) -> None:
    server.first["/page"] = [answer("304 Not Modified", validators)]
    server.answers["/page"] = OK
    address = server.address("/page")
    fetched = new_client().fetch(address, Kind.HTML, Validators(TAG, DATE, address))
    assert fetched.verdict is (Verdict.DOCUMENT if another else Verdict.UNCHANGED)
    assert len(server.requests) == 1 + another
    assert "If-" not in server.requests[-1] or not another
    assert any("another version" in each for each in fetched.transport.attempts) is another


def test_a_tag_used_again_for_other_bytes_does_not_hide_them(
    server: LyingServer, new_client: NewClient
) -> None:
    other = PAGE.replace(b"this week", b"next week")
    server.answers["/page"] = answer("200 OK", {**HTML, "ETag": TAG}, other)
    address = server.address("/page")
    fetched = new_client().fetch(address, Kind.HTML, Validators(TAG, None, address))
    assert (fetched.verdict, fetched.body) == (Verdict.DOCUMENT, other)


def test_robots_txt_is_asked_for_without_conditions(
    server: LyingServer, new_client: NewClient
) -> None:
    address = server.address("/page")
    new_client().fetch(address, Kind.HTML, Validators(TAG, DATE, address))
    assert "If-" not in server.robots_requests[0]


class TestRedirects:
    """Validators are of the address where the last redirect led, and are sent to that one only."""

    def test_lead_to_the_address_that_the_validators_are_of(
        self, server: LyingServer, new_client: NewClient
    ) -> None:
        server.answers |= {"/latest": redirect("/report-1"), "/report-1": NOT_MODIFIED}
        fetched = new_client().fetch(
            server.address("/latest"),
            Kind.HTML,
            Validators(TAG, DATE, server.address("/report-1")),
        )
        assert fetched.verdict is Verdict.UNCHANGED
        assert "If-" not in server.requests[0]

    def test_may_lead_to_another_document_with_an_equal_tag(
        self, server: LyingServer, new_client: NewClient
    ) -> None:
        server.answers |= {"/latest": redirect("/report-2"), "/report-2": OK}
        fetched = new_client().fetch(
            server.address("/latest"),
            Kind.HTML,
            Validators(TAG, DATE, server.address("/report-1")),
        )
        assert fetched.verdict is Verdict.DOCUMENT
        assert not any("If-" in request for request in server.requests)

    def test_304_after_them_is_an_error_where_no_condition_went(
        self, server: LyingServer, new_client: NewClient
    ) -> None:
        server.answers |= {"/latest": redirect("/report-2"), "/report-2": NOT_MODIFIED}
        latest = server.address("/latest")
        fetched = new_client().fetch(latest, Kind.HTML, Validators(TAG, DATE, latest))
        assert (fetched.status, fetched.verdict) == (304, Verdict.ERROR)


def test_a_date_in_the_future_is_not_sent_or_nothing_would_change_until_then() -> None:
    assert conditions(Validators(None, FUTURE, ADDRESS), ADDRESS, NOON) == {}
    assert conditions(Validators(TAG, FUTURE, ADDRESS), ADDRESS, NOON) == {"If-None-Match": TAG}
    assert conditions(Validators(None, FUTURE, ADDRESS), ADDRESS, NOON + 1) == {
        "If-Modified-Since": FUTURE
    }


@pytest.mark.parametrize(
    "date", ["", "yesterday", "2026-11-01", "0", "Sun, 01 Nov 2026 10:00:00 GMT\r\nX: y", "\u0661"]
)
def test_what_is_no_date_is_not_sent(date: str) -> None:
    assert conditions(Validators(None, date, ADDRESS), ADDRESS, NOON) == {}


@pytest.mark.parametrize("tag", ["", '"a\r\nCookie: b"', '"\u00e9"', '"\0"'])
def test_a_tag_that_a_header_cannot_hold_is_not_sent(tag: str) -> None:
    assert conditions(Validators(tag, None, ADDRESS), ADDRESS, NOON) == {}


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777.0),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777.0),
        ("Sun Nov  6 08:49:37 1994", 784_111_777.0),
        ("Sun, 06 Nov 1994 99:49:37 GMT", None),
        ("Sun, 06 Nov 99999 08:49:37 GMT", None),
        ("120", None),
        (None, None),
    ],
)
def test_the_three_forms_of_a_date_are_read(text: str | None, moment: float | None) -> None:
    assert http_date(text) == moment
