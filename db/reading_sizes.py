"""How many rows each reading holds, and how many names of places, without counting them again.

Rows about individuals are counted elsewhere (``db.counts``), under rules of their own.
"""

from __future__ import annotations

from sqlite_utils import Database

from db.names import TABLES
from parsers.records import RECORD_TYPES, Record


def renew_sizes(db: Database, reading_id: int) -> None:
    """Count anew what a reading holds. Call it in the transaction that changed its rows."""
    db.execute("DELETE FROM reading_sizes WHERE reading_id = ?", [reading_id])
    for record in RECORD_TYPES:
        if not record.individual:
            note_size(db, reading_id, record)


def note_size(db: Database, reading_id: int, record: type[Record]) -> None:
    """Count what a reading holds in one table; nothing is kept of a table without a row."""
    names = "count(DISTINCT name_id)" if record.table in TABLES else "NULL"
    db.execute(
        f"""INSERT OR REPLACE INTO reading_sizes
        SELECT reading_id, '{record.table}', count(*), {names} FROM {record.table}
        WHERE reading_id = ? GROUP BY reading_id""",
        [reading_id],
    )


def count_current_rows(db: Database, record: type[Record]) -> int:
    """Return how many rows the view ``current_`` of a table has, without looking at one."""
    return int(
        db.execute(
            """SELECT coalesce(sum(rows), 0) FROM reading_sizes
            JOIN edition_readings ON edition_readings.reading_id = reading_sizes.reading_id
            WHERE table_name = ? AND superseded_at IS NULL""",
            [record.table],
        ).fetchone()[0]
    )
