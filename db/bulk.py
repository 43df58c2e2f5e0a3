"""Writing many rows at once, and their words into the search indexes.

A search index is filled once for all rows of a reading. Filled by a trigger it is written out after
each row, since every statement that fires one is a savepoint to FTS5: eight times slower.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlite_utils import Database

SEARCHED = {
    "listings": ("jurisdiction", "field_office", "policy", "criteria"),
    "changes": ("place", "row_key"),
    "policies": ("jurisdiction", "title", "citation"),
    "section_texts": ("text",),
}
"""The tables that have a search index, and the columns that it is of."""


def insert_rows(
    db: Database, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> range:
    """Write ``rows``, each the values of ``columns``, and return the ids that they are given.

    They are indexed for search where the table is. Call it in a transaction.
    """
    first = _next_id(db, table)
    names = ", ".join(f'"{name}"' for name in columns)
    marks = ", ".join("?" * len(columns))
    # https://www.sqlite.org/autoinc.html: a row is given the largest id and one more.
    db.conn.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
    ids = range(first, _next_id(db, table))
    if table in SEARCHED and ids:
        words = ", ".join(SEARCHED[table])
        db.execute(
            f"""INSERT INTO {table}_fts (rowid, {words})
            SELECT id, {words} FROM {table} WHERE id >= ?""",
            [first],
        )
    return ids


def _next_id(db: Database, table: str) -> int:
    return int(db.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone()[0])
