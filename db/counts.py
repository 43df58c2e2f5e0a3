"""Declined detainers as counts, one dimension at a time.

A row of Section II can identify a person. These counts are what a site may show that does not show
the rows; two dimensions are never crossed, since a small cell of a cross table names someone too.
A detainer with several offences counts under each of them. Convictions, charges and offences of
which neither is said are counted apart, since one is not the other.
"""

from __future__ import annotations

from sqlite_utils import Database

from parsers.records import DeclinedDetainer, Record

_NOT_STATED = "not stated"


def store_counts(db: Database, reading_id: int) -> None:
    """Count the declined detainers of a reading. Call it in the transaction that stored them."""
    db.execute(
        """INSERT INTO declined_counts (reading_id, dimension, value, disposition, detainers)
        SELECT reading_id, 'all', '', NULL, count(*) FROM declined_detainers
            WHERE reading_id = :reading GROUP BY reading_id
        UNION ALL
        SELECT reading_id, 'jurisdiction', jurisdiction, NULL, count(*) FROM declined_detainers
            WHERE reading_id = :reading GROUP BY jurisdiction
        UNION ALL
        SELECT reading_id, 'citizenship', coalesce(citizenship, :not_stated), NULL,
            count(*)
            FROM declined_detainers WHERE reading_id = :reading GROUP BY citizenship
        UNION ALL
        SELECT reading_id, 'activity', coalesce(offence, :not_stated),
            coalesce(disposition, :not_stated), count(DISTINCT declined_detainers.id)
            FROM declined_detainers LEFT JOIN detainer_offences
                ON declined_detainer_id = declined_detainers.id
            WHERE reading_id = :reading GROUP BY offence, disposition""",
        {"reading": reading_id, "not_stated": _NOT_STATED},
    )


def note_count(db: Database, reading_id: int, record: type[Record], rows: int) -> None:
    """Keep how many rows about individuals a reading holds, where nothing else counts them."""
    db.table("row_counts").insert(
        {"reading_id": reading_id, "table_name": record.table, "rows": rows}
    )


def count_individual(db: Database, reading_id: int, record: type[Record]) -> int:
    """Return how many rows about individuals a reading holds, without looking at one."""
    if record is DeclinedDetainer:
        row = db.execute(
            "SELECT detainers FROM declined_counts WHERE reading_id = ? AND dimension = 'all'",
            [reading_id],
        ).fetchone()
    else:
        row = db.execute(
            "SELECT rows FROM row_counts WHERE reading_id = ? AND table_name = ?",
            [reading_id, record.table],
        ).fetchone()
    return int(row[0]) if row else 0
