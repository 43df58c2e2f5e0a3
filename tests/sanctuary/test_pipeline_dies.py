"""A run that dies anywhere can be run again and ends in the same history.

What an unforeseen error in one source does to the others is held here too.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from db import readings
from db.connection import open_database
from sanctuary import accepting, fetching, pipeline, readers, recording
from sanctuary.importing import SavedFile, import_file
from sanctuary.outcome import Outcome
from sanctuary.pipeline import run
from sanctuary.sources import Sources
from sanctuary.sources_file import load_sources
from scraper.archive import Archive
from scraper.errors import NotArchived
from tests.db.history import history
from tests.sanctuary.commands import REVISION_1, REVISION_2
from tests.sanctuary.hostile import invented_page
from tests.sanctuary.loopback import HandClock, Page, Publisher
from tests.sanctuary.test_run import SOURCES
from tests.sanctuary.watching import THREE, TWO, index, pdf

LIST, REPORTS = "freedonia-list", "freedonia-reports"
FIRST, SECOND = "2025-06-01T10:00:00Z", "2025-06-02T10:00:00Z"


class Killed(BaseException):
    """As if the process were killed: nothing of ours may catch it."""


class Machine:
    """One data directory, and the process that works on it until it dies."""

    def __init__(self, folder: Path, sources: Sources) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.archive = Archive.at(folder / "archive")
        self.sources = sources
        self.clock = HandClock()

    @contextmanager
    def database(self) -> Iterator[Database]:
        db = open_database(self.folder / "tracker.db")
        db.execute("PRAGMA synchronous = OFF")
        try:
            yield db
        finally:
            db.close()

    def run(self) -> list[Outcome]:
        active = [source for source in self.sources.sources if source.lifecycle == "active"]
        settings = self.sources.settings
        with self.database() as db:
            return run(db, self.archive, active, settings, self.clock, lambda _: None)

    def history(self) -> dict[str, Any]:
        """Return the history without the sightings: how often a thing was seen is no promise."""
        with self.database() as db:
            parts: dict[str, Any] = json.loads(history(db))
            parts["outbox"] = db.execute("SELECT kind, key FROM outbox ORDER BY 1, 2").fetchall()
        return {name: part for name, part in parts.items() if name != "sightings"}

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with self.database() as db:
            return db.execute(sql).fetchall()

    def copy(self, folder: Path) -> Machine:
        shutil.copytree(self.folder, folder)
        return Machine(folder, self.sources)


@pytest.fixture(scope="module")
def publisher() -> Iterator[Publisher]:
    with Publisher() as publisher:
        yield publisher


@pytest.fixture(scope="module")
def sources(publisher: Publisher, tmp_path_factory: pytest.TempPathFactory) -> Sources:
    file = tmp_path_factory.mktemp("sources") / "watched.yml"
    file.write_text(SOURCES.format(host=publisher.host))
    return load_sources(file)


@pytest.fixture
def machine(tmp_path: Path, publisher: Publisher, sources: Sources) -> Machine:
    """A machine on which nothing has run, and a publisher in its first week."""
    publisher.asked.clear()
    machine = Machine(tmp_path / "machine", sources)
    first_week(publisher, machine)
    return machine


@pytest.fixture(scope="module")
def after_a_week(
    publisher: Publisher, sources: Sources, tmp_path_factory: pytest.TempPathFactory
) -> Machine:
    machine = Machine(tmp_path_factory.mktemp("first week"), sources)
    first_week(publisher, machine)
    machine.run()
    return machine


@pytest.fixture(scope="module")
def whole(
    after_a_week: Machine, publisher: Publisher, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """The history after two weeks in which nothing went wrong."""
    machine = after_a_week.copy(tmp_path_factory.mktemp("second week") / "machine")
    second_week(publisher, machine)
    machine.run()
    return machine.history()


def first_week(publisher: Publisher, machine: Machine) -> None:
    machine.clock.now = FIRST
    publisher.pages = {
        "/list": Page(TWO),
        "/reports/": index("one.pdf"),
        "/reports/one.pdf": pdf(REVISION_1),
    }


def second_week(publisher: Publisher, machine: Machine) -> None:
    machine.clock.now = SECOND
    publisher.pages["/list"] = Page(THREE)
    publisher.pages["/reports/one.pdf"] = pdf(REVISION_2)


STEPS = [
    (recording, "record_capture", 3),  # archived, but not recorded
    (fetching, "note_links", 1),  # recorded, but what it links to is not noted
    (accepting.Acceptor, "read", 2),  # recorded, but not read
    (accepting, "find_reading", 2),
    (readers, "read_document", 2),
    (accepting, "store_reading", 2),  # read, but not stored
    (readings, "store_rows", 2),  # in the transaction, before its rows
    (readings, "place_captures", 2),  # in it, with its rows
    (readings, "renew_changes", 2),  # in it, with its edition
    (readings, "renew_list_events_at", 2),  # in it, with its changes
    (pipeline, "renew_dark", 2),  # all accepted
    (pipeline, "finish_run", 1),  # all done, but not said
]


@pytest.mark.parametrize(
    ("module", "name", "call"),
    [
        pytest.param(module, name, call, id=f"{module.__name__}.{name}-{call}")
        for module, name, calls in STEPS
        for call in range(1, calls + 1)
    ],
)
def test_a_run_that_was_killed_can_be_run_again(
    after_a_week: Machine,
    whole: dict[str, Any],
    publisher: Publisher,
    tmp_path: Path,
    module: object,
    name: str,
    call: int,
) -> None:
    machine = after_a_week.copy(tmp_path / "machine")
    second_week(publisher, machine)
    step = getattr(module, name)
    calls = 0

    def dies(*args: object, **named: object) -> object:
        nonlocal calls
        calls += 1
        if calls == call:
            raise Killed
        return step(*args, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, name, dies)
        with pytest.raises(Killed):
            machine.run()
    machine.run()
    assert machine.history() == whole


def test_an_import_that_was_killed_before_it_was_read_is_read_when_it_is_given_again(
    machine: Machine,
) -> None:
    file = SavedFile("list.html", TWO, FIRST, None)
    source, settings = machine.sources.sources[0], machine.sources.settings

    def given() -> Outcome | None:
        with machine.database() as db:
            return import_file(db, machine.archive, source, settings, file, machine.clock)

    def dies(*_: object, **__: object) -> None:
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accepting.Acceptor, "read", dies)
        with pytest.raises(Killed):
            given()
    assert machine.rows("SELECT count(*) FROM editions") == [(0,)]
    again = given()
    assert again is not None
    assert again.new == 1
    assert machine.rows("SELECT count(*) FROM captures") == [(1,)]
    assert given() is None


def fails(error: BaseException, source: str, step: Callable[..., object]) -> Callable[..., object]:
    """Return a step that raises ``error`` where it is about ``source``."""

    def failing(*args: object, **named: object) -> object:
        if any(source in str(arg) for arg in args):
            raise error
        return step(*args, **named)

    return failing


@pytest.mark.parametrize(
    "error",
    [KeyError("county"), RecursionError("too deep"), OSError("odd"), sqlite3.IntegrityError("x")],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize(
    ("module", "name"),
    [(recording, "record_capture"), (accepting, "find_reading"), (accepting, "store_reading")],
    ids=["fetch", "read", "accept"],
)
def test_what_nobody_expected_is_the_failure_of_one_source(
    machine: Machine,
    publisher: Publisher,
    monkeypatch: pytest.MonkeyPatch,
    module: object,
    name: str,
    error: Exception,
) -> None:
    monkeypatch.setattr(module, name, fails(error, LIST, getattr(module, name)))
    broken, other = machine.run()
    assert (broken.source_id, broken.new, broken.failed) == (LIST, 0, 1)
    (message,) = broken.messages
    assert f"unexpected {type(error).__name__}" in message
    assert "\n" not in message
    assert (other.source_id, other.new, other.failed) == (REPORTS, 1, 0)
    assert machine.rows("SELECT source_id, message FROM problems WHERE kind = 'failed'") == [
        (LIST, message)
    ]


@pytest.mark.parametrize(
    "error",
    [
        NotArchived(Path("archive"), "No space left on device"),
        sqlite3.OperationalError("database or disk is full"),
        sqlite3.DatabaseError("database disk image is malformed"),
    ],
    ids=["archive", "disk", "database"],
)
def test_what_would_fail_for_every_source_stops_the_run(
    machine: Machine,
    publisher: Publisher,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    monkeypatch.setattr(recording, "record_capture", fails(error, LIST, recording.record_capture))
    with pytest.raises(type(error)):
        machine.run()
    assert "/reports/" not in publisher.asked
    monkeypatch.undo()
    assert [outcome.new for outcome in machine.run()] == [1, 1]


@pytest.mark.usefixtures("hostile_parsers")
@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (
            invented_page(fails="division\nby zero"),
            "the parser invented failed on it (ZeroDivisionError: division by zero)",
        ),
        (invented_page(ends="SIGSEGV"), "the parser invented was ended by SIGSEGV"),
    ],
    ids=["fails", "crashes"],
)
def test_a_parser_that_fails_on_one_document_is_not_tried_again_and_others_are_read(
    machine: Machine, publisher: Publisher, bad: bytes, said: str
) -> None:
    listed, reports, *others = machine.sources.sources
    listed = listed.model_copy(update={"parser": "invented", "options": {}})
    watched = (listed, reports, *others)
    machine.sources = machine.sources.model_copy(update={"sources": watched})
    publisher.pages["/list"] = Page(bad)
    ours, other = machine.run()
    assert ours.messages == [f"list: {said}; please report it with the document"]
    assert (other.new, other.failed) == (1, 0)
    publisher.pages["/list"] = Page(invented_page(places=["Onhava"]))
    machine.clock.now = SECOND
    ours, _ = machine.run()
    assert (ours.new, ours.failed) == (1, 0)
    assert machine.rows(
        "SELECT status, count(*) FROM readings WHERE source_id LIKE '%list' GROUP BY 1 ORDER BY 1"
    ) == [("accepted", 1), ("failed", 1)]
    assert machine.archive.get(hashlib.sha256(bad).hexdigest()) == bad
