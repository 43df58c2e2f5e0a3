"""The body of a response out of its packing, within a limit.

httpx unpacks too, but without one: two layers of gzip (``Content-Encoding: gzip, gzip``) make
gigabytes of a few kilobytes before the caller sees a byte. It also passes over a missing end.
"""

from __future__ import annotations

import gzip
import io
import zlib

ACCEPTED = "gzip"
"""What a request says it takes, whatever other packages are installed."""


def unpack(packed: bytes, codings: str, limit: int) -> tuple[bytes, str | None]:
    """Return a body without its content codings, and why it is not all of it, as a clause.

    Takes the value of ``Content-Encoding``. What breaks off or is damaged is returned as far as it
    goes; nothing is returned of a body of more than ``limit`` bytes. A coding that nobody asked
    for stays on: the judge sees that the body is no document.
    """
    body, fault = packed, None
    for coding in reversed(codings.lower().split(",")):
        if fault is None and coding.strip() in ("gzip", "x-gzip"):
            body, fault = _gunzip(body, limit)
    return body, fault


def _gunzip(packed: bytes, limit: int) -> tuple[bytes, str | None]:
    body = bytearray()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
            while part := file.read1(64 * 1024):
                body += part
                if len(body) > limit:
                    return b"", too_long(limit)
    except (EOFError, OSError, zlib.error) as error:
        return bytes(body), f"it cannot be unpacked to its end ({error})"
    return bytes(body), None


def too_long(limit: int) -> str:
    """Return what is said of a body that is longer than ``limit``."""
    return f"more than {limit} bytes came, which is the limit"
