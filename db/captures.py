"""Runs, captures and documents: what was tried and what came back, before anything is read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from db.manifests import write_manifest
from parsers.records import Problem


@dataclass(frozen=True)
class Document:
    """Distinct bytes in the archive."""

    sha256: str
    size: int
    media_type: str | None
    file_name: str | None
    """As the address or the importing person had it; only to be shown."""


@dataclass(frozen=True)
class Capture:
    """One attempt to fetch one address, or one document that a person saved."""

    source_id: str
    role: str
    """``document``, ``index`` for a page that links to documents, or ``part`` for an answer of a
    host that gives a document in steps."""
    address: str | None
    """Of a part its name, which has what was posted as its fragment. None for an import whose
    address nobody noted."""
    captured_at: str
    """ISO 8601 in UTC: when it was public."""
    proof: str
    """Whose word that is: ``own``, ``archive`` (the Wayback Machine's) or ``person``."""
    verdict: str
    reason: str | None = None
    final_address: str | None = None
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    document_sha256: str | None = None
    found_in: int | None = None
    """The capture of the index page that linked to the address."""
    request_headers: tuple[tuple[str, str], ...] = ()
    robots: str | None = None
    """What robots.txt said, as a clause."""
    transport: str | None = None
    """The connection in JSON: peer, TLS, redirects, earlier attempts, who came between."""
    retry_after: str | None = None
    """ISO 8601 in UTC: before then the server wants no further request."""


@dataclass(frozen=True)
class Unread:
    """A capture of a document that is not on the timeline yet."""

    capture_id: int
    captured_at: str
    document_sha256: str
    file_name: str | None
    address: str | None


@dataclass(frozen=True)
class Known:
    """The last document of an address that was accepted, and what its server said of it."""

    document_sha256: str
    final_address: str
    captured_at: str
    etag: str | None
    last_modified: str | None
    failed_since: bool
    """Whether the last attempt brought neither a document nor "not modified"."""
    found_out: bool
    """Whether the server was found to say "not modified" of bytes that were."""

    @property
    def has_validators(self) -> bool:
        """Whether the server said which version it is."""
        return self.etag is not None or self.last_modified is not None


SHOWS_A_DOCUMENT = """(captures.verdict = 'document'
    OR captures.verdict = 'unchanged' AND NOT captures.doubted)"""
"""In SQL: whether a capture proves that its document was public when it was made."""
UNREAD = f"""SELECT captures.id AS capture_id, source_id FROM captures
    WHERE role = 'document' AND {SHOWS_A_DOCUMENT}
    AND NOT EXISTS (SELECT 1 FROM sightings WHERE sightings.capture_id = captures.id)"""
"""In SQL: what ``unread_captures`` holds, which triggers keep with captures and sightings."""


def start_run(
    db: Database, command: str, tool_version: str, now: str, public_id: str | None = None
) -> int:
    """Record that a run began, and return its id.

    ``public_id``, 12 hexadecimal digits, is the name under which a log speaks of the command that
    makes it; one command may make several.
    """
    row = {
        "command": command,
        "tool_version": tool_version,
        "started_at": now,
        "public_id": public_id,
    }
    return int(db.table("runs").insert(row).last_pk or 0)


def finish_run(db: Database, run_id: int, summary: dict[str, Any], now: str) -> None:
    """Record how a run ended, and write its manifest."""
    with db.atomic():
        db.table("runs").update(
            run_id, {"finished_at": now, "summary": json.dumps(summary, ensure_ascii=False)}
        )
        write_manifest(db, run_id)
    # By what SQLite has counted of its indexes it finds the rows of a page on the shortest way.
    db.execute("PRAGMA analysis_limit = 400")
    db.execute("ANALYZE")
    # Some builds keep samples of values, too: also of rows that are closed, or withheld later.
    db.execute("DROP TABLE IF EXISTS sqlite_stat4")


def record_capture(
    db: Database, capture: Capture, document: Document | None, run_id: int | None, now: str
) -> int:
    """Write a capture, and the document it brought if it is new, and return the capture's id.

    The document's bytes have to be in the archive already.
    """
    with db.atomic():
        if document is not None:
            db.table("documents").insert(
                {
                    "sha256": document.sha256,
                    "size": document.size,
                    "media_type": document.media_type,
                    "file_name": document.file_name,
                    "archived_at": now,
                },
                pk="sha256",
                ignore=True,
            )
        row = {
            "source_id": capture.source_id,
            "run_id": run_id,
            "role": capture.role,
            "address": capture.address,
            "final_address": capture.final_address,
            "captured_at": capture.captured_at,
            "recorded_at": now,
            "proof": capture.proof,
            "verdict": capture.verdict,
            "reason": capture.reason,
            "status": capture.status,
            "headers": json.dumps(capture.headers, ensure_ascii=False),
            "document_sha256": capture.document_sha256,
            "found_in": capture.found_in,
            "request_headers": json.dumps(capture.request_headers, ensure_ascii=False),
            "robots": capture.robots,
            "transport": capture.transport,
            "retry_after": capture.retry_after,
        }
        return int(db.table("captures").insert(row).last_pk or 0)


def newest_capture(db: Database) -> int:
    """Return the id of the last capture that was recorded, 0 if there is none."""
    return int(db.execute("SELECT coalesce(max(id), 0) FROM captures").fetchone()[0])


def record_problem(
    db: Database, source_id: str, capture_id: int | None, problem: Problem, now: str
) -> None:
    """Keep a problem of a source that lies in no document, of one capture or of none."""
    db.table("problems").insert(
        {
            "source_id": source_id,
            "capture_id": capture_id,
            "kind": problem.kind,
            "message": problem.message,
            "text": problem.text,
            "evidence": "[]",
            "recorded_at": now,
        }
    )


def holds_document(db: Database, source_id: str, sha256: str) -> bool:
    """Say whether a capture of this source brought that document."""
    return bool(
        db.execute(
            """SELECT 1 FROM captures WHERE source_id = ? AND document_sha256 = ?
            AND role = 'document' LIMIT 1""",
            [source_id, sha256],
        ).fetchone()
    )


def holds_capture(db: Database, capture: Capture) -> bool:
    """Say whether the same document of the same source and address is held for the same time."""
    return bool(
        db.execute(
            """SELECT 1 FROM captures WHERE source_id = ? AND document_sha256 = ?
            AND captured_at = ? AND address IS ? LIMIT 1""",
            [capture.source_id, capture.document_sha256, capture.captured_at, capture.address],
        ).fetchone()
    )


def unread(db: Database, source_id: str) -> Iterator[Unread]:
    """Yield the captures of documents that show no edition yet, the oldest first.

    Among them are those a run left behind when it died.
    """
    yield from (
        Unread(**row)
        for row in db.query(
            """SELECT capture_id, captured_at, document_sha256, documents.file_name, address
            FROM unread_captures JOIN captures ON captures.id = capture_id
            JOIN documents ON documents.sha256 = captures.document_sha256
            WHERE unread_captures.source_id = ? ORDER BY captured_at, capture_id""",
            [source_id],
        )
    )


_OWN_DOCUMENTS = """FROM captures INDEXED BY captures_documents
    WHERE source_id = :source AND verdict = 'document' AND role = 'document' AND proof = 'own'
    AND address IS NOT NULL"""


def known_addresses(db: Database, source_id: str) -> list[str]:
    """Return the addresses that ever gave us a document of this source, the oldest first."""
    return [
        row["address"]
        for row in db.query(
            # From one address to the next, whatever was captured of each.
            f"""WITH RECURSIVE known(address) AS (
                SELECT min(address) {_OWN_DOCUMENTS}
                UNION ALL SELECT (SELECT min(address) {_OWN_DOCUMENTS} AND address > known.address)
                FROM known WHERE known.address IS NOT NULL)
            SELECT address FROM known WHERE address IS NOT NULL
            ORDER BY (SELECT min(id) {_OWN_DOCUMENTS} AND address = known.address)""",
            {"source": source_id},
        )
    ]


def known_document(db: Database, source_id: str, role: str, address: str) -> Known | None:
    """Return the last document of ``address`` that we fetched and that was accepted.

    Of an index page or a part that is the last one that came. None if there is none.
    """
    last = """FROM captures LEFT JOIN sightings ON sightings.capture_id = captures.id
        WHERE source_id = ? AND address = ? AND role = ? AND proof = 'own' {}
        ORDER BY captured_at DESC, captures.id DESC LIMIT 1"""
    params = [source_id, address, role]
    accepted = """AND verdict = 'document' AND document_sha256 IS NOT NULL
        AND (role != 'document' OR sightings.capture_id IS NOT NULL)"""
    columns = "document_sha256, final_address, captured_at, headers"
    found = db.execute(f"SELECT {columns} {last.format(accepted)}", params).fetchone()
    if found is None:
        return None
    (newest,) = db.execute(f"SELECT verdict {last.format('')}", params).fetchone()
    doubted = """SELECT 1 FROM captures INDEXED BY captures_doubted
        WHERE source_id = ? AND address = ? AND doubted LIMIT 1"""
    headers = {name.lower(): value for name, value in json.loads(found[3])}
    return Known(
        document_sha256=found[0],
        final_address=found[1] or address,
        captured_at=found[2],
        etag=headers.get("etag"),
        last_modified=headers.get("last-modified"),
        failed_since=newest not in ("document", "unchanged"),
        found_out=db.execute(doubted, [source_id, address]).fetchone() is not None,
    )


def ever_gave_a_document(db: Database, source_id: str, address: str) -> bool:
    """Say whether a document of this source was ever seen at ``address``, by anybody's word."""
    return bool(
        db.execute(
            """SELECT 1 FROM captures WHERE source_id = ? AND address = ?
            AND role = 'document' AND verdict = 'document' LIMIT 1""",
            [source_id, address],
        ).fetchone()
    )


def has_parts(db: Database, source_id: str) -> bool:
    """Say whether a part of a bundle ever came to this source."""
    sql = "SELECT 1 FROM captures WHERE source_id = ? AND role = 'part' LIMIT 1"
    return bool(db.execute(sql, [source_id]).fetchone())


def brought_part(db: Database, source_id: str, name: str, sha256: str) -> bool:
    """Say whether that document came to this source as the part of that name."""
    return bool(
        db.execute(
            """SELECT 1 FROM captures WHERE source_id = ? AND address = ?
            AND role = 'part' AND document_sha256 = ? LIMIT 1""",
            [source_id, name, sha256],
        ).fetchone()
    )


def archived_document(db: Database, capture_id: int) -> str | None:
    """Return the hash of the document that a capture brought or confirmed."""
    sql = "SELECT document_sha256 FROM captures WHERE id = ?"
    found: str | None = db.execute(sql, [capture_id]).fetchone()[0]
    return found


def newest_documents(db: Database, source_id: str, most: int) -> list[tuple[str, str | None]]:
    """Return the newest documents of a source, at most ``most``: hash, and file name if known.

    Not those that are withheld.
    """
    rows = db.execute(
        f"""SELECT document_sha256, file_name FROM captures
        JOIN documents ON documents.sha256 = document_sha256
        WHERE source_id = ? AND role = 'document' AND {SHOWS_A_DOCUMENT}
        AND document_sha256 NOT IN (SELECT document_sha256 FROM withheld_documents)
        GROUP BY document_sha256 ORDER BY max(captured_at) DESC, document_sha256 LIMIT ?""",
        [source_id, most],
    )
    return [(row[0], row[1]) for row in rows.fetchall()]
