"""What is held of what the Wayback Machine has: which of its captures, and which digests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from db.captures import SHOWS_A_DOCUMENT


@dataclass(frozen=True)
class Archived:
    """A capture whose proof is the archive's word."""

    role: str
    address: str
    captured_at: str
    verdict: str
    status: int | None
    document_sha256: str | None
    wayback: dict[str, Any]
    """What the capture keeps of the archive's index and answer."""


@dataclass(frozen=True)
class IndexPage:
    """A capture of a page that links to documents."""

    captured_at: str
    address: str
    """Where it stood, which its relative links are resolved against."""
    document_sha256: str


def archived(db: Database, source_id: str) -> list[Archived]:
    """Return the captures of a source that came from the archive, the oldest first."""
    return [
        Archived(**{**row, "wayback": json.loads(row["wayback"])})
        for row in db.query(
            """SELECT role, address, captured_at, verdict, status, document_sha256,
                json_extract(transport, '$.wayback') AS wayback
            FROM captures WHERE source_id = ? AND proof = 'archive'
            AND json_extract(transport, '$.wayback') IS NOT NULL ORDER BY captured_at, id""",
            [source_id],
        )
    ]


def index_pages(db: Database, source_id: str) -> list[IndexPage]:
    """Return the captures of a source's index page that showed it, the oldest first."""
    return [
        IndexPage(**row)
        for row in db.query(
            f"""SELECT captured_at, document_sha256, coalesce(
                json_extract(transport, '$.wayback.served.original'),
                json_extract(transport, '$.wayback.listed.original'),
                final_address, address) AS address
            FROM captures WHERE source_id = ? AND role = 'index' AND {SHOWS_A_DOCUMENT}
            AND document_sha256 IS NOT NULL ORDER BY captured_at, id""",
            [source_id],
        )
    ]


def observed(db: Database, source_id: str, proofs: tuple[str, ...]) -> list[str]:
    """Return when a document of a source was seen, or seen to be gone, in order of time.

    ``proofs`` says whose captures count. What could not be had is no observation.
    """
    marks = ",".join("?" * len(proofs))
    return [
        row[0]
        for row in db.execute(
            f"""SELECT DISTINCT captured_at FROM captures WHERE source_id = ?
            AND role = 'document' AND proof IN ({marks})
            AND (verdict = 'gone' OR {SHOWS_A_DOCUMENT}) ORDER BY 1""",
            [source_id, *proofs],
        )
    ]


def addresses_of_new_editions(db: Database, source_id: str, run_id: int) -> list[str]:
    """Return the addresses at which a run's own captures were the first to show an edition."""
    return [
        row[0]
        for row in db.execute(
            """SELECT DISTINCT address FROM captures
            JOIN sightings ON sightings.capture_id = captures.id
            JOIN editions ON editions.id = edition_id
            WHERE captures.source_id = ? AND run_id = ? AND proof = 'own'
            AND address IS NOT NULL AND public_from = captured_at ORDER BY address""",
            [source_id, run_id],
        )
    ]


def was_said_since(db: Database, beginning: str, since: str) -> bool:
    """Say whether a message of a run that began after ``since`` begins so."""
    row = db.execute(
        """SELECT 1 FROM runs, json_each(runs.summary, '$.sources') AS source,
            json_each(source.value, '$.messages') AS message
        WHERE started_at > ? AND summary IS NOT NULL
        AND substr(message.value, 1, length(?)) = ? LIMIT 1""",
        [since, beginning, beginning],
    ).fetchone()
    return row is not None
