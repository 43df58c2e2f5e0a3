"""How fresh a source is: when it is due, and whether its deadline has passed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlite_utils import Database

from db.attempts import Answered, tries
from db.sources import Source as Facts
from db.standing import SourceStanding, last_not_found
from sanctuary.clock import in_utc
from sanctuary.due import due_date, is_fetched

if TYPE_CHECKING:
    from sanctuary.sources import Source


@dataclass(frozen=True)
class Freshness:
    """What the schedule and the deadline of a source say at one moment."""

    watched: bool
    """It is fetched: it is active in ``sources.yml`` and has an address."""
    next_due: str | None = None
    """ISO 8601 in UTC; None if it is not fetched."""
    deadline_seconds: int | None = None
    """How long it may be unreadable; None if it is not fetched."""
    unread_since: str | None = None
    """Since when there was no answer, if that is longer than its deadline: it is past that."""


def freshness(
    db: Database, source: Source, standing: SourceStanding, watched_since: str, now: str
) -> Freshness:
    """Return how fresh ``source`` is at ``now``.

    ``watched_since`` is a moment at which it was watched already; it counts for one that was never
    tried.
    """
    if not is_fetched(source):
        return Freshness(False)
    answered = Answered(standing.first_tried, standing.last_tried, standing.last_good)
    return freshness_of(db, source.facts(), answered, watched_since, now)


def freshness_of(
    db: Database, source: Facts, answered: Answered, watched_since: str, now: str
) -> Freshness:
    """Return what ``freshness`` does for a source that is fetched, by what the database keeps."""
    due = due_date(source, tries(db, source, now), datetime.fromisoformat(now))
    since = unread_since(db, source, answered, watched_since, now)
    return Freshness(True, in_utc(due), source.deadline_seconds, since)


def unread_since(
    db: Database, source: Facts, answered: Answered, watched_since: str, now: str
) -> str | None:
    """Return since when a source that is fetched had no answer, if that is past its deadline."""
    # Where an address never gave anything, "not found" is an answer: nothing has gone dark.
    since = answered.last_good or last_not_found(db, source.id) or answered.first_tried
    since = since or watched_since
    seconds = source.deadline_seconds
    return since if seconds is not None and _is_late(since, seconds, now) else None


def watched_since(db: Database, sources_file: Path) -> str:
    """Return a moment at which every source of the file was watched, as far as that is known.

    That is when the file was last written, or where it is older when the first run began.
    """
    written = in_utc(datetime.fromtimestamp(sources_file.stat().st_mtime, UTC))
    first_run = db.execute("SELECT min(started_at) FROM runs").fetchone()[0]
    return max(written, first_run or "")


def _is_late(since: str, seconds: int, now: str) -> bool:
    waited = datetime.fromisoformat(now) - datetime.fromisoformat(since)
    return waited > timedelta(seconds=seconds)
