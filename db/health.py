"""What came of watching: which sources need a person, and what the last runs did."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True)
class Waiting:
    """How many readings of a source wait for a decision, and whether its last run failed."""

    held: int = 0
    unreadable: int = 0
    failing: bool = False
    """When it was last tried, something failed: ``last_failure`` of its standing says what."""


@dataclass(frozen=True)
class Moments:
    """When a source last came as far as that. All are ISO 8601 in UTC; None for never."""

    fetched: str | None = None
    """We last had an answer: a document, or word that nothing has changed."""
    read: str | None = None
    """A parser last read a document of it."""
    accepted: str | None = None
    """What was read was last accepted, by the checks or by a person."""


@dataclass(frozen=True)
class Run:
    """One run of a command that fetches or takes in: when, and what came of it."""

    command: str
    tool_version: str
    started_at: str
    finished_at: str | None
    """None while it goes on, and of one that broke off."""
    sources: int
    """With anything done for them."""
    new: int
    unchanged: int
    gone: int
    never_found: int
    held: int
    failed: int
    public_id: str | None
    """Under which its log speaks of it; None for a run of an earlier version."""


def waiting(db: Database) -> dict[str, Waiting]:
    """Return by source what of it waits; without those of which nothing does.

    The readings are those of ``db.standing.undecided``; a source fails that has a ``last_failure``.
    """
    rows = db.execute(
        """WITH undecided AS (
            SELECT source_id, status FROM readings WHERE status IN ('held', 'failed')
            AND NOT EXISTS (SELECT 1 FROM readings AS later
                WHERE later.source_id = readings.source_id
                AND later.document_sha256 = readings.document_sha256 AND later.id > readings.id)),
        last_run AS (
            SELECT sources.id AS source_id, (SELECT max(run_id) FROM captures
                WHERE source_id = sources.id AND proof = 'own') AS run_id FROM sources),
        failing AS (
            SELECT source_id FROM last_run WHERE EXISTS (
                SELECT 1 FROM captures WHERE captures.source_id = last_run.source_id
                AND captures.run_id = last_run.run_id
                AND verdict NOT IN ('document', 'unchanged')
                AND NOT (verdict = 'gone' AND role = 'document'))
            OR EXISTS (SELECT 1 FROM problems WHERE problems.source_id = last_run.source_id
                AND reading_id IS NULL AND recorded_at >= coalesce(
                    (SELECT started_at FROM runs WHERE id = last_run.run_id), '')))
        SELECT sources.id,
            (SELECT count(*) FROM undecided WHERE source_id = sources.id AND status = 'held'),
            (SELECT count(*) FROM undecided WHERE source_id = sources.id AND status = 'failed'),
            EXISTS (SELECT 1 FROM failing WHERE source_id = sources.id)
        FROM sources WHERE sources.id IN (
            SELECT source_id FROM undecided UNION SELECT source_id FROM failing)"""
    )
    return {row[0]: Waiting(row[1], row[2], bool(row[3])) for row in rows}


def moments(db: Database, source_id: str) -> Moments:
    """Return how far a source last came, and when."""
    row = db.execute(
        """SELECT (SELECT captured_at FROM captures WHERE source_id = :source
                AND role = 'document' AND proof = 'own' AND verdict IN ('document', 'unchanged')
                ORDER BY captured_at DESC LIMIT 1),
            (SELECT max(recorded_at) FROM readings WHERE source_id = :source),
            (SELECT max(coalesce(decided_at, recorded_at)) FROM readings
                WHERE status = 'accepted' AND source_id = :source)""",
        {"source": source_id},
    ).fetchone()
    return Moments(*row)


_COUNTS = ("new", "unchanged", "gone", "never_found", "held", "failed")


def last_runs(db: Database, count: int) -> list[Run]:
    """Return the last ``count`` runs, the newest first."""
    sums = ", ".join(f"coalesce(sum(value ->> '{name}'), 0)" for name in _COUNTS)
    rows = db.execute(
        f"""WITH newest AS (SELECT * FROM runs ORDER BY id DESC LIMIT ?)
        SELECT command, tool_version, started_at, finished_at, count(value), {sums}, public_id
        FROM newest LEFT JOIN json_each(coalesce(summary, '{{}}'), '$.sources') ON 1
        GROUP BY newest.id ORDER BY newest.id DESC""",
        [count],
    )
    return [Run(*row) for row in rows]
