"""The Wayback Machine is asked to save what has changed, if the operator wants that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from sqlite_utils import Database

from db.captures import Capture, Document, finish_run, record_capture, start_run
from db.readings import ReadBy, find_reading, show_captures, store_reading
from sanctuary import asking
from sanctuary.outcome import Outcome
from sanctuary.saving import save_changed
from sanctuary.sources import Source
from scraper.archive import Archive
from scraper.client import Client
from scraper.manners import Manners
from scraper.network import Network
from scraper.wayback import WaybackMachine
from tests.db.history import listing, new_database, reading
from tests.sanctuary.commands import Commands, list_page
from tests.sanctuary.loopback import Page, Publisher
from tests.sanctuary.wayback_server import Sent, Wayback
from tests.scraper.hand_time import HandTime

LIST = "http://127.0.0.1/list"
ZEMBLA = Source(
    id="zembla-list",
    title="List of Zembla",
    publisher="Zembla Ministry",
    address=LIST,
    parser="table",
    options={"record": "listings", "columns": {"Jurisdiction": "jurisdiction"}},
    editions="content",
    save_to_wayback=True,
    why="An invented list.",
)


class Runs:
    """Runs that find a list, and ask the archive to save it."""

    def __init__(self, db: Database, machine: WaybackMachine) -> None:
        self.db = db
        self.machine = machine

    def run(self, at: str, policy: str, source: Source = ZEMBLA) -> list[str]:
        """Let a run find a list with this policy; return its messages."""
        run_id = start_run(self.db, "run", "1", at)
        sha256 = Archive.hash_of(policy.encode())
        capture = Capture(
            source.id, "document", LIST, at, "own", "document", document_sha256=sha256
        )
        record_capture(self.db, capture, Document(sha256, 1, None, None), run_id, at)
        read_by = ReadBy(source.id, sha256, "table", "1")
        stored = find_reading(self.db, read_by)
        if stored is None:
            store_reading(self.db, read_by, reading([listing(policy=policy)]), (), at)
        else:
            show_captures(self.db, stored, "first", at)
        outcome = Outcome(source.id)
        save_changed(self.db, self.machine, source, run_id, outcome, lambda: at)
        finish_run(self.db, run_id, {"sources": [asdict(outcome)]}, at)
        assert outcome.failed == 0
        return outcome.messages


@pytest.fixture
def wayback() -> Iterator[Wayback]:
    with Wayback() as wayback:
        yield wayback


@pytest.fixture
def runs(tmp_path: Path, wayback: Wayback) -> Iterator[Runs]:
    network = Network("SanctuaryTracker/0", [wayback.host])
    manners = Manners(tmp_path / "shared", delay_seconds=0.0, attempts=1)
    db = new_database(tmp_path)
    with Client(network, manners, lambda: "", timing=HandTime().timing) as client:
        yield Runs(db, WaybackMachine(client, wayback.address))
    db.close()


ASKED = f"{LIST}: the Wayback Machine was asked to save it"


def test_what_has_changed_is_saved(runs: Runs, wayback: Wayback) -> None:
    assert runs.run("2025-06-01T10:00:00Z", "Rule One") == [ASKED]
    assert wayback.saved == [LIST]


def test_what_has_not_changed_is_not(runs: Runs, wayback: Wayback) -> None:
    runs.run("2025-06-01T10:00:00Z", "Rule One")
    assert runs.run("2025-06-05T10:00:00Z", "Rule One") == []
    assert wayback.saved == [LIST]


def test_an_address_is_saved_once_a_day_at_most(runs: Runs, wayback: Wayback) -> None:
    runs.run("2025-06-01T10:00:00Z", "Rule One")
    assert runs.run("2025-06-02T09:00:00Z", "Rule Two") == []
    assert runs.run("2025-06-02T11:00:00Z", "Rule Three") == [ASKED]
    assert wayback.saved == [LIST, LIST]


_WATCHED = """
settings: {{allow_hosts: ["{publisher}", "{wayback}"], delay: 0s, wayback: "http://{wayback}"}}
sources:
  - id: zembla-list
    title: List of Zembla
    publisher: Zembla Ministry
    address: http://{publisher}/list
    parser: table
    options: {{record: listings, columns: {{Jurisdiction: jurisdiction, Policy: policy}}}}
    editions: content
    save_to_wayback: {wanted}
    why: An invented list.
"""


@pytest.mark.parametrize("wanted", ["true", "false"])
def test_a_run_asks_for_it_only_if_the_source_wants_it(
    tmp_path: Path, wayback: Wayback, wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "PACE_SECONDS", 0.0)
    with Publisher() as publisher:
        publisher.pages["/list"] = Page(list_page(("Kinbote, Zembla", "Rule One")))
        hosts = {"publisher": publisher.host, "wayback": wayback.host}
        sanctuary = Commands(tmp_path, _WATCHED.format(**hosts, wanted=wanted))
        assert sanctuary("run").code == 0
        saved = [f"http://{publisher.host}/list"] if wanted == "true" else []
        assert wayback.saved == saved


def test_an_archive_that_does_not_take_it_is_a_message_and_no_failure(
    runs: Runs, wayback: Wayback
) -> None:
    wayback.save = Sent(520, {})
    assert runs.run("2025-06-01T10:00:00Z", "Rule One") == [
        f"{ASKED}, and did not take it: status 520"
    ]
    assert runs.run("2025-06-01T11:00:00Z", "Rule Two") == []
