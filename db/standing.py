"""How every source stands: what was last tried, what is held, what could not be read."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True)
class HeldReading:
    """A reading that waits for a person, and why."""

    id: int
    document_sha256: str
    recorded_at: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class SourceStanding:
    """What the database knows of the health of one source."""

    source_id: str
    title: str
    lifecycle: str
    last_tried: str | None
    last_verdict: str | None
    last_reason: str | None
    last_seen: str | None
    """When an edition was last seen in public."""
    editions: int
    changes: int
    failed: int
    """Documents that could not be read."""
    problems: int
    held: tuple[HeldReading, ...]


_SQL = """SELECT id AS source_id, title, lifecycle,
    (SELECT max(captured_at) FROM captures WHERE source_id = sources.id) AS last_tried,
    (SELECT verdict FROM captures WHERE source_id = sources.id
        ORDER BY captured_at DESC, id DESC LIMIT 1) AS last_verdict,
    (SELECT reason FROM captures WHERE source_id = sources.id
        ORDER BY captured_at DESC, id DESC LIMIT 1) AS last_reason,
    (SELECT max(public_until) FROM editions WHERE source_id = sources.id) AS last_seen,
    (SELECT count(*) FROM editions WHERE source_id = sources.id
        AND public_from IS NOT NULL) AS editions,
    (SELECT count(*) FROM changes WHERE source_id = sources.id
        AND superseded_at IS NULL) AS changes,
    (SELECT count(*) FROM readings WHERE source_id = sources.id AND status = 'failed') AS failed,
    (SELECT count(*) FROM problems WHERE source_id = sources.id) AS problems
    FROM sources ORDER BY id"""


def standings(db: Database) -> list[SourceStanding]:
    """Return the standing of every source the database knows, by id."""
    return [
        SourceStanding(**row, held=held_readings(db, row["source_id"])) for row in db.query(_SQL)
    ]


def held_readings(db: Database, source_id: str) -> tuple[HeldReading, ...]:
    """Return the held readings of a source, the oldest first."""
    rows = db.query(
        """SELECT id, document_sha256, recorded_at FROM readings
        WHERE source_id = ? AND status = 'held' ORDER BY id""",
        [source_id],
    )
    return tuple(
        HeldReading(
            **row,
            reasons=tuple(
                check[0]
                for check in db.execute(
                    """SELECT message FROM checks WHERE reading_id = ? AND required AND NOT passed
                    ORDER BY id""",
                    [row["id"]],
                )
            ),
        )
        for row in list(rows)
    )
