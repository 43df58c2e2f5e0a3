"""``sanctuary backfill`` over a Wayback Machine on loopback: the past, in the archive's word."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from db import readings
from sanctuary import accepting, asking, backfill_taking, backfilling, recording
from sanctuary.cli import backfill, fetch
from sanctuary.clock import Clock
from sanctuary.sources import Settings
from scraper.archive import Archive
from scraper.client import Client
from scraper.manners import Manners
from scraper.network import Network
from tests.db.history import history
from tests.sanctuary.commands import REVISION_1, REVISION_2, WEEK_1, Answer, Commands, list_page
from tests.sanctuary.loopback import NOT_FOUND, HandClock, Page, Publisher
from tests.sanctuary.wayback_server import Kept, Sent, Wayback
from tests.scraper.hand_time import HandTime

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
    why: For tests.
  - id: reports
    title: Reports of Freedonia
    publisher: Freedonia Removal Agency
    address: http://{host}/reports/
    discover: {{kind: index, pattern: '\\.pdf$'}}
    parser: ddor
    editions: period
    why: For tests.
  - id: files
    title: Lists of Freedonia, a file each
    publisher: Freedonia Ministry
    address: http://{host}/files/
    discover: {{kind: index, pattern: '/files/list', take: first}}
    parser: table
    options: {{record: listings, columns: {{Jurisdiction: jurisdiction, Policy: policy}}}}
    editions: content
    schedule: daily
    why: For tests.
  - id: unseen
    title: Reports whose address nobody has seen
    publisher: Freedonia Removal Agency
    address: null
    lifecycle: ended
    parser: ddor
    editions: period
    why: For tests.
"""
ONE = list_page(("Chicolini, Freedonia", "Rule One"))
TWO = list_page(("Chicolini, Freedonia", "Rule One"), ("Pinky, Freedonia", "Rule Two"))
THREE = list_page(
    ("Chicolini, Freedonia", "Rule One"),
    ("Pinky, Freedonia", "Rule Two"),
    ("Firefly, Freedonia", "Rule Three"),
)
MISSING = b"<html><h1>Page Not Found</h1></html>"
CHALLENGE = b"<html><title>Just a moment...</title></html>"


class Past:
    """The command line, a publisher, an archive of it, and a clock."""

    def __init__(self, folder: Path, publisher: Publisher, wayback: Wayback) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.publisher = publisher
        self.wayback = wayback
        self.sanctuary = Commands(folder, SOURCES.format(host=publisher.host, wayback=wayback.host))
        self.clock = HandClock("2025-06-20T10:00:00Z")
        self.delays: list[float] = []

    def __call__(self, *words: object) -> Answer:
        return self.sanctuary("backfill", *words)

    def run(self, at: str, source: str = "list") -> Answer:
        """Let the watcher look at a time of 2025."""
        now, self.clock.now = self.clock.now, at
        try:
            return self.sanctuary("run", source)
        finally:
            self.clock.now = now

    def keep(self, when: str, path: str, body: bytes, **facts: object) -> Kept:
        """Let the archive have captured a page of the publisher in 2025, ``MMDDhhmmss``."""
        original = f"http://{self.publisher.host}{path}"
        return self.wayback.keep(f"2025{when}", original, body, **facts)

    def new_client(self, settings: Settings, clock: Clock, _: object) -> Client:
        self.delays.append(settings.delay.total_seconds())
        network = Network("SanctuaryTracker/0", settings.allow_hosts)
        manners = Manners(self.folder / "shared", settings.delay.total_seconds(), attempts=2)
        return Client(network, manners, clock, timing=HandTime().timing)

    def history(self) -> dict[str, Any]:
        with self.sanctuary.looking() as db:
            parts: dict[str, Any] = json.loads(history(db))
        return parts

    def captures(self, columns: str = "captured_at, verdict") -> list[tuple[Any, ...]]:
        return self.sanctuary.rows(
            f"SELECT {columns} FROM captures WHERE proof = 'archive' ORDER BY captured_at, id"
        )

    def changes(self) -> list[tuple[Any, ...]]:
        return self.sanctuary.rows(
            """SELECT kind, place, observed_after, observed_by FROM changes
            WHERE superseded_at IS NULL ORDER BY observed_by, kind, place"""
        )

    def editions(self) -> list[tuple[Any, ...]]:
        return self.sanctuary.rows(
            """SELECT public_from, public_until FROM editions
            WHERE public_from IS NOT NULL ORDER BY public_from"""
        )


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as publisher:
        yield publisher


@pytest.fixture
def wayback() -> Iterator[Wayback]:
    with Wayback() as wayback:
        yield wayback


@pytest.fixture
def past(
    tmp_path: Path, publisher: Publisher, wayback: Wayback, monkeypatch: pytest.MonkeyPatch
) -> Past:
    past = Past(tmp_path, publisher, wayback)
    follow(past, monkeypatch)
    return past


def follow(past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands go by the clock, and ask through the client, of ``past``."""
    monkeypatch.setattr(asking, "new_client", past.new_client)
    monkeypatch.setattr(backfill, "utc_now", past.clock)
    monkeypatch.setattr(fetch, "utc_now", past.clock)


def three_days(past: Past) -> None:
    """A list that stood for three days, as the archive saw it."""
    past.keep("0529120000", "/list", TWO)
    past.keep("0530120000", "/list", TWO)
    past.keep("0531090000", "/list", TWO)
    past.keep("0601080000", "/list", MISSING, status=404)
    past.keep("0601140000", "/list", MISSING, status=404)


# What becomes of a capture of the archive.


def test_the_archives_captures_become_captures_of_their_time_and_in_its_word(past: Past) -> None:
    kept = past.keep("0529120000", "/list", TWO)
    answer = past("list")
    assert answer.code == 0, answer
    assert "1 capture listed: 1 downloaded" in answer.out
    assert "list: 1 new" in answer.out
    columns = "role, address, captured_at, verdict, status, final_address, headers"
    assert past.captures(columns) == [
        (
            "document",
            kept.original,
            "2025-05-29T12:00:00Z",
            "document",
            200,
            f"{past.wayback.address}/web/20250529120000id_/{kept.original}",
            '[["Content-Type", "text/html"], ["Server", "Freedonia/1.0"]]',
        )
    ]
    ((transport,),) = past.captures("transport")
    said = json.loads(transport)["wayback"]
    assert (said["server"], said["digest_holds"]) == (past.wayback.address, True)
    assert said["listed"]["digest"] == kept.digest
    assert "Memento-Datetime" in dict(said["served"]["headers"])
    assert past.editions() == [("2025-05-29T12:00:00Z",) * 2]


def test_equal_bytes_are_downloaded_once_and_seen_each_time(past: Past) -> None:
    for day in (10, 11, 12, 20):
        past.keep(f"05{day}120000", "/list", TWO)
    past.keep("0521120000", "/list", TWO, is_revisit=True)
    past.keep("0522120000", "/list", THREE)
    past.keep("0523120000", "/list", TWO)
    answer = past("list")
    assert "7 captures listed: 2 downloaded, 5 with bytes that are known" in answer.out
    assert past.wayback.mementos == ["20250510120000", "20250522120000"]
    assert past.editions() == [
        ("2025-05-10T12:00:00Z", "2025-05-21T12:00:00Z"),
        ("2025-05-22T12:00:00Z", "2025-05-22T12:00:00Z"),
        ("2025-05-23T12:00:00Z", "2025-05-23T12:00:00Z"),
    ]
    assert ("removed", "Firefly, Freedonia") in [change[:2] for change in past.changes()]


def test_a_revisit_stands_for_a_document_only(past: Past) -> None:
    past.keep("0529120000", "/list", TWO)
    past.keep("0601080000", "/list", MISSING, status=404)
    past.keep("0601140000", "/list", MISSING, status=404, is_revisit=True)
    past("list")
    assert past.wayback.mementos == ["20250529120000", "20250601080000", "20250601140000"]
    assert [row[1] for row in past.captures()] == ["document", "gone", "gone"]


def test_a_refusal_of_the_archive_s_crawler_is_neither_a_document_nor_gone(past: Past) -> None:
    past.keep("0528120000", "/list", CHALLENGE)
    past.keep("0529120000", "/list", TWO)
    past.keep("0530120000", "/list", b"<html>Forbidden</html>", status=403)
    past.keep("0531120000", "/list", b"<html>Oops</html>", status=503)
    past.keep("0601120000", "/list", CHALLENGE, status=404)
    answer = past("list")
    assert answer.code == 0, answer
    assert [row[1] for row in past.captures()] == [
        "blocked",
        "document",
        "blocked",
        "error",
        "blocked",
    ]
    # What was refused to the archive is not asked for: an answer of its own could be no other.
    assert past.wayback.mementos == ["20250528120000", "20250529120000", "20250601120000"]
    assert [change[0] for change in past.changes()] == ["published"]


def test_bytes_that_are_not_those_of_the_index_are_kept_and_told(past: Past) -> None:
    past.keep("0529120000", "/list", TWO)
    kept = past.keep("0530120000", "/list", TWO)
    past.wayback.played["20250529120000"] = Kept("20250529120000", kept.original, ONE).played()
    answer = past("list")
    assert "the bytes are not those that the index" in answer.err
    sql = "SELECT kind, captured_at FROM problems JOIN captures ON captures.id = capture_id"
    assert past.sanctuary.rows(sql) == [("digest_mismatch", "2025-05-29T12:00:00Z")]
    # Nor do they stand for others of the digest that they do not have.
    assert past.wayback.mementos == ["20250529120000", "20250530120000"]
    assert len(past.editions()) == 2


def test_another_capture_than_was_asked_for_counts_for_its_own_time(past: Past) -> None:
    asked = past.keep("0529120000", "/list", TWO)
    past.keep("0610120000", "/list", THREE)
    there = f"/web/20250610120000id_/{asked.original}"
    past.wayback.played["20250529120000"] = Sent(302, {"Location": there})
    past("list")
    assert past.editions() == [("2025-06-10T12:00:00Z",) * 2]
    ((reason, transport),) = past.captures("reason, transport")
    assert "asked for its capture of 2025-05-29T12:00:00Z" in reason
    assert json.loads(transport)["wayback"]["served"]["timestamp"] == "20250610120000"
    assert past.wayback.mementos == ["20250529120000", "20250610120000"]
    past("list")
    assert len(past.captures()) == 1


def test_a_capture_that_is_held_is_not_taken_again_in_place_of_another(past: Past) -> None:
    past.keep("0510120000", "/list", THREE)
    asked = past.keep("0529120000", "/list", TWO)
    there = f"/web/20250510120000id_/{asked.original}"
    past.wayback.played["20250529120000"] = Sent(302, {"Location": there})
    answer = past("list")
    assert "cannot be had: the archive played its capture of 2025-05-10T12:00:00Z" in answer.err
    assert past.captures() == [
        ("2025-05-10T12:00:00Z", "document"),
        ("2025-05-29T12:00:00Z", "error"),
    ]
    assert past.editions() == [("2025-05-10T12:00:00Z",) * 2]


@pytest.mark.parametrize(
    ("sent", "verdict"),
    [
        (Sent(404, {}, b"<html>Not in archive</html>"), "error"),
        (Sent(403, {}, b"<html>AdministrativeAccessControlException</html>"), "blocked"),
    ],
)
def test_what_the_archive_lists_and_does_not_play_is_told_once(
    past: Past, sent: Sent, verdict: str
) -> None:
    past.keep("0529120000", "/list", TWO)
    past.wayback.played["20250529120000"] = sent
    assert "cannot be had" in past("list").err
    assert past.captures("verdict, status") == [(verdict, None)]
    assert "cannot be had" not in past("list").err
    assert past.changes() == []


def test_what_is_withheld_does_not_come_back_from_the_archive(past: Past) -> None:
    past.publisher.pages["/list"] = Page(TWO)
    past.run("2025-06-01T10:00:00Z")
    archive = Archive.at(past.sanctuary.data_dir / "archive")
    sha256 = archive.hash_of(TWO)
    past.sanctuary("withhold", sha256, "--reason", "by order")
    assert not archive.has(sha256)
    past.keep("0529120000", "/list", TWO)
    past("list")
    assert past.captures("document_sha256") == [(sha256,)]
    assert not archive.has(sha256)


def test_damaged_lines_of_the_index_are_told_and_the_others_taken(past: Past) -> None:
    kept = past.keep("0529120000", "/list", TWO)
    past.wayback.lines = ["20170230120000 x", "", kept.line(), "- - - - -"]
    answer = past("list")
    assert answer.code == 0
    assert "3 lines of the index passed over, first '20170230120000 x'" in answer.err
    assert len(past.captures()) == 1


def test_a_redirect_is_followed_where_its_end_is_not_listed(past: Past) -> None:
    moved = past.keep("0528120000", "/list", b"", status=301)
    past.keep("0528120001", "/moved", TWO)
    there = f"/web/20250528120001id_/http://{past.publisher.host}/moved"
    past.wayback.played["20250528120000"] = Sent(301, {"Location": there})
    past("list")
    assert past.captures("address, captured_at, verdict") == [
        (moved.original, "2025-05-28T12:00:01Z", "document")
    ]
    past.keep("0529120000", "/list", b"", status=301)
    past.keep("0529120001", "/list", TWO)
    assert "1 redirects that lead to another" in past("list").out


# Taken down.


def test_a_list_that_stood_for_three_days_was_withdrawn_between_two_captures(past: Past) -> None:
    three_days(past)
    answer = past("list")
    assert answer.out.endswith("list: 1 new, 2 gone\n")
    assert past.editions() == [("2025-05-29T12:00:00Z", "2025-05-31T09:00:00Z")]
    assert past.changes()[1:] == [
        ("withdrawn", None, "2025-05-31T09:00:00Z", "2025-06-01T08:00:00Z")
    ]


def test_two_captures_that_found_it_gone_within_the_hour_withdraw_nothing(past: Past) -> None:
    past.keep("0531090000", "/list", TWO)
    past.keep("0601080000", "/list", MISSING, status=404)
    past.keep("0601083000", "/list", MISSING, status=404)
    past("list")
    assert [change[0] for change in past.changes()] == ["published"]


def test_the_archive_s_word_that_it_was_gone_counts_with_our_own(past: Past) -> None:
    past.publisher.pages["/list"] = Page(TWO)
    past.run("2025-05-31T09:00:00Z")
    past.publisher.pages["/list"] = NOT_FOUND
    past.run("2025-06-03T09:00:00Z")
    past.keep("0601080000", "/list", MISSING, status=404)
    past("list")
    assert past.changes()[1:] == [
        ("withdrawn", None, "2025-05-31T09:00:00Z", "2025-06-01T08:00:00Z")
    ]


def test_an_address_that_never_gave_a_document_was_never_found(past: Past) -> None:
    past.keep("0529120000", "/list", MISSING, status=404)
    past.keep("0601120000", "/list", MISSING, status=404)
    assert past("list").out.endswith("list: 2 never found\n")
    assert past.changes() == []


# Late documents, and a call that dies.


def watched_twice(past: Past) -> None:
    past.publisher.pages["/list"] = Page(TWO)
    past.run("2025-05-25T10:00:00Z")
    past.publisher.pages["/list"] = Page(ONE)
    past.run("2025-06-05T10:00:00Z")


def archived_between(past: Past) -> None:
    past.keep("0520120000", "/list", ONE)
    past.keep("0527120000", "/list", TWO)
    past.keep("0528120000", "/list", THREE)
    past.keep("0529120000", "/list", MISSING, status=404)
    past.keep("0529200000", "/list", MISSING, status=404)
    past.keep("0601120000", "/list", THREE)
    past.keep("0610120000", "/list", TWO)


def test_what_was_watched_and_then_filled_is_what_was_filled_and_then_watched(
    tmp_path: Path, publisher: Publisher, wayback: Wayback, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Past(tmp_path / "first", publisher, wayback)
    archived_between(first)
    follow(first, monkeypatch)
    watched_twice(first)
    first("list")
    second = Past(tmp_path / "second", publisher, wayback)
    follow(second, monkeypatch)
    second("list")
    watched_twice(second)
    assert first.history() == second.history()
    assert len(first.editions()) == 5
    assert {change[0] for change in first.changes()} >= {"withdrawn", "restored", "returned"}


class Killed(BaseException):
    """As if the process were killed: nothing of ours may catch it."""


STEPS = [
    (recording, "record_capture", 5),  # downloaded, but not recorded
    (recording, "note_gone", 2),
    (backfill_taking.WaybackMachine, "memento", 3),
    (Archive, "put", 2),
    (accepting.Acceptor, "read", 1),
    (readings, "store_rows", 2),
    (readings, "renew_changes", 2),
    (backfilling, "finish_run", 1),
]


@pytest.mark.parametrize(
    ("where", "name", "call"),
    [
        pytest.param(where, name, call, id=f"{name}-{call}")
        for where, name, calls in STEPS
        for call in range(1, calls + 1)
    ],
)
def test_a_call_that_was_killed_is_gone_on_with(
    past: Past, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: Any, name: str, call: int
) -> None:
    three_days(past)
    past.keep("0530180000", "/list", THREE)
    past.keep("0603120000", "/list", THREE)
    step, calls = getattr(where, name), 0

    def dies(*args: object, **named: object) -> object:
        nonlocal calls
        calls += 1
        if calls == call:
            raise Killed
        return step(*args, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(where, name, dies)
        with pytest.raises(Killed):
            past("list")
    past("list")
    downloaded = list(past.wayback.mementos)
    assert len(downloaded) - len(set(downloaded)) <= 1  # that which was not recorded yet
    whole = Past(tmp_path / "whole", past.publisher, past.wayback)
    follow(whole, monkeypatch)
    whole("list")
    assert past.history() == whole.history()
    assert past.captures() == whole.captures()


def test_that_it_was_gone_is_recorded_with_what_follows_from_it_or_not_at_all(past: Past) -> None:
    past.keep("0531090000", "/list", TWO)
    past("list")
    past.keep("0601080000", "/list", MISSING, status=404)
    past.keep("0601140000", "/list", MISSING, status=404)
    step, calls = recording.note_gone, []

    def dies(*args: Any) -> None:
        calls.append(args)
        if len(calls) == 2:
            raise Killed
        step(*args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recording, "note_gone", dies)
        with pytest.raises(Killed):
            past("list")
    past("list")
    assert [change[0] for change in past.changes()] == ["published", "withdrawn"]


def test_a_second_call_downloads_nothing_and_changes_nothing(past: Past) -> None:
    three_days(past)
    past("list")
    before, asked = past.history(), list(past.wayback.mementos)
    answer = past("list")
    assert "5 captures listed: 5 held already" in answer.out
    assert answer.out.endswith("list: nothing to do\n")
    assert (past.history(), past.wayback.mementos) == (before, asked)


def test_a_limit_ends_a_call_and_the_next_goes_on(past: Past) -> None:
    for day, page in ((1, ONE), (2, TWO), (3, THREE)):
        past.keep(f"050{day}120000", "/list", page)
    answer = past("list", "--limit", 2)
    assert "2 downloaded, 1 left for another call" in answer.out
    assert "call it again" in answer.out
    assert len(past.editions()) == 2
    assert "1 downloaded, 2 held already" in past("list", "--limit", 2).out
    assert past.wayback.mementos == [f"2025050{day}120000" for day in (1, 2, 3)]


def test_one_memento_that_does_not_come_does_not_keep_the_others_back(past: Past) -> None:
    for day, page in ((1, ONE), (2, TWO), (3, THREE)):
        past.keep(f"050{day}120000", "/list", page)
    past.wayback.played["20250502120000"] = Sent(503, {})
    answer = past("list")
    assert answer.code == 1
    assert "2 downloaded, 1 left for another call" in answer.out
    assert [row[0][:10] for row in past.captures()] == ["2025-05-01", "2025-05-03"]
    del past.wayback.played["20250502120000"]
    assert past("list").code == 0
    assert len(past.editions()) == 3


def test_an_archive_that_wants_a_rest_is_left_alone_and_what_came_is_read(past: Past) -> None:
    for day in range(1, 7):
        past.keep(f"050{day}120000", "/list", list_page((f"Place {day}, Freedonia", "Rule")))
    past.wayback.played["20250502120000"] = Sent(429, {"Retry-After": "3600"})
    answer = past("list")
    assert answer.code == 1
    assert "1 downloaded, 5 left for another call" in answer.out
    assert set(past.wayback.mementos) == {"20250501120000", "20250502120000"}
    assert len(past.editions()) == 1


def test_an_archive_that_fails_three_times_in_a_row_is_left_alone(past: Past) -> None:
    for day in range(1, 7):
        past.keep(f"050{day}120000", "/list", list_page((f"Place {day}, Freedonia", "Rule")))
        past.wayback.played[f"2025050{day}120000"] = Sent(503, {})
    past("list")
    assert len(set(past.wayback.mementos)) == 3


def test_an_address_that_is_kept_out_of_the_archive_is_told(past: Past) -> None:
    past.wayback.index = lambda: Sent(403, {}, b"AdministrativeAccessControlException")
    answer = past("list")
    assert answer.code == 1
    assert "does not show this address" in answer.err


# What is asked for.


def test_days_bound_what_is_asked_for_and_both_belong_to_it(past: Past) -> None:
    for when in ("0430235959", "0501000000", "0502235959", "0503000000"):
        past.keep(when, "/list", TWO)
    past("list", "--from", "2025-05-01", "--to", "2025-05-02")
    assert [row[0] for row in past.captures()] == ["2025-05-01T00:00:00Z", "2025-05-02T23:59:59Z"]
    assert past("list", "--from", "2025-05-03", "--to", "2025-05-02").code == 2


def test_a_dry_run_asks_the_index_only_and_writes_nothing(past: Past) -> None:
    three_days(past)
    answer = past("list", "--dry-run")
    assert answer.code == 0
    assert "5 captures listed: 2 to download, 3 with bytes that are known" in answer.out
    assert "2 downloads in all, 0:00:05 at least (one request every 2.5 seconds)" in answer.out
    assert past.wayback.mementos == []
    assert not past.sanctuary.data_dir.exists()
    past("list")
    before = past.sanctuary.dump()
    assert "0 downloads in all" in past("list", "--dry-run").out
    assert past.sanctuary.dump() == before


def test_the_archive_is_asked_at_its_own_pace_or_a_slower_one(past: Past) -> None:
    past("list")
    slow = past.sanctuary.sources_file.read_text().replace("delay: 0s", "delay: 10s")
    past.sanctuary.sources_file.write_text(slow)
    past("list")
    assert past.delays == [2.5, 10.0]


def test_json_says_what_was_found(past: Past) -> None:
    three_days(past)
    found = past("list", "--json").data()
    assert found["outcome"]["gone"] == 2
    (tally,) = found["tallies"]
    assert (tally["listed"], tally["downloads"], tally["seen_again"]) == (5, 2, 3)
    assert found["wayback"] == past.wayback.address


def test_a_source_whose_address_was_never_seen_needs_one(past: Past) -> None:
    answer = past("unseen")
    assert answer.code == 2
    assert "--address" in answer.err
    report = past.keep("0529120000", "/week-1.pdf", WEEK_1.read_bytes())
    assert "unseen: 1 new" in past("unseen", "--address", report.original).out
    assert past.captures("address") == [(report.original,)]


def test_an_address_that_is_none_is_refused(past: Past) -> None:
    assert past("list", "--address", "ftp://example.org/list").code == 2


def test_pdfs_are_read_fast_where_that_is_asked_for(past: Past) -> None:
    address = f"http://{past.publisher.host}/one.pdf"
    past.keep("0501120000", "/one.pdf", REVISION_1.read_bytes())
    assert past("unseen", "--address", address, "--fast").code == 0
    ((version,),) = past.sanctuary.rows("SELECT parser_version FROM readings")
    assert version.endswith("+fast")


# Index pages.


def links(*names: str) -> bytes:
    return "".join(
        ["<!doctype html><html>", *(f'<a href="{name}">{name}</a>' for name in names)]
    ).encode()


def test_the_documents_of_an_index_are_those_its_captures_link_to(past: Past) -> None:
    past.keep("0501120000", "/reports/", links("one.pdf"))
    past.keep("0508120000", "/reports/", links("one.pdf", "two.pdf"))
    past.keep("0501120100", "/reports/one.pdf", REVISION_1.read_bytes())
    past.keep("0508120100", "/reports/one.pdf", REVISION_2.read_bytes())
    past.keep("0508120200", "/reports/two.pdf", WEEK_1.read_bytes())
    answer = past("reports")
    assert answer.code == 0, answer
    assert "/reports/ (the index page): 2 captures listed: 2 downloaded" in answer.out
    assert answer.out.endswith("reports: 3 new\n")
    assert [row[0] for row in past.captures("role")] == [
        "index",
        "document",
        "index",
        "document",
        "document",
    ]


def test_a_dry_run_says_that_an_index_may_lead_to_more(past: Past) -> None:
    past.keep("0501120000", "/reports/", links("one.pdf"))
    assert (
        "what the index pages among them link to comes on top" in past("reports", "--dry-run").out
    )


def test_a_file_that_the_index_has_left_does_not_say_that_the_list_is_so_again(past: Past) -> None:
    past.keep("0501120000", "/files/", links("list-1.html"))
    past.keep("0501120100", "/files/list-1.html", ONE)
    past.keep("0508120000", "/files/", links("list-2.html"))
    past.keep("0508120100", "/files/list-2.html", TWO)
    past.keep("0515120000", "/files/list-1.html", ONE)
    past.keep("0516120000", "/files/list-1.html", MISSING, status=404)
    past.keep("0517120000", "/files/list-1.html", MISSING, status=404)
    answer = past("files")
    assert "3 not linked to by the index then" in answer.out
    assert past.editions() == [
        ("2025-05-01T12:01:00Z",) * 2,
        ("2025-05-08T12:01:00Z",) * 2,
    ]
    assert [change[0] for change in past.changes()] == ["published", "added"]


def test_what_is_played_in_place_of_another_counts_only_if_the_index_linked_to_it(
    past: Past,
) -> None:
    past.keep("0501120000", "/files/", links("list-1.html"))
    asked = past.keep("0501120100", "/files/list-1.html", ONE)
    past.keep("0508120000", "/files/", links("list-2.html"))
    past.keep("0515120000", "/files/list-1.html", TWO)
    there = f"/web/20250515120000id_/{asked.original}"
    past.wayback.played["20250501120100"] = Sent(302, {"Location": there})
    answer = past("files")
    assert "played its capture of 2025-05-15T12:00:00Z in place of this one" in answer.err
    assert past.editions() == []


def test_a_capture_of_the_index_s_links_bounds_no_window_of_our_own(past: Past) -> None:
    past.keep("0501120000", "/reports/", links("one.pdf"))
    past("reports")
    past.publisher.pages["/reports/"] = Page(links("one.pdf"))
    past.publisher.pages["/reports/one.pdf"] = Page(
        REVISION_1.read_bytes(), media_type="application/pdf"
    )
    past.run("2025-06-01T10:00:00Z", "reports")
    # The page had the link in May; what stood there then is not known.
    assert {change[2] for change in past.changes()} == {None}


def test_a_backfill_does_not_hide_that_the_index_has_lost_a_link(past: Past) -> None:
    past.publisher.pages["/reports/"] = Page(links("one.pdf"))
    past.publisher.pages["/reports/one.pdf"] = Page(
        REVISION_1.read_bytes(), media_type="application/pdf"
    )
    past.run("2025-06-01T10:00:00Z", "reports")
    past.keep("0501120000", "/reports/", links("one.pdf"))
    past("reports")
    past.publisher.pages["/reports/"] = Page(links("two.pdf"))
    past.publisher.pages["/reports/two.pdf"] = Page(
        WEEK_1.read_bytes(), media_type="application/pdf"
    )
    assert "one.pdf: the page that linked to it" in past.run("2025-06-08T10:00:00Z", "reports").err


# Gaps.


def watched_with_a_gap(past: Past) -> None:
    past.publisher.pages["/list"] = Page(TWO)
    for day in ("05-01", "05-02", "05-20", "05-21"):
        past.run(f"2025-{day}T10:00:00Z")


def test_gaps_are_filled_and_what_stays_unknown_is_told(past: Past) -> None:
    watched_with_a_gap(past)
    past.keep("0420120000", "/list", ONE)
    past.keep("0505120000", "/list", TWO)
    past.keep("0506120000", "/list", TWO)
    past.keep("0520220000", "/list", THREE)
    answer = past("list", "--gaps")
    assert answer.code == 0, answer
    assert "nobody looked between 2025-05-02 10:00 UTC and 2025-05-20 10:00 UTC" in answer.out
    assert [line for line in answer.out.splitlines() if "not observed" in line] == [
        "list: not observed between 2025-05-02 10:00 UTC and 2025-05-05 12:00 UTC",
        "list: not observed between 2025-05-06 12:00 UTC and 2025-05-20 10:00 UTC",
    ]
    assert [row[0][:10] for row in past.captures()] == ["2025-05-05", "2025-05-06"]


def test_between_two_gaps_nothing_is_taken(past: Past) -> None:
    past.publisher.pages["/list"] = Page(TWO)
    for day in ("05-01", "05-10", "05-11", "05-20"):
        past.run(f"2025-{day}T10:00:00Z")
    for day in (5, 10, 15):
        past.keep(f"05{day:02}120000", "/list", TWO)
    past("list", "--gaps")
    assert [row[0][:10] for row in past.captures()] == ["2025-05-05", "2025-05-15"]


def test_where_there_is_no_gap_nobody_is_asked(past: Past) -> None:
    past.publisher.pages["/list"] = Page(TWO)
    past.run("2025-05-01T10:00:00Z")
    past.run("2025-05-03T10:00:00Z")
    answer = past("list", "--gaps")
    assert answer.out == "list: nothing to do\n"
    assert past.wayback.asked == []


def test_what_could_not_be_had_is_no_observation(past: Past) -> None:
    past.publisher.pages["/list"] = Page(TWO)
    past.run("2025-05-01T10:00:00Z")
    past.publisher.pages["/list"] = Page(CHALLENGE)
    past.run("2025-05-03T10:00:00Z")
    past.publisher.pages["/list"] = Page(TWO)
    past.run("2025-05-05T10:00:00Z")
    assert "between 2025-05-01 10:00 UTC and 2025-05-05 10:00 UTC" in past("list", "--gaps").out
