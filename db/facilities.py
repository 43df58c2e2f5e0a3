"""The facilities that Section II prints, each once for its source and the place printed beside it.

Where one stands and who runs it is a person's word alone: what is printed beside it is the place
that a detainer was sent to. The names come from rows about individuals, and are closed with them.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

_NOTE = """INSERT OR IGNORE INTO facilities (source_id, printed, jurisdiction_printed)
    SELECT DISTINCT source_id, facility, jurisdiction FROM declined_detainers
    JOIN readings ON readings.id = reading_id WHERE facility IS NOT NULL"""
UNPRINTED = """source_id = ? AND NOT EXISTS (
    SELECT 1 FROM declined_detainers JOIN readings ON readings.id = reading_id
    WHERE readings.source_id = facilities.source_id AND facility = facilities.printed
    AND jurisdiction = jurisdiction_printed)"""
"""In SQL: a facility that no row of its source prints any more."""


def note_facilities(db: Database, reading_id: int) -> None:
    """Note the facilities that the rows of a reading print.

    Call it in the transaction that stored them.
    """
    db.execute(f"{_NOTE} AND reading_id = ?", [reading_id])


def note_all_facilities(db: Database) -> None:
    """Note the facilities of all rows that are held."""
    db.execute(_NOTE)


@dataclass(frozen=True)
class Whereabouts:
    """Where a facility stands and who runs it, by a person's word; None where nobody said."""

    location_id: str | None = None
    operator_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class NotedFacility:
    """A facility as it is noted."""

    id: int
    source_id: str
    printed: str
    jurisdiction_printed: str
    whereabouts: Whereabouts


def facilities(db: Database) -> list[NotedFacility]:
    """Return all facilities: by source, place printed beside them, and name."""
    rows = db.query(
        """SELECT id, source_id, printed, jurisdiction_printed, location_id, operator_id, reason
        FROM facilities ORDER BY source_id, jurisdiction_printed, printed"""
    )
    keys = ("location_id", "operator_id", "reason")
    found = []
    for row in rows:
        whereabouts = Whereabouts(**{key: row.pop(key) for key in keys})
        found.append(NotedFacility(**row, whereabouts=whereabouts))
    return found


def newest_facility(db: Database) -> int:
    """Return the id of the facility that was noted last, 0 if there is none."""
    return int(db.execute("SELECT coalesce(max(id), 0) FROM facilities").fetchone()[0])


def place_facility(db: Database, facility_id: int, whereabouts: Whereabouts) -> None:
    """Write where a facility stands and who runs it, or that nobody said. The places are known."""
    db.table("facilities").update(
        facility_id,
        {
            "location_id": whereabouts.location_id,
            "operator_id": whereabouts.operator_id,
            "reason": whereabouts.reason,
            "reviewed": whereabouts.reason is not None,
        },
    )
