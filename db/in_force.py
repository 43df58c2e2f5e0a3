"""Which version of a text was public at a time, as far as anybody looked.

Between two captures that agree a version holds if they are no further apart than the source's
``max_gap``; between two that differ, one of the two held, and which is not known. After the last
capture it holds for ``max_gap``. At any other time nothing was observed: a text that was first
captured in 2025 is no text of 2017.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from sqlite_utils import Database

_SECOND = timedelta(seconds=1)
_LONGEST = 100 * 366 * 24 * 3600
"""Seconds: no ``max_gap`` reaches beyond the years that a date can have."""


@dataclass(frozen=True)
class Stretch:
    """A time through which one of these editions held; of one alone it is known that it did."""

    start: datetime
    end: datetime
    editions: frozenset[int]


def stretches(db: Database, source_id: str) -> list[Stretch]:
    """Return the observed times of a source, in order."""
    (longest,) = db.execute(
        "SELECT max_gap_seconds FROM sources WHERE id = ?", [source_id]
    ).fetchone()
    gap = timedelta(seconds=min(longest, _LONGEST))
    seen = [
        (datetime.fromisoformat(captured_at), edition_id)
        for captured_at, edition_id in db.execute(
            """SELECT captured_at, edition_id FROM sightings
            JOIN captures ON captures.id = sightings.capture_id
            JOIN editions ON editions.id = sightings.edition_id
            WHERE editions.source_id = ? ORDER BY captured_at, editions.revision""",
            [source_id],
        )
    ]
    found = [Stretch(at, at, frozenset([edition])) for at, edition in seen]
    for (start, before), (end, after) in pairwise(seen):
        if end - start <= gap:
            found.append(Stretch(start, end, frozenset([before, after])))
    if seen:
        last, edition = seen[-1]
        found.append(Stretch(last, last + gap, frozenset([edition])))
    return sorted(found, key=lambda each: (each.start, each.end))


def span_of_day(day: str) -> tuple[datetime, datetime]:
    """Return the first and the last second of a day, in UTC."""
    start = datetime.fromisoformat(f"{day}T00:00:00+00:00")
    return start, start + timedelta(days=1) - _SECOND


def during(found: Iterable[Stretch], start: datetime, end: datetime) -> list[Stretch]:
    """Return the stretches that reach into the time from ``start`` to ``end``."""
    return [each for each in found if each.start <= end and each.end >= start]


def cover(found: Sequence[Stretch], start: datetime, end: datetime) -> bool:
    """Say whether stretches in order leave no moment of the time from ``start`` to ``end`` out."""
    reached = start
    for each in found:
        if each.start > reached:
            return False
        reached = max(reached, each.end)
        if reached >= end:
            return True
    return False
