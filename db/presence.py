"""How much each standing list named over time, and when nobody can say: for the list as a whole.

The rules are those of ``db.timeline``, by the moment instead of the day. Between two captures that
show different editions, or of which one found the list gone, the change happened at a moment that
nobody saw; where they lie further apart than ``max_gap``, nothing was observed at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import zip_longest

from sqlite_utils import Database

from db.sources import Source, load_source
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
    last_look, last_seen = db.execute(
        """SELECT max(captured_at), max(captured_at) FILTER (WHERE edition_id IS NOT NULL)
        FROM list_events WHERE source_id = ? AND captured_at <= ?""",
        [source_id, now],
    ).fetchone()
    table, names = _names(db, source_id)
    found: list[Stretch] = []
    if last_look is not None:
        end = min(_ended(source, last_look) or now, now)
        runs = runs_before(db, source, end)
        found += stretches(source, runs, names, _selectors(db, source_id), end)
        if end < now:
            found.append(Stretch(Seen.ENDED, end, now, None, None))
    return Presence(source, table, tuple(found), last_seen)


def _ended(source: Source, last_look: str) -> str | None:
    """Return from which moment on a series has ended (``db.timeline``), None if it has not."""
    last = Event(last_look, 0, None, None)
    day = Timeline(source, (last,), {}).ended_on
    return f"{day}T00:00:00Z" if day else None


@dataclass
class Run:
    """Captures one after the other that show the same, none too far from the next.

    Their times are seconds since 1970: of thousands of captures a page looks at a few.
    """

    first: int
    last: int
    edition_id: int | None
    """None where they found the list gone."""
    reading_id: int | None


def runs_before(db: Database, source: Source, end: str) -> list[Run]:
    """Return the runs of captures of a list before ``end``, in the order of time.

    Of the captures of one second the last says what stood then. What was gone stays so however long
    nobody looks.
    """
    looks = db.execute(
        """SELECT unixepoch(captured_at), edition_id, reading_id FROM list_events
        WHERE source_id = ? AND captured_at < ? ORDER BY captured_at, capture_id""",
        [source.id, end],
    )
    runs: list[Run] = []
    for at, edition_id, reading_id in {look[0]: look for look in looks}.values():
        run = runs[-1] if runs else None
        if (
            run is not None
            and run.edition_id == edition_id
            and (edition_id is None or at - run.last <= source.max_gap_seconds)
        ):
            run.last = at
        else:
            runs.append(Run(at, at, edition_id, reading_id))
    return runs


def stretches(
    source: Source,
    runs: Sequence[Run],
    names: Mapping[int, int],
    selectors: Mapping[int, str],
    end: str,
) -> Iterator[Stretch]:
    """Yield what is known of a list from the first of its runs to ``end``.

    ``names`` counts those of each reading, and ``selectors`` name each edition.
    """
    longest = source.max_gap_seconds
    ends = datetime.fromisoformat(end).timestamp()
    for run, after in zip_longest(runs, runs[1:]):
        since, follows = _iso(run.first), _iso(after.first) if after is not None else end
        if after is not None:
            until = _iso(run.last)
        else:
            holds = run.edition_id is None or run.last + longest >= ends
            until = end if holds else _iso(run.last + longest)
        if run.edition_id is None:
            yield Stretch(Seen.WITHDRAWN, since, until, None, None)
        else:
            count = names.get(run.reading_id or 0, 0)
            yield Stretch(Seen.PUBLIC, since, until, count, selectors[run.edition_id])
        if until < follows:
            near = after is not None and after.first - run.last <= longest
            yield Stretch(Seen.TURNING if near else Seen.NOT_OBSERVED, until, follows, None, None)


def _iso(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _selectors(db: Database, source_id: str) -> dict[int, str]:
    """Return by id what names each edition (``db.comparison.Edition.selector``)."""
    rows = db.execute(
        """SELECT id, coalesce(period_start || '..' || period_end || '@' || revision, public_from)
        FROM editions WHERE source_id = ? AND public_from IS NOT NULL""",
        [source_id],
    )
    return dict(rows.fetchall())


def _names(db: Database, source_id: str) -> tuple[str, dict[int, int]]:
    """Return the table in which a list stands, and how much of it each of its readings holds."""
    rows = db.execute(
        """SELECT table_name, reading_id, iif(table_name = 'listings', names, rows)
        FROM reading_sizes JOIN readings ON readings.id = reading_id
        WHERE source_id = ? AND table_name IN ('listings', 'agreements')""",
        [source_id],
    ).fetchall()
    table = "agreements" if any(row[0] == "agreements" for row in rows) else "listings"
    return table, {reading: count for name, reading, count in rows if name == table}
