"""``status``: red is what a person should see to, and ``--check`` is a dead-man's switch."""

from __future__ import annotations

import io
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from db.standing import SourceStanding, Undecided
from sanctuary.cli import fetch, status
from sanctuary.disk import Disk, Grown
from sanctuary.freshness import Freshness
from sanctuary.standings import Status, print_status
from tests.sanctuary.commands import Commands, list_page
from tests.sanctuary.loopback import HandClock, Page, Publisher

DAY = 86_400
STANDING = SourceStanding(
    source_id="zembla-list",
    title="List of Zembla",
    lifecycle="active",
    last_tried="2025-06-02T10:00:00Z",
    first_tried="2025-06-01T10:00:00Z",
    last_good="2025-06-02T10:00:00Z",
    last_failure=None,
    robots=None,
    never_found=False,
    gone=False,
    taken_down=False,
    last_seen="2025-06-02T10:00:00Z",
    editions=2,
    changes=3,
    last_changed="2025-06-02T10:00:00Z",
    links_gone=(),
    problems=50,
    held=(),
    unreadable=(),
    withheld=(),
)
FRESH = Freshness(True, "2025-06-02T11:00:00Z", DAY)
DARK = replace(FRESH, unread_since="2025-05-31T08:30:00Z")
GOOD = Status(STANDING, FRESH, Grown(4, 2_100_000, 300_000), "2025-06-02T10:30:00Z")
WAITING = (Undecided(12, "ab" * 32, "list.html", "2025-06-02T10:00:00Z", None, ("it lost half",)),)
ROOM = Disk(12_300_000, 4_500_000, 0, 50_200_000_000, 1_200_000, None)


def printed(source: Status, disk: Disk = ROOM, *, coloured: bool = False) -> str:
    text = io.StringIO()
    out = Console(file=text, width=300, force_terminal=coloured, markup=False, highlight=False)
    print_status(out, [source], disk)
    return text.getvalue()


def test_a_source_that_was_never_tried_takes_one_line() -> None:
    standing = replace(STANDING, last_tried=None, last_good=None, last_seen=None, editions=0)
    due = replace(FRESH, next_due="2025-06-02T10:00:00Z")
    first, second, *_ = printed(replace(GOOD, standing=standing, fresh=due)).splitlines()
    assert first == "zembla-list  not read yet; never tried, due now"
    assert not second.startswith("  ")


@pytest.mark.parametrize(
    ("standing", "fresh", "state", "colour"),
    [
        ({}, FRESH, "good", 32),
        ({"lifecycle": "ended"}, Freshness(False), "ended", 2),
        ({}, Freshness(False), "not fetched", 2),
        ({"last_good": None, "last_seen": None}, FRESH, "not read yet", 33),
        ({"last_good": None}, FRESH, "not fetched yet", 33),
        ({"last_failure": "http://x: blocked: status 403"}, FRESH, "failed when last tried", 31),
        ({"gone": True}, FRESH, "gone when last tried", 31),
        ({"gone": True, "taken_down": True}, FRESH, "taken down", 31),
        ({"held": WAITING}, FRESH, "1 held for review", 31),
        ({"unreadable": WAITING * 2}, FRESH, "2 unreadable", 31),
        ({"lifecycle": "ended", "held": WAITING}, Freshness(False), "1 held for review", 31),
        ({}, DARK, "gone dark: not read for 2 days (deadline: 1 day)", 31),
        ({"never_found": True, "last_good": None}, FRESH, "never found", 33),
        ({"links_gone": ("http://x/1", "http://x/2")}, FRESH, "2 links gone from its page", 33),
    ],
)
def test_a_source_is_red_only_where_a_person_should_see_to_it(
    standing: dict[str, object], fresh: Freshness, state: str, colour: int
) -> None:
    one = replace(GOOD, standing=replace(STANDING, **standing), fresh=fresh)  # type: ignore[arg-type]
    row = printed(one, coloured=True).splitlines()[0]
    assert f"\x1b[1;{colour}m{state}" in row


def test_what_is_said_of_a_source_fits_eighty_signs() -> None:
    lines = printed(GOOD).splitlines()
    assert lines == [
        "zembla-list  good",
        "  tried 2025-06-02 10:00, read 2025-06-02 10:00, next due 2025-06-02 11:00 (UTC)",
        "  2 editions; 3 changes, the last 2025-06-02; 50 problems in reading the "
        "newest edition; 4 documents (2.1 MB) in 30 days",
        "archive 12.3 MB, database 4.5 MB, WAL 0 bytes; 50.2 GB free, 1.2 MB a day: "
        "enough for more than ten years",
    ]
    assert len(lines[1]) <= 80


def test_what_waits_for_a_person_says_which_document_why_and_what_to_type() -> None:
    text = printed(replace(GOOD, standing=replace(STANDING, held=WAITING)))
    assert "held: #12 of zembla-list, list.html: it lost half\n" in text
    assert "sanctuary held '#12' shows what to accept or reject" in text
    text = printed(replace(GOOD, standing=replace(STANDING, unreadable=WAITING)))
    assert "unreadable: #12 of zembla-list, list.html: it lost half\n" in text
    assert "sanctuary reject '#12' --reason" in text


def test_the_room_there_is_names_the_day_on_which_it_is_full() -> None:
    assert "full on 2025-09-01" in printed(GOOD, replace(ROOM, full_on="2025-09-01"))
    assert "nothing new in 30 days" in printed(GOOD, replace(ROOM, bytes_a_day=0))


SOURCES = """
settings:
  contact: https://example.org/tests
  allow_hosts: ["{host}"]
  delay: 0s
sources:
  - id: freedonia-list
    title: List of Freedonia
    publisher: Freedonia Ministry
    address: http://{host}/list
    parser: table
    options: {{record: listings, columns: {{Jurisdiction: jurisdiction, Policy: policy}}}}
    editions: content
    schedule: daily
    expect: {{deadline: 2d, min_rows: 2}}
    why: For tests.
  - id: freedonia-ended
    title: A list that ended
    publisher: Freedonia Ministry
    address: http://{host}/ended
    lifecycle: ended
    parser: table
    options: {{record: listings, columns: {{Jurisdiction: jurisdiction}}}}
    editions: content
    why: For tests.
"""
TWO = list_page(("Chicolini, Freedonia", "Rule One"), ("Pinky, Freedonia", "Rule Two"))
BLOCKED = Page(b"<h1>Forbidden</h1>", 403)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> HandClock:
    clock = HandClock()
    for module in (fetch, status):
        monkeypatch.setattr(module, "utc_now", clock)
    return clock


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as publisher:
        publisher.pages["/list"] = Page(TWO)
        yield publisher


@pytest.fixture
def watched(tmp_path: Path, publisher: Publisher, clock: HandClock) -> Commands:
    commands = Commands(tmp_path, SOURCES.format(host=publisher.host))
    # Written before the clock of the tests begins.
    os.utime(commands.sources_file, (0, 0))
    return commands


def check(watched: Commands) -> tuple[int, str]:
    answer = watched("status", "--check")
    assert answer.err == ""
    return answer.code, answer.out


def test_a_source_that_is_read_in_time_is_green_and_quiet(
    watched: Commands, clock: HandClock
) -> None:
    watched("run")
    assert check(watched) == (0, "")
    clock.now = "2025-06-03T10:00:00Z"
    assert check(watched) == (0, "")


def test_a_source_that_nobody_read_is_past_its_deadline_whoever_is_to_blame(
    watched: Commands, clock: HandClock
) -> None:
    watched("run")
    clock.now = "2025-06-03T10:00:01Z"
    assert check(watched) == (
        1,
        "freedonia-list: not read since 2025-06-01 10:00 UTC, 2 days (deadline: 2 days); "
        "last tried 2025-06-01 10:00 UTC\n",
    )
    assert watched("status").code == 0


def test_a_source_that_answers_with_refusals_is_past_its_deadline(
    watched: Commands, clock: HandClock, publisher: Publisher
) -> None:
    watched("run")
    publisher.pages["/list"] = BLOCKED
    for day in ("02", "03", "04"):
        clock.now = f"2025-06-{day}T11:00:00Z"
        watched("run")
    code, said = check(watched)
    assert code == 1
    assert "3 days (deadline: 2 days); http://" in said
    assert said.count("\n") == 1
    assert "gone dark: freedonia-list" in watched("status").out
    publisher.pages["/list"] = Page(TWO)
    watched("run")
    assert check(watched) == (0, "")


def test_that_a_list_was_taken_down_is_an_answer(
    watched: Commands, clock: HandClock, publisher: Publisher
) -> None:
    watched("run")
    del publisher.pages["/list"]
    for day in ("02", "03", "04", "05"):
        clock.now = f"2025-06-{day}T11:00:00Z"
        watched("run")
    assert check(watched) == (0, "")
    assert "taken down" in watched("status").out


def test_what_was_never_found_raises_no_alarm(
    watched: Commands, clock: HandClock, publisher: Publisher
) -> None:
    del publisher.pages["/list"]
    for day in ("01", "02", "03", "04"):
        clock.now = f"2025-06-{day}T11:00:00Z"
        watched("run")
    assert check(watched) == (0, "")
    assert "never found" in watched("status").out


def test_what_was_never_found_may_fail_now_and_then(
    watched: Commands, clock: HandClock, publisher: Publisher
) -> None:
    missing = Page(b"<h1>Page Not Found</h1>", 404)
    for day, page in enumerate((BLOCKED, missing, missing, BLOCKED), start=1):
        publisher.pages["/list"] = page
        clock.now = f"2025-06-{day:02}T11:00:00Z"
        watched("run")
    assert check(watched) == (0, "")
    assert "never found" in watched("status").out


def test_what_was_never_found_and_is_refused_since_is_past_its_deadline(
    watched: Commands, clock: HandClock, publisher: Publisher
) -> None:
    for day, page in enumerate((Page(b"", 404), BLOCKED, BLOCKED, BLOCKED), start=1):
        publisher.pages["/list"] = page
        clock.now = f"2025-06-{day:02}T11:00:00Z"
        watched("run")
    assert check(watched)[0] == 1


def test_what_could_never_be_read_is_past_its_deadline_from_the_first_attempt(
    watched: Commands, clock: HandClock, publisher: Publisher
) -> None:
    publisher.pages["/list"] = BLOCKED
    watched("run")
    clock.now = "2025-06-03T09:00:00Z"
    assert check(watched)[0] == 0
    clock.now = "2025-06-03T11:00:00Z"
    assert check(watched)[0] == 1


def test_a_reading_that_is_held_fails_the_check_once_the_deadline_has_passed(
    watched: Commands, clock: HandClock, publisher: Publisher
) -> None:
    watched("run")
    publisher.pages["/list"] = Page(list_page(("Chicolini, Freedonia", "Rule One")))
    clock.now = "2025-06-02T10:00:00Z"
    assert watched("run").code == 3
    assert check(watched) == (0, "")
    clock.now = "2025-06-04T10:00:00Z"
    assert watched("run").code == 3
    assert check(watched)[0] == 1


def test_a_source_that_nobody_ever_tried_is_seen_once_its_deadline_has_passed(
    watched: Commands, clock: HandClock, publisher: Publisher
) -> None:
    watched("run")
    text = watched.sources_file.read_text()
    listed = text.partition("  - id: freedonia-list")[2].partition("  - id: ")[0]
    watched.sources_file.write_text(f"{text}  - id: freedonia-new{listed}")
    added = 1_748_858_400  # 2025-06-02T10:00:00Z
    os.utime(watched.sources_file, (added, added))
    clock.now = "2025-06-04T10:00:00Z"
    watched("run", "freedonia-list")
    assert check(watched) == (0, "")
    clock.now = "2025-06-04T10:00:01Z"
    code, said = check(watched)
    assert code == 1
    assert said.startswith("freedonia-new: not read since 2025-06-02 10:00 UTC, ")
    assert "it was never tried: is anything running `sanctuary run --due`?" in said


def test_a_clock_that_was_ahead_does_not_keep_a_source_green(
    watched: Commands, clock: HandClock
) -> None:
    watched("run")
    clock.now = "2035-06-01T10:00:00Z"
    watched("run")
    clock.now = "2025-06-05T10:00:00Z"
    assert check(watched)[0] == 1


def test_what_ended_or_left_the_file_has_no_deadline(watched: Commands, clock: HandClock) -> None:
    watched("run")
    text = watched.sources_file.read_text()
    clock.now = "2026-06-01T10:00:00Z"
    assert check(watched)[0] == 1
    ended = text.replace("    title: List of", "    lifecycle: ended\n    title: List of")
    watched.sources_file.write_text(ended)
    assert check(watched) == (0, "")
    before, _, after = text.partition("  - id: freedonia-list")
    watched.sources_file.write_text(before + after[after.index("  - id: ") :])
    assert check(watched) == (0, "")
    assert "not fetched" in watched("status").out


def test_before_anything_was_written_the_check_fails(watched: Commands) -> None:
    answer = watched("status", "--check")
    assert answer.code == 1
    assert "no history in" in answer.err


def test_for_machines_it_is_all_there(watched: Commands, clock: HandClock) -> None:
    watched("run")
    clock.now = "2025-06-01T10:30:00Z"
    data = watched("status", "--json").data()
    assert set(data) == {"sources", "disk", "outbox", "targets"}
    ended, one = data["sources"]
    assert (ended["source_id"], ended["watched"], ended["past_deadline"]) == (
        "freedonia-ended",
        False,
        False,
    )
    assert set(one) == {
        "source_id", "title", "lifecycle", "last_tried", "first_tried", "last_good",
        "last_failure", "robots", "never_found", "gone", "taken_down", "last_seen", "editions",
        "changes", "last_changed", "links_gone", "problems", "held", "unreadable", "watched",
        "withheld", "refused",
        "next_due", "deadline_seconds", "unread_since", "past_deadline", "last_30_days", "names",
    }  # fmt: skip
    assert one["last_good"] == one["last_tried"] == one["last_changed"] == "2025-06-01T10:00:00Z"
    assert one["next_due"].startswith("2025-06-02T00:")
    assert one["deadline_seconds"] == 2 * DAY
    assert one["last_30_days"]["documents"] == 1
    assert data["disk"]["archive_bytes"] > 0
    assert watched("status", "--check", "--json").data()["sources"] == []


def test_links_that_the_page_of_a_series_has_no_more_are_told(
    tmp_path: Path, publisher: Publisher, clock: HandClock
) -> None:
    series = SOURCES.format(host=publisher.host).replace(
        "    editions: content\n    schedule: daily\n    expect: {deadline: 2d, min_rows: 2}\n",
        "    editions: period\n    discover: {kind: index, pattern: 'report'}\n",
    )
    watched = Commands(tmp_path, series)
    publisher.pages["/report1"] = publisher.pages["/report2"] = BLOCKED
    publisher.pages["/list"] = Page(b"<a href=report1>1</a><a href=report2>2</a>")
    watched("run")
    clock.now = "2025-06-02T10:00:00Z"
    publisher.pages["/list"] = Page(b"<a href=report2>2</a>")
    watched("run")
    said = f"link gone: freedonia-list: http://{publisher.host}/report1"
    assert said in watched("status").out


def test_what_an_earlier_version_wrote_says_what_to_do(watched: Commands) -> None:
    watched("run")
    with watched.looking() as db:
        name = db.execute("SELECT max(name) FROM _sqlite_migrations").fetchone()[0]
    connection = sqlite3.connect(watched.data_dir / "tracker.db")
    with connection:
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = ?", [name])
    connection.close()
    for command in ("status", "schedule", "log", "held", "verify"):
        answer = watched(command)
        assert answer.code == 1
        assert "`sanctuary run` brings it up to date" in answer.err
