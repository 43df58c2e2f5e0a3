"""A server on loopback that answers with whatever bytes a test wants, true or not."""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from types import TracebackType

PATIENCE = 10.0
"""Seconds after which the server gives up, so that a test that fails does not hang."""

Answer = bytes | Iterable[bytes]
"""What is sent, in one piece or piece by piece, perhaps without end."""


def answer(status: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """Return an answer that says nothing of its length: it ends with the connection."""
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status}\r\n{head}Connection: close\r\n\r\n".encode("latin-1") + body


PAGE = b"<html><body><p>The list of this week.</p></body></html>"
HTML = {"Content-Type": "text/html"}


def packed(body: bytes, coding: str = "gzip") -> bytes:
    """Return an answer with a page that the caller has packed."""
    return answer("200 OK", {**HTML, "Content-Encoding": coding}, body)


def with_length(length: int, body: bytes) -> bytes:
    """Return an answer with a page, or a part of it, that is said to be so long."""
    return answer("200 OK", {**HTML, "Content-Length": str(length)}, body)


def redirect(location: str, status: str = "302 Found") -> bytes:
    return answer(status, {"Location": location, "Content-Length": "0"})


OK = answer("200 OK", HTML, PAGE)


class LyingServer:
    """Answers by path; what it was asked is in ``requests``, heads only, and in ``posted``.

    Requests for robots.txt, which there is none of unless a test says so, are counted apart.
    """

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.first: dict[str, list[Answer]] = {}
        """What is answered before that, each once."""
        self.hold: set[str] = set()
        """Paths whose connection stays open, without a word more, until the client closes it."""
        self.tls: ssl.SSLContext | None = None
        self.greets_with: Iterable[bytes] = ()
        """Sent before anything is asked."""
        self.requests: list[str] = []
        self.robots_requests: list[str] = []
        self.posted: list[str] = []
        """The bodies of the requests that had one."""
        self.connections = 0
        self.gave_up = False
        """Whether the server's patience ended before the client's."""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._serving: list[threading.Thread] = []

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def address(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def __enter__(self) -> LyingServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopped.set()
        # On some systems closing alone does not wake a thread that waits in accept.
        with socket.socket() as last:
            last.connect(("127.0.0.1", self.port))
            self._thread.join(PATIENCE)
        self._socket.close()
        for thread in self._serving:
            thread.join(PATIENCE)

    def _serve(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            if self._stopped.is_set():
                connection.close()
                return
            self.connections += 1
            thread = threading.Thread(target=self._converse, args=(connection,))
            self._serving.append(thread)
            thread.start()

    def _converse(self, connection: socket.socket) -> None:
        connection.settimeout(PATIENCE)
        try:
            with connection, self._secured(connection) as stream:
                self._answer(stream)
        except TimeoutError:
            self.gave_up = True
        except OSError:
            pass  # The client has gone: many tests want it to.

    def _secured(self, connection: socket.socket) -> socket.socket:
        return self.tls.wrap_socket(connection, server_side=True) if self.tls else connection

    def _answer(self, stream: socket.socket) -> None:
        for part in self.greets_with:
            stream.sendall(part)
            if self._stopped.is_set():
                return
        head = b""
        while b"\r\n\r\n" not in head:
            part = stream.recv(65536)
            if not part:
                return
            head += part
        head, end, body = head.partition(b"\r\n\r\n")
        stated = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        while stated and len(body) < int(stated[1]):
            body += stream.recv(65536)
        if body:
            self.posted.append(body.decode())
        self._reply(stream, head + end)

    def _reply(self, stream: socket.socket, head: bytes) -> None:
        path = head.split(b" ", 2)[1].decode("ascii")
        asked = self.robots_requests if path.endswith("/robots.txt") else self.requests
        asked.append(head.decode("latin-1"))
        first = self.first.get(path)
        otherwise = self.answers.get(path, answer("404 Not Found", {"Content-Length": "0"}))
        parts = first.pop(0) if first else otherwise
        end = time.monotonic() + PATIENCE
        for part in [parts] if isinstance(parts, bytes) else parts:
            stream.sendall(part)
            if self._stopped.is_set():
                return
            if time.monotonic() > end:
                raise TimeoutError
        if path in self.hold:
            stream.recv(1)
