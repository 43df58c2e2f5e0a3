"""How every source stands: what was last tried, what is held, what could not be read."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from db.attempts import Answered, answered
from db.refused import Refused, refused
from db.sources import Source


@dataclass(frozen=True)
class Undecided:
    """A reading that shows no edition, and why: it is held, or its document is unreadable."""

    id: int
    document_sha256: str
    file_name: str | None
    recorded_at: str
    stands: int | None
    """The older reading of the same document that is shown meanwhile."""
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Withheld:
    """That something was taken out of the history: when, why and by whom, not what it said."""

    table_name: str | None
    """The table of a row; None for a document with all that was read from it."""
    reason: str
    withheld_by: str
    withheld_at: str
    deleted_at: str | None
    """When the operator's own copy was deleted, too."""


@dataclass(frozen=True)
class SourceStanding:
    """What the database knows of the health of one source."""

    source_id: str
    title: str
    lifecycle: str
    last_tried: str | None
    """When it was last fetched, by us."""
    first_tried: str | None
    last_good: str | None
    """When it last gave a definite answer: an accepted document, "unchanged", or "gone"."""
    last_failure: str | None
    """What could not be had when it was last tried."""
    robots: str | None
    """What robots.txt said when it was last tried."""
    never_found: bool
    """It said that there is nothing, and never gave a document."""
    gone: bool
    """Its newest edition was not there any more when it was last tried."""
    taken_down: bool
    """It counts as taken down: it was found gone twice, long enough apart."""
    last_seen: str | None
    """When an edition was last seen in public."""
    editions: int
    changes: int
    last_changed: str | None
    """When the newest of its changes was first observed."""
    links_gone: tuple[str, ...]
    """Documents of a series that its index page linked to once and does so no more."""
    problems: int
    """What could not be read in its newest edition."""
    held: tuple[Undecided, ...]
    unreadable: tuple[Undecided, ...]
    withheld: tuple[Withheld, ...]
    refused: tuple[Refused, ...] = ()
    """Documents that were refused when they were last asked for."""


_SQL = """SELECT sources.id AS source_id, title, lifecycle,
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
    (SELECT max(observed_by) FROM changes WHERE source_id = sources.id
        AND superseded_at IS NULL AND NOT (kind IN ('went_dark', 'restored')
            AND row_key = sources.id)) AS last_changed,
    (SELECT count(*) FROM problems JOIN edition_readings
        ON edition_readings.reading_id = problems.reading_id
        WHERE edition_readings.edition_id = latest_editions.edition_id
        AND superseded_at IS NULL) AS problems
    FROM sources LEFT JOIN latest_editions ON latest_editions.source_id = sources.id
    WHERE :every OR sources.id IN (SELECT value FROM json_each(:wanted))
    ORDER BY sources.id"""


def standings(
    db: Database, now: str, wanted: Collection[str] | None = None
) -> list[SourceStanding]:
    """Return the standing at ``now`` of the sources of these ids, or of all, by id."""
    params = {"every": wanted is None, "wanted": json.dumps(sorted(wanted or ()))}
    tried = answered(db, now)
    return [_standing(db, row, tried[row["source_id"]]) for row in list(db.query(_SQL, params))]


def _standing(db: Database, row: dict[str, Any], tried: Answered) -> SourceStanding:
    source_id = row["source_id"]
    return SourceStanding(
        **{**row, "gone": bool(row["gone"]), "taken_down": bool(row["taken_down"])},
        first_tried=tried.first_tried,
        last_tried=tried.last_tried,
        last_good=tried.last_good,
        never_found=_never_found(db, source_id),
        robots=_robots(db, source_id),
        last_failure=_last_failure(db, source_id),
        links_gone=_links_gone(db, source_id),
        withheld=_withheld(db, source_id),
        held=undecided(db, source_id, "held"),
        unreadable=undecided(db, source_id, "failed"),
        refused=refused(db, source_id),
    )


def never_tried(source: Source) -> SourceStanding:
    """Return the standing of a source of which nothing is known yet."""
    return SourceStanding(
        source_id=source.id,
        title=source.title,
        lifecycle=source.lifecycle,
        last_tried=None,
        first_tried=None,
        last_good=None,
        last_failure=None,
        robots=None,
        never_found=False,
        gone=False,
        taken_down=False,
        last_seen=None,
        editions=0,
        changes=0,
        last_changed=None,
        links_gone=(),
        withheld=(),
        problems=0,
        held=(),
        unreadable=(),
    )


def undecided(db: Database, source_id: str, status: str) -> tuple[Undecided, ...]:
    """Return the readings of a source that are ``held`` or ``failed``, the oldest first.

    Not those whose document was read once more, by a newer parser.
    """
    rows = db.query(
        """SELECT readings.id, document_sha256, file_name, recorded_at,
            (SELECT older.id FROM readings AS older JOIN sightings ON reading_id = older.id
                WHERE older.source_id = readings.source_id
                AND older.document_sha256 = readings.document_sha256 LIMIT 1) AS stands
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


def _never_found(db: Database, source_id: str) -> bool:
    return last_not_found(db, source_id) is not None


def last_not_found(db: Database, source_id: str) -> str | None:
    """Return when a source that never gave anything last said that there is nothing, else None.

    What it refused, and what failed on the way, is neither; nor is a part that is not there, which
    says nothing of the document.
    """
    row = db.execute(
        """SELECT max(captured_at) FROM captures
        WHERE source_id = :source AND role != 'part' AND verdict = 'gone' AND NOT EXISTS (
            SELECT 1 FROM captures AS gave WHERE gave.source_id = :source AND gave.role != 'part'
            AND gave.verdict NOT IN ('gone', 'blocked', 'error'))""",
        {"source": source_id},
    ).fetchone()
    return None if row[0] is None else str(row[0])


def _robots(db: Database, source_id: str) -> str | None:
    found = db.execute(
        """SELECT robots FROM captures WHERE source_id = ? AND proof = 'own'
        ORDER BY run_id DESC, id DESC LIMIT 1""",
        [source_id],
    ).fetchone()
    return found[0] if found else None


def _withheld(db: Database, source_id: str) -> tuple[Withheld, ...]:
    rows = db.query(
        """SELECT table_name, reason, withheld_by, withheld_at, deleted_at FROM withheld
        WHERE source_id = ? ORDER BY id""",
        [source_id],
    )
    return tuple(Withheld(**row) for row in rows)


def _links_gone(db: Database, source_id: str) -> tuple[str, ...]:
    """Return the links that the newest page with links has no more.

    A list is replaced by one of another name, so that its old link says nothing.
    """
    rows = db.execute(
        """SELECT links.address FROM links JOIN sources ON sources.id = source_id
        WHERE source_id = ? AND sources.editions = 'period' AND last_capture_id < (
            SELECT max(last_capture_id) FROM links AS newer
            WHERE newer.source_id = links.source_id)
        ORDER BY links.address""",
        [source_id],
    )
    return tuple(row[0] for row in rows)
