"""How every source stands: what was last tried, what is held, what could not be read."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True)
class Undecided:
    """A reading that shows no edition, and why: it is held, or its document is unreadable."""

    id: int
    document_sha256: str
    file_name: str | None
    recorded_at: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class SourceStanding:
    """What the database knows of the health of one source."""

    source_id: str
    title: str
    lifecycle: str
    last_tried: str | None
    """When it was last fetched, by us."""
    last_failure: str | None
    """What could not be had when it was last tried."""
    gone: bool
    """Its newest edition was not there any more when it was last tried."""
    taken_down: bool
    """It counts as taken down: it was found gone twice, long enough apart."""
    last_seen: str | None
    """When an edition was last seen in public."""
    editions: int
    changes: int
    problems: int
    """What could not be read in its newest edition."""
    held: tuple[Undecided, ...]
    unreadable: tuple[Undecided, ...]


_SQL = """SELECT sources.id AS source_id, title, lifecycle,
    (SELECT max(captured_at) FROM captures
        WHERE source_id = sources.id AND proof = 'own') AS last_tried,
    EXISTS (SELECT 1 FROM captures WHERE source_id = sources.id AND verdict = 'gone'
        AND role = 'document' AND captured_at > last_stated AND address IN (
            SELECT address FROM sightings JOIN captures ON captures.id = sightings.capture_id
            WHERE sightings.edition_id = latest_editions.edition_id)) AS gone,
    lifecycle != 'ended' AND coalesce(NOT stands, 0) AS taken_down,
    (SELECT max(public_until) FROM editions WHERE source_id = sources.id) AS last_seen,
    (SELECT count(*) FROM editions WHERE source_id = sources.id
        AND public_from IS NOT NULL) AS editions,
    (SELECT count(*) FROM changes WHERE source_id = sources.id
        AND superseded_at IS NULL) AS changes,
    (SELECT count(*) FROM problems JOIN edition_readings
        ON edition_readings.reading_id = problems.reading_id
        WHERE edition_readings.edition_id = latest_editions.edition_id
        AND superseded_at IS NULL) AS problems
    FROM sources LEFT JOIN latest_editions ON latest_editions.source_id = sources.id
    ORDER BY sources.id"""


def standings(db: Database) -> list[SourceStanding]:
    """Return the standing of every source the database knows, by id."""
    return [
        SourceStanding(
            **{**row, "gone": bool(row["gone"]), "taken_down": bool(row["taken_down"])},
            last_failure=_last_failure(db, row["source_id"]),
            held=undecided(db, row["source_id"], "held"),
            unreadable=undecided(db, row["source_id"], "failed"),
        )
        for row in db.query(_SQL)
    ]


def undecided(db: Database, source_id: str, status: str) -> tuple[Undecided, ...]:
    """Return the readings of a source that are ``held`` or ``failed``, the oldest first.

    Not those whose document was read once more, by a newer parser.
    """
    rows = db.query(
        """SELECT readings.id, document_sha256, file_name, recorded_at
        FROM readings JOIN documents ON documents.sha256 = document_sha256
        WHERE source_id = ? AND status = ? AND NOT EXISTS (
            SELECT 1 FROM readings AS later WHERE later.source_id = readings.source_id
            AND later.document_sha256 = readings.document_sha256 AND later.id > readings.id)
        ORDER BY readings.id""",
        [source_id, status],
    )
    return tuple(Undecided(**row, reasons=tuple(reasons_of(db, row["id"]))) for row in list(rows))


def reasons_of(db: Database, reading_id: int) -> list[str]:
    """Return why a reading was not accepted: its failed required checks, else its problems."""
    checks = """SELECT message FROM checks WHERE reading_id = ? AND required AND NOT passed
        ORDER BY id"""
    problems = "SELECT message FROM problems WHERE reading_id = ? ORDER BY id"
    found = db.execute(checks, [reading_id]).fetchall()
    return [row[0] for row in found or db.execute(problems, [reading_id]).fetchall()]


def _last_failure(db: Database, source_id: str) -> str | None:
    """Return what failed in the last run: an answer that was no document, or what we found."""
    run_id = db.execute(
        "SELECT max(run_id) FROM captures WHERE source_id = ? AND proof = 'own'", [source_id]
    ).fetchone()[0]
    answer = db.execute(
        """SELECT address || ': ' || verdict || ': ' || coalesce(reason, '') FROM captures
        WHERE source_id = ? AND run_id = ? AND verdict NOT IN ('document', 'unchanged')
        AND NOT (verdict = 'gone' AND role = 'document') ORDER BY id DESC LIMIT 1""",
        [source_id, run_id],
    ).fetchone()
    problem = db.execute(
        """SELECT message FROM problems WHERE source_id = ? AND reading_id IS NULL
        AND recorded_at >= coalesce((SELECT started_at FROM runs WHERE id = ?), '')
        ORDER BY id DESC LIMIT 1""",
        [source_id, run_id],
    ).fetchone()
    found = answer or problem
    return str(found[0]) if found else None
