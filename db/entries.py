"""Since when each row of a standing table is known, so that a row that comes back is seen."""

from __future__ import annotations

from sqlite_utils import Database

from db.comparison import Edition
from parsers.records import RECORD_TYPES, Record, TableKind


def note_entries(db: Database, edition: Edition) -> set[int]:
    """Note the rows that ``edition`` shows; return the editions to which they are no more new.

    Those are later ones whose rows count as ``added`` and stood in this one. Editions come before
    one another by period, then by revision. Call it in a transaction.
    """
    overtaken: set[int] = set()
    params: dict[str, object] = {
        "source": edition.source_id,
        "edition": edition.id,
        "reading": edition.reading_id,
        "period": edition.period_start or "",
        "revision": edition.revision,
    }
    for record in RECORD_TYPES:
        if record.kind is TableKind.STANDING:
            given = {**params, "table": record.table}
            overtaken |= _overtaken(db, record.table, given)
            _note(db, record.table, given)
    return overtaken


_THIS = "(:period, :revision)"
_ENTRY = "entries.source_id = :source AND entries.table_name = :table"
_HELD = """entries.row_key IN (SELECT row_key FROM {} WHERE reading_id = :reading)"""


def _place(column: str) -> str:
    return f"""(SELECT coalesce(period_start, ''), revision FROM editions
        WHERE editions.id = {column})"""


def _overtaken(db: Database, table: str, params: dict[str, object]) -> set[int]:
    rows = db.execute(
        f"""SELECT DISTINCT edition_after_id FROM entries
        CROSS JOIN changes ON changes.source_id = entries.source_id
            AND changes.table_name = entries.table_name AND changes.row_key = entries.row_key
        WHERE {_ENTRY} AND {_HELD.format(table)} AND {_THIS} < {_place("first_edition_id")}
            AND first_edition_id != :edition AND kind = 'added' AND superseded_at IS NULL""",
        params,
    )
    return {row[0] for row in rows}


def _note(db: Database, table: str, params: dict[str, object]) -> None:
    db.execute(
        f"""UPDATE entries SET first_edition_id = :edition
        WHERE {_ENTRY} AND {_HELD.format(table)} AND {_THIS} < {_place("first_edition_id")}
            AND first_edition_id != :edition""",
        params,
    )
    db.execute(
        f"""INSERT INTO entries
        SELECT DISTINCT :source, :table, row_key, :edition, :edition FROM {table}
        WHERE reading_id = :reading
        ON CONFLICT DO UPDATE SET last_edition_id = :edition
        WHERE {_THIS} > {_place("last_edition_id")}""",
        params,
    )


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


def renew_unseen_entries(db: Database, source_id: str) -> set[int]:
    """Note anew the rows whose first or last edition was never public, as is known by now.

    Returns the editions into which such a row counts as ``returned``. Call it in a transaction.
    """
    never = "(SELECT id FROM editions WHERE source_id = :source AND public_from IS NULL)"
    unseen = f"""FROM entries WHERE source_id = :source
        AND (first_edition_id IN {never} OR last_edition_id IN {never})"""
    params = {"source": source_id}
    if db.execute(f"SELECT 1 {unseen} LIMIT 1", params).fetchone() is None:
        return set()
    returned = db.execute(
        f"""SELECT DISTINCT edition_after_id FROM changes WHERE source_id = :source
        AND kind = 'returned' AND superseded_at IS NULL
        AND (table_name, row_key) IN (SELECT table_name, row_key {unseen})""",
        params,
    ).fetchall()
    renew_entries(db, source_id)
    return {row[0] for row in returned}


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
