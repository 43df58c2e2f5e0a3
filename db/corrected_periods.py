"""The periods of which a report came out more than once: what was corrected, by whom.

A later revision of a period is another content under the same period, whoever changed it and why.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True)
class CorrectedPeriod:
    """A period with its first revision and its last."""

    source_id: str
    title: str
    publisher: str
    period_start: str
    period_end: str
    first: int
    last: int

    @property
    def before(self) -> str:
        """What finds the first revision (``db.selectors``)."""
        return f"{self.period_start}..{self.period_end}@{self.first}"

    @property
    def after(self) -> str:
        """What finds the last revision."""
        return f"{self.period_start}..{self.period_end}@{self.last}"


def corrected_periods(
    db: Database, source_id: str | None = None, limit: int = -1
) -> list[CorrectedPeriod]:
    """Return the periods that have revisions, of all sources or of one, the newest first."""
    rows = db.query(
        """SELECT source_id, title, publisher, period_start, period_end,
            min(revision) AS first, max(revision) AS last
        FROM editions JOIN sources ON sources.id = source_id
        JOIN edition_readings ON edition_id = editions.id AND superseded_at IS NULL
        WHERE period_start IS NOT NULL AND (:source IS NULL OR source_id = :source)
        GROUP BY source_id, period_start, period_end HAVING min(revision) < max(revision)
        ORDER BY period_start DESC, source_id LIMIT :limit""",
        {"source": source_id, "limit": limit},
    )
    return [CorrectedPeriod(**row) for row in rows]
