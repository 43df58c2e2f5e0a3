"""How much of a server's bytes, and of our time, a fetch may take."""

from __future__ import annotations

import gzip
import itertools
import re
import tracemalloc
from collections.abc import Iterator

import pytest

from scraper.judge import Kind, Verdict
from tests.scraper.conftest import Ask, NewClient
from tests.scraper.lying_server import (
    HTML,
    OK,
    PAGE,
    LyingServer,
    answer,
    packed,
    redirect,
    with_length,
)


class TestTheBody:
    def test_may_be_as_long_as_the_limit_and_no_longer(self, ask: Ask) -> None:
        page = PAGE * 20
        for sent in (answer("200 OK", HTML, page), packed(gzip.compress(page))):
            assert ask(sent, body_bytes=len(page)).verdict is Verdict.DOCUMENT
            fetched = ask(sent, body_bytes=len(page) - 1)
            assert (fetched.verdict, fetched.body) == (Verdict.TRUNCATED, b"")
            assert f"more than {len(page) - 1} bytes" in fetched.reason

    @pytest.mark.parametrize("layers", [1, 2, 3])
    def test_that_is_a_bomb_is_not_unpacked(self, ask: Ask, layers: int) -> None:
        bomb = b"\0" * 50_000_000
        for _ in range(layers):
            bomb = gzip.compress(bomb)
        sent = packed(bomb, ", ".join(["gzip"] * layers))
        tracemalloc.start()
        try:
            fetched = ask(sent, body_bytes=1_000_000)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert (fetched.verdict, fetched.body) == (Verdict.TRUNCATED, b"")
        assert peak < 10_000_000

    def test_without_end_is_given_up_at_the_limit(self, ask: Ask) -> None:
        endless = itertools.chain([answer("200 OK", HTML)], itertools.repeat(b"x" * 10_000))
        fetched = ask(endless, body_bytes=1_000_000)
        assert (fetched.verdict, fetched.body) == (Verdict.TRUNCATED, b"")


class TestTime:
    """Limits are a fraction of a second; without them, it is the server that gives up."""

    @pytest.fixture(autouse=True)
    def ends_before_the_server_gives_up(self, server: LyingServer) -> Iterator[None]:
        yield
        assert not server.gave_up

    @pytest.mark.parametrize("limit", ["between_bytes_seconds", "total_seconds"])
    @pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200 OK\r\n"], ids=["nothing", "a line"])
    def test_a_server_that_falls_silent_before_it_answers(
        self, ask: Ask, sent: bytes, limit: str
    ) -> None:
        fetched = ask(sent, hold=True, **{limit: 0.5})
        assert (fetched.verdict, fetched.status) == (Verdict.ERROR, None)

    @pytest.mark.parametrize("limit", ["between_bytes_seconds", "total_seconds"])
    def test_a_server_that_falls_silent_within_the_body(self, ask: Ask, limit: str) -> None:
        fetched = ask(with_length(999, PAGE), hold=True, **{limit: 0.5})
        assert (fetched.verdict, fetched.body) == (Verdict.TRUNCATED, PAGE)

    def test_interim_answers_without_end(self, ask: Ask) -> None:
        hints = itertools.repeat(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
        fetched = ask(hints, total_seconds=0.5)
        assert (fetched.verdict, fetched.status) == (Verdict.ERROR, None)
        assert re.search("more than 0.5 seconds|timed out", fetched.reason)

    def test_a_body_that_comes_byte_by_byte_without_end(self, ask: Ask) -> None:
        chunks = itertools.repeat(b"1\r\nx\r\n")
        start = answer("200 OK", {**HTML, "Transfer-Encoding": "chunked"})
        fetched = ask(itertools.chain([start], chunks), total_seconds=0.5)
        assert (fetched.verdict, fetched.status) == (Verdict.TRUNCATED, 200)
        assert re.search("more than 0.5 seconds|timed out", fetched.reason)

    def test_redirects_share_the_time_of_their_fetch(
        self, server: LyingServer, new_client: NewClient
    ) -> None:
        # A loop that the limit on hops does not end.
        server.answers["/loop"] = redirect("/loop")
        fetched = new_client(total_seconds=0.5, hops=10**9).fetch(
            server.address("/loop"), Kind.HTML
        )
        assert fetched.verdict is Verdict.ERROR
        assert re.search("more than 0.5 seconds|timed out", fetched.reason)

    def test_each_fetch_has_its_own_time(self, server: LyingServer, new_client: NewClient) -> None:
        server.answers |= {"/silent": b"", "/page": OK}
        server.hold.add("/silent")
        client = new_client(total_seconds=0.5)
        for _ in range(2):
            assert client.fetch(server.address("/silent"), Kind.HTML).verdict is Verdict.ERROR
        assert client.fetch(server.address("/page"), Kind.HTML).verdict is Verdict.DOCUMENT
