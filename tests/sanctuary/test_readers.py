"""Documents read ahead, several at a time: in their order, and no more than are wanted."""

from __future__ import annotations

from collections.abc import Iterator
from multiprocessing import forkserver
from pathlib import Path
from threading import Event

import pytest

from parsers.records import Problem, Reading
from parsers.registry import Way, parser_named
from sanctuary.bundles import Readable
from sanctuary.errors import CannotRead, OtherVersion
from sanctuary.readers import Coming, Order, ReadersHere, Settled, carry_out, open_readers
from sanctuary.reading import read_document
from scraper.archive import Archive
from tests.sanctuary.hostile import TIGHT, invented_page

pytestmark = pytest.mark.usefixtures("hostile_parsers")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive.at(tmp_path / "archive")


@pytest.fixture
def readers(archive: Archive) -> Iterator[ReadersHere]:
    these = ReadersHere(archive, TIGHT, Way.VERIFIED, 2)
    yield these
    these.end()


def deed(readers: ReadersHere, name: str) -> Coming:
    """Have the hostile parser do a deed."""
    sha256 = readers.archive.put(name.encode())
    return readers.read(Readable("zembla", sha256), parser_named("hostile"), {})


def test_no_more_is_begun_than_twice_what_can_be_read_at_a_time(readers: ReadersHere) -> None:
    begun: list[int] = []

    def begin(item: int) -> int:
        begun.append(item)
        return -item

    ahead = readers.ahead(range(100), begin)
    assert not begun
    assert next(ahead) == (0, 0)
    assert begun == [0, 1, 2, 3, 4]
    assert next(ahead) == (1, -1)
    assert begun == [0, 1, 2, 3, 4, 5]
    assert [item for item, _ in ahead] == list(range(2, 100))


def test_what_cannot_be_begun_is_told_where_it_is_due(readers: ReadersHere) -> None:
    def begin(item: int) -> Coming:
        if item == 2:
            raise LookupError("no such document")
        return Settled(Problem("unreadable", str(item)))

    told = []
    for item, coming in readers.ahead(range(4), begin):
        if item == 2:
            with pytest.raises(LookupError, match="no such document"):
                coming.result()
        else:
            told.append(coming.result())
    assert [problem.message for problem in told if isinstance(problem, Problem)] == ["0", "1", "3"]


def test_readings_come_in_the_order_of_their_documents_though_one_crashes(
    readers: ReadersHere,
) -> None:
    """Each of those who wait at a time learns how its own process ended."""
    deeds = ["segfault", "tell limits", "exit", "abort", "chatter", "exit"] * 2
    told = []
    for name, coming in readers.ahead(deeds, lambda name: deed(readers, name)):
        result = coming.result()
        told.append((name, result.message if isinstance(result, Problem) else type(result)))
    ends = {
        "segfault": "was ended by SIGSEGV",
        "abort": "was ended by SIGABRT",
        "exit": "ended with exit code 7",
    }
    for name, result in told:
        if name in ends:
            assert ends[name] in str(result)
        else:
            assert result is Reading
    assert [name for name, _ in told] == deeds


def test_of_two_who_ask_how_a_process_ended_both_learn_it(
    readers: ReadersHere, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python asks after all processes when it starts one, and their ends can be read once."""
    read_once, asked = forkserver.read_signed, list[int]()
    is_asked, is_told = Event(), Event()

    def read_signed(descriptor: int) -> int:
        asked.append(descriptor)
        if asked.count(descriptor) == 2:  # the first time it is the id of the process
            is_asked.set()
            is_told.wait(0.5)
        try:
            return int(read_once(descriptor))
        finally:
            if asked.count(descriptor) > 2:
                is_told.set()

    monkeypatch.setattr(forkserver, "read_signed", read_signed)
    coming = deed(readers, "exit")
    assert is_asked.wait(20)
    assert isinstance(deed(readers, "chatter").result(), Reading)
    problem = coming.result()
    assert isinstance(problem, Problem)
    assert "ended with exit code 7" in problem.message


def test_what_is_not_read_when_the_command_ends_is_not_waited_for(archive: Archive) -> None:
    with open_readers(archive, TIGHT) as readers:
        sha256 = archive.put(b"hang")
        coming = readers.read(Readable("zembla", sha256), parser_named("hostile"), {})
    with pytest.raises(CannotRead, match="the command that wanted it ends"):
        coming.result()


def test_a_process_that_nobody_waits_for_any_more_is_ended() -> None:
    answers = iter([False, False, True])
    with pytest.raises(CannotRead, match="the command that wanted it ends"):
        read_document("hostile", b"hang", {}, TIGHT, is_over=lambda: next(answers))


def test_a_parser_of_another_version_does_not_read(archive: Archive) -> None:
    sha256 = archive.put(invented_page(places=["Onhava"]))
    order = Order(Readable("zembla", sha256), "invented", "99", {}, Way.VERIFIED, TIGHT)
    with pytest.raises(OtherVersion, match="is wanted as 99, and is there as 1; install the same"):
        carry_out(order, archive)
