"""``run --due`` and ``watch``: what is due is run, by one process at a time, until it is told."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler

from sanctuary.cli import fetch
from sanctuary.cli.app import App
from sanctuary.cli.watch import _Look
from sanctuary.watching import Stop, _NeverFarOff, watch
from sanctuary.workspace import Workspace
from tests.sanctuary.commands import Commands, list_page
from tests.sanctuary.loopback import HandClock, Page, Publisher

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
    schedule: "0 * * * *"
    why: For tests.
  - id: freedonia-other
    title: Another list of Freedonia
    publisher: Freedonia Ministry
    address: http://{host}/other
    parser: table
    options: {{record: listings, columns: {{Jurisdiction: jurisdiction, Policy: policy}}}}
    editions: content
    schedule: "0 12 * * *"
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
ONE = list_page(("Chicolini, Freedonia", "Rule One"))
START = "import sys; from sanctuary.cli import main; sys.argv[0] = 'sanctuary'; main()"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> HandClock:
    clock = HandClock()
    monkeypatch.setattr(fetch, "utc_now", clock)
    return clock


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as publisher:
        publisher.pages["/list"] = publisher.pages["/other"] = Page(ONE)
        yield publisher


@pytest.fixture
def watched(tmp_path: Path, publisher: Publisher, clock: HandClock) -> Commands:
    return Commands(tmp_path, SOURCES.format(host=publisher.host))


def test_only_what_is_due_is_run(watched: Commands, clock: HandClock) -> None:
    assert watched("run", "--due").out == "freedonia-list: 1 new\nfreedonia-other: 1 new\n"
    clock.now = "2025-06-01T11:00:00Z"
    assert watched("run", "--due").out == "freedonia-list: 1 unchanged\n"
    clock.now = "2025-06-01T15:30:00Z"  # four hours were missed: each is run once
    again = watched("run", "--due")
    assert again.out == "freedonia-list: 1 unchanged\nfreedonia-other: 1 unchanged\n"


def kept(watched: Commands) -> dict[Path, bytes]:
    """Return every file of the history, without those that SQLite needs to read it."""
    files = (path for path in watched.data_dir.rglob("*") if path.is_file())
    return {file: file.read_bytes() for file in files if not file.name.endswith(("-wal", "-shm"))}


def test_where_nothing_is_due_one_line_says_so_and_nothing_is_written(
    watched: Commands, clock: HandClock
) -> None:
    watched("run", "--due")
    clock.now = "2025-06-01T10:59:59Z"
    before = kept(watched)
    for _ in range(2):
        answer = watched("run", "--due")
        assert (answer.code, answer.err) == (0, "")
        assert answer.out == "nothing is due; next is freedonia-list, 2025-06-01 11:00 UTC\n"
    assert watched("run", "--due", "--json").data() == []
    assert kept(watched) == before


def test_nothing_at_all_to_fetch_is_said_too(sanctuary: Commands) -> None:
    answer = sanctuary("run", "--due")
    assert (answer.code, answer.out.count("\n")) == (0, 1)
    assert "no source is active and has an address" in answer.out
    assert not sanctuary.data_dir.exists()


def test_a_name_runs_a_source_that_is_not_due(watched: Commands) -> None:
    watched("run", "--due")
    assert watched("run", "freedonia-list").out == "freedonia-list: 1 unchanged\n"
    assert watched("run", "freedonia-list", "--due").code == 2


def test_while_another_run_is_at_work_a_timer_does_nothing_and_is_told_who(
    watched: Commands,
) -> None:
    with Workspace(watched.data_dir).writing():
        answer = watched("run", "--due")
        assert (answer.code, answer.err) == (0, "")
        assert answer.out.startswith("nothing done: another command is writing to ")
        assert f"process {os.getpid()} on " in answer.out
        assert watched("run").code == 1


def test_what_another_run_did_while_this_one_came_to_the_lock_is_not_done_twice(
    watched: Commands, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing = Workspace.writing

    @contextmanager
    def late(self: Workspace) -> Iterator[object]:
        monkeypatch.setattr(Workspace, "writing", writing)
        assert watched("run", "--due").code == 0
        with writing(self) as db:
            yield db

    monkeypatch.setattr(Workspace, "writing", late)
    assert watched("run", "--due").out.startswith("nothing is due; next is freedonia-list")
    assert publisher.asked.count("/list") == 1


def test_a_source_that_has_ended_is_known_as_ended_after_the_next_run(watched: Commands) -> None:
    watched("run")
    text = watched.sources_file.read_text()
    other, _, rest = text.partition("  - id: freedonia-other\n")
    watched.sources_file.write_text(f"{other}  - id: freedonia-other\n    lifecycle: ended\n{rest}")
    watched("run", "freedonia-list")
    lifecycles = dict(watched.rows("SELECT id, lifecycle FROM sources"))
    assert lifecycles == {"freedonia-list": "active", "freedonia-other": "ended"}


@contextmanager
def watching(watched: Commands) -> Iterator[subprocess.Popen[str]]:
    """Run ``watch`` until the context ends."""
    words: list[str | Path] = [
        "--data-dir",
        watched.data_dir,
        "--sources",
        watched.sources_file,
        "watch",
    ]
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", START, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def lines_until(process: subprocess.Popen[str], start: str) -> list[str]:
    assert process.stdout is not None
    found = []
    for line in process.stdout:
        found.append(line.rstrip())
        if line.startswith(start):
            return found
    raise AssertionError(f"it ended after {found}")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_watch_between_two_runs(watched: Commands, number: int) -> None:
    with watching(watched) as process:
        said = lines_until(process, "freedonia-other")
        assert said == [
            f"Watching 2 sources into {watched.data_dir} (Ctrl-C ends)",
            "freedonia-list: 1 new",
            "freedonia-other: 1 new",
        ]
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out, err) == (0, "Stopped.\n", "")
    assert watched.rows("PRAGMA integrity_check") == [("ok",)]


def test_a_signal_that_comes_before_the_first_minute_ends_it_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begin, looked = BlockingScheduler.start, list[int]()

    def late(self: BlockingScheduler) -> None:
        signal.raise_signal(signal.SIGTERM)
        begin(self)

    monkeypatch.setattr(BlockingScheduler, "start", late)
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        watch(lambda: looked.append(1), Stop())
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    assert not looked


def test_a_signal_lets_the_source_end_that_is_being_fetched_and_begins_no_other(
    watched: Commands, publisher: Publisher
) -> None:
    asked, go = threading.Event(), threading.Event()

    class Held(dict[str, Page]):
        def get(self, path: str, default: Page | None = None) -> Page | None:  # type: ignore[override]
            if path == "/list":
                asked.set()
                assert go.wait(60)
            return super().get(path, default)

    publisher.pages = Held(publisher.pages)
    with watching(watched) as process:
        assert asked.wait(60)
        process.send_signal(signal.SIGTERM)
        # Only once it is on its way out does the answer come.
        go.set()
        out, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, "")
        assert "freedonia-list: 1 new\nStopped.\n" in out
    assert "/other" not in publisher.asked
    assert watched.rows("SELECT source_id, verdict FROM captures") == [
        ("freedonia-list", "document")
    ]
    assert watched.rows("SELECT count(*) FROM sightings") == [(1,)]
    assert watched.rows("SELECT count(*) FROM runs WHERE finished_at IS NULL") == [(0,)]
    assert not (watched.data_dir / ".lock.json").exists()


def look(watched: Commands) -> _Look:
    app = App(watched.data_dir, watched.sources_file)
    return _Look(app, lambda: False, None)  # type: ignore[arg-type]


def test_what_goes_wrong_in_one_minute_is_one_line_and_the_next_is_tried(
    watched: Commands, capsys: pytest.CaptureFixture[str]
) -> None:
    text = watched.sources_file.read_text()
    this = look(watched)
    watched.sources_file.write_text("sources: 3")
    for _ in range(3):
        this()
    broken = capsys.readouterr().err
    assert broken.count("\n") == 1
    watched.sources_file.write_text(text)
    this()
    said = capsys.readouterr()
    assert said.out == "freedonia-list: 1 new\nfreedonia-other: 1 new\n"
    watched.sources_file.write_text("sources: 3")
    this()
    assert capsys.readouterr().err == broken


def test_an_error_of_our_own_does_not_end_the_watch(
    watched: Commands, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def wrong(self: object) -> None:
        raise ZeroDivisionError("ours")

    monkeypatch.setattr("sanctuary.round.Round.run_due", wrong)
    look(watched)()
    said = "sanctuary: unexpected ZeroDivisionError (ours); please report it\n"
    assert capsys.readouterr().err == said


def test_nothing_is_printed_where_nothing_happened(
    watched: Commands, capsys: pytest.CaptureFixture[str]
) -> None:
    this = look(watched)
    this()
    assert capsys.readouterr().out
    connection = sqlite3.connect(watched.data_dir / "tracker.db")
    with connection:
        connection.execute("UPDATE captures SET captured_at = '2025-01-01T00:00:00Z'")
    connection.close()
    this()
    assert watched.rows("SELECT count(*) FROM captures") == [(4,)]
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("years", [-3, 3])
def test_a_clock_that_is_set_keeps_no_minute_from_coming(years: int) -> None:
    """A job was planned a minute after a time that is years ahead, or years ago."""
    scheduler = BlockingScheduler(
        executors={"default": ThreadPoolExecutor(1)},
        jobstores={"default": _NeverFarOff()},
        timezone=UTC,
    )
    called = []

    def end() -> None:
        called.append(datetime.now(UTC))
        scheduler.shutdown(wait=False)

    planned = datetime.now(UTC) + timedelta(days=365 * years)
    scheduler.add_job(
        end, "interval", seconds=60, next_run_time=planned, misfire_grace_time=None, coalesce=True
    )
    # Without the protection it would sleep for years: that must not hang the tests.
    rescue = threading.Timer(20, lambda: scheduler.running and scheduler.shutdown(wait=False))
    rescue.start()
    scheduler.start()
    rescue.cancel()
    assert len(called) == 1
