"""Taking captures from a WARC file: judged as if they had been fetched, on the word of a person.

The time is that of the file, and so are the headers. Whose word both are is the person's who
imports it; what made the file is kept with every capture.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from sqlite_utils import Database

from db.captures import (
    Capture,
    Document,
    ever_gave_a_document,
    finish_run,
    start_run,
    unread,
)
from db.provenance import document_captured, same_capture
from db.settings import save_serving
from db.sources import save_source
from sanctuary import __version__
from sanctuary.accepting import Acceptor
from sanctuary.bundles import listed_in, parts_in
from sanctuary.clock import Clock
from sanctuary.logs import begin_run
from sanctuary.outcome import Outcome
from sanctuary.readers import open_readers
from sanctuary.reading import find_parser
from sanctuary.recording import file_name_of, keep_capture
from sanctuary.source_values import is_web_address
from sanctuary.sources import Settings, Source
from sanctuary.warc import fields
from sanctuary.warc.reading import Unreadable, WarcRecord, is_digest_of, records
from scraper.archive import Archive
from scraper.bodies import kind_of
from scraper.discover import discover, taken
from scraper.judge import Judgement, Kind, Response, Verdict, judge

LIMIT = 100 * 1024 * 1024
"""Bytes of a record, and of its body unpacked."""
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_NAMED = 5
"""Addresses that are named where none is the source's."""


@dataclass(frozen=True)
class WarcFile:
    """A WARC file, and what the person says of it."""

    path: Path
    address: str | None = None
    """Whose records are to be taken; None for all that are the source's."""


@dataclass(frozen=True)
class _Taken:
    """A record that is to become a capture."""

    record: WarcRecord
    role: str
    sha256: str | None
    """Of its document, which is in the archive; None for a revisit whose document is not known."""
    judgement: Judgement | None
    links: tuple[str, ...] = ()
    """Of an index page."""


def import_warc(
    db: Database,
    archive: Archive,
    source: Source,
    settings: Settings,
    file: WarcFile,
    clock: Clock,
    progress: Callable[[str], None] = lambda _: None,
    cluster: str | None = None,
) -> Outcome | None:
    """Record the captures of ``source`` that ``file`` holds, and read their documents.

    A record that is damaged, or cannot be taken at its word, is a failure of the outcome that
    costs no other record. Returns None if all of it was held already, so that nothing was written.
    They are read on the cluster of that address if one is given; raises ClusterFails.
    """
    save_serving(db, settings.serving())
    importer = _Importer(db, archive, source, settings, file, clock)
    for record in records(file.path, LIMIT):
        importer.look_at(record)
    importer.record(progress, cluster)
    return importer.outcome if importer.run_id or not importer.outcome.is_empty() else None


@dataclass
class _Importer:
    db: Database
    archive: Archive
    source: Source
    settings: Settings
    file: WarcFile
    clock: Clock
    run_id: int | None = None
    made_by: str | None = None
    taken: list[_Taken] = field(default_factory=list)
    passed_over: dict[str, None] = field(default_factory=dict)
    bodies: dict[str, str] = field(default_factory=dict)
    """Documents by all that a revisit can name them by."""

    def __post_init__(self) -> None:
        self.outcome = Outcome(self.source.id)
        self.kind = Kind(find_parser(self.source.parser).wants(self.source.options))

    def look_at(self, record: WarcRecord | Unreadable) -> None:
        """Archive the body of a record that is the source's, and keep what becomes a capture."""
        if isinstance(record, Unreadable):
            self._fail(record.offset, record.what, record.reason)
        elif record.kind == "warcinfo":
            self.made_by = _maker(record.body)
        elif record.kind in ("response", "resource", "revisit"):
            role = self._role(record)
            if role is None:
                self.passed_over[record.uri] = None
            elif record.date > self.clock():
                self._fail(record.offset, record.uri, f"it is of {record.date}, in the future")
            elif record.kind == "revisit":
                self.taken.append(_Taken(record, role, None, None))
            else:
                self._take(record, role)

    def record(self, progress: Callable[[str], None], cluster: str | None) -> None:
        """Record all that was taken, in the order of time, and read what is new."""
        if not self.taken and not self.outcome.failed:
            self.outcome.fail(self._nothing_found())
        taken = [done for each in self.taken if (done := self._resolved(each)) is not None]
        taken.sort(key=lambda each: (each.record.date, each.role != "index", each.record.offset))
        index: tuple[int, tuple[str, ...]] | None = None
        documents = set()
        for each in taken:
            address = _address(each.record)
            linked = index is not None and each.role == "document" and address in index[1]
            capture_id = self._record(each, index[0] if index and linked else None)
            if each.role == "index" and each.judgement and each.judgement.verdict in _THERE:
                index = capture_id, each.links
            documents.add(each.sha256)
        items = [
            item for item in unread(self.db, self.source.id) if item.document_sha256 in documents
        ]
        limits = self.settings.reading.limits()
        with open_readers(self.archive, limits, cluster=cluster) as readers:
            Acceptor(
                self.db, self.archive, self.source, readers, self.outcome, self.clock, progress
            ).read(items)
        if self.run_id is not None:
            summary = {"file": self.file.path.name, "sources": [asdict(self.outcome)]}
            finish_run(self.db, self.run_id, summary, self.clock())

    def _role(self, record: WarcRecord) -> str | None:
        """Return what a record is to the source, None if it is nothing."""
        address = _address(record)
        discovers = self.source.discover
        is_index = discovers.kind == "index" and address == self.source.address
        is_part = False
        if self.file.address is not None:
            ours = self.file.address in (address, record.uri)
        elif record.fields.get(fields.SOURCE.lower()) == self.source.id:
            role = record.fields.get(fields.ROLE.lower())
            is_index, is_part, ours = role == "index", role == "part", True
        elif address is None:
            ours = False
        elif discovers.kind == "index":
            ours = is_index or bool(re.search(discovers.pattern, address, re.IGNORECASE))
        elif discovers.kind == "dated":
            ours = bool(re.fullmatch(_any_period(discovers.template), address))
        else:
            ours = address == self.source.address
        return ("index" if is_index else "part" if is_part else "document") if ours else None

    def _take(self, record: WarcRecord, role: str) -> None:
        before = self.taken[-1].sha256 if self.taken else None
        saved = record.body or record.kind == "resource"
        sha256 = self.archive.put(record.body, like=before) if saved else None
        judgement = self._judged(record, role, record.body)
        links = self._links(role, judgement, record, record.body)
        self.taken.append(_Taken(record, role, sha256, judgement, links))
        if sha256 is not None:
            if record.record_id:
                self.bodies[record.record_id] = sha256
            self.bodies[f"{record.uri} {record.date}"] = sha256
            self.bodies[record.fields.get("warc-payload-digest", sha256)] = sha256

    def _judged(self, record: WarcRecord, role: str, body: bytes) -> Judgement:
        if record.uri.startswith(fields.NO_ADDRESS):
            return Judgement(Verdict.DOCUMENT, "the document that a person saved")
        if role == "document" and listed_in(body):
            return Judgement(Verdict.DOCUMENT, "put together of several parts")
        response = Response(
            status=record.status or 200,
            headers=record.headers,
            body=body,
            received=len(body) if record.kind == "revisit" else record.received,
            cut_off=record.cut_off,
            conditional=record.kind == "revisit",
            address=_address(record) or "",
            final_address=record.uri,
        )
        wanted = {"index": Kind.HTML, "part": kind_of(body) or self.kind}
        return judge(response, wanted.get(role, self.kind))

    def _links(
        self, role: str, judgement: Judgement, record: WarcRecord, body: bytes
    ) -> tuple[str, ...]:
        if role != "index" or judgement.verdict not in _THERE:
            return ()
        wanted = self.source.discover
        return tuple(taken(discover(body, record.uri, wanted.pattern), wanted.take))

    def _resolved(self, taken: _Taken) -> _Taken | None:
        """Return a revisit with the document that it says was there, None if that is not known."""
        record = taken.record
        if record.kind != "revisit":
            return taken
        sha256 = self._revisited(record)
        if sha256 is None:
            said = "it repeats a record that is neither in the file nor held; import that one, too"
            self._fail(record.offset, f"revisit {record.uri}", said)
            return None
        body = self.archive.get(sha256)
        judgement = self._judged(record, taken.role, body)
        links = self._links(taken.role, judgement, record, body)
        return replace(taken, sha256=sha256, judgement=judgement, links=links)

    def _revisited(self, record: WarcRecord) -> str | None:
        named = record.fields.get
        digest = named("warc-payload-digest", "")
        uri, date = named("warc-refers-to-target-uri", ""), named("warc-refers-to-date", "")
        names = (named("warc-refers-to", "").strip("<>"), f"{uri} {date}", digest)
        for name in names:
            if name in self.bodies:
                return self.bodies[name]
        ours = named(fields.DOCUMENT.lower(), "").removeprefix("sha256:")
        for sha256 in (ours, document_captured(self.db, uri, date)):
            if sha256 and re.fullmatch("[0-9a-f]{64}", sha256) and self.archive.has(sha256):
                if digest and not is_digest_of(digest, self.archive.get(sha256)):
                    return None
                return sha256
        return None

    def _record(self, taken: _Taken, found_in: int | None) -> int:
        """Record a capture unless it is held, and return its id."""
        capture = self._capture(taken, found_in)
        held = same_capture(self.db, capture)
        if held is not None:
            return held
        now = self.clock()
        if self.run_id is None:
            save_source(self.db, self.source.facts())
            self.run_id = start_run(self.db, "import", __version__, now, begin_run())
        is_gone = capture.verdict == Verdict.GONE and capture.role == "document"
        document = self._document(taken)
        capture_id = keep_capture(self.db, self.source, capture, document, self.run_id, now)
        if is_gone and ever_gave_a_document(self.db, self.source.id, capture.address or ""):
            self.outcome.gone += 1
        elif capture.verdict not in (*_THERE, Verdict.GONE):
            self.outcome.messages.append(_kept_as(capture))
        return capture_id

    def _capture(self, taken: _Taken, found_in: int | None) -> Capture:
        record, judgement = taken.record, taken.judgement
        assert judgement is not None  # noqa: S101 - what is not resolved does not come here
        transport: dict[str, Any] = {
            "warc": {
                "file": self.file.path.name,
                "record": record.record_id,
                "made_by": self.made_by,
                "ip_address": record.fields.get("warc-ip-address"),
                "proof": record.fields.get(fields.PROOF.lower()),
            }
        }
        bundle = self._bundle(taken)
        if bundle:
            transport["bundle"] = bundle
        return Capture(
            source_id=self.source.id,
            role=taken.role,
            address=_address(record),
            captured_at=record.date,
            proof="person",
            verdict=judgement.verdict,
            reason=judgement.reason,
            final_address=record.uri if record.status is not None else None,
            status=record.status,
            headers=record.headers,
            document_sha256=taken.sha256,
            found_in=found_in,
            transport=json.dumps(transport, ensure_ascii=False, sort_keys=True),
        )

    def _bundle(self, taken: _Taken) -> dict[str, Any] | None:
        """Return of a document of several parts what its record says of them, else None."""
        began = taken.record.fields.get(fields.BEGAN.lower(), "")
        if taken.role != "document" or taken.sha256 is None or not _TIME.fullmatch(began):
            return None
        parts = parts_in(self.archive, taken.sha256)
        is_before = began <= taken.record.date
        return {"began": began, "parts": len(parts)} if parts and is_before else None

    def _document(self, taken: _Taken) -> Document | None:
        record = taken.record
        if taken.sha256 is None or record.kind == "revisit":
            return None
        headers = {name.lower(): value for name, value in record.headers}
        media_type = headers.get("content-type") or (
            record.fields.get("content-type") if record.status is None else None
        )
        named = unquote(record.fields.get(fields.FILE_NAME.lower(), ""))
        file_name = named or (file_name_of(record.uri) if _address(record) else None)
        return Document(taken.sha256, len(record.body), media_type, file_name)

    def _fail(self, offset: int, what: str, reason: str) -> None:
        where = f"{self.file.path.name}, record at byte {offset}"
        self.outcome.fail(f"{where}{f' ({what})' if what else ''}: {reason}; it was passed over")

    def _nothing_found(self) -> str:
        name = self.file.path.name
        wanted = self.file.address or f"an address of {self.source.id}"
        others = [uri for uri in self.passed_over if uri]
        if not others:
            return f"{name}: it holds no capture; check that it is a WARC file"
        shown = ", ".join(others[:_NAMED]) + (", …" if len(others) > _NAMED else "")
        return f"{name}: no record is of {wanted}; --address names one of those it has: {shown}"


_REDIRECTS = (301, 302, 303, 307, 308)
_THERE = (Verdict.DOCUMENT, Verdict.UNCHANGED)


def _address(record: WarcRecord) -> str | None:
    """Return what was asked for, None for a file whose address nobody noted."""
    if record.uri.startswith(fields.NO_ADDRESS):
        return None
    requested = record.fields.get(fields.REQUESTED.lower(), "")
    # What was posted is the fragment in the name of a part.
    return requested if is_web_address(requested.partition("#")[0]) else record.uri


def _kept_as(capture: Capture) -> str:
    """Return in a line what a record was taken for that brought no document."""
    said = f"{capture.address} of {capture.captured_at}: {capture.verdict}: {capture.reason}"
    onward = next((value for name, value in capture.headers if name.lower() == "location"), None)
    if capture.status in _REDIRECTS and onward:
        return f"{said}; --address {onward} takes what it led on to"
    return f"{said}; kept as that"


def _any_period(template: str) -> str:
    """Return a pattern of the addresses that a template can make."""
    return ".+".join(re.escape(part) for part in re.split(r"\{[^{}]*\}", template))


def _maker(info: bytes) -> str | None:
    """Return who or what made a file, by its ``warcinfo`` record."""
    said = re.findall(
        r"(?im)^(software|operator)[ \t]*:[ \t]*(.+?)[ \t]*\r?$", info.decode("utf-8", "replace")
    )
    return "; ".join(f"{name.lower()} {value}" for name, value in said) or None
