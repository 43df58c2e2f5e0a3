"""What was told of one change, from the first time to the last: every row of its public id.

A change keeps its public id when a late document narrows its window; the row before is closed and
stays (``db.changes``).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True)
class Telling:
    """One row of a change: the window it was told with, and how long that stood."""

    observed_after: str | None
    observed_by: str
    recorded_at: str
    superseded_at: str | None
    """When the row was closed; None for the one that stands."""


def tellings(db: Database, public_id: str) -> list[Telling]:
    """Return how a change was told, the first time first; nothing for an unknown public id."""
    rows = db.query(
        """SELECT observed_after, observed_by, recorded_at, superseded_at FROM changes
        WHERE public_id = ? ORDER BY id""",
        [public_id],
    )
    return [Telling(**row) for row in rows]


def first_told(db: Database, public_ids: list[str]) -> dict[str, str]:
    """Return when each change was first recorded, by public id."""
    marks = ",".join("?" * len(public_ids))
    rows = db.execute(
        f"""SELECT public_id, min(recorded_at) FROM changes WHERE public_id IN ({marks})
        GROUP BY public_id""",
        public_ids,
    )
    return dict(rows.fetchall())


def others_of_row(db: Database, public_id: str, limit: int) -> list[str]:
    """Return the public ids of the current changes of the same row or address, the newest first.

    Without the change itself.
    """
    rows = db.execute(
        """SELECT DISTINCT other.public_id, other.observed_by FROM changes AS this
        JOIN changes AS other ON other.source_id = this.source_id
            AND other.table_name IS this.table_name AND other.row_key = this.row_key
        WHERE this.public_id = :public_id AND other.superseded_at IS NULL
        AND other.public_id != :public_id
        ORDER BY other.observed_by DESC, other.public_id LIMIT :limit""",
        {"public_id": public_id, "limit": limit},
    )
    return [row[0] for row in rows]
