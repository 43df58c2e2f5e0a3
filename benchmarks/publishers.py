"""Many invented publishers on this machine: a server that answers for all of 127.0.0.0/8.

It takes its time as real hosts do, and notes how it was asked: how many at a time a host was, and
how soon again.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from random import Random
from time import monotonic

NOTED = "/-/noted"
"""Where a client asks for what a server has noted of all its hosts."""
_SIGMA = 0.6
"""Of the logarithm of the latencies: one in twenty takes 2.7 times the median or longer."""


def host_name(number: int) -> str:
    """Return the address of a host: 127.1.0.1, 127.1.0.2, …"""
    return f"127.1.{number // 250}.{number % 250 + 1}"


def page(host: str, path: str) -> bytes:
    """Return the policy that is at a path of a host, always the same."""
    place = f"Kinbote {hashlib.sha256((host + path).encode()).hexdigest()[:8]}"
    sections = "".join(
        f"<h2>{number}. Of detainers, part {number}</h2><p>No officer of {place} holds a person "
        f"longer than {number} hours on a detainer alone, unless a judge has signed a warrant. "
        "What is decided is told to that person in a language that the person understands.</p>"
        for number in range(1, 13)
    )
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>Policy</title>"
        "<p>SPECIMEN: all places are invented</p>"
        f"<main class=policy><h1>Detainers in {place}</h1>{sections}</main></html>"
    ).encode()


@contextmanager
def publishers(median_seconds: float) -> Iterator[int]:
    """Serve in a process of its own and yield the port; an answer takes about that long."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, median_seconds), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.kill()
        process.join()


@dataclass
class _Host:
    at_a_time: int = 0
    most: int = 0
    began: float | None = None
    nearest: float | None = None
    """Seconds between the two requests that were the nearest to each other."""


@dataclass
class _Publishers:
    median: float
    random: Random = field(default_factory=lambda: Random(7))
    hosts: dict[str, _Host] = field(default_factory=dict)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer on one connection until it is closed."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode("latin-1").split("\r\n")
                headers = {
                    name.lower(): value.strip()
                    for name, _, value in (line.partition(":") for line in lines[1:])
                }
                path = lines[0].split()[1]
                writer.write(await self._answer(headers["host"].partition(":")[0], path, headers))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, name: str, path: str, headers: dict[str, str]) -> bytes:
        if path == NOTED:
            return _sent("200 OK", self._noted())
        host = self.hosts.setdefault(name, _Host())
        now = monotonic()
        if host.began is not None:
            host.nearest = min(now - host.began, host.nearest or now - host.began)
        host.began = now
        host.at_a_time += 1
        host.most = max(host.most, host.at_a_time)
        await asyncio.sleep(self.median * self.random.lognormvariate(0.0, _SIGMA))
        host.at_a_time -= 1
        if path == "/robots.txt":
            return _sent("404 Not Found", b"none")
        tag = f'"{hashlib.sha256((name + path).encode()).hexdigest()[:16]}"'
        if headers.get("if-none-match") == tag:
            return _sent("304 Not Modified", b"", tag)
        return _sent("200 OK", page(name, path), tag)

    def _noted(self) -> bytes:
        nearest = [host.nearest for host in self.hosts.values() if host.nearest is not None]
        most = max((host.most for host in self.hosts.values()), default=0)
        self.hosts.clear()
        return json.dumps({"most": most, "nearest": min(nearest, default=None)}).encode()


def _sent(status: str, body: bytes, tag: str = "") -> bytes:
    etag = f"ETag: {tag}\r\n" if tag else ""
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n{etag}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def _serve(pipe: Connection, median_seconds: float) -> None:
    async def serve() -> None:
        mine = _Publishers(median_seconds)
        server = await asyncio.start_server(mine.talk, "0.0.0.0", 0, backlog=1000)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())
