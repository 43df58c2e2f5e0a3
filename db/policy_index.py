"""All policies that are watched: whose they are, when they last changed, and how they stand."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from db.stands import state_of_newest
from db.timeline import ListState


@dataclass(frozen=True)
class WatchedPolicy:
    """A source of policies."""

    id: str
    title: str
    publisher: str
    printed: str | None
    """Whose it is, as printed."""
    jurisdiction_id: str | None
    """The place that this is taken for; None where it is not resolved."""
    place: str | None
    state: str | None
    """Two letters."""
    state_name: str | None
    versions: int
    last_changed: str | None
    """When its newest change was first seen; None if none was."""
    last_stated: str | None
    """When its newest version was last seen; None if none is held."""
    stands: ListState | None
    """None if no version is held."""
    notice: str | None
    """What its newest document says of itself if it is no official one."""


_SQL = """WITH watched AS (
        SELECT id FROM sources WHERE jurisdiction IS NOT NULL
        UNION SELECT readings.source_id FROM policies JOIN edition_readings
            ON edition_readings.reading_id = policies.reading_id AND superseded_at IS NULL
        JOIN readings ON readings.id = policies.reading_id)
    SELECT sources.id, sources.title, publisher, lifecycle, ended_on, max_gap_seconds,
        coalesce(sources.jurisdiction, policies.jurisdiction) AS printed,
        places.id AS jurisdiction_id, places.name AS place, places.state,
        coalesce(states.name, places.state) AS state_name,
        (SELECT count(*) FROM editions JOIN edition_readings ON edition_id = editions.id
            AND superseded_at IS NULL WHERE editions.source_id = sources.id) AS versions,
        (SELECT max(observed_by) FROM changes WHERE changes.source_id = sources.id
            AND superseded_at IS NULL AND cause != 'replay'
            AND table_name IN ('policies', 'policy_sections')) AS last_changed,
        latest_editions.last_stated, latest_editions.stands AS is_up, notice
    FROM watched JOIN sources ON sources.id = watched.id
    LEFT JOIN latest_editions ON latest_editions.source_id = sources.id
    LEFT JOIN edition_readings ON edition_readings.edition_id = latest_editions.edition_id
        AND superseded_at IS NULL
    LEFT JOIN readings ON readings.id = edition_readings.reading_id
    LEFT JOIN policies ON policies.id = (SELECT first.id FROM policies AS first
        WHERE first.reading_id = readings.id ORDER BY position LIMIT 1)
    LEFT JOIN jurisdiction_names AS own ON own.source_id = sources.id
        AND own.printed = sources.jurisdiction AND own.context = '{}'
    LEFT JOIN jurisdiction_names AS named ON named.id = policies.name_id
    LEFT JOIN jurisdictions AS places
        ON places.id = coalesce(own.jurisdiction_id, named.jurisdiction_id)
    LEFT JOIN jurisdictions AS states ON states.kind = 'state' AND states.state = places.state
    ORDER BY state_name IS NULL, state_name COLLATE NOCASE,
        coalesce(places.name, sources.jurisdiction, policies.jurisdiction), sources.title,
        sources.id"""


def watched_policies(db: Database, now: str) -> list[WatchedPolicy]:
    """Return all policies by state and jurisdiction, and how each stands ``now``, a moment.

    Those whose jurisdiction is not resolved come last.
    """
    found = []
    for row in db.query(_SQL):
        lifecycle, ended_on = row.pop("lifecycle"), row.pop("ended_on")
        gap, is_up = row.pop("max_gap_seconds"), row.pop("is_up")
        stands = None
        if row["last_stated"] is not None:
            stands = state_of_newest(
                lifecycle=lifecycle,
                ended_on=ended_on,
                stands=bool(is_up),
                last_stated=row["last_stated"],
                max_gap_seconds=gap,
                now=now,
            )
        found.append(WatchedPolicy(**row, stands=stands))
    return found
