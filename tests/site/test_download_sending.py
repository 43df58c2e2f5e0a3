"""How a download is sent: in pieces, at the pace of who takes it, and closed however it ends."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sanctuary.site import download, download_files, download_rows
from sanctuary.site.download import Download
from tests.db.history import LIST, listing, load, new_database, reading
from tests.site.serving import Site, served

ADDRESS = "/tracker/-/download/listings.json"
ROWS = 40


class Kept(sqlite3.Connection):
    """A connection that is known to be closed."""

    is_closed = False

    def close(self) -> None:
        self.is_closed = True
        super().close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("sending")
    db = new_database(folder)
    rows = [listing(f"Place {number}, Zembla", position=number) for number in range(ROWS)]
    load(db, LIST, "2025-06-01T10:00:00Z", reading(rows))
    db.close()
    with served(folder / "tracker.db") as site:
        yield site


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download_files, "_PIECE", 200)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Kept]:
    """Return the connections that downloads open."""
    found: list[Kept] = []

    def connect(database: Any) -> Kept:
        path = Path(database.path)
        connection = sqlite3.connect(path, factory=Kept, check_same_thread=False)
        found.append(connection)
        return connection

    monkeypatch.setattr(download_rows, "own_connection", connect)
    return found


class Client:
    """Who asks for a download, piece by piece."""

    def __init__(self, *, leaves_after: int | None = None, takes: bool = True) -> None:
        self.sent: list[dict[str, Any]] = []
        self.left = asyncio.Event()
        self.leaves_after = leaves_after
        self.takes = takes

    @property
    def pieces(self) -> list[bytes]:
        return [each["body"] for each in self.sent if each["type"] == "http.response.body"]

    @property
    def has_all(self) -> bool:
        last = self.sent[-1] if self.sent else {}
        return last.get("type") == "http.response.body" and not last.get("more_body", False)

    async def receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start" and self.sent:
            raise RuntimeError("a server refuses a second beginning, and closes")
        if message["type"] == "http.response.body" and not self.takes:
            await asyncio.Event().wait()
        self.sent.append(message)
        if len(self.pieces) == self.leaves_after:
            self.left.set()
            await asyncio.sleep(0)

    async def ask(self, site: Site) -> None:
        """Ask for the download as a server hands it on."""
        scope = {
            "type": "http",
            "method": "GET",
            "path": ADDRESS,
            "raw_path": ADDRESS.encode(),
            "query_string": b"",
            "headers": [],
            "scheme": "http",
        }
        await site.datasette.app()(scope, self.receive, self.send)


def ask(site: Site, **how: Any) -> Client:
    async def go() -> Client:
        client = Client(**how)
        await client.ask(site)
        return client

    client = site.run(go())
    assert isinstance(client, Client)
    assert Download.running == 0
    return client


def test_a_file_comes_in_pieces_and_its_connection_is_closed(
    site: Site, opened: list[Kept]
) -> None:
    client = ask(site)
    assert client.has_all
    assert len(client.pieces) > ROWS
    assert [each.is_closed for each in opened] == [True]


def test_no_piece_is_made_before_the_one_before_it_is_taken(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    rows = download_rows.TableRows.__iter__

    def counted(table: download_rows.TableRows) -> Iterator[download_rows.Row]:
        for row in rows(table):
            read.append(1)
            yield row

    monkeypatch.setattr(download_rows.TableRows, "__iter__", counted)
    monkeypatch.setattr(download, "PATIENCE", 0.01)
    client = ask(site, takes=False)
    assert len(read) == 1
    assert not client.has_all


def test_who_takes_nothing_is_not_waited_for(
    site: Site, monkeypatch: pytest.MonkeyPatch, opened: list[Kept]
) -> None:
    monkeypatch.setattr(download, "PATIENCE", 0.01)
    client = ask(site, takes=False)
    assert not client.pieces
    assert [each.is_closed for each in opened] == [True]


def test_who_goes_away_ends_the_download(site: Site, opened: list[Kept]) -> None:
    client = ask(site, leaves_after=2)
    assert len(client.pieces) < 5
    assert not client.has_all
    assert [each.is_closed for each in opened] == [True]


def test_a_download_that_takes_too_long_ends_without_its_end(
    site: Site, monkeypatch: pytest.MonkeyPatch, opened: list[Kept]
) -> None:
    monkeypatch.setattr(download, "LONGEST_SECONDS", -1.0)
    assert not ask(site).has_all
    assert all(each.is_closed for each in opened)


def test_more_than_can_be_sent_at_once_are_asked_to_come_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "AT_ONCE", 0)
    client = ask(site)
    start = client.sent[0]
    assert start["status"] == 503
    assert (b"retry-after", b"60") in {tuple(each) for each in start["headers"]}


def test_a_file_that_breaks_off_has_no_end(
    site: Site, monkeypatch: pytest.MonkeyPatch, opened: list[Kept]
) -> None:
    def broken(table: download_rows.TableRows) -> Iterator[download_rows.Row]:
        yield from [(str(number),) * len(table.columns) for number in range(5)]
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(download_rows.TableRows, "__iter__", broken)
    client = Client()
    with pytest.raises(RuntimeError, match="second beginning"):
        site.run(client.ask(site))
    assert b"".join(client.pieces).startswith(b"[\n{")
    assert not client.has_all
    assert Download.running == 0
    assert [each.is_closed for each in opened] == [True]
