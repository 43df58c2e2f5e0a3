"""How much each standing list named over time, and when nobody can say: for the list as a whole.

The rules are those of ``db.timeline``, by the moment instead of the day. Between two captures that
show different editions, or of which one found the list gone, the change happened at a moment that
nobody saw; where they lie further apart than ``max_gap``, nothing was observed at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import zip_longest

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
    longest = timedelta(seconds=source.max_gap_seconds)
    # Of the captures of one second the last says what stood then.
    known = list({event.at: event for event in events if event.at < end}.values())
    runs = _runs(known, longest)
    for run, after in zip_longest(runs, runs[1:]):
        last = run[-1]
        if after is not None:
            until = last.at
        elif last.edition is None:
            until = end
        else:
            until = min(f"{_moment(last) + longest:%Y-%m-%dT%H:%M:%SZ}", end)
        yield _shown(run, until, names)
        follows = after[0].at if after is not None else end
        if until < follows:
            near = after is not None and _is_near(last, after[0], longest)
            yield Stretch(Seen.TURNING if near else Seen.NOT_OBSERVED, until, follows, None, None)
    if events and end < now:
        yield Stretch(Seen.ENDED, end, now, None, None)


def _runs(events: Iterable[Event], longest: timedelta) -> list[list[Event]]:
    """Return captures that show the same, as long as none is too far from the next."""
    runs: list[list[Event]] = []
    for event in events:
        before = runs[-1][-1] if runs else None
        if (
            before is not None
            and before.edition is event.edition
            and (event.edition is None or _is_near(before, event, longest))
        ):
            runs[-1].append(event)
        else:
            runs.append([event])
    return runs


def _is_near(one: Event, other: Event, longest: timedelta) -> bool:
    return _moment(other) - _moment(one) <= longest


def _moment(event: Event) -> datetime:
    return datetime.fromisoformat(event.at)


def _shown(run: Sequence[Event], until: str, names: Mapping[int, int]) -> Stretch:
    """Return what captures that show the same say, as it held until a later moment."""
    first, last = run[0], run[-1]
    if last.edition is None:
        return Stretch(Seen.WITHDRAWN, first.at, until, None, None)
    count = names.get(last.reading_id or 0, 0)
    return Stretch(Seen.PUBLIC, first.at, until, count, last.edition.selector)


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
