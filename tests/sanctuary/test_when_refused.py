"""A page that refuses: the Wayback Machine's newest capture stands in, or a person saves it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sanctuary import asking
from sanctuary.asking import Waiting
from sanctuary.cli import fetch, status
from sanctuary.clock import Clock
from sanctuary.sources import Settings
from scraper.client import Client
from scraper.wayback import PACE_SECONDS
from tests.sanctuary.commands import Commands
from tests.sanctuary.loopback import HandClock, Page, Publisher
from tests.sanctuary.stepping import SOURCES as STEPPING
from tests.sanctuary.stepping import Host
from tests.sanctuary.watching import BLOCKED, THREE, TWO
from tests.sanctuary.wayback_server import Sent, Wayback

SOURCES = """
settings:
  contact: https://example.org/tests
  allow_hosts: ["{host}", "{wayback}"]
  wayback: http://{wayback}
  delay: 0s
sources:
  - id: list
    title: List of Freedonia
    publisher: Freedonia Ministry
    address: http://{host}/list
    parser: table
    options: {{record: listings, columns: {{Jurisdiction: jurisdiction, Policy: policy}}}}
    editions: content
    when_refused: wayback
    why: For tests.
"""
CHALLENGE = b"<html><title>Just a moment...</title></html>"
PLACES = b'<!doctype html><pre>{"places": ["Bornholm"]}</pre>'


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as publisher:
        publisher.pages["/list"] = BLOCKED
        yield publisher


@pytest.fixture
def wayback() -> Iterator[Wayback]:
    with Wayback() as wayback:
        yield wayback


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> HandClock:
    clock = HandClock()
    monkeypatch.setattr(fetch, "utc_now", clock)
    monkeypatch.setattr(status, "utc_now", clock)
    return clock


@pytest.fixture
def address(publisher: Publisher) -> str:
    return f"http://{publisher.host}/list"


@pytest.fixture
def watched(tmp_path: Path, publisher: Publisher, wayback: Wayback, clock: HandClock) -> Commands:
    return Commands(tmp_path, SOURCES.format(host=publisher.host, wayback=wayback.host))


def editions(watched: Commands) -> list[tuple[object, ...]]:
    return watched.rows("SELECT public_from, public_until FROM editions ORDER BY public_from")


def test_the_newest_capture_of_the_archive_stands_in_within_the_same_run(
    watched: Commands, wayback: Wayback, address: str
) -> None:
    wayback.keep("20240101000000", address, THREE)
    wayback.keep("20250206080000", address, TWO)
    run = watched("run")
    assert (run.code, run.out) == (1, "list: 1 new, 1 failed\n")
    assert f"list: {address}: blocked: a challenge of Cloudflare came back" in run.err
    said = (
        f"list: {address}: refused; the newest capture of the Wayback Machine, of 2025-02-06, "
        "stands in for it\n"
    )
    assert said in run.err
    assert said in watched("status").out
    assert wayback.mementos == ["20250206080000"]
    assert editions(watched) == [("2025-02-06T08:00:00Z", "2025-02-06T08:00:00Z")]
    assert watched.rows("SELECT proof, verdict FROM captures ORDER BY id") == [
        ("own", "blocked"),
        ("archive", "document"),
    ]


def test_what_stands_in_makes_no_source_look_fresh(
    watched: Commands, wayback: Wayback, address: str, clock: HandClock
) -> None:
    wayback.keep("20250206080000", address, TWO)
    watched("run")
    clock.now = "2025-06-09T10:00:00Z"
    watched("run")
    (shown,) = watched("status", "--json").data()["sources"]
    assert shown["last_good"] is None
    assert shown["past_deadline"]
    assert shown["last_seen"] == "2025-02-06T08:00:00Z"
    assert shown["refused"] == [{"address": address, "stands_in": "2025-02-06T08:00:00Z"}]
    assert "seen 2025-02-06" in watched("status").out
    assert watched("status", "--check").code == 1


def test_only_what_is_newer_is_asked_for_in_the_next_run(
    watched: Commands, wayback: Wayback, address: str, clock: HandClock
) -> None:
    wayback.keep("20250206080000", address, TWO)
    watched("run")
    clock.now = "2025-06-02T10:00:00Z"
    run = watched("run")
    assert run.out == "list: 1 failed\n"
    assert "of 2025-02-06, stands in" in run.err
    assert wayback.mementos == ["20250206080000"]
    wayback.keep("20250601200000", address, THREE)
    clock.now = "2025-06-03T10:00:00Z"
    run = watched("run")
    assert run.out == "list: 1 new, 1 failed\n"
    assert "of 2025-06-01, stands in" in run.err
    (added,) = watched("log", "--kind", "added", "--json").data()
    assert (added["observed_after"], added["observed_by"]) == (
        "2025-02-06T08:00:00Z",
        "2025-06-01T20:00:00Z",
    )


def test_an_archive_older_than_what_is_held_does_not_stand_in(
    watched: Commands, publisher: Publisher, wayback: Wayback, address: str, clock: HandClock
) -> None:
    publisher.pages["/list"] = Page(TWO)
    watched("run")
    wayback.keep("20250206080000", address, THREE)
    publisher.pages["/list"] = BLOCKED
    clock.now = "2025-06-02T10:00:00Z"
    run = watched("run")
    assert run.out == "list: 1 failed\n"
    assert "stands in" not in run.err
    assert wayback.mementos == []


def test_captures_that_were_refused_or_led_on_are_passed_over(
    watched: Commands, wayback: Wayback, address: str
) -> None:
    wayback.keep("20250101000000", address, TWO)
    wayback.keep("20250201000000", address, CHALLENGE)
    wayback.keep("20250301000000", address, b"", status=302)
    wayback.keep("20250401000000", address, b"no", status=404)
    run = watched("run")
    assert "of 2025-01-01, stands in" in run.err
    assert wayback.mementos == ["20250201000000", "20250101000000"]
    watched("run")
    assert wayback.mementos == ["20250201000000", "20250101000000"]


def test_a_few_captures_are_tried_in_a_run_and_older_ones_in_the_next(
    watched: Commands, wayback: Wayback, address: str
) -> None:
    wayback.keep("20250101000000", address, TWO)
    for month in (2, 3, 4, 5):
        wayback.keep(f"20250{month}01000000", address, CHALLENGE + bytes([month]))
    assert "stands in" not in watched("run").err
    assert len(wayback.mementos) == 3
    assert "of 2025-01-01, stands in" in watched("run").err
    assert len(wayback.mementos) == 5


def test_robots_txt_is_a_refusal_too(
    watched: Commands, publisher: Publisher, wayback: Wayback, address: str
) -> None:
    publisher.pages["/robots.txt"] = Page(b"User-agent: *\nDisallow: /list")
    publisher.pages["/list"] = Page(THREE)
    wayback.keep("20250206080000", address, TWO)
    run = watched("run")
    assert "robots.txt" in run.err
    assert "of 2025-02-06, stands in" in run.err
    assert publisher.asked == []


@pytest.mark.parametrize("page", [Page(b"", 503), Page(b""), Page(b"<h1>Not Found</h1>", 404)])
def test_what_is_no_refusal_asks_no_archive(
    watched: Commands, publisher: Publisher, wayback: Wayback, address: str, page: Page
) -> None:
    publisher.pages["/list"] = page
    wayback.keep("20250206080000", address, TWO)
    watched("run")
    assert wayback.asked == []


def test_a_source_that_does_not_say_so_asks_no_archive(
    watched: Commands, wayback: Wayback, address: str
) -> None:
    text = watched.sources_file.read_text()
    watched.sources_file.write_text(text.replace("    when_refused: wayback\n", ""))
    wayback.keep("20250206080000", address, TWO)
    watched("run")
    assert wayback.asked == []


def test_an_archive_that_does_not_answer_is_a_failure_of_its_own(
    watched: Commands, wayback: Wayback
) -> None:
    wayback.index = lambda: Sent(500, {})
    run = watched("run")
    assert run.out == "list: 2 failed\n"
    assert "the Wayback Machine gave no usable answer" in run.err


def test_the_archive_is_asked_as_slowly_as_a_backfill_asks(
    watched: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    paces: list[float] = []
    made = asking.new_client

    def new_client(settings: Settings, clock: Clock, waiting: Waiting) -> Client:
        paces.append(settings.delay.total_seconds())
        return made(settings, clock, waiting)

    monkeypatch.setattr(asking, "new_client", new_client)
    watched("run")
    assert paces == [PACE_SECONDS]


def test_a_capture_that_is_held_for_review_does_not_stand_in_yet(
    watched: Commands, wayback: Wayback, address: str
) -> None:
    text = watched.sources_file.read_text()
    text = text.replace("    when_refused", "    expect: {min_rows: 9}\n    when_refused")
    watched.sources_file.write_text(text)
    wayback.keep("20250206080000", address, TWO)
    run = watched("run")
    assert run.out == "list: 1 held, 1 failed\n"
    assert "stands in" not in run.err


def test_a_refusal_says_how_a_person_takes_the_page_in(watched: Commands, address: str) -> None:
    said = f"sanctuary import FILE --source list --captured-at TIME --address {address}"
    assert said in watched("run").err
    assert said in watched("status").out.replace("\n", "")
    saved = watched.data_dir.parent / "saved.html"
    saved.write_bytes(TWO)
    command = said.replace("FILE", str(saved)).replace("TIME", "2025-05-01T10:00")
    assert watched(*command.split()[1:]).code == 0
    assert editions(watched) == [("2025-05-01T10:00:00Z", "2025-05-01T10:00:00Z")]


def test_an_answer_ends_the_advice(watched: Commands, publisher: Publisher) -> None:
    watched("run")
    publisher.pages["/list"] = Page(TWO)
    assert watched("run").err == ""
    assert "import FILE" not in watched("status").out


def stepping(folder: Path, publisher: Publisher, wayback: Wayback) -> Commands:
    """Return the command line over a host that is asked in steps."""
    text = STEPPING.replace("  delay: 0s", "  delay: 0s\n  wayback: http://{wayback}")
    text = text.replace('["{host}"]', '["{host}", "{wayback}"]')
    text = text.replace("    editions:", "    when_refused: wayback\n    editions:")
    return Commands(folder, text.format(host=publisher.host, wayback=wayback.host))


@pytest.mark.usefixtures("hostile_parsers")
def test_no_page_stands_in_for_what_a_host_gave_in_steps(
    tmp_path: Path, publisher: Publisher, wayback: Wayback, clock: HandClock
) -> None:
    watched = stepping(tmp_path, publisher, wayback)
    host = Host(publisher)
    wayback.keep("20250601200000", host.address, PLACES)
    assert watched("run", "zembla").code == 0
    host["one"] = BLOCKED
    clock.now = "2025-06-02T10:00:00Z"
    run = watched("run", "zembla")
    assert run.out == "zembla: 1 failed\n"
    assert "stands in" not in run.err
    assert wayback.mementos == []


@pytest.mark.usefixtures("hostile_parsers", "clock")
def test_a_page_stands_in_for_a_host_that_never_answered(
    tmp_path: Path, publisher: Publisher, wayback: Wayback
) -> None:
    watched = stepping(tmp_path, publisher, wayback)
    host = Host(publisher)
    host["one"] = BLOCKED
    wayback.keep("20250206080000", host.address, PLACES)
    run = watched("run", "zembla")
    assert run.out == "zembla: 1 new, 1 failed\n"
    assert "of 2025-02-06, stands in" in run.err
