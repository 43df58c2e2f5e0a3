"""A WARC file cut into its records, each on its own, so that a damaged one costs no other."""

from __future__ import annotations

import mmap
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

_GZIP = b"\x1f\x8b\x08"
_CHUNK = 1 << 16
_HEADER = 1 << 16
"""Bytes that the header of a record may take."""
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,18})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_END = b"\r\n\r\n"
_Bytes: TypeAlias = "bytes | mmap.mmap"


@dataclass(frozen=True)
class Piece:
    """One record, or a place where none can be read."""

    offset: int
    """Where it begins in the file, of a compressed file its member."""
    data: bytes
    """Header and block; empty where there is a fault."""
    fault: str | None = None
    """Why it cannot be read, as a clause; None if it can."""


def pieces(file: Path, limit: int) -> Iterator[Piece]:
    """Yield the records of a WARC file, compressed record by record or not at all, in its order.

    Takes the most bytes that a record may have, unpacked. What is damaged, cut short or longer is
    one piece with a fault, and the next that can be found follows it.
    """
    with file.open("rb") as opened:
        if not opened.read(1):
            return
        with mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as whole:
            if whole[: len(_GZIP)] == _GZIP:
                yield from _unpacked(whole, limit)
            else:
                yield from _records(whole, limit)


def _unpacked(whole: mmap.mmap, limit: int) -> Iterator[Piece]:
    """Yield the records of a file that is a row of gzip members."""
    at, lost = 0, False
    while at < len(whole):
        member = _member(whole, at, limit)
        if member.end is not None:
            if member.data is None:
                said = (
                    f"a part of more than {limit} bytes, which is the limit; "
                    "`warcio recompress` mends a file that was compressed as a whole"
                )
                yield Piece(at, b"", said)
            else:
                for piece in _records(member.data, limit):
                    yield Piece(at, piece.data, piece.fault)
            at, lost = member.end, False
            continue
        if not lost:
            yield Piece(at, b"", member.fault)
        # What looks like a beginning may be none; only the first fault of a stretch is told.
        found = whole.find(_GZIP, at + 1)
        at, lost = len(whole) if found < 0 else found, True


@dataclass(frozen=True)
class _Member:
    data: bytes | None
    """None if it is over the limit."""
    end: int | None
    """None if it cannot be unpacked to its end."""
    fault: str | None = None


def _member(whole: mmap.mmap, start: int, limit: int) -> _Member:
    decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
    data, size, at, packed = bytearray(), 0, start, b""
    try:
        while not decoder.eof:
            if not packed:
                packed = whole[at : at + _CHUNK]
                at += len(packed)
            part = decoder.decompress(packed, _CHUNK)
            size += len(part)
            if size <= limit + _HEADER:
                data += part
            ended = not packed and not part
            packed = decoder.unconsumed_tail
            if ended and not decoder.eof:
                return _Member(None, None, "it breaks off")
    except zlib.error as error:
        return _Member(None, None, f"it is damaged ({error})")
    end = at - len(decoder.unused_data)
    return _Member(bytes(data) if size <= limit + _HEADER else None, end)


def _records(whole: _Bytes, limit: int) -> Iterator[Piece]:
    """Yield the records that stand one after the other in ``whole``."""
    at, lost = 0, False
    while (at := _past_blanks(whole, at)) < len(whole):
        end, fault = _end_of_record(whole, at)
        if end is None:
            if not lost:
                yield Piece(at, b"", fault)
            found = whole.find(b"\nWARC/1.", at + 1)
            at, lost = len(whole) if found < 0 else found + 1, True
            continue
        if end - at > limit + _HEADER:
            yield Piece(at, b"", f"it has {end - at} bytes, and the limit is {limit}")
        else:
            yield Piece(at, whole[at:end])
        at, lost = end, False


def _past_blanks(whole: _Bytes, at: int) -> int:
    while at < len(whole) and whole[at] in b"\r\n":
        at += 1
    return at


def _end_of_record(whole: _Bytes, at: int) -> tuple[int | None, str]:
    """Return where the record that begins at ``at`` ends, or None and why that is not known."""
    if whole[at : at + 5] != b"WARC/":
        return None, "no record of a WARC file begins here"
    header = whole.find(_END, at, at + _HEADER)
    if header < 0:
        return None, "its header does not end"
    length = _LENGTH.search(whole[at : header + 2])
    if length is None:
        return None, "its header states no Content-Length"
    end = header + len(_END) + int(length[1])
    if end > len(whole):
        return None, f"it breaks off: {end - len(whole)} bytes of it are missing"
    if whole[end : end + 2].strip(b"\r\n"):
        return None, "it does not end where its Content-Length says"
    return end, ""
