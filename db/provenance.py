"""Captures with all that is known of how they were made, for who has to vouch for one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from db.captures import Capture
from parsers.records import RECORD_TYPES

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Proven:
    """A capture, and the document that it brought or confirmed."""

    id: int
    source_id: str
    role: str
    address: str | None
    final_address: str | None
    captured_at: str
    recorded_at: str
    proof: str
    verdict: str
    reason: str | None
    status: int | None
    headers: Headers
    """Name and value, in the order and spelling in which they came."""
    request_headers: Headers
    robots: str | None
    transport: dict[str, Any]
    """The connection; empty where nothing is known of it."""
    retry_after: str | None
    doubted: bool
    """A "not modified" of a server that was found to say so of other bytes, too."""
    found_in: int | None
    run_id: int | None
    document_sha256: str | None
    size: int | None
    media_type: str | None
    file_name: str | None
    archived_at: str | None
    edition_id: int | None
    """The edition that it shows."""


_SQL = """SELECT captures.id, captures.source_id, role, address, final_address, captured_at,
    captures.recorded_at, proof, verdict, reason, captures.status, headers, request_headers,
    robots, transport, retry_after, doubted, found_in, run_id, captures.document_sha256,
    documents.size, media_type, file_name, archived_at, sightings.edition_id
    FROM captures LEFT JOIN documents ON documents.sha256 = captures.document_sha256
    LEFT JOIN sightings ON sightings.capture_id = captures.id"""


def proven(db: Database, capture_id: int) -> Proven | None:
    """Return the capture of that id, None if there is none."""
    return next(_query(db, "WHERE captures.id = ?", [capture_id]), None)


def proven_between(
    db: Database, source_id: str | None, since: str | None, until: str | None
) -> Iterator[Proven]:
    """Yield captures in the order of their time: of one source or all, from and to a day.

    ``since`` and ``until`` are ISO 8601 days, both inclusive.
    """
    where = """WHERE (:source IS NULL OR captures.source_id = :source)
        AND (:since IS NULL OR captured_at >= :since)
        AND (:until IS NULL OR substr(captured_at, 1, 10) <= :until)
        ORDER BY captured_at, captures.id"""
    params = {"source": source_id, "since": since, "until": until}
    ids = [row[0] for row in db.execute(f"SELECT id FROM captures {where}", params)]
    for capture_id in ids:
        found = proven(db, capture_id)
        if found is not None:
            yield found


def neighbours(db: Database, capture: Proven) -> tuple[Proven | None, Proven | None]:
    """Return the captures of the same source and address before and after one, None for none."""
    same = "WHERE captures.source_id = :source AND role = :role AND address IS :address"
    params = {
        "source": capture.source_id,
        "role": capture.role,
        "address": capture.address,
        "time": capture.captured_at,
        "id": capture.id,
    }
    before = f"""{same} AND (captured_at, captures.id) < (:time, :id)
        ORDER BY captured_at DESC, captures.id DESC LIMIT 1"""
    after = f"""{same} AND (captured_at, captures.id) > (:time, :id)
        ORDER BY captured_at, captures.id LIMIT 1"""
    return (
        next(_query(db, before, params), None),
        next(_query(db, after, params), None),
    )


def first_of_document(db: Database, source_id: str, sha256: str) -> Proven | None:
    """Return the first capture of a source that brought a document, None if none did."""
    where = """WHERE captures.source_id = ? AND captures.document_sha256 = ?
        AND role = 'document' ORDER BY verdict != 'document', captured_at, captures.id LIMIT 1"""
    return next(_query(db, where, [source_id, sha256]), None)


def of_parts(db: Database, bundle: Proven, names: dict[str, str]) -> list[Proven]:
    """Return the captures that brought the parts of a bundle to its source, one for each.

    ``names`` has the hash of each part by its name. Of several captures it is the last that was
    made by the time of the bundle, else the first.
    """
    found: list[Proven] = []
    for name, sha256 in names.items():
        where = """WHERE captures.source_id = :source AND captures.address = :name
            AND role = 'part' AND captures.document_sha256 = :sha256
            ORDER BY captured_at > :time, abs(julianday(captured_at) - julianday(:time)),
                captures.id DESC LIMIT 1"""
        params = {
            "source": bundle.source_id,
            "name": name,
            "sha256": sha256,
            "time": bundle.captured_at,
        }
        found += _query(db, where, params)
    return found


def parts_read_from(db: Database, source_id: str, sha256: str) -> set[str]:
    """Return the names of the parts of a bundle in which the evidence of its rows stands."""
    return {
        row[0]
        for record in RECORD_TYPES
        for row in db.execute(
            f"""SELECT DISTINCT json_extract(spot.value, '$.part') AS part FROM readings
            JOIN {record.table} ON reading_id = readings.id, json_each(evidence) AS spot
            WHERE source_id = ? AND document_sha256 = ? AND part IS NOT NULL""",
            [source_id, sha256],
        )
    }


def same_capture(db: Database, capture: Capture) -> int | None:
    """Return the capture that is held of the same source, address, role, time and document."""
    row = db.execute(
        """SELECT id FROM captures WHERE source_id = ? AND address IS ? AND captured_at = ?
        AND role = ? AND document_sha256 IS ? ORDER BY id LIMIT 1""",
        [
            capture.source_id,
            capture.address,
            capture.captured_at,
            capture.role,
            capture.document_sha256,
        ],
    ).fetchone()
    return int(row[0]) if row else None


def document_captured(db: Database, address: str, captured_at: str) -> str | None:
    """Return the hash of the document that was captured at an address and time, None for none."""
    row = db.execute(
        """SELECT document_sha256 FROM captures WHERE captured_at = :time
        AND :address IN (final_address, address) AND document_sha256 IS NOT NULL
        ORDER BY id LIMIT 1""",
        {"address": address, "time": captured_at},
    ).fetchone()
    return str(row[0]) if row else None


def around_change(db: Database, change: dict[str, Any]) -> list[tuple[str, Proven]]:
    """Return the captures that a change rests on, each with what it shows, in order of time.

    Takes the row of a change. They are: the last that showed the edition before; the one at the
    beginning of the window, if it is another; the first that showed the edition after, or found
    the page gone; the one that confirmed that it was; and the index pages that led to them.
    """
    found: dict[int, tuple[str, Proven]] = {}

    def keep(words: str, where: str, **params: object) -> None:
        for each in _query(
            db,
            f"WHERE captures.source_id = :source AND {where} LIMIT 1",
            {"source": change["source_id"], **change, **params},
        ):
            found.setdefault(each.id, (words, each))

    latest = "ORDER BY captured_at DESC, captures.id DESC"
    earliest = "ORDER BY captured_at, captures.id"
    gone = "verdict = 'gone' AND role = 'document' AND address = :row_key"
    keep(
        "the last that showed the edition before",
        f"sightings.edition_id = :edition_before_id AND captured_at <= :observed_by {latest}",
    )
    keep(
        "the last without the change",
        """captured_at = :observed_after AND (sightings.edition_id IS NOT NULL
            OR verdict = 'gone' OR role = 'index')
        ORDER BY sightings.edition_id IS :edition_before_id DESC, role, captures.id""",
    )
    keep(
        "the first that showed the edition after",
        f"sightings.edition_id = :edition_after_id {earliest}",
    )
    if change["kind"] == "withdrawn":
        keep("the first that found it gone", f"{gone} AND captured_at >= :observed_by {earliest}")
        keep(
            "the last that found it gone, with none in between that showed it",
            f"""{gone} AND captured_at >= :observed_by AND NOT EXISTS (
                SELECT 1 FROM captures AS seen JOIN sightings ON capture_id = seen.id
                WHERE seen.source_id = :source AND seen.address = :row_key
                AND seen.captured_at BETWEEN :observed_by AND captures.captured_at) {latest}""",
        )
    if change["kind"] == "went_dark":
        failed = "verdict NOT IN ('document', 'unchanged') AND captured_at > :observed_after"
        keep("the first attempt that failed", f"{failed} {earliest}")
        keep(
            "the last attempt that failed before it counted",
            f"{failed} AND captured_at <= :observed_by {latest}",
        )
    for _, each in list(found.values()):
        if each.found_in is not None and (index := proven(db, each.found_in)) is not None:
            found.setdefault(index.id, ("the page that linked to it", index))
    return sorted(found.values(), key=lambda pair: (pair[1].captured_at, pair[1].id))


def _query(db: Database, where: str, params: Any) -> Iterator[Proven]:
    for row in db.query(f"{_SQL} {where}", params):
        pairs = {
            name: tuple((n, v) for n, v in json.loads(row[name] or "[]"))
            for name in ("headers", "request_headers")
        }
        transport = json.loads(row["transport"] or "{}")
        yield Proven(**{**row, **pairs, "doubted": bool(row["doubted"]), "transport": transport})
