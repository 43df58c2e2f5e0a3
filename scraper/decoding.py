"""The body of a response out of its packing, within a limit.

httpx unpacks too, but without one: two layers of gzip (``Content-Encoding: gzip, gzip``) make
gigabytes of a few kilobytes before the caller sees a byte. It also passes over a missing end.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import brotli
import zstandard

ACCEPTED = "gzip, br, zstd"
"""What a request says it takes, whatever other packages are installed."""

_PART = 64 * 1024
_ZSTD_WINDOW = 8 * 1024 * 1024
"""What a decoder for HTTP must have, and no more (RFC 9659)."""
_ZSTD_PART = 256
"""A block of four bytes may stand for 128 KiB, and what comes of a part comes at once."""


@dataclass(frozen=True)
class Unpacked:
    """A body as far as it goes."""

    body: bytes
    """Not more than the limit."""
    fault: str | None
    """Why it is not all, as a clause; None if it is."""
    too_long: bool
    """Whether there would be more than the limit."""


def unpack(packed: bytes, codings: str, limit: int) -> Unpacked:
    """Return a body unpacked, whose packing the value of ``Content-Encoding`` names.

    What breaks off or is damaged is returned as far as it goes, or as it came if it goes nowhere. A
    coding that nobody asked for stays on: the judge sees that the body is no document.
    """
    whole = Unpacked(packed, None, False)
    for coding in reversed(codings.lower().split(",")):
        unpacker = _UNPACKERS.get(coding.strip())
        if unpacker is not None and whole.fault is None and whole.body:
            whole = _within(unpacker(whole.body), whole.body, limit)
    return whole


def too_long(limit: int) -> str:
    """Return what is said of a body that is longer than ``limit``."""
    return f"more than {limit} bytes came, which is the limit"


def _within(parts: Iterator[bytes], packed: bytes, limit: int) -> Unpacked:
    body = bytearray()
    try:
        for part in parts:
            body += part
            if len(body) > limit:
                return Unpacked(bytes(body[:limit]), too_long(limit), True)
    except (EOFError, OSError, zlib.error, brotli.error, zstandard.ZstdError) as error:
        fault = f"it cannot be unpacked to its end ({error})"
        return Unpacked(bytes(body) or packed, fault, False)
    return Unpacked(bytes(body), None, False)


def _gunzip(packed: bytes) -> Iterator[bytes]:
    with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
        while part := file.read1(_PART):
            yield part


def _unbrotli(packed: bytes) -> Iterator[bytes]:
    decoder = brotli.Decompressor()
    part = decoder.process(packed, output_buffer_limit=_PART)
    while part:
        yield part
        part = b"" if decoder.is_finished() else decoder.process(b"", output_buffer_limit=_PART)
    if not decoder.is_finished():
        raise EOFError("the end of the brotli stream is missing")


def _unzstd(packed: bytes) -> Iterator[bytes]:
    """Take frame after frame (RFC 8878, section 3), each with a window within the limit."""
    decoder = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    frame = decoder.decompressobj()
    for start in range(0, len(packed), _ZSTD_PART):
        rest = packed[start : start + _ZSTD_PART]
        while rest:
            if frame.eof:
                frame = decoder.decompressobj()
            yield frame.decompress(rest)
            rest = frame.unused_data if frame.eof else b""
    if packed and not frame.eof:
        raise EOFError("the end of the zstd frame is missing")


_UNPACKERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "br": _unbrotli,
    "zstd": _unzstd,
}
"""By content coding (RFC 9110, section 8.4.1; RFC 7932; RFC 8878)."""
