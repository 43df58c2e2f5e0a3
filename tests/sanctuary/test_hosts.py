"""``sanctuary run`` over several hosts: at a time, but of each one document after the other."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from db.connection import open_database
from sanctuary import readers
from sanctuary.cli import fetch
from sanctuary.hosts import by_host
from sanctuary.outcome import Outcome
from sanctuary.pipeline import run
from sanctuary.readers import Order
from sanctuary.sources import Sources
from sanctuary.sources_file import load_sources
from scraper.archive import Archive
from scraper.errors import NotArchived
from tests.db.history import history
from tests.sanctuary.commands import Commands, list_page
from tests.sanctuary.loopback import HandClock, Page, Publisher
from tests.sanctuary.test_watch import START

SETTINGS = """
settings:
  contact: https://example.org/tests
  allow_hosts: ["{one}", "{two}"]
  delay: 0s
  hosts_at_once: {at_once}
sources:
"""
SOURCE = """
  - id: {id}
    title: List of Freedonia
    publisher: Freedonia Ministry
    address: {address}
    parser: table
    options: {{record: listings, columns: {{Jurisdiction: jurisdiction, Policy: policy}}}}
    editions: content
    why: For tests.
"""
NAMES = ("apart", "together")
PAGES = [list_page((f"Place {n}, Freedonia", f"Rule {n}")) for n in range(3)]


class Halting(dict[str, Page]):
    """Pages of which some wait before they are sent."""

    def __init__(self) -> None:
        self.before: dict[str, Callable[[], object]] = {}
        super().__init__({f"/{n}": Page(page) for n, page in enumerate(PAGES)})

    def get(self, path: str, default: Page | None = None) -> Page | None:  # type: ignore[override]
        self.before.get(path, lambda: None)()
        return super().get(path, default)


class TwoHosts:
    """Two publishers with three lists each, and a data directory."""

    def __init__(self, folder: Path, one: Publisher, two: Publisher) -> None:
        self.one, self.two, self.folder = one, two, folder
        self.pages = {"one": Halting(), "two": Halting()}
        one.pages, two.pages = self.pages["one"], self.pages["two"]
        self.outcomes: list[Outcome] = []

    def text(self, at_once: int = 8) -> str:
        text = SETTINGS.format(one=self.one.host, two=self.two.host, at_once=at_once)
        for n in range(3):
            for name, host in (("one", self.one.host), ("two", self.two.host)):
                text += SOURCE.format(id=f"{name}-{n}", address=f"http://{host}/{n}")
        return text

    def sources(self, at_once: int = 8) -> Sources:
        self.folder.mkdir(exist_ok=True)
        file = self.folder / "sources.yml"
        file.write_text(self.text(at_once))
        return load_sources(file)

    def run(
        self,
        at_once: int = 8,
        stops: Callable[[], bool] = lambda: False,
        told: Callable[[str], None] = lambda _: None,
        name: str = "tracker",
        only: Sequence[str] = (),
    ) -> list[Outcome]:
        loaded = self.sources(at_once)
        sources = [each for each in loaded.sources if not only or each.id in only]
        archive, clock, done = Archive.at(self.folder / name), HandClock(), self.outcomes.append
        with closing(open_database(self.folder / f"{name}.db")) as db:
            db.execute("PRAGMA synchronous = OFF")
            return run(db, archive, sources, loaded.settings, clock, told, done, stops)

    def rows(self, sql: str, name: str = "tracker") -> list[tuple[object, ...]]:
        with closing(open_database(self.folder / f"{name}.db")) as db:
            return db.execute(sql).fetchall()


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[TwoHosts]:
    with Publisher() as one, Publisher("127.0.0.2") as two:
        yield TwoHosts(tmp_path / "run", one, two)


def test_two_hosts_are_asked_at_a_time(hosts: TwoHosts) -> None:
    """Each of them answers only once the other one has been asked."""
    both = threading.Barrier(2)
    for pages in hosts.pages.values():
        pages.before["/0"] = lambda: both.wait(60)
    assert [(each.source_id, each.new) for each in hosts.run()] == [
        ("one-0", 1), ("two-0", 1), ("one-1", 1), ("two-1", 1), ("one-2", 1), ("two-2", 1)
    ]  # fmt: skip
    assert not both.broken


def test_while_a_document_is_read_other_hosts_are_asked(
    hosts: TwoHosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first that is to be read is read only once the other host was asked for its last."""
    asked, waits = threading.Event(), [60.0]
    hosts.pages["two"].before["/2"] = asked.set
    carry_out = readers.carry_out

    def waiting(order: Order, *rest: Any) -> Any:
        assert not (waits and order.document.source_id.startswith("one")) or asked.wait(waits.pop())
        return carry_out(order, *rest)

    monkeypatch.setattr(readers, "carry_out", waiting)
    assert [each.new for each in hosts.run()] == [1] * 6
    assert not waits


def test_what_another_host_brings_while_a_document_is_read_does_not_make_that_one_new(
    hosts: TwoHosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page has other bytes and the same rows, and is read once the other host has ended."""
    hosts.run(only=["one-0"])
    hosts.pages["one"]["/0"] = Page(PAGES[0] + b"<!-- other bytes -->")
    ended = threading.Event()
    carry_out = readers.carry_out

    def waiting(order: Order, *rest: Any) -> Any:
        assert order.document.source_id != "one-0" or ended.wait(60)
        return carry_out(order, *rest)

    def done(text: str) -> None:
        if "two-1" in text:
            ended.set()

    monkeypatch.setattr(readers, "carry_out", waiting)
    found = hosts.run(told=done, only=["one-0", "two-0", "two-1"])
    assert [(each.new, each.unchanged) for each in found] == [(0, 1), (1, 0), (1, 0)]


def test_of_one_host_all_is_in_the_order_of_the_file(hosts: TwoHosts) -> None:
    hosts.run()
    assert hosts.one.asked == hosts.two.asked == ["/0", "/1", "/2"]
    done = [each.source_id for each in hosts.outcomes]
    for name in ("one", "two"):
        assert [each for each in done if each.startswith(name)] == [f"{name}-{n}" for n in range(3)]


def test_no_more_hosts_are_asked_at_a_time_than_the_settings_say(hosts: TwoHosts) -> None:
    hosts.run(at_once=1)
    assert [each.source_id for each in hosts.outcomes] == [
        "one-0", "one-1", "one-2", "two-0", "two-1", "two-2"
    ]  # fmt: skip


def test_a_host_that_fails_stops_no_other(hosts: TwoHosts) -> None:
    both = threading.Barrier(2)
    hosts.pages["one"].before["/0"] = lambda: both.wait(60)
    hosts.pages["two"].before["/0"] = lambda: both.wait(60)
    for n in range(3):
        hosts.pages["two"][f"/{n}"] = Page(b"no", 403)
    assert {each.source_id: (each.new, each.failed) for each in hosts.run()} == {
        **{f"one-{n}": (1, 0) for n in range(3)},
        **{f"two-{n}": (0, 1) for n in range(3)},
    }


def test_the_history_is_the_one_of_hosts_asked_one_after_the_other(hosts: TwoHosts) -> None:
    hosts.pages["two"]["/1"] = Page(b"no", 403)
    hosts.pages["one"]["/2"] = hosts.pages["two"]["/2"]  # one document of two sources
    histories, captures = [], []
    for name, at_once in zip(NAMES, (1, 8), strict=True):
        hosts.run(at_once, name=name)
        with closing(open_database(hosts.folder / f"{name}.db")) as db:
            histories.append(history(db))
        sql = "SELECT source_id, verdict, document_sha256, status FROM captures ORDER BY 1"
        captures.append(hosts.rows(sql, name))
    assert histories[0] == histories[1]
    assert captures[0] == captures[1]
    apart, together = (hosts.rows("SELECT summary FROM runs", name) for name in NAMES)
    assert apart == together


def test_once_it_is_to_stop_what_is_under_way_ends_and_nothing_else_begins(
    hosts: TwoHosts,
) -> None:
    both, stopped = threading.Barrier(2), threading.Event()

    def asked() -> None:
        both.wait(60)
        stopped.set()

    for pages in hosts.pages.values():
        pages.before["/0"] = asked
    done = hosts.run(stops=stopped.is_set)
    assert [(each.source_id, each.new) for each in done] == [("one-0", 1), ("two-0", 1)]
    assert hosts.one.asked == hosts.two.asked == ["/0"]
    assert hosts.rows("SELECT count(*) FROM runs WHERE finished_at IS NULL") == [(0,)]


def test_what_would_fail_for_all_is_raised_once_and_who_comes_back_late_writes_nothing(
    hosts: TwoHosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, go = threading.Event(), threading.Event()

    def held() -> None:
        asked.set()
        assert go.wait(60)

    def full(*_: object, **__: object) -> str:
        raise NotArchived("archive", "No space left on device")

    hosts.pages["two"].before["/0"] = held
    hosts.pages["one"].before["/0"] = lambda: asked.wait(60)
    monkeypatch.setattr(Archive, "put", full)
    before = set(threading.enumerate())
    with pytest.raises(NotArchived, match="No space left"):
        hosts.run()
    late = set(threading.enumerate()) - before
    go.set()
    for thread in late:
        thread.join(60)
    assert hosts.rows("SELECT count(*) FROM captures") == [(0,)]
    assert hosts.two.asked == ["/0"]


def test_ctrl_c_ends_it_at_once_though_no_host_answers(hosts: TwoHosts) -> None:
    both, go = threading.Barrier(3), threading.Event()

    def held() -> None:
        both.wait(60)
        assert go.wait(60)

    for pages in hosts.pages.values():
        pages.before["/0"] = held
    hosts.folder.mkdir()
    watched = Commands(hosts.folder, hosts.text())
    words = ["--data-dir", str(watched.data_dir), "--sources", str(watched.sources_file), "run"]
    process = subprocess.Popen(
        [sys.executable, "-c", START, *words], stdout=-1, stderr=-1, text=True
    )
    try:
        both.wait(60)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
        go.set()
    assert (process.returncode, out, err) == (1, "", "\nsanctuary: stopped\n")
    assert watched.rows("PRAGMA integrity_check") == [("ok",)]
    assert watched.rows("SELECT count(*) FROM captures") == [(0,)]
    assert not (watched.data_dir / ".lock.json").exists()


def test_sources_of_one_host_are_together_and_those_without_an_address_apart(
    hosts: TwoHosts,
) -> None:
    first, *others = hosts.sources().sources
    without = first.model_copy(update={"id": "without", "address": None})
    found = by_host([*others, without])
    assert {host: [each.id for each in group] for host, group in found.items()} == {
        "127.0.0.1": ["one-1", "one-2"],
        "127.0.0.2": ["two-0", "two-1", "two-2"],
        "": ["without"],
    }


def test_the_host_with_the_most_sources_is_asked_before_the_others(hosts: TwoHosts) -> None:
    hosts.run(at_once=1, only=["one-0", "two-0", "two-1", "two-2"])
    assert [each.source_id for each in hosts.outcomes] == ["two-0", "two-1", "two-2", "one-0"]


def test_whoever_watches_is_told_how_many_hosts_are_asked(hosts: TwoHosts) -> None:
    both = threading.Barrier(2)
    for pages in hosts.pages.values():
        pages.before["/0"] = lambda: both.wait(60)
    told: list[str] = []
    hosts.run(told=told.append)
    assert f"2 hosts at a time; two-1: fetching http://{hosts.two.host}/1" in told


@pytest.mark.parametrize("number", [0, -1, 501, "many"])
def test_a_number_of_hosts_that_makes_no_sense_is_refused(
    sanctuary: Commands, number: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "utc_now", HandClock())
    text = sanctuary.sources_file.read_text()
    sanctuary.sources_file.write_text(
        text.replace("settings:", f"settings:\n  hosts_at_once: {number}")
    )
    answer = sanctuary("run")
    assert answer.code == 1
    assert "hosts_at_once: allowed: " in answer.err


def test_what_came_of_a_source_is_printed_as_soon_as_it_is_known(
    hosts: TwoHosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second source is asked for once the first is told."""
    said: list[str] = []
    monkeypatch.setattr(fetch, "print_outcomes", lambda those: said.append(those[0].source_id))
    told: list[list[str]] = []
    hosts.pages["one"].before["/1"] = lambda: told.append([*said])
    hosts.folder.mkdir()
    Commands(hosts.folder, hosts.text(at_once=1))("run")
    assert told == [["one-0"]]


def test_for_machines_sources_are_in_the_order_of_the_file(hosts: TwoHosts) -> None:
    hosts.folder.mkdir()
    found = Commands(hosts.folder, hosts.text(at_once=1))("run", "--json").data()
    assert [each["source_id"] for each in found] == [
        "one-0", "two-0", "one-1", "two-1", "one-2", "two-2"
    ]  # fmt: skip
