"""A publisher on loopback whose pages a test changes, and a clock that a test moves."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType


@dataclass(frozen=True)
class Page:
    body: bytes
    status: int = 200
    media_type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    """ETag and Last-Modified among them: who sends these back is told that nothing has changed."""


_CONDITIONS = {"If-None-Match": "ETag", "If-Modified-Since": "Last-Modified"}
NOT_FOUND = Page(b"<h1>Page Not Found</h1>", 404)


class Publisher:
    """Serves ``pages`` by path for as long as the context lasts, and notes who asked for what."""

    def __init__(self, ip: str = "127.0.0.1") -> None:
        self.ip = ip
        self.pages: dict[str, Page] = {}
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self.cookies: list[tuple[str, str]] = []
        """The paths that were asked for with cookies, and these."""
        self.conditions: list[tuple[str, str]] = []
        """The paths that were asked for on a condition, and the value of its header."""
        self._server = ThreadingHTTPServer((ip, 0), partial(_Handler, self._answer))
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.01])

    @property
    def host(self) -> str:
        return f"{self.ip}:{self._server.server_port}"

    def __enter__(self) -> Publisher:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(self, path: str, headers: Message) -> Page:
        if path != "/robots.txt":
            self.asked.append(path)
        self.agents.add(headers["User-Agent"])
        if headers["Cookie"]:
            self.cookies.append((path, headers["Cookie"]))
        page = self.pages.get(path, NOT_FOUND)
        for condition, validator in _CONDITIONS.items():
            if headers[condition]:
                self.conditions.append((path, headers[condition]))
                if headers[condition] == page.headers.get(validator):
                    return Page(b"", 304, headers=page.headers)
        return page


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, answer: Callable[[str, Message], Page], *args: object) -> None:
        self._answer = answer
        super().__init__(*args)  # type: ignore[arg-type]

    def do_POST(self) -> None:
        """Answer with the page whose path has what is posted as its fragment."""
        posted = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._send(self._answer(f"{self.path}#{posted}", self.headers))

    def do_GET(self) -> None:
        self._send(self._answer(self.path, self.headers))

    def _send(self, page: Page) -> None:
        self.send_response(page.status)
        self.send_header("Content-Type", page.media_type)
        for name, value in page.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(page.body)))
        self.end_headers()
        self.wfile.write(page.body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@dataclass
class HandClock:
    """Stands still until it is moved."""

    now: str = "2025-06-01T10:00:00Z"

    def __call__(self) -> str:
        return self.now
