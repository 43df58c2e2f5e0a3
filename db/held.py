"""A reading that waits for a decision: why, and between which editions it would stand."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from sqlite_utils import Database

from db.comparison import EDITIONS, Edition, load_editions
from db.replay import standing_reading
from db.selectors import edition_before
from db.sources import Source, load_source
from db.windows import predecessor
from parsers.records import Check, Problem, spot_from_json


@dataclass(frozen=True)
class HeldReading:
    """A reading with all that a person needs to decide about it."""

    id: int
    source_id: str
    document_sha256: str
    file_name: str | None
    status: str
    parser: str
    parser_version: str
    notice: str | None
    """What the document says of itself if it is no official one."""
    recorded_at: str
    decided_at: str | None
    decided_by: str | None
    decision_reason: str | None
    failed: tuple[Check, ...]
    """The checks that failed, those that hold it first."""
    problems: tuple[Problem, ...]
    """Without the printed text where it is about an individual."""
    stands: int | None
    """The reading of the same document that is shown meanwhile."""
    before: Edition | None
    """What it would follow, or take the place of; None if there is no such edition."""
    after: Edition | None
    """The edition that it would make; None for a document that could not be read."""


def held_reading(db: Database, reading_id: int) -> HeldReading:
    """Return a reading with why it waits and the editions to compare.

    Raises KeyError if there is none of that id.
    """
    for row in db.query(
        """SELECT readings.id, source_id, document_sha256, file_name, status, parser,
            parser_version, notice, recorded_at, decided_at, decided_by, decision_reason
        FROM readings JOIN documents ON sha256 = document_sha256 WHERE readings.id = ?""",
        [reading_id],
    ):
        stands = standing_reading(db, row["source_id"], row["document_sha256"])
        before, after = _sides(db, reading_id, stands)
        return HeldReading(
            **row,
            failed=_failed(db, reading_id),
            problems=_problems(db, reading_id),
            stands=None if stands == reading_id else stands,
            before=before,
            after=after,
        )
    raise KeyError(reading_id)


def _failed(db: Database, reading_id: int) -> tuple[Check, ...]:
    rows = db.query(
        """SELECT name, passed, required, message, expected, actual FROM checks
        WHERE reading_id = ? AND NOT passed ORDER BY NOT required, id""",
        [reading_id],
    )
    return tuple(
        Check(**{**row, "passed": False, "required": bool(row["required"])}) for row in rows
    )


def _problems(db: Database, reading_id: int) -> tuple[Problem, ...]:
    rows = db.query(
        "SELECT kind, message, text, evidence FROM problems WHERE reading_id = ? ORDER BY id",
        [reading_id],
    )
    return tuple(
        Problem(
            row["kind"],
            row["message"],
            row["text"],
            evidence=tuple(spot_from_json(spot) for spot in json.loads(row["evidence"])),
        )
        for row in rows
    )


def _sides(
    db: Database, reading_id: int, stands: int | None
) -> tuple[Edition | None, Edition | None]:
    """Return the editions before and after a reading, as if it had been accepted."""
    read = next(
        db.query(
            """SELECT 0 AS id, readings.source_id, period_start, period_end, 1 AS revision,
                min(captured_at) AS public_from, max(captured_at) AS public_until,
                readings.id AS reading_id, readings.document_sha256, notice
            FROM readings JOIN captures ON captures.source_id = readings.source_id
                AND captures.document_sha256 = readings.document_sha256
            WHERE readings.id = ? AND content_hash IS NOT NULL GROUP BY readings.id""",
            [reading_id],
        ),
        None,
    )
    if read is None:
        return None, None
    after = Edition(**read)
    if stands is not None:
        shown = _shown(db, stands)
        return shown, replace(shown, reading_id=reading_id, notice=after.notice)
    before = _before(db, load_source(db, after.source_id), after)
    if before is not None and before.period == after.period:
        after = replace(after, revision=before.revision + 1)
    return before, after


def _shown(db: Database, reading_id: int) -> Edition:
    """Return the first edition that shows a reading, by its captures."""
    (edition_id,) = db.execute(
        """SELECT edition_id FROM sightings JOIN captures ON captures.id = capture_id
        WHERE reading_id = ? ORDER BY captured_at, captures.id LIMIT 1""",
        [reading_id],
    ).fetchone()
    (edition,) = load_editions(db, [edition_id])
    return edition


def _before(db: Database, source: Source, after: Edition) -> Edition | None:
    if source.editions == "content":
        return edition_before(db, source, after.public_from, None)
    for row in db.query(
        f"""{EDITIONS} WHERE editions.source_id = ? AND editions.period_start = ?
        AND editions.period_end = ? AND editions.public_from <= ?
        ORDER BY editions.revision DESC LIMIT 1""",
        [source.id, after.period_start, after.period_end, after.public_from],
    ):
        return Edition(**row)
    return predecessor(db, after)
