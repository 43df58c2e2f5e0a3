"""Which places the standing lists name as they stand today, or as they stood last."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database

from db.states import standing_lists
from db.withheld import gives_no_rows


@dataclass(frozen=True)
class NamedInState:
    """How many places of a state some lists name, each counted once."""

    state: str
    """Two letters."""
    places: int
    """Without the state itself."""
    itself: bool
    """The state itself is named."""


@dataclass(frozen=True)
class StatedList:
    """A standing list as it was last stated: what it names, and whether it stands."""

    source_id: str
    title: str
    publisher: str
    table: str
    """``listings``, or ``agreements``."""
    in_report: bool
    """It is Section III of a report, which has other sections that name places."""
    partial: bool
    lifecycle: str
    stands: bool
    """It was not taken down, and has not ended."""
    last_stated: str
    """When its newest edition was last seen in public, ISO 8601 in UTC."""
    max_gap_seconds: int
    """For so long after that it counts as observed."""
    notice: str | None
    """What its document says of itself if it is no official one."""
    reading_id: int
    withheld: bool
    """Its document is withheld: what it names is not known here."""
    rows: int
    places: int
    unresolved: int
    """Names on it that stand for no place that is known, or for one of several."""


_LAST = """SELECT latest.source_id, sources.title, publisher, partial, lifecycle, latest.stands,
    latest.last_stated, max_gap_seconds, reading_id, notice,
    EXISTS (SELECT 1 FROM detainer_counts
        WHERE detainer_counts.reading_id = edition_readings.reading_id) AS in_report
    FROM latest_editions AS latest JOIN sources ON sources.id = latest.source_id
    JOIN edition_readings ON edition_readings.edition_id = latest.edition_id
        AND superseded_at IS NULL
    JOIN readings ON readings.id = reading_id
    WHERE latest.source_id = ?"""


def stated_lists(db: Database) -> list[StatedList]:
    """Return every standing list as it was last stated, by title."""
    found = []
    for source_id in standing_lists(db):
        for row in list(db.query(_LAST, [source_id])):
            reading_id = row["reading_id"]
            flags = {name: bool(row[name]) for name in ("partial", "stands", "in_report")}
            table = "listings" if _holds_listings(db, reading_id) else "agreements"
            rows, places, unresolved = _named(db, table, reading_id)
            found.append(
                StatedList(
                    **{**row, **flags},
                    table=table,
                    withheld=gives_no_rows(db, reading_id),
                    rows=rows,
                    places=places,
                    unresolved=unresolved,
                )
            )
    return sorted(found, key=lambda each: (each.title.casefold(), each.source_id))


def _holds_listings(db: Database, reading_id: int) -> bool:
    sql = "SELECT 1 FROM agreements WHERE reading_id = ? LIMIT 1"
    return db.execute(sql, [reading_id]).fetchone() is None


def _named(db: Database, table: str, reading_id: int) -> tuple[int, int, int]:
    """Return how many rows a reading has, the places that they name, and names of none."""
    found: tuple[int, int, int] = db.execute(
        f"""SELECT count(*), count(DISTINCT jurisdiction_id),
            count(DISTINCT name_id) FILTER (WHERE jurisdiction_id IS NULL)
        FROM {table} LEFT JOIN jurisdiction_names ON jurisdiction_names.id = name_id
        WHERE reading_id = ?""",
        [reading_id],
    ).fetchone()
    return found


def named_by_state(db: Database, lists: Iterable[StatedList]) -> list[NamedInState]:
    """Return the states in which these lists name a place, by their letters."""
    rows = db.execute(
        """SELECT state, count(DISTINCT jurisdictions.id) FILTER (WHERE kind != 'state'),
            max(kind = 'state')
        FROM (SELECT name_id FROM listings WHERE reading_id IN (SELECT value FROM json_each(:ids))
            UNION SELECT name_id FROM agreements
            WHERE reading_id IN (SELECT value FROM json_each(:ids)))
        JOIN jurisdiction_names ON jurisdiction_names.id = name_id
        JOIN jurisdictions ON jurisdictions.id = jurisdiction_id GROUP BY state ORDER BY state""",
        {"ids": json.dumps([each.reading_id for each in lists])},
    )
    return [NamedInState(state, places, bool(itself)) for state, places, itself in rows]
