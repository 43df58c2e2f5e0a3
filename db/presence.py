"""How much each standing list named over time, and when nobody can say: for the list as a whole.

The rules are those of ``db.timeline``, by the moment instead of the day. Between two captures that
show different editions, or of which one found the list gone, the change happened at a moment that
nobody saw; where they lie further apart than ``max_gap``, nothing was observed at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from sqlite_utils import Database

from db.sources import Source, load_source
from db.states import events_of
from db.timeline import Event, Timeline


class Seen(StrEnum):
    """What is known of a list as a whole in a stretch of time."""

    PUBLIC = "public"
    TURNING = "changed in between"
    NOT_OBSERVED = "not observed"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


@dataclass(frozen=True)
class Stretch:
    """A time in which the same is known of a list."""

    seen: Seen
    since: str
    """ISO 8601 in UTC."""
    until: str
    names: int | None
    """How many names the edition held, or agreements; None where none was public."""
    edition: str | None
    """Its selector (``db.observations.KnownEdition.selector``); None where none was public."""


@dataclass(frozen=True)
class Presence:
    """A standing list through all the time in which it was watched."""

    source: Source
    table: str
    """``listings``, or ``agreements``."""
    stretches: tuple[Stretch, ...]
    """In the order of time, each beginning where the one before it ends; the last ends now."""
    last_seen: str | None
    """When a capture showed it last, ISO 8601 in UTC; None if none did."""


def presence(db: Database, source_id: str, now: str) -> Presence:
    """Return how much a standing list named up to ``now``, ISO 8601 in UTC.

    Raises KeyError if the database does not know the source.
    """
    source = load_source(db, source_id)
    table, names = _names_by_reading(db, source_id)
    events = [event for event in events_of(db, source) if event.at <= now]
    shown = [event.at for event in events if event.edition is not None]
    return Presence(
        source, table, tuple(stretches(source, events, names, now)), shown[-1] if shown else None
    )


def stretches(
    source: Source, events: Sequence[Event], names: Mapping[int, int], now: str
) -> Iterator[Stretch]:
    """Yield what is known of a list from the first of its ``events`` to ``now``.

    The events lie in the order of time, none after ``now``; ``names`` counts those of each reading.
    """
    ended_on = Timeline(source, tuple(events), {}).ended_on
    end = min(now, f"{ended_on}T00:00:00Z") if ended_on else now
    known = list({event.at: event for event in events if event.at < end}.values())
    yield from _merged(_known(source, known, names, end))
    if events and end < now:
        yield Stretch(Seen.ENDED, end, now, None, None)


def _known(
    source: Source, events: Sequence[Event], names: Mapping[int, int], end: str
) -> Iterator[Stretch]:
    """Yield what is known at each capture, up to the next, and after the last up to ``end``."""
    longest = timedelta(seconds=source.max_gap_seconds)
    for one, other in pairwise(events):
        yield _at(one, one.at, names)
        seen = _between(one, other, longest)
        if seen in (Seen.TURNING, Seen.NOT_OBSERVED):
            yield Stretch(seen, one.at, other.at, None, None)
        else:
            yield _at(one, other.at, names)
    if not events:
        return
    last = events[-1]
    holds = f"{datetime.fromisoformat(last.at) + longest:%Y-%m-%dT%H:%M:%SZ}"
    yield _at(last, end if last.edition is None else min(holds, end), names)
    if last.edition is not None and holds < end:
        yield Stretch(Seen.NOT_OBSERVED, holds, end, None, None)


def _between(one: Event, other: Event, longest: timedelta) -> Seen:
    if one.edition is None and other.edition is None:
        return Seen.WITHDRAWN
    if datetime.fromisoformat(other.at) - datetime.fromisoformat(one.at) > longest:
        return Seen.NOT_OBSERVED
    return Seen.PUBLIC if one.edition is other.edition else Seen.TURNING


def _at(event: Event, until: str, names: Mapping[int, int]) -> Stretch:
    """Return what a capture showed, as it held until a later moment."""
    if event.edition is None:
        return Stretch(Seen.WITHDRAWN, event.at, until, None, None)
    count = names.get(event.reading_id or 0, 0)
    return Stretch(Seen.PUBLIC, event.at, until, count, event.edition.selector)


def _merged(stretches: Iterator[Stretch]) -> Iterator[Stretch]:
    """Yield stretches with those made one that say the same one after the other."""
    held: Stretch | None = None
    for each in stretches:
        if held is not None and replace(held, since=each.since, until=each.until) == each:
            held = replace(held, until=each.until)
            continue
        if held is not None:
            yield held
        held = each
    if held is not None:
        yield held


def _names_by_reading(db: Database, source_id: str) -> tuple[str, dict[int, int]]:
    """Return the table in which a list stands, and how much of it each of its readings holds."""
    of_source = "reading_id IN (SELECT reading_id FROM document_readings WHERE source_id = ?)"
    found = db.execute(
        f"""SELECT reading_id, count(DISTINCT name_id) FROM listings
        WHERE {of_source} GROUP BY reading_id""",
        [source_id],
    ).fetchall()
    if found:
        return "listings", dict(found)
    rows = db.execute(
        f"SELECT reading_id, count(*) FROM agreements WHERE {of_source} GROUP BY reading_id",
        [source_id],
    )
    return "agreements", dict(rows.fetchall())
