"""The packed forms of a document: small, for plain zstd, never taken for what they are not."""

from __future__ import annotations

import hashlib
import random
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper import packing
from scraper.packing import HEAD_SIZE, NotUnpacked, pack, pack_against, packed_against, unpack

LEFT_OUT = "f" * 64
DICTIONARY_MAGIC = b"\x37\xa4\x30\xec"
needs_zstd = pytest.mark.skipif(shutil.which("zstd") is None, reason="needs the zstd command")


def page(size: int, nonce: int) -> bytes:
    """A page of a list in which ten scripts carry a nonce."""
    words = random.Random("words")
    rows = [
        f"<tr><td>County {number} of Freedonia</td><td>{words.getrandbits(64):x}</td></tr>\n"
        for number in range(size // 62)
    ]
    nonces = random.Random(nonce)
    for place in range(10):
        script = f'<script nonce="{nonces.getrandbits(128):032x}"></script>\n'
        rows.insert(place * len(rows) // 10, script)
    return "".join(rows).encode()


def noise(size: int) -> bytes:
    return random.Random(size).randbytes(size)


@settings(deadline=None)
@given(st.binary(max_size=5000))
def test_what_is_packed_unpacks_to_the_same_bytes(data: bytes) -> None:
    assert unpack(pack(data), None) == data


@settings(deadline=None)
@given(st.binary(max_size=5000), st.binary(max_size=5000))
def test_it_does_against_any_other_document(data: bytes, other: bytes) -> None:
    assert unpack(pack_against(data, LEFT_OUT, other), other) == data


@settings(deadline=None)
@given(st.binary(max_size=500), st.binary(min_size=100, max_size=5000))
def test_it_does_against_one_that_it_resembles(change: bytes, other: bytes) -> None:
    data = other[:50] + change + other[70:]
    assert unpack(pack_against(data, LEFT_OUT, other), other) == data


def test_a_document_that_looks_like_a_dictionary_is_taken_as_it_is() -> None:
    other = DICTIONARY_MAGIC + page(20_000, 1)
    data = DICTIONARY_MAGIC + page(20_000, 2)
    stored = pack_against(data, LEFT_OUT, other)
    assert unpack(stored, other) == data
    assert len(stored) < len(pack(data)) / 5


def test_a_page_with_other_nonces_takes_next_to_nothing() -> None:
    before, after = page(200_000, 1), page(200_000, 2)
    stored = pack_against(after, LEFT_OUT, before)
    assert len(stored) < 0.02 * len(pack(after))


@pytest.mark.parametrize("size", [300_000, 5_000_000, 2**24 - 1])
@pytest.mark.parametrize("place", [0.0, 0.5, 1.0])
def test_all_of_a_large_document_is_used(size: int, place: float) -> None:
    other = noise(size)
    cut = int(size * place)
    data = other[:cut] + b"a sentence put in" + other[cut:]
    stored = pack_against(data, LEFT_OUT, other)
    assert len(stored) < 0.01 * size
    assert unpack(stored, other) == data


@needs_zstd
@pytest.mark.parametrize("size", [0, 1, 200_000, 10_000_000])
def test_plain_zstd_reads_a_document_that_is_whole(tmp_path: Path, size: int) -> None:
    data = page(size, 1)[:size]
    (tmp_path / "stored.zst").write_bytes(pack(data))
    subprocess.run(["zstd", "-q", "-t", tmp_path / "stored.zst"], check=True)
    subprocess.run(["zstd", "-q", "-d", tmp_path / "stored.zst"], check=True)
    assert (tmp_path / "stored").read_bytes() == data


@needs_zstd
@pytest.mark.parametrize("size", [200_000, 20_000_000])
@pytest.mark.parametrize("option", ["-D", "--patch-from"])
def test_plain_zstd_reads_one_that_needs_another(tmp_path: Path, size: int, option: str) -> None:
    before, after = page(size, 1), page(size, 2)
    (tmp_path / "before").write_bytes(before)
    (tmp_path / "after.zst").write_bytes(pack_against(after, LEFT_OUT, before))
    options = [option, "before"] if option == "-D" else [f"{option}=before"]
    subprocess.run(["zstd", "-q", "-d", *options, "after.zst"], check=True, cwd=tmp_path)
    assert (tmp_path / "after").read_bytes() == after


def test_the_head_says_in_plain_words_what_is_needed() -> None:
    sha256 = hashlib.sha256(b"before").hexdigest()
    head = pack_against(b"after", sha256, b"before")[:HEAD_SIZE]
    assert f"unpack with zstd -d -D {sha256}\n" in head.decode("ascii", errors="replace")
    assert packed_against(head) == sha256


def test_a_document_that_is_whole_needs_no_other() -> None:
    assert packed_against(pack(b"report")) is None


def test_a_document_that_says_so_itself_needs_no_other() -> None:
    liar = pack_against(b"report", LEFT_OUT, b"other")
    assert packed_against(pack(liar)) is None
    assert unpack(pack(liar), None) == liar


@pytest.mark.parametrize("other", [None, page(3_000, 1)])
def test_no_flipped_bit_gives_other_bytes(other: bytes | None) -> None:
    data = page(3_000, 2)
    stored = pack_against(data, LEFT_OUT, other) if other else pack(data)
    frame = HEAD_SIZE if other else 0
    for place in range(frame * 8, len(stored) * 8):
        damaged = bytearray(stored)
        damaged[place // 8] ^= 1 << place % 8
        with suppress(NotUnpacked):
            assert unpack(bytes(damaged), other) == data


@pytest.mark.parametrize("other", [None, page(3_000, 1)])
def test_what_is_cut_off_anywhere_is_refused(other: bytes | None) -> None:
    data = page(3_000, 2)
    stored = pack_against(data, LEFT_OUT, other) if other else pack(data)
    for length in range(len(stored)):
        with pytest.raises(NotUnpacked):
            unpack(stored[:length], other)


@pytest.mark.parametrize("more", [b"\x00", b"more", pack(b"another frame")])
def test_what_goes_on_after_its_end_is_refused(more: bytes) -> None:
    with pytest.raises(NotUnpacked):
        unpack(pack(b"report") + more, None)


def test_the_wrong_other_document_gives_nothing() -> None:
    stored = pack_against(page(3_000, 2), LEFT_OUT, page(3_000, 1))
    for other in (None, page(3_000, 3), b""):
        with pytest.raises(NotUnpacked):
            unpack(stored, other)


def test_a_size_that_no_frame_of_that_length_can_have_takes_no_memory() -> None:
    # RFC 8878, 3.1.1: magic number, eight bytes of size in one segment, an empty last block.
    frame = b"\x28\xb5\x2f\xfd\xe0" + (2**46).to_bytes(8, "little") + b"\x01\x00\x00"
    assert zstandard.frame_content_size(frame) == 2**46
    with pytest.raises(NotUnpacked, match="states a size that cannot be"):
        unpack(frame, None)


def test_the_most_that_a_frame_can_hold_is_not_refused() -> None:
    data = bytes(50_000_000)
    assert unpack(pack(data), None) == data


def test_a_frame_that_states_no_size_is_refused() -> None:
    frame = zstandard.ZstdCompressor(write_content_size=False).compress(b"report")
    with pytest.raises(NotUnpacked, match="states a size that cannot be"):
        unpack(frame, None)


def test_what_does_not_come_back_is_not_called_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "unpack", lambda *_: b"other bytes")
    for pack_it in (lambda: pack(b"a"), lambda: pack_against(b"a", LEFT_OUT, b"b")):
        with pytest.raises(NotUnpacked, match="other bytes than were packed"):
            pack_it()
