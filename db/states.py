"""What every standing list says of a place on a day: listed, not listed, or why that is not known.

How the days between captures are judged is said in ``db.timeline``. Each published report replaces
the one before it. Names are taken for the places that they are taken for today, also in what this
database said on an earlier day: who somebody is does not depend on the day.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from db.life import Seen, withdrawals
from db.observations import KnownEdition, Observation, end_of, observations, standing
from db.sources import Source, load_source
from db.timeline import Event, Names, State, Timeline, Window

__all__ = ["PlaceState", "State", "Window", "standing_lists", "states_on", "windows_of"]

TABLES = ("listings", "agreements")
"""The standing tables whose rows name a place."""


def standing_lists(db: Database) -> list[str]:
    """Return the ids of the sources that are standing lists, in order: whose rows name places."""
    return [
        row[0]
        for row in db.execute(
            """SELECT DISTINCT source_id FROM reading_sizes JOIN document_readings
                ON document_readings.reading_id = reading_sizes.reading_id
            WHERE table_name IN ('listings', 'agreements') ORDER BY source_id"""
        )
    ]


def timeline_of(db: Database, source_id: str, known_on: str | None = None) -> Timeline:
    """Return all that was observed of a standing list, as known at the end of a day.

    ``known_on`` is an ISO day; without it, as known now. Raises KeyError if the database does not
    know the source, ValueError if ``known_on`` is no day.
    """
    source = load_source(db, source_id)
    return Timeline(source, events_of(db, source, known_on), _names(db, source_id))


def events_of(db: Database, source: Source, known_on: str | None = None) -> tuple[Event, ...]:
    """Return the captures that say something of a standing list, in the order of time.

    ``known_on`` is as in ``timeline_of``.
    """
    observed = observations(db, source.id, known_on)
    return tuple(_events(source, observed, _gone(db, source, observed, known_on)))


def windows_of(
    db: Database, source_id: str, jurisdiction_id: str, known_on: str | None = None
) -> list[Window]:
    """Return what a standing list says of a place, in the order of days: every day lies in one.

    ``known_on`` is an ISO day: what this database said at its end; without it, what it says now.
    Raises KeyError if the database does not know the source, ValueError if ``known_on`` is no day.
    """
    source = load_source(db, source_id)
    names = _names(db, source_id, jurisdiction_id)
    events = events_of(db, source, known_on) if known_on is not None else _kept(db, source_id)
    return Timeline(source, events, names).windows(jurisdiction_id)


def _kept(db: Database, source_id: str) -> tuple[Event, ...]:
    """Return what ``events_of`` does as known now, from the table that keeps it.

    The editions are without their observations.
    """
    editions = {
        row["id"]: KnownEdition(
            row["period_start"],
            row["period_end"],
            row["revision"],
            row["content_hash"],
            row["reading_id"],
        )
        for row in db.query(
            """SELECT editions.*, reading_id FROM editions JOIN edition_readings
                ON edition_id = editions.id AND superseded_at IS NULL WHERE source_id = ?""",
            [source_id],
        )
    }
    rows = db.execute(
        """SELECT captured_at, capture_id, edition_id, reading_id FROM list_events
        WHERE source_id = ? ORDER BY captured_at, capture_id""",
        [source_id],
    )
    return tuple(
        Event(at, capture_id, editions[edition_id] if edition_id else None, reading_id)
        for at, capture_id, edition_id, reading_id in rows
    )


@dataclass(frozen=True)
class PlaceState:
    """What a standing list says of a place on a day."""

    source_id: str
    jurisdiction_id: str
    state: State
    unresolved_names: int


def states_on(
    db: Database, day: str, known_on: str | None = None, lists: Iterable[str] | None = None
) -> list[PlaceState]:
    """Return what each standing list says on a day of every place that it ever named, in order.

    ``lists`` are the ids of sources, by default all standing lists; ``known_on`` is as in
    ``windows_of``, and raises the same.
    """
    found = []
    for source_id in standing_lists(db) if lists is None else lists:
        timeline = timeline_of(db, source_id, known_on)
        for place in sorted(timeline.places):
            window = timeline.window_on(place, day)
            found.append(PlaceState(source_id, place, window.state, window.unresolved_names))
    return found


def _events(
    source: Source, observed: list[Observation], gone: list[tuple[str, int, str]]
) -> Iterator[Event]:
    """Yield what was seen of a list in the order of time.

    It counts as taken down when the last of the addresses is gone at which the edition was up that
    stands: a list that moved is not. At the addresses of older editions nobody looks any more.
    """
    shown = {each.capture_id: edition for each, edition in standing(source, observed)}
    merged = sorted(
        [
            *((each.captured_at, each.capture_id, each) for each in observed),
            *((at, capture_id, address) for at, capture_id, address in gone),
        ],
        key=lambda each: (each[0], each[1]),
    )
    current: KnownEdition | None = None
    up: set[str] = set()
    ever: set[str] = set()
    for at, capture_id, what in merged:
        if isinstance(what, Observation):
            edition = shown.get(capture_id)
            if edition is None:
                continue
            if edition is not current:
                up.clear()
                ever.clear()
            current = edition
            if what.address is not None:
                up.add(what.address)
                ever.add(what.address)
            yield Event(at, capture_id, edition, what.reading_id)
        elif what in ever:
            up.discard(what)
            if not up:
                yield Event(at, capture_id, None, None)


def _gone(
    db: Database, source: Source, observed: list[Observation], known_on: str | None
) -> list[tuple[str, int, str]]:
    """Return the captures that found an address gone, where that is a confirmed withdrawal."""
    captures = db.execute(
        """SELECT captured_at, id, address FROM captures
        WHERE source_id = :source_id AND verdict = 'gone' AND role = 'document'
        AND address IS NOT NULL AND (:known_before IS NULL OR recorded_at < :known_before)
        ORDER BY captured_at, id""",
        {"source_id": source.id, "known_before": known_on and end_of(known_on)},
    ).fetchall()
    found = []
    for address in {row[2] for row in captures}:
        history = [
            *(Seen(at, None, capture_id) for at, capture_id, where in captures if where == address),
            *(
                Seen(each.captured_at, each.reading_id, each.capture_id)
                for each in observed
                if each.address == address
            ),
        ]
        history.sort(key=lambda seen: (seen.captured_at, seen.capture_id))
        for each in withdrawals(source, history):
            found += [(gone.captured_at, gone.capture_id, address) for gone in each.gone]
    return found


def _names(db: Database, source_id: str, jurisdiction_id: str | None = None) -> dict[int, Names]:
    """Return the places that the readings of a source name, by the ids of the readings.

    With ``jurisdiction_id`` only that place, beside the names not resolved that may be it.
    """
    places: dict[int, set[str]] = {}
    unresolved: dict[int, list[frozenset[str]]] = {}
    for table in TABLES:
        rows = db.execute(
            f"""SELECT DISTINCT reading_id, jurisdiction_names.id, jurisdiction_id, candidates
            FROM jurisdiction_names CROSS JOIN {table} ON name_id = jurisdiction_names.id
            WHERE source_id = :source
            AND (:place IS NULL OR jurisdiction_id = :place OR jurisdiction_id IS NULL
                AND (candidates = '[]' OR instr(candidates, json_quote(:place))))
            ORDER BY reading_id, jurisdiction_names.id""",
            {"source": source_id, "place": jurisdiction_id},
        )
        for reading_id, _, named, candidates in rows:
            if named is not None:
                places.setdefault(reading_id, set()).add(named)
            else:
                unresolved.setdefault(reading_id, []).append(frozenset(json.loads(candidates)))
    return {
        reading_id: Names(
            frozenset(places.get(reading_id, ())), tuple(unresolved.get(reading_id, ()))
        )
        for reading_id in {*places, *unresolved}
    }
