"""When a source is due: by its schedule and by what came of the last attempts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlite_utils import Database

from db.attempts import Tries, tries
from db.sources import Source as Facts
from sanctuary.schedule import next_date

if TYPE_CHECKING:
    from sanctuary.sources import Source

_FIRST_RETRY = timedelta(hours=1)
_LONGEST_WAIT = timedelta(weeks=1)
"""No server's word keeps a source from being tried for longer than that."""


def is_fetched(source: Source) -> bool:
    """Say whether a source is fetched at all: not what is over, nor what is only imported."""
    has_address = source.address is not None or source.discover.kind == "dated"
    return source.lifecycle == "active" and has_address


def next_due(source: Source, tried: Tries, now: datetime) -> datetime | None:
    """Return from when on a source is due: ``now`` if it was never tried, or in the future.

    That is the next date of its schedule after the last attempt, or sooner: after an attempt
    without an answer in an hour, and in twice that after each further one; after a first answer
    that a document is gone once its ``confirm_after`` has passed. A server that wants to be left
    alone is left alone for as long as it says, a week at most. None if it is not fetched.
    """
    return due_date(source.facts(), tried, now) if is_fetched(source) else None


def due_date(source: Facts, tried: Tries, now: datetime) -> datetime:
    """Return what ``next_due`` does for a source that is fetched, by what the database keeps."""
    last = datetime.fromisoformat(tried.last) if tried.last else None
    if last is None or last > now:
        return now
    dates = [next_date(source.id, source.schedule, source.timezone, last)]
    if tried.failures:
        dates.append(last + min(_FIRST_RETRY * 2 ** min(tried.failures - 1, 10), _LONGEST_WAIT))
    if tried.first_gone:
        first_gone = datetime.fromisoformat(tried.first_gone)
        confirms = first_gone + timedelta(seconds=source.confirm_after_seconds)
        # Tried since and without an answer: then it is due as any failed attempt.
        dates += [confirms] if confirms > last else []
    due = min(dates)
    if tried.retry_after:
        wait = datetime.fromisoformat(tried.retry_after)
        due = max(due, min(wait, last + _LONGEST_WAIT))
    return due


def due_dates(
    db: Database | None, sources: Iterable[Source], now: str
) -> dict[str, datetime | None]:
    """Return by id when each of ``sources`` is due; without a database none was ever tried."""
    moment = datetime.fromisoformat(now)
    return {
        source.id: next_due(source, tries(db, source.facts(), now) if db else Tries(), moment)
        for source in sources
    }
