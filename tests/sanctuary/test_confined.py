"""Work in a process of its own: it answers, or says why not, and never outlives its limits."""

from __future__ import annotations

import os
from dataclasses import replace
from threading import Event

import pytest

from sanctuary.confined import NotDone, confined
from sanctuary.passage import NoPassage
from sanctuary.reading import ReadingLimits

LIMITS = ReadingLimits(cpu_seconds=2, wall_seconds=10.0)


def shout(text: str) -> bytes:
    return text.upper().encode()


def fail(ours: bool) -> bytes:
    raise NoPassage("it is not there") if ours else KeyError("row")


def vanish() -> bytes:
    os._exit(0)


def fill() -> bytes:
    return bytes(3_000_000_000)


def wait() -> bytes:
    Event().wait()
    return b""


def test_what_is_answered_comes_back() -> None:
    assert confined(shout, "zembla", limits=LIMITS) == b"ZEMBLA"


@pytest.mark.parametrize(
    ("ours", "said"), [(True, "^it is not there$"), (False, "^KeyError: 'row'$")]
)
def test_what_went_wrong_is_said_in_words_or_with_its_kind(ours: bool, said: str) -> None:
    with pytest.raises(NotDone, match=said):
        confined(fail, ours, limits=LIMITS)


def test_a_process_that_ends_or_wants_too_much_memory_gives_no_answer() -> None:
    with pytest.raises(NotDone, match="ended"):
        confined(vanish, limits=LIMITS)
    with pytest.raises(NotDone, match="MemoryError"):
        confined(fill, limits=LIMITS)


def test_a_process_that_takes_too_long_is_ended() -> None:
    with pytest.raises(NotDone, match=r"more than 0\.2 s"):
        confined(wait, limits=replace(LIMITS, wall_seconds=0.2))


def test_where_no_process_can_be_begun_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise BlockingIOError("too many processes")

    monkeypatch.setattr("multiprocessing.context.ForkServerProcess._Popen", refuse)
    with pytest.raises(NotDone, match="too many processes"):
        confined(shout, "zembla", limits=LIMITS)
