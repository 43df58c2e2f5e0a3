"""How each target of notifications fares: since when it fails, and whether that was told.

That a target fails is told by the others, once, and again when it works.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from db.outbox import FAILING, WORKING, queue


@dataclass(frozen=True)
class TargetState:
    """One target that something was sent to, or was to be."""

    name: str
    failing_since: str | None
    """When the first of the attempts failed that failed one after the other; None if it works."""
    last_error: str | None
    """What was said of the last of them; it holds no secret."""
    last_sent_at: str | None
    reported_at: str | None
    """When the others were told that it fails; None if they were not."""


def targets(db: Database) -> list[TargetState]:
    """Return the targets that were ever sent to, by name."""
    return [TargetState(**row) for row in db.query("SELECT * FROM targets ORDER BY name")]


def forget_targets(db: Database, named: Collection[str]) -> None:
    """Forget how those targets fare that the settings do not name any more."""
    db.execute(
        "DELETE FROM targets WHERE name NOT IN (SELECT value FROM json_each(?))",
        [json.dumps(sorted(named))],
    )


def target_worked(db: Database, name: str, now: str) -> None:
    """Note that something was sent to a target; that is told if its failure was."""
    with db.atomic():
        before = _state(db, name)
        if before.reported_at is not None:
            queue(db, WORKING, [_key(before)], None, now)
        db.execute(
            """UPDATE targets SET failing_since = NULL, last_error = NULL, reported_at = NULL,
                last_sent_at = ? WHERE name = ?""",
            [now, name],
        )


def target_failed(db: Database, name: str, error: str, failing_after: timedelta, now: str) -> None:
    """Note that nothing could be sent to a target; once it fails for longer that is told.

    ``error`` holds no secret: it is published with the database.
    """
    with db.atomic():
        before = _state(db, name)
        since = before.failing_since or now
        db.execute(
            "UPDATE targets SET failing_since = ?, last_error = ? WHERE name = ?",
            [since, error, name],
        )
        lasted = datetime.fromisoformat(now) - datetime.fromisoformat(since)
        if before.reported_at is None and lasted >= failing_after:
            db.execute("UPDATE targets SET reported_at = ? WHERE name = ?", [now, name])
            queue(db, FAILING, [_key(_state(db, name))], None, now)


def _key(target: TargetState) -> str:
    return f"{target.name} {target.failing_since}"


def _state(db: Database, name: str) -> TargetState:
    """Return the state of a target, which is noted from now on."""
    db.execute("INSERT INTO targets (name) VALUES (?) ON CONFLICT DO NOTHING", [name])
    (row,) = db.query("SELECT * FROM targets WHERE name = ?", [name])
    return TargetState(**row)
