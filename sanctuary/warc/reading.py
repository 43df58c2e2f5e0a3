"""One record of a WARC file as what it says: of what, when, by whom, and the body unpacked."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeadersParser

from sanctuary.clock import parse_moment
from sanctuary.warc.pieces import Piece, pieces
from scraper.decoding import unpack


@dataclass(frozen=True)
class WarcRecord:
    """A record, taken at its word."""

    offset: int
    record_id: str
    kind: str
    """``response``, ``resource``, ``revisit``, ``warcinfo`` and so on."""
    uri: str
    """Empty where it has none."""
    date: str
    """ISO 8601 in UTC, to the second."""
    fields: dict[str, str]
    """The header of the record, names in lower case; of a field that comes twice the last."""
    status: int | None
    """None where the block is no HTTP response."""
    headers: tuple[tuple[str, str], ...]
    body: bytes
    """Without content and transfer coding."""
    received: int
    """Bytes of the body with its content coding."""
    cut_off: str | None
    """Why the body is not whole, as a clause."""


@dataclass(frozen=True)
class Unreadable:
    """A record that cannot be taken at its word."""

    offset: int
    what: str
    """Its type and target, as far as they can be read; may be empty."""
    reason: str
    """A clause without a full stop."""


def records(file: Path, limit: int) -> Iterator[WarcRecord | Unreadable]:
    """Yield the records of a WARC file in its order, those that are damaged as Unreadable.

    ``limit`` is the most bytes of a record, and of its body unpacked. A record whose block or
    payload does not answer to the digest in its header is damaged.
    """
    for piece in pieces(file, limit):
        yield _record(piece, limit)


def _record(piece: Piece, limit: int) -> WarcRecord | Unreadable:
    if piece.fault is not None:
        return Unreadable(piece.offset, "", piece.fault)
    found: Any = None
    try:
        iterator = ArchiveIterator(BytesIO(piece.data), check_digests=True)
        iterator.loader.http_parser = _AsTheyCame(ArcWarcRecordLoader.HTTP_TYPES, verify=False)
        found = next(iterator)
        return _read(piece, found, limit)
    except Exception as error:  # noqa: BLE001 - warcio raises whatever a broken record leads to
        reason = " ".join(str(error).split()) or type(error).__name__
    return Unreadable(piece.offset, _name(found) if found else "", f"it cannot be read ({reason})")


def _read(piece: Piece, found: Any, limit: int) -> WarcRecord | Unreadable:
    packed, plain, cut_off = _payload(found)
    fields = {name.lower(): value for name, value in found.rec_headers.headers}
    headers: tuple[tuple[str, str], ...] = ()
    status = None
    body, received = plain, len(plain)
    if found.http_headers is not None and found.rec_type in ("response", "revisit"):
        headers = tuple((name, value) for name, value in found.http_headers.headers)
        status = _status(found.http_headers)
        codings = next((v for n, v in headers if n.lower() == "content-encoding"), "")
        unpacked = unpack(plain, codings, limit)
        body, cut_off = unpacked.body, cut_off or unpacked.fault
    if found.rec_type != "revisit":
        wrong = _digest_fault(found, fields, (packed, plain, body))
        if wrong is not None:
            return Unreadable(piece.offset, _name(found), wrong)
    if fields.get("warc-truncated"):
        cut_off = f"the WARC says that it is cut short ({fields['warc-truncated']})"
    return WarcRecord(
        offset=piece.offset,
        record_id=fields.get("warc-record-id", "").strip("<>"),
        kind=found.rec_type,
        uri=fields.get("warc-target-uri", "").strip("<> "),
        date=parse_moment(fields.get("warc-date", "")),
        fields=fields,
        status=status,
        headers=headers,
        body=body,
        received=received,
        cut_off=cut_off,
    )


def _payload(found: Any) -> tuple[bytes, bytes, str | None]:
    """Return the body as it stands in the record, without its chunks, and why it is not whole."""
    packed = b"".join(iter(found.raw_stream.read, b""))
    http = found.http_headers
    chunked = http is not None and "chunked" in (http.get_header("transfer-encoding") or "").lower()
    # Many tools keep the header and not the chunks.
    if not chunked or not _CHUNK.match(packed):
        return packed, packed, None
    plain, cut_off = _unchunked(packed)
    return packed, plain, cut_off


_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n")


def _unchunked(packed: bytes) -> tuple[bytes, str | None]:
    """Return a body without its chunks (RFC 9112, section 7.1), and why it is not whole."""
    plain, at = bytearray(), 0
    while (head := _CHUNK.match(packed, at)) is not None:
        size = int(head[1], 16)
        if size == 0:
            return bytes(plain), None
        chunk = packed[head.end() : head.end() + size]
        plain += chunk
        at = head.end() + size + len(b"\r\n")
        if len(chunk) < size:
            break
    return bytes(plain), "its last chunk is missing"


def _status(http: Any) -> int | None:
    code = http.get_statuscode()
    return int(code) if re.fullmatch("[1-9][0-9]{2}", code) else None


def _digest_fault(found: Any, fields: dict[str, str], forms: tuple[bytes, ...]) -> str | None:
    """Return which digest a record does not answer to, None if it answers to those it can.

    Tools differ on whether the payload has its codings: its digest may be of any form.
    """
    for problem in found.digest_checker.problems:
        if problem.startswith("block digest failed"):
            return "its block is not what its digest was made of"
        if problem.startswith("payload digest failed"):
            digest = fields["warc-payload-digest"]
            if not any(is_digest_of(digest, form) for form in forms):
                return "its payload is not what its digest was made of"
    return None


def is_digest_of(digest: str, data: bytes) -> bool:
    """Say whether a digest as WARC has them (``sha1:`` and base 32 or hex) is that of ``data``.

    One of an algorithm that is not known here is not.
    """
    algorithm, _, value = digest.partition(":")
    try:
        found = hashlib.new(algorithm, data, usedforsecurity=False).digest()
    except (TypeError, ValueError):
        return False
    return value.lower() in (found.hex(), base64.b32encode(found).decode().lower())


def _name(found: Any) -> str:
    return f"{found.rec_type} {found.rec_headers.get_header('WARC-Target-URI') or ''}".strip()


class _AsTheyCame(StatusAndHeadersParser):  # type: ignore[misc]
    """HTTP headers as the fetching code has them: a character a byte."""

    @staticmethod
    def decode_header(line: bytes) -> str:
        return line.decode("latin-1")
