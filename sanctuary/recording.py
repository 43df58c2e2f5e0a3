"""What came: bytes to the archive, then the capture and what it says to the history.

Bytes are archived and their capture is recorded before anything is derived from them.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from db.captures import (
    Capture,
    Document,
    Known,
    known_document,
    record_capture,
    record_problem,
)
from db.doubts import doubt
from db.life import note_gone
from parsers.records import Problem
from sanctuary.clock import Clock
from sanctuary.sources import Source
from sanctuary.walking import Whole
from scraper.archive import Archive
from scraper.client import Fetched
from scraper.judge import Verdict

_JSON = "application/json"


def keep_capture(
    db: Database, source: Source, capture: Capture, document: Document | None, run_id: int, now: str
) -> int:
    """Write a capture and what follows from it without its being read; return its id.

    The bytes of ``document``, which the capture brought, are in the archive by then. A document
    that is gone can end an edition.
    """
    with db.atomic():
        capture_id = record_capture(db, capture, document, run_id, now)
        if capture.verdict == Verdict.GONE and capture.role == "document" and capture.address:
            note_gone(db, source.facts(), capture.address, capture.captured_at, now)
    return capture_id


@dataclass(frozen=True)
class Recorder:
    """Records the fetches of one source in one run."""

    db: Database
    archive: Archive
    source: Source
    run_id: int
    clock: Clock

    def record(self, fetched: Fetched, role: str, known: Known | None, found_in: int | None) -> int:
        """Keep what came, and return the id of its capture.

        ``known`` is the last document of the address: what is unchanged is that one, what has come
        in its place may resemble it.
        """
        document = self._archived(fetched, known)
        sha256 = document.sha256 if document else None
        if fetched.verdict is Verdict.UNCHANGED and known is not None:
            sha256 = known.document_sha256
        capture = Capture(
            source_id=self.source.id,
            role=role,
            address=fetched.address,
            captured_at=fetched.fetched_at,
            proof="own",
            verdict=fetched.verdict,
            reason=fetched.reason,
            final_address=fetched.final_address,
            status=fetched.status,
            headers=fetched.headers,
            document_sha256=sha256,
            found_in=found_in,
            request_headers=fetched.request_headers,
            robots=fetched.robots,
            transport=fetched.transport.to_json(),
            retry_after=fetched.retry_after,
        )
        now = self.clock()
        with self.db.atomic():
            capture_id = keep_capture(self.db, self.source, capture, document, self.run_id, now)
            if known is not None and _are_reused(known, fetched, sha256):
                self._doubt(fetched.address, role, capture_id, now)
        return capture_id

    def record_whole(self, whole: Whole) -> int:
        """Keep what came of asking a host in steps, and return the id of its capture.

        A manifest that is known already, of parts some of which the server says have not changed,
        is unchanged by the same word.
        """
        address, now = self.source.address or "", self.clock()
        document, verdict = None, whole.verdict
        if whole.document is not None:
            known = known_document(self.db, self.source.id, "document", address)
            like = known.document_sha256 if known else None
            sha256 = self.archive.put(whole.document, like=like)
            document = Document(sha256, len(whole.document), _JSON, None)
            if whole.unchanged and sha256 == like:
                verdict = Verdict.UNCHANGED
        capture = Capture(
            source_id=self.source.id,
            role="document",
            address=address,
            captured_at=whole.captured_at,
            proof="own",
            verdict=verdict,
            reason=whole.reason,
            document_sha256=document.sha256 if document else None,
            robots=whole.robots,
            transport=whole.transport,
            retry_after=whole.retry_after,
        )
        return keep_capture(self.db, self.source, capture, document, self.run_id, now)

    def _archived(self, fetched: Fetched, known: Known | None) -> Document | None:
        if not fetched.body:
            return None
        return Document(
            sha256=self.archive.put(fetched.body, like=known.document_sha256 if known else None),
            size=len(fetched.body),
            media_type=fetched.content_type,
            file_name=file_name_of(fetched.final_address),
        )

    def _doubt(self, address: str, role: str, capture_id: int, now: str) -> None:
        taken_back = doubt(self.db, self.source.facts(), address, capture_id, now)
        if role == "part" and self.source.address:
            doubt(self.db, self.source.facts(), self.source.address, capture_id, now)
        said = (
            f"{address}: the server gave other bytes the same ETag or Last-Modified; it is not "
            "asked any more whether anything has changed"
        )
        if taken_back:
            said += f"; answers that nothing had were taken back: {taken_back}"
        record_problem(self.db, self.source.id, capture_id, Problem("validators", said), now)


def _are_reused(known: Known, fetched: Fetched, sha256: str | None) -> bool:
    """Say whether other bytes came with the very validators of the known ones."""
    if known.found_out or not known.has_validators:
        return False
    if fetched.verdict is not Verdict.DOCUMENT or sha256 == known.document_sha256:
        return False
    headers = {name.lower(): value for name, value in fetched.headers}
    same_etag = known.etag is None or headers.get("etag") == known.etag
    same_time = known.last_modified is None or headers.get("last-modified") == known.last_modified
    return same_etag and same_time


def file_name_of(address: str) -> str | None:
    """Return the last part of the path of an address, None if it ends in a slash."""
    return address.split("?")[0].rstrip().rpartition("/")[2] or None
