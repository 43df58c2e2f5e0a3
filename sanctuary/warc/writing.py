"""Captures as WARC records, the same for the same captures.

Bodies are kept without content and transfer coding. So the headers that speak of the coded form
(``Content-Encoding``, ``Transfer-Encoding``, a ``Content-Length`` that is another) are renamed with
``X-Archive-Orig-``, and ``Content-Length`` is that of the body. Of the status line the code is
kept; the words and, for HTTP/2, the version are supplied.
"""

from __future__ import annotations

import base64
import hashlib
import http
import json
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from io import BytesIO
from types import MappingProxyType
from typing import IO, Any
from urllib.parse import quote, urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from db.provenance import Headers, Proven
from sanctuary import __version__
from sanctuary.warc import fields
from scraper.archive import Archive
from scraper.decoding import ACCEPTED

VERSION = "WARC/1.1"
_NAMES = uuid.UUID("6f0c4b1e-6f57-5d0e-9d55-52f0a1d3a7c1")
"""Under which the ids of records are made from what they say."""
_PROFILE = "http://netpreserve.org/warc/1.1/revisit/"
_UNPACKED = {*(coding.strip() for coding in ACCEPTED.split(",")), "x-gzip", "identity"}
_PROTOCOLS = {"HTTP/2": "h2", "HTTP/1.1": "http/1.1", "HTTP/1.0": "http/1.0"}
"""As the proposed field WARC-Protocol has them."""


@dataclass(frozen=True)
class _Held:
    """A record of the file that holds a document whole."""

    record_id: str
    uri: str
    date: str


class _AsTheyCame(StatusAndHeaders):  # type: ignore[misc]
    """Headers whose bytes are those that came; the library's own are changed where not ASCII."""

    def to_ascii_bytes(self, filter_func: object = None) -> bytes:
        lines = [f"{self.protocol} {self.statusline}".rstrip()]
        lines += [f"{name}: {value}" for name, value in self.headers]
        whole = [re.sub(r"[\r\n\0]", " ", line) for line in lines]
        return "".join(f"{line}\r\n" for line in (*whole, "")).encode("latin-1", "replace")


def write_warc(
    out: IO[bytes],
    archive: Archive,
    captures: Iterable[Proven],
    made_at: str,
    operator: str | None = None,
    compressed: bool = True,
    withheld: Mapping[str, str] = MappingProxyType({}),
) -> int:
    """Write ``captures`` to ``out`` and return how many they were.

    A response holds its document whole where that comes first; later ones, and every "not
    modified", are ``revisit`` records of it. A file that a person saved is a ``resource``. What
    brought no answer is a ``metadata`` record alone, as is, beside the others, all that is known of
    a capture. Takes the moment that the file is to name as its own, the operator's contact, and the
    documents that may not be handed out, by hash, with the reason: their captures are told in
    metadata alone. Raises DamagedArchive for a document that is not whole.
    """
    writer = _Writer(WARCWriter(out, gzip=compressed, warc_version="1.1"), archive, withheld)
    writer.begin(made_at, operator)
    count = 0
    for capture in captures:
        writer.write(capture)
        count += 1
    return count


class _Writer:
    def __init__(self, warc: Any, archive: Archive, withheld: Mapping[str, str]) -> None:
        self._warc = warc
        self._archive = archive
        self._withheld = withheld
        self._held: dict[str, _Held] = {}
        self._ids: set[str] = set()

    def begin(self, made_at: str, operator: str | None) -> None:
        said = {
            "software": f"sanctuary-tracker/{__version__}",
            "format": "WARC File Format 1.1",
            "conformsTo": "http://iipc.github.io/warc-specifications/specifications/"
            "warc-format/warc-1.1/",
            "operator": operator,
            "description": f"bodies without content coding, whose headers are renamed with "
            f"{fields.ORIGINAL}; {fields.EXPLAINED}",
        }
        text = "".join(f"{name}: {value}\r\n" for name, value in said.items() if value)
        head = [("WARC-Date", made_at)]
        self._record("warcinfo", None, head, text.encode(), "application/warc-fields", made_at)

    def write(self, capture: Proven) -> None:
        target = capture.final_address or capture.address
        uri = target or f"{fields.NO_ADDRESS}{capture.document_sha256}"
        if capture.proof == "archive" and capture.address:
            uri = capture.address  # the archive's own address is told in the metadata
        head = [("WARC-Date", capture.captured_at), *_ours(capture, uri)]
        main = None
        if capture.document_sha256 in self._withheld:
            pass
        elif capture.status is not None:
            main = self._answer(capture, uri, head)
        elif capture.document_sha256 is not None:
            main = self._resource(capture, uri, head)
        together = [("WARC-Concurrent-To", main)] if main else []
        if capture.request_headers and main:
            self._request(capture, uri, [head[0], *together])
        self._metadata(capture, uri, [*head, *together])

    def _answer(self, capture: Proven, uri: str, head: Headers | list[tuple[str, str]]) -> str:
        """Write a response, or a revisit of what the file or an earlier one holds."""
        more = [*head, *_connection(capture)]
        sha256, key = capture.document_sha256, _key(capture)
        kind = "application/http; msgtype=response"
        if sha256 is None:
            http_headers = _response_headers(capture, 0)
            return self._record("response", uri, more, b"", kind, key, http_headers)
        unchanged = capture.verdict == "unchanged"
        held = self._held.get(sha256)
        data = self._archive.get(sha256)
        if unchanged or held is not None:
            profile = "server-not-modified" if unchanged else "identical-payload-digest"
            more += [("WARC-Profile", f"{_PROFILE}{profile}"), ("WARC-Payload-Digest", _sha1(data))]
            if held is not None:
                more += [
                    ("WARC-Refers-To", held.record_id),
                    ("WARC-Refers-To-Target-URI", held.uri),
                    ("WARC-Refers-To-Date", held.date),
                ]
            length = None if unchanged else len(data)
            headers = _response_headers(capture, length)
            return self._record("revisit", uri, more, b"", kind, key, headers)
        if capture.verdict == "truncated":
            more.append(("WARC-Truncated", "unspecified"))
        headers = _response_headers(capture, len(data))
        record_id = self._record("response", uri, more, data, kind, key, headers)
        self._held[sha256] = _Held(record_id, uri, capture.captured_at)
        return record_id

    def _resource(self, capture: Proven, uri: str, head: list[tuple[str, str]]) -> str:
        """Write a document of which no answer is known: what a person saved."""
        data = self._archive.get(capture.document_sha256 or "")
        media_type = capture.media_type or "application/octet-stream"
        return self._record("resource", uri, head, data, media_type, _key(capture))

    def _request(self, capture: Proven, uri: str, head: list[tuple[str, str]]) -> None:
        parts = urlsplit(uri)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        posted = _posted(capture)
        method = "GET" if posted is None else "POST"
        sent = _AsTheyCame(f"{path} HTTP/1.1", list(capture.request_headers), method)
        kind, key = "application/http; msgtype=request", f"request {_key(capture)}"
        self._record("request", uri, head, posted or b"", kind, key, sent)

    def _metadata(self, capture: Proven, uri: str, head: list[tuple[str, str]]) -> None:
        facts = facts_of(capture)
        if capture.document_sha256 in self._withheld:
            facts["withheld"] = self._withheld[capture.document_sha256 or ""]
        text = json.dumps(facts, ensure_ascii=True, indent=1, sort_keys=True)
        key = f"metadata {_key(capture)}"
        self._record("metadata", uri, head, text.encode(), "application/json", key)

    def _record(
        self,
        kind: str,
        uri: str | None,
        head: Iterable[tuple[str, str]],
        data: bytes,
        media_type: str,
        key: str,
        http_headers: StatusAndHeaders | None = None,
    ) -> str:
        record_id = self._new_id(f"{kind} {key}")
        named = [("WARC-Type", kind), ("WARC-Record-ID", record_id)]
        target = [("WARC-Target-URI", uri)] if uri else []
        head = [(name, _one_line(value)) for name, value in (*named, *target, *head)]
        record = self._warc.create_warc_record(
            uri or "",
            kind,
            payload=BytesIO(data),
            length=len(data),
            warc_content_type=_one_line(media_type),
            warc_headers=StatusAndHeaders("", head, protocol=VERSION),
            http_headers=http_headers,
        )
        self._warc.write_record(record)
        return record_id

    def _new_id(self, key: str) -> str:
        """Return an id that is the same for the same record; equal records are numbered."""
        number = 1
        while (found := f"<urn:uuid:{uuid.uuid5(_NAMES, f'{key} {number}')}>") in self._ids:
            number += 1
        self._ids.add(found)
        return found


def _posted(capture: Proven) -> bytes | None:
    """Return what a request posted, None for a GET: the name of a part has it as its fragment."""
    sent = {name.lower() for name, _ in capture.request_headers}
    if capture.role != "part" or "content-type" not in sent:
        return None
    return (capture.address or "").partition("#")[2].encode()


def facts_of(capture: Proven) -> dict[str, Any]:
    """Return what is known of a capture as plain data, without the numbers of rows."""
    rows = ("id", "found_in", "run_id", "edition_id")
    return {name: value for name, value in asdict(capture).items() if name not in rows}


def _key(capture: Proven) -> str:
    return json.dumps(facts_of(capture), sort_keys=True)


def _ours(capture: Proven, uri: str) -> Iterator[tuple[str, str]]:
    yield fields.SOURCE, capture.source_id
    yield fields.ROLE, capture.role
    yield fields.PROOF, capture.proof
    yield fields.VERDICT, capture.verdict
    if capture.document_sha256:
        yield fields.DOCUMENT, f"sha256:{capture.document_sha256}"
    if capture.address and capture.address != uri:
        yield fields.REQUESTED, capture.address
    bundle = capture.transport.get("bundle")
    if bundle:
        yield fields.BEGAN, bundle["began"]
    if capture.status is None and capture.file_name:
        yield fields.FILE_NAME, quote(capture.file_name)


def _connection(capture: Proven) -> Iterator[tuple[str, str]]:
    """Yield the fields for the other end; behind a proxy it is not the server's address."""
    peer, between = capture.transport.get("peer"), capture.transport.get("intercepted_by")
    if isinstance(peer, str) and not (between and "proxy" in between):
        yield "WARC-IP-Address", peer.rpartition(":")[0].strip("[]")
    version = capture.transport.get("http_version")
    if version in _PROTOCOLS:
        yield "WARC-Protocol", _PROTOCOLS[version]
    tls = capture.transport.get("tls") or {}
    if tls.get("version"):
        yield "WARC-Protocol", str(tls["version"]).lower().replace("tlsv", "tls/")
    if tls.get("cipher"):
        yield "WARC-Cipher-Suite", str(tls["cipher"])


def _response_headers(capture: Proven, length: int | None) -> StatusAndHeaders:
    """Return status and headers that are true of the body as it is kept, of ``length`` bytes.

    With None as the length there is no body, and all is as it came.
    """
    status = capture.status or 0
    words = http.HTTPStatus(status).phrase if status in set(http.HTTPStatus) else ""
    kept: list[tuple[str, str]] = []
    states_length = False
    for name, value in capture.headers:
        lower = name.lower()
        coded = lower in ("content-encoding", "transfer-encoding")
        false = lower == "content-length" and (value.strip() != str(length) or states_length)
        states_length |= lower == "content-length" and not false
        renamed = length is not None and (coded or false)
        kept.append((f"{fields.ORIGINAL}{name}" if renamed else name, value))
        if lower == "content-encoding" and renamed:
            kept += [("Content-Encoding", left) for left in [_still_coded(value)] if left]
    if length is not None and not states_length:
        kept.append(("Content-Length", str(length)))
    return _AsTheyCame(f"{status} {words}".rstrip(), kept, "HTTP/1.1")


def _still_coded(codings: str) -> str:
    """Return those of the codings that nobody asked for, and that stay on a body."""
    each = [coding.strip().lower() for coding in codings.split(",")]
    return ", ".join(coding for coding in each if coding and coding not in _UNPACKED)


def _sha1(data: bytes) -> str:
    # The digest that tools for WARC know each other's records by.
    digest = hashlib.sha1(data, usedforsecurity=False).digest()
    return f"sha1:{base64.b32encode(digest).decode()}"


def _one_line(value: str) -> str:
    return (
        value
        if value.isascii() and value.isprintable()
        else quote(value, safe=" :/?#[]@!$&'()*+,;=%")
    )
