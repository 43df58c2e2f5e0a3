"""A view for each source whose rows have no table of their own: its columns by name.

Names come from the entry of the source (its id, and the fields of its column map), never from a
document; each is checked once more before it becomes part of the schema.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlite_utils import Database

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_COLUMN = re.compile(r"[a-z][a-z0-9_]*")
_PRINTED = "_text"


def view_name(source_id: str) -> str:
    """Return the name of the view of a source: ``rows_`` and its id with underscores.

    Raises ValueError for what is no id of a source.
    """
    if not _ID.fullmatch(source_id):
        raise ValueError(f"{source_id!r} is no id of a source")
    return f"rows_{source_id.replace('-', '_')}"


def save_row_view(db: Database, source_id: str, columns: Sequence[str]) -> None:
    """Make the view of a source anew where its columns are others than before; none for none.

    ``columns`` are fields of its rows; ``…_text`` is what is printed of a field. Call it in a
    transaction. Raises ValueError for a column that is no name in small letters.
    """
    if not columns and not _ID.fullmatch(source_id):
        return
    name = view_name(source_id)
    sql = _view(name, source_id, columns) if columns else None
    found = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", [name]).fetchone()
    if found is not None and found[0] != sql:
        db.execute(f"DROP VIEW {name}")
    if sql is not None and (found is None or found[0] != sql):
        db.execute(sql)


def _view(name: str, source_id: str, columns: Sequence[str]) -> str:
    values = ", ".join(map(_value, columns))
    return " UNION ALL ".join(
        f"{begin}SELECT period_start, period_end, revision, {values}, other_columns, public_from, "
        "public_until, notice, edition_id, id, reading_id, position, evidence "
        f"FROM current_{table} WHERE source_id = '{source_id}'"
        for begin, table in ((f"CREATE VIEW {name} AS ", "table_rows"), ("", "period_rows"))
    )


def _value(column: str) -> str:
    if not _COLUMN.fullmatch(column):
        raise ValueError(f"{column!r} is no name of a column")
    name = f'"{column}"'  # which may be a word of SQL: case, order
    if column.endswith(_PRINTED):
        return f"json_extract(fields_text, '$.{column.removesuffix(_PRINTED)}') AS {name}"
    return f"json_extract(fields, '$.{column}') AS {name}"
