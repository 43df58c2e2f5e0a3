"""What the tests of the scraper share: a server that lies and a client that may ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from scraper.client import Client, Fetched, Limits
from scraper.judge import Kind
from scraper.manners import Manners
from scraper.network import Network
from tests.scraper.lying_server import Answer, LyingServer

NOW = "2026-11-02T12:00:00+00:00"
AGENT = "SanctuaryTracker/0.0 (+https://operator.example/contact)"

NewClient = Callable[..., Client]
Ask = Callable[..., Fetched]


@pytest.fixture
def server() -> Iterator[LyingServer]:
    with LyingServer() as server:
        yield server


@pytest.fixture
def new_client(server: LyingServer, tmp_path: Path) -> Iterator[NewClient]:
    """Return a function that makes a client with the limits given, which may ask the server."""
    with ExitStack() as clients:

        def make(**limits: Any) -> Client:
            network = Network(AGENT, [server.host])
            manners = Manners(tmp_path, delay_seconds=0.0)
            client = Client(network, manners, lambda: NOW, Limits(**limits))
            return clients.enter_context(client)

        yield make


@pytest.fixture
def ask(server: LyingServer, new_client: NewClient) -> Ask:
    """Return a function that asks for a page that is answered so, within the limits given."""

    def fetched(sent: Answer, hold: bool = False, **limits: Any) -> Fetched:
        server.answers["/page"] = sent
        if hold:
            server.hold.add("/page")
        return new_client(**limits).fetch(server.address("/page"), Kind.HTML)

    return fetched
