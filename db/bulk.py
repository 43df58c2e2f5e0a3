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
    """Write ``rows``, each the values of ``columns`` but for its id, and return their ids.

    They are indexed for search where the table is. Call it in a transaction.
    """
    first = int(db.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone()[0])
    names = ", ".join(f'"{name}"' for name in ("id", *columns))
    marks = ", ".join("?" * (len(columns) + 1))
    # By its length, since a statement without a row counts none.
    written = 0

    def numbered() -> Iterable[tuple[object, ...]]:
        nonlocal written
        for row in rows:
            yield (first + written, *row)
            written += 1

    db.conn.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", numbered())
    if table in SEARCHED and written:
        words = ", ".join(SEARCHED[table])
        db.execute(
            f"""INSERT INTO {table}_fts (rowid, {words})
            SELECT id, {words} FROM {table} WHERE id >= ?""",
            [first],
        )
    return range(first, first + written)
