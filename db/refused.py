"""Documents that were refused when they were last asked for, and what stands in for them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from db.captures import SHOWS_A_DOCUMENT


@dataclass(frozen=True)
class Refused:
    """A document that was refused in the last run that asked for its source."""

    address: str
    stands_in: str | None
    """When an archive made the capture that the newest edition of this address was read from; None
    where that is no archive's."""


@dataclass(frozen=True)
class Shown:
    """The newest capture of an address that showed a document, whoever made it."""

    captured_at: str
    is_bundle: bool
    """It was put together of several parts."""


def refused(db: Database, source_id: str) -> tuple[Refused, ...]:
    """Return the documents of a source that its last run was refused, in the order of asking."""
    rows = db.execute(
        """SELECT address FROM captures WHERE source_id = :source AND role = 'document'
        AND proof = 'own' AND verdict = 'blocked' AND run_id = (
            SELECT max(run_id) FROM captures WHERE source_id = :source AND proof = 'own')
        ORDER BY id""",
        {"source": source_id},
    ).fetchall()
    return tuple(Refused(row[0], _stands_in(db, source_id, row[0])) for row in rows)


def newest_shown(db: Database, source_id: str, address: str) -> Shown | None:
    """Return the newest capture of an address that showed a document, None if none did."""
    row = db.execute(
        f"""SELECT captured_at, json_extract(transport, '$.bundle') IS NOT NULL FROM captures
        WHERE source_id = ? AND address = ? AND role = 'document' AND {SHOWS_A_DOCUMENT}
        ORDER BY captured_at DESC, id DESC LIMIT 1""",
        [source_id, address],
    ).fetchone()
    return Shown(row[0], bool(row[1])) if row else None


def _stands_in(db: Database, source_id: str, address: str) -> str | None:
    row = db.execute(
        """SELECT captured_at, proof FROM captures
        JOIN sightings ON sightings.capture_id = captures.id
        WHERE source_id = ? AND address = ? ORDER BY captured_at DESC, captures.id DESC LIMIT 1""",
        [source_id, address],
    ).fetchone()
    return str(row[0]) if row and row[1] == "archive" else None
