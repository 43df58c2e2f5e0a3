"""Since when each row of a standing table is known, so that a row that comes back is seen."""

from __future__ import annotations

from collections.abc import Iterable

from sqlite_utils import Database

from db.comparison import Edition
from parsers.records import RECORD_TYPES, Record, TableKind


def note_entries(db: Database, edition: Edition, rows: Iterable[Record]) -> set[tuple[str, str]]:
    """Note that ``edition`` holds ``rows``; return table and key of those it holds first of all.

    Editions come before one another by period, then by revision.
    """
    earlier: set[tuple[str, str]] = set()
    for table, key in {(row.table, row.row_key()) for row in rows}:
        entry = db.execute(
            """SELECT first.period_start, first.revision, first.id,
                last.period_start, last.revision
            FROM entries JOIN editions AS first ON first.id = first_edition_id
            JOIN editions AS last ON last.id = last_edition_id
            WHERE entries.source_id = ? AND table_name = ? AND row_key = ?""",
            [edition.source_id, table, key],
        ).fetchone()
        this = (edition.period_start or "", edition.revision)
        if entry is None:
            db.execute(
                "INSERT INTO entries VALUES (?, ?, ?, ?, ?)",
                [edition.source_id, table, key, edition.id, edition.id],
            )
            earlier.add((table, key))
            continue
        if this < (entry[0] or "", entry[1]) and entry[2] != edition.id:
            _set(db, edition, table, key, "first_edition_id")
            earlier.add((table, key))
        if this > (entry[3] or "", entry[4]):
            _set(db, edition, table, key, "last_edition_id")
    return earlier


def renew_entries(db: Database, source_id: str) -> None:
    """Note anew the rows that the editions of a source show. Call it in a transaction."""
    db.execute("DELETE FROM entries WHERE source_id = ?", [source_id])
    for record in RECORD_TYPES:
        if record.kind is TableKind.STANDING:
            db.execute(
                f"""WITH placed AS (
                    SELECT row_key, edition_id,
                        row_number() OVER (PARTITION BY row_key
                            ORDER BY coalesce(period_start, ''), revision) AS number,
                        row_number() OVER (PARTITION BY row_key
                            ORDER BY coalesce(period_start, '') DESC, revision DESC) AS from_end
                    FROM current_{record.table} WHERE source_id = :source)
                INSERT INTO entries SELECT :source, :table, row_key,
                    max(iif(number = 1, edition_id, NULL)),
                    max(iif(from_end = 1, edition_id, NULL))
                FROM placed GROUP BY row_key""",
                {"source": source_id, "table": record.table},
            )


def was_known_before(db: Database, edition: Edition, row: Record) -> bool:
    """Say whether an edition before ``edition`` held the row."""
    first = db.execute(
        """SELECT period_start, revision FROM entries
        JOIN editions ON editions.id = first_edition_id
        WHERE entries.source_id = ? AND table_name = ? AND row_key = ?""",
        [edition.source_id, row.table, row.row_key()],
    ).fetchone()
    if first is None:
        return False
    return (first[0] or "", first[1]) < (edition.period_start or "", edition.revision)


def _set(db: Database, edition: Edition, table: str, key: str, column: str) -> None:
    db.execute(
        f"""UPDATE entries SET {column} = ?
        WHERE source_id = ? AND table_name = ? AND row_key = ?""",
        [edition.id, edition.source_id, table, key],
    )
