"""Bodies out of their packing: every coding that is asked for, damaged ones, and bombs."""

from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import Callable
from functools import partial

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from scraper.decoding import ACCEPTED, unpack
from scraper.judge import Verdict
from tests.scraper.conftest import Ask
from tests.scraper.lying_server import PAGE, packed

Pack = Callable[[bytes], bytes]
PACKERS: dict[str, Pack] = {
    "gzip": gzip.compress,
    "br": partial(brotli.compress, quality=4),
    "zstd": zstandard.ZstdCompressor().compress,
}
LIMIT = 1_000_000
every_coding = pytest.mark.parametrize(("coding", "pack"), PACKERS.items(), ids=PACKERS.keys())


def test_what_is_asked_for_is_what_can_be_unpacked() -> None:
    assert ", ".join(PACKERS) == ACCEPTED


@every_coding
def test_a_body_comes_out_as_it_was(ask: Ask, coding: str, pack: Pack) -> None:
    fetched = ask(packed(pack(PAGE), coding))
    assert (fetched.verdict, fetched.body) == (Verdict.DOCUMENT, PAGE)
    assert ask(packed(pack(PAGE), coding.upper())).body == PAGE


@given(st.binary(max_size=300_000), st.lists(st.sampled_from(list(PACKERS)), max_size=3))
def test_whatever_is_packed_in_layers_comes_out_as_it_was(body: bytes, codings: list[str]) -> None:
    inner = body
    for coding in codings:
        inner = PACKERS[coding](inner)
    unpacked = unpack(inner, ", ".join(codings), LIMIT)
    assert (unpacked.body, unpacked.fault) == (body, None)


@every_coding
def test_a_body_that_breaks_off_is_truncated(ask: Ask, coding: str, pack: Pack) -> None:
    whole = pack(bytes(range(256)) * 4000)
    for length in (1, len(whole) // 2, len(whole) - 1):
        fetched = ask(packed(whole[:length], coding))
        assert (fetched.status, fetched.verdict) == (200, Verdict.TRUNCATED)
        assert "cannot be unpacked to its end" in fetched.reason


@every_coding
def test_a_body_of_another_packing_is_kept_as_it_came(ask: Ask, coding: str, pack: Pack) -> None:
    fetched = ask(packed(PAGE, coding))
    assert (fetched.verdict, fetched.body) == (Verdict.TRUNCATED, PAGE)


@every_coding
def test_more_after_the_end_is_a_fault(coding: str, pack: Pack) -> None:
    assert unpack(pack(PAGE) + b"more of it", coding, LIMIT).fault


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_parts_packed_one_by_one_are_one_body(coding: str) -> None:
    pack = PACKERS[coding]
    assert unpack(pack(PAGE[:9]) + pack(PAGE[9:]), coding, LIMIT).body == PAGE


@given(st.sampled_from(list(PACKERS)), st.binary(max_size=300))
def test_no_bytes_make_it_raise(coding: str, body: bytes) -> None:
    unpack(body, coding, LIMIT)
    unpack(PACKERS[coding](PAGE)[:20] + body, coding, LIMIT)


@every_coding
@pytest.mark.parametrize("layers", [1, 2])
def test_a_bomb_is_not_unpacked(ask: Ask, coding: str, pack: Pack, layers: int) -> None:
    bomb = b"\0" * 100_000_000
    for _ in range(layers):
        bomb = pack(bomb)
    sent = packed(bomb, ", ".join([coding] * layers))
    tracemalloc.start()
    try:
        fetched = ask(sent, body_bytes=LIMIT)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (fetched.verdict, fetched.body) == (Verdict.TRUNCATED, b"")
    assert f"more than {LIMIT} bytes" in fetched.reason
    assert peak < 30_000_000


class TestZstandard:
    def test_may_not_want_a_larger_window_than_http_allows(self) -> None:
        def windowed(log: int) -> bytes:
            wide = zstandard.ZstdCompressionParameters(window_log=log, write_content_size=False)
            packer = zstandard.ZstdCompressor(compression_params=wide).compressobj()
            return packer.compress(PAGE) + packer.flush()

        assert unpack(windowed(23), "zstd", LIMIT).body == PAGE
        assert "memory" in (unpack(windowed(24), "zstd", LIMIT).fault or "")

    def test_is_not_believed_about_its_size(self) -> None:
        frame = zstandard.ZstdCompressor().compress(PAGE)
        # A frame of less than 256 bytes says so in the byte after its descriptor (RFC 8878, 3.1.1).
        assert frame[5] == len(PAGE)
        for stated in (len(PAGE) - 1, len(PAGE) + 1, 0):
            lie = frame[:5] + bytes([stated]) + frame[6:]
            assert unpack(lie, "zstd", LIMIT).fault

    def test_of_an_enormous_stated_size_takes_no_memory(self) -> None:
        # Eight bytes of size, no window: 2**62 bytes in one segment.
        frame = b"\x28\xb5\x2f\xfd\xe0" + (2**62).to_bytes(8, "little") + b"\x01\x00\x00"
        assert unpack(frame, "zstd", LIMIT).fault

    def test_checks_what_it_brings(self) -> None:
        frame = bytearray(zstandard.ZstdCompressor(write_checksum=True).compress(PAGE))
        frame[-1] ^= 1
        assert unpack(bytes(frame), "zstd", LIMIT).fault
