"""One turn for many threads: who has it works on the history, the others wait for hosts.

A run asks many hosts at a time, each in a thread of its own. Database, archive and outcomes are
touched only by the thread that has the turn. It gives the turn away for as long as it waits for a
host, or for a document that is being read: never in a transaction, which others would write into.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

_MOMENT = 0.05
"""Seconds between two attempts to break off what is being written."""


class Over(BaseException):
    """The run has ended meanwhile. No handler of errors may keep a thread from going home."""


class Turns:
    """The turn over one connection, which every thread may use that has it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Take the connection; it is not to check in which thread it is used."""
        self._connection = connection
        self._turn = RLock()
        self._is_over = False

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for the turn and have it for as long as the context lasts. Raises Over."""
        with self._turn:
            self._go_on()
            yield

    @contextmanager
    def away(self) -> Iterator[None]:
        """Give the turn away for as long as the context lasts, and wait for it again.

        Raises RuntimeError in a transaction or without the turn, and Over.
        """
        self._go_on()
        if self._connection.in_transaction:
            raise RuntimeError("the turn is not given away in a transaction")
        self._turn.release()
        try:
            yield
        finally:
            self._turn.acquire()
            self._go_on()

    def end(self) -> None:
        """Let nobody have the turn any more; what is just being written is broken off, undone."""
        self._is_over = True
        while not self._turn.acquire(timeout=_MOMENT):
            self._connection.interrupt()
        self._turn.release()

    def _go_on(self) -> None:
        if self._is_over:
            raise Over
