"""No host is asked twice at a time, whichever threads ask, and the wait for them costs no time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import pytest

from scraper.deadline import Deadline
from scraper.judge import Kind, Verdict
from scraper.one_by_one import alone
from tests.scraper.conftest import NewClient
from tests.scraper.lying_server import LyingServer, answer

OK = answer("200 OK", {"Content-Type": "text/html"}, b"<!doctype html><p>Zembla</p>")


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_who_comes_second_to_a_host_waits_until_the_first_is_done() -> None:
    order, waits = [], threading.Event()

    @contextmanager
    def waiting() -> Iterator[None]:
        waits.set()
        yield
        order.append("second")

    def second() -> None:
        with alone("zembla.example", waiting):
            pass

    with alone("zembla.example", nullcontext), alone("onhava.example", nullcontext):
        thread = threading.Thread(target=second)
        thread.start()
        assert waits.wait(60)
        order.append("first")
    thread.join(60)
    assert order == ["first", "second"]


def test_a_fetch_has_no_less_time_for_having_waited_for_others() -> None:
    clock = Clock()
    deadline = Deadline(10, clock)
    deadline.start()
    clock.now = 4
    with deadline.standing_still():
        clock.now = 1_000
    assert deadline.remaining() == 6


def test_each_thread_has_the_time_of_its_own_fetch() -> None:
    clock, left = Clock(), []
    deadline = Deadline(10, clock)
    deadline.start()
    clock.now = 8

    def other() -> None:
        deadline.start()
        left.append(deadline.remaining())

    thread = threading.Thread(target=other)
    thread.start()
    thread.join(60)
    assert (left, deadline.remaining()) == ([10], 2)


def test_threads_share_a_client(server: LyingServer, new_client: NewClient) -> None:
    paths = [f"/{number}" for number in range(8)]
    server.answers |= dict.fromkeys(paths, OK)
    client, verdicts = new_client(), []

    def asks(path: str) -> None:
        verdicts.append(client.fetch(server.address(path), Kind.HTML).verdict)

    threads = [threading.Thread(target=asks, args=[path]) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert verdicts == [Verdict.DOCUMENT] * 8


def test_a_client_that_is_closed_asks_for_nothing_more(
    server: LyingServer, new_client: NewClient
) -> None:
    server.answers["/page"] = OK
    client = new_client()
    client.__exit__(None, None, None)
    with pytest.raises(RuntimeError, match="closed"):
        client.fetch(server.address("/page"), Kind.HTML)
    assert server.requests == []
