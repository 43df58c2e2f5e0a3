"""The limit on the time of a whole fetch, held at every wait for the network.

A time-out for each wait alone does not bound a fetch: a server that sends a byte now and then, or
one interim answer after the other, can keep it waiting for as long as it likes.
"""

from __future__ import annotations

import math
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore


class Deadline(httpcore.NetworkBackend):
    """Connections on which no wait outlasts the fetch that it is for: one fetch a thread."""

    def __init__(self, seconds: float, now: Callable[[], float]) -> None:
        """Take how long a fetch may last, and a clock that does not jump."""
        self._seconds = seconds
        self._now = now
        self._fetch = threading.local()
        self._network = httpcore.SyncBackend()

    def start(self) -> None:
        """Let the time of a new fetch of this thread begin."""
        self._fetch.end = self._now() + self._seconds

    def remaining(self) -> float:
        """Return how many seconds are left to this thread, 0 once the time is over."""
        return max(0.0, self._end() - self._now())

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Take what the context lasts for no part of the fetch."""
        since = self._now()
        try:
            yield
        finally:
            self._fetch.end = self._end() + self._now() - since

    def left(self, timeout: float | None) -> float:
        """Return how long a wait may last that would last ``timeout``.

        Raises httpcore's TimeoutException once the time is over.
        """
        left = self.remaining()
        if not left:
            raise httpcore.TimeoutException(f"more than {self._seconds:g} seconds")
        return left if timeout is None else min(timeout, left)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a connection; raise as httpcore's own network does, and as ``left`` does."""
        stream = self._network.connect_tcp(
            host, port, self.left(timeout), local_address, socket_options
        )
        return _Stream(stream, self)

    def _end(self) -> float:
        end: float = getattr(self._fetch, "end", math.inf)
        return end


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(timeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
