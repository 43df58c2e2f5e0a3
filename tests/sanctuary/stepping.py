"""A host on loopback that gives a document in steps, and a clock on which each look takes time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sanctuary.cli import backfill, fetch, status
from tests.db.history import history
from tests.sanctuary.commands import Commands
from tests.sanctuary.loopback import Page, Publisher

SOURCES = """
settings:
  contact: https://example.org/tests
  allow_hosts: ["{host}"]
  delay: 0s
  reading: {{address_space_mb: 500, resident_mb: 250, cpu_seconds: 1, wall_seconds: 20.0}}
sources:
  - id: zembla
    title: Places of Zembla
    publisher: Zembla Ministry
    address: http://{host}/zembla
    discover: {{kind: host}}
    parser: stepping
    editions: content
    why: For tests.
  - id: other
    title: Places of Zembla, elsewhere
    publisher: Zembla Ministry
    address: http://{host}/other
    discover: {{kind: host}}
    parser: stepping
    editions: content
    why: For tests.
  - id: zembla-page
    title: Places of Zembla, on a page
    publisher: Zembla Ministry
    address: http://{host}/page
    parser: municode
    options: {{find: [Chapter 12, Article IV]}}
    editions: content
    why: For tests.
  - id: zembla-key
    title: Places of Zembla, for who has a key
    publisher: Zembla Ministry
    address: http://{host}/zembla
    discover: {{kind: host}}
    parser: stepping-with-key
    editions: content
    why: For tests.
"""


class TickingClock:
    """Goes on by a second whenever it is looked at."""

    def __init__(self) -> None:
        self.now = "2025-06-01T10:00:00Z"

    def __call__(self) -> str:
        moment = datetime.fromisoformat(self.now) + timedelta(seconds=1)
        self.now = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        return self.now


def answer(**said: Any) -> Page:
    """Return an answer of the host, with a tag that is another for other words."""
    body = json.dumps(said).encode()
    tag = f'"{hash(body)}"'
    return Page(body, media_type="application/json", headers={"ETag": tag})


class Host:
    """What the host answers: contents that lead to ``one`` and ``two``."""

    def __init__(self, publisher: Publisher, name: str = "zembla") -> None:
        self.publisher = publisher
        self.address = f"http://{publisher.host}/{name}"
        self._path = f"/{name}"
        self.contents([self.json("one"), self.json("two")])
        self["one"] = answer(places=["Bornholm"], next=[])
        self["two"] = answer(places=["Onhava"], next=[])

    def json(self, part: str, **more: Any) -> dict[str, Any]:
        """Return what asks for a part."""
        return {"address": f"{self.address}/{part}", "kind": "json", **more}

    def contents(self, wanted: list[dict[str, Any]], **more: Any) -> None:
        self["contents"] = answer(next=wanted, **more)

    def __setitem__(self, part: str, page: Page) -> None:
        self.publisher.pages[f"{self._path}/{part}"] = page


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> TickingClock:
    clock = TickingClock()
    for module in (fetch, status, backfill):
        monkeypatch.setattr(module, "utc_now", clock)
    return clock


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as publisher:
        yield publisher


@pytest.fixture
def host(publisher: Publisher) -> Host:
    return Host(publisher)


@pytest.fixture
def watched(tmp_path: Path, publisher: Publisher, clock: TickingClock) -> Commands:
    return Commands(tmp_path, SOURCES.format(host=publisher.host))


def captures(watched: Commands, columns: str = "verdict", role: str = "part") -> list[Any]:
    rows = watched.rows(f"SELECT {columns} FROM captures WHERE role = '{role}' ORDER BY id")
    return [row[0] if len(row) == 1 else row for row in rows]


def document(watched: Commands, source: str = "zembla") -> str:
    """Return the hash of the newest document of a source."""
    return str(
        watched.rows(
            f"""SELECT document_sha256 FROM captures WHERE role = 'document'
            AND source_id = '{source}' AND document_sha256 NOT NULL ORDER BY id DESC LIMIT 1"""
        )[0][0]
    )


def part(watched: Commands, name: str) -> str:
    """Return the hash of what a part brought last."""
    return str(
        watched.rows(
            f"""SELECT document_sha256 FROM captures WHERE address LIKE '%/{name}'
            AND role = 'part' AND document_sha256 NOT NULL ORDER BY id DESC LIMIT 1"""
        )[0][0]
    )


def places(watched: Commands) -> list[str]:
    return [
        row[0]
        for row in watched.rows("SELECT DISTINCT jurisdiction FROM current_listings ORDER BY 1")
    ]


def standing(watched: Commands, source: str = "zembla") -> dict[str, Any]:
    found = watched("status", "--json").data()["sources"]
    return next(each for each in found if each["source_id"] == source)


def told(watched: Commands) -> dict[str, Any]:
    with watched.looking() as db:
        parts: dict[str, Any] = json.loads(history(db))
    return {name: part for name, part in parts.items() if name != "sightings"}
