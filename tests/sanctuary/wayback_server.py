"""A Wayback Machine on loopback: index, mementos, Save Page Now, and the vices of the real one.

Times are ``YYYYMMDDhhmmss``. What it keeps is made up; addresses are of invented places.
"""

from __future__ import annotations

import base64
import hashlib
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qs, urlsplit

Headers = dict[str, str]


@dataclass(frozen=True)
class Sent:
    status: int
    headers: Headers
    body: bytes = b""


@dataclass(frozen=True)
class Kept:
    """A capture of the archive."""

    timestamp: str
    original: str
    body: bytes
    status: int = 200
    media_type: str = "text/html"
    headers: Headers = field(default_factory=dict)
    """Of the publisher."""
    listed_as: str | None = None
    """The line of the index, if it is not the true one."""
    is_revisit: bool = False

    @property
    def digest(self) -> str:
        return base64.b32encode(hashlib.sha1(self.body).digest()).decode()

    def line(self) -> str:
        if self.listed_as is not None:
            return self.listed_as
        if self.is_revisit:
            return f"{self.timestamp} {self.original} - warc/revisit {self.digest}"
        return f"{self.timestamp} {self.original} {self.status} {self.media_type} {self.digest}"

    def played(self) -> Sent:
        moment = datetime.strptime(self.timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        headers = {
            "Content-Type": self.media_type,
            "Memento-Datetime": format_datetime(moment, usegmt=True),
            "X-Archive-Orig-Content-Type": self.media_type,
            "X-Archive-Orig-Server": "Freedonia/1.0",
            **{f"X-Archive-Orig-{name}": value for name, value in self.headers.items()},
        }
        return Sent(self.status, headers, self.body)


class Wayback:
    """Serves ``kept`` for as long as the context lasts, and notes what it was asked for."""

    def __init__(self) -> None:
        self.kept: list[Kept] = []
        self.lines: list[str] = []
        """More lines of the index, as they are."""
        self.index: Callable[[], Sent] | None = None
        """What the index answers in place of what it should."""
        self.played: dict[str, Sent | Callable[[], Sent]] = {}
        """By timestamp, what is answered in place of the memento."""
        self.redirects: dict[str, str] = {}
        """By the address as it was captured, where its memento leads."""
        self.page = 100_000
        """How many lines a part of the index has."""
        self.saved: list[str] = []
        self.save: Sent = Sent(200, {"Content-Type": "text/html"}, b"<html>A job</html>")
        self.robots = Sent(404, {})
        self.asked: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self._answer))
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.01])

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def address(self) -> str:
        return f"http://{self.host}"

    @property
    def mementos(self) -> list[str]:
        """The timestamps of the mementos that were asked for, in order."""
        return [path.split("/")[2][:14] for path in self.asked if path.startswith("/web/")]

    def keep(self, timestamp: str, original: str, body: bytes, **facts: object) -> Kept:
        kept = Kept(timestamp, original, body, **facts)  # type: ignore[arg-type]
        self.kept.append(kept)
        return kept

    def __enter__(self) -> Wayback:
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

    def _answer(self, path: str) -> Sent:
        if path == "/robots.txt":
            return self.robots
        self.asked.append(path)
        if path.startswith("/cdx/search/cdx?"):
            return self.index() if self.index else self._index(parse_qs(urlsplit(path).query))
        if path.startswith("/save/"):
            self.saved.append(path.removeprefix("/save/"))
            return self.save
        match = re.match(r"/web/(\d+)id_/(.+)", path)
        if match is None:
            return Sent(200, {"Content-Type": "text/html"}, b"<html>The archive's own page</html>")
        timestamp, original = match.groups()
        if original in self.redirects:
            return Sent(301, {"Location": self.redirects[original]})
        if timestamp in self.played:
            answer = self.played[timestamp]
            return answer() if callable(answer) else answer
        for kept in self.kept:
            if (kept.timestamp, kept.original) == (timestamp, original):
                return kept.played()
        return Sent(404, {"Content-Type": "text/html"}, b"<html>Not in archive</html>")

    def _index(self, query: dict[str, list[str]]) -> Sent:
        key = _key(query["url"][0])
        lines = [
            kept.line()
            for kept in sorted(self.kept, key=lambda each: each.timestamp)
            if _key(kept.original) == key and query["from"][0] <= kept.timestamp <= query["to"][0]
        ] + self.lines
        first = int(query.get("resumeKey", ["freedonia!0"])[0].partition("!")[2])
        part = lines[first : first + self.page]
        text = "".join(f"{line}\n" for line in part)
        if first + self.page < len(lines):
            text += f"\nfreedonia%21{first + self.page}\n"
        return Sent(200, {"Content-Type": "text/plain"}, text.encode())


def _key(address: str) -> str:
    parts = urlsplit(address)
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/').lower()}"


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, answer: Callable[[str], Sent], *args: object) -> None:
        self._answer = answer
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        sent = self._answer(self.path)
        self.send_response(sent.status)
        for name, value in sent.headers.items():
            self.send_header(name, value)
        if "Content-Length" not in sent.headers:
            self.send_header("Content-Length", str(len(sent.body)))
        self.end_headers()
        self.wfile.write(sent.body)

    def log_message(self, format: str, *args: object) -> None:
        pass
