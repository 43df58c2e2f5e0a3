"""What the tests of the scraper share: a server that lies and a client that may ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from scraper.client import Client, Fetched
from scraper.exchange import Limits
from scraper.judge import Kind
from scraper.manners import Manners
from scraper.network import Network
from tests.scraper.hand_time import NOW, HandTime
from tests.scraper.lying_server import Answer, LyingServer

AGENT = "SanctuaryTracker/0.0 (+https://operator.example/contact)"

NewClient = Callable[..., Client]
PoliteClient = Callable[..., Client]
Ask = Callable[..., Fetched]


@pytest.fixture
def server() -> Iterator[LyingServer]:
    with LyingServer() as server:
        yield server


@pytest.fixture
def hand_time() -> HandTime:
    return HandTime()


@pytest.fixture
def polite_client(
    server: LyingServer, tmp_path: Path, hand_time: HandTime
) -> Iterator[PoliteClient]:
    """Return a function that makes a client with the manners given, which may ask the server."""
    with ExitStack() as clients:

        def make(limits: Limits | None = None, **manners: Any) -> Client:
            network = Network(AGENT, [server.host])
            kind = Manners(**{"shared": tmp_path / "shared", **manners})
            client = Client(network, kind, lambda: NOW, limits, hand_time.timing)
            return clients.enter_context(client)

        yield make


@pytest.fixture
def new_client(polite_client: PoliteClient) -> NewClient:
    """Return a function that makes a client in a hurry, with the limits given."""

    def make(**limits: Any) -> Client:
        return polite_client(Limits(**limits), delay_seconds=0.0, attempts=1)

    return make


@pytest.fixture
def ask(server: LyingServer, new_client: NewClient) -> Ask:
    """Return a function that asks for a page that is answered so, within the limits given."""

    def fetched(sent: Answer, hold: bool = False, **limits: Any) -> Fetched:
        server.answers["/page"] = sent
        if hold:
            server.hold.add("/page")
        return new_client(**limits).fetch(server.address("/page"), Kind.HTML)

    return fetched
