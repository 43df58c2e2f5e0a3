"""Which places the editions of two lists name, by what their printed names are taken for.

Two lists are two words of two publishers: what stands on the one and not on the other was not taken
off by anybody.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from db.comparison import Edition
from db.sources import Source
from db.stands import state_of_newest
from db.timeline import ListState

TABLES = ("listings", "agreements")
"""The tables of lists whose rows name a place."""
_PRINTED = {
    "listings": "jurisdiction || coalesce(', ' || listings.state, '')",
    "agreements": "coalesce(agency, agency_text) || coalesce(', ' || agreements.state, '')",
}
_DETAIL = {
    "listings": "coalesce(policy || coalesce(', ' || date_enacted_text, ''), date_enacted_text)",
    "agreements": "coalesce(support_type, support_type_text)",
}


@dataclass(frozen=True)
class NamingRow:
    """A row of a list, and the place that its printed name is taken for."""

    table: str
    position: int
    row_key: str
    printed: str
    detail: str | None
    """What tells the row from others of its place."""
    jurisdiction_id: str | None
    """None where the name is not resolved: it may be any place."""
    place: str | None
    kind: str | None
    state: str | None
    """Of the place; two letters."""


def naming_rows(db: Database, reading_id: int, table: str) -> list[NamingRow]:
    """Return the rows of one of ``TABLES`` that a reading holds, in the order of the document."""
    rows = db.query(
        f"""SELECT '{table}' AS "table", position, row_key, {_PRINTED[table]} AS printed,
            {_DETAIL[table]} AS detail, jurisdiction_id, jurisdictions.name AS place,
            jurisdictions.kind, jurisdictions.state
        FROM {table} LEFT JOIN jurisdiction_names ON jurisdiction_names.id = name_id
        LEFT JOIN jurisdictions ON jurisdictions.id = jurisdiction_id
        WHERE reading_id = ? ORDER BY position, {table}.id""",
        [reading_id],
    )
    return [NamingRow(**row) for row in rows]


@dataclass(frozen=True)
class ListChoice:
    """A list that holds an edition in which places are named."""

    id: str
    title: str
    publisher: str


def lists_to_compare(db: Database) -> list[ListChoice]:
    """Return the lists whose newest edition names places, by id."""
    rows = db.query(
        """SELECT sources.id, title, publisher FROM sources
        JOIN editions ON editions.id = (
            SELECT id FROM editions WHERE editions.source_id = sources.id
            AND public_from IS NOT NULL ORDER BY period_start DESC, revision DESC LIMIT 1)
        JOIN edition_readings ON edition_id = editions.id AND superseded_at IS NULL
        WHERE EXISTS (SELECT 1 FROM listings
                WHERE listings.reading_id = edition_readings.reading_id)
            OR EXISTS (SELECT 1 FROM agreements
                WHERE agreements.reading_id = edition_readings.reading_id)
        ORDER BY sources.id"""
    )
    return [ListChoice(**row) for row in rows]


def state_of_edition(db: Database, source: Source, edition: Edition, now: str) -> ListState | None:
    """Return how the list stands ``now``, a moment, if the edition is its newest; None if not."""
    row = db.execute(
        "SELECT stands, last_stated FROM latest_editions WHERE source_id = ? AND edition_id = ?",
        [source.id, edition.id],
    ).fetchone()
    if row is None:
        return None
    return state_of_newest(
        lifecycle=source.lifecycle,
        ended_on=source.ended_on,
        stands=bool(row[0]),
        last_stated=row[1],
        max_gap_seconds=source.max_gap_seconds,
        now=now,
    )
