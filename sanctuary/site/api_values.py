"""What stands in the addresses of examples: of what the database holds, so that they answer."""

from __future__ import annotations

from datasette.utils import tilde_encode
from sqlite_utils import Database

from db.row_address import address_in_edition
from db.selectors import last_editions

TABLES = frozenset({"listings", "changes", "policies", "jurisdiction_names"})
"""The tables from which the values are."""

_OF_SOURCES = {
    "list": """EXISTS (SELECT 1 FROM entries
        WHERE source_id = sources.id AND table_name = 'listings')""",
    "policy": """EXISTS (SELECT 1 FROM entries
        WHERE source_id = sources.id AND table_name = 'policies')""",
    "report": """sources.editions = 'period'
        AND EXISTS (SELECT 1 FROM editions WHERE source_id = sources.id)""",
    "source": "(SELECT count(*) FROM editions WHERE source_id = sources.id) > 1",
}


def values_of(db: Database) -> dict[str, str]:
    """Return by name what can be put into examples; what the database does not have is left out."""
    found: dict[str, str | None] = {
        name: _one(db, f"SELECT id FROM sources WHERE {where} ORDER BY id")
        for name, where in _OF_SOURCES.items()
    }
    found["other"] = _one(
        db,
        f"SELECT id FROM sources WHERE {_OF_SOURCES['list']} AND id > ? ORDER BY id",
        found["list"],
    )
    found["change"] = _one(
        db,
        """SELECT public_id FROM changes WHERE superseded_at IS NULL
        AND table_name = 'listings' AND kind = 'changed' ORDER BY observed_by DESC, id DESC""",
    ) or _one(db, "SELECT public_id FROM changes WHERE superseded_at IS NULL ORDER BY id DESC")
    found["place"] = _one(
        db,
        """SELECT jurisdiction_id FROM jurisdiction_names WHERE jurisdiction_id IS NOT NULL
        AND EXISTS (SELECT 1 FROM listings WHERE name_id = jurisdiction_names.id) ORDER BY id""",
    )
    found["state"] = _one(db, "SELECT state FROM jurisdictions WHERE id = ?", found["place"])
    if found["report"]:
        (last,) = last_editions(db, found["report"], 1)
        found["selector"] = tilde_encode(last.selector)
    if found["list"]:
        found |= _row(db, found["list"])
    return {name: value for name, value in found.items() if value is not None}


def _row(db: Database, source_id: str) -> dict[str, str | None]:
    """Return a row of the list, its document and a word of it."""
    edition_id, key = db.execute(
        """SELECT last_edition_id, row_key FROM entries
        WHERE source_id = ? AND table_name = 'listings' ORDER BY row_key LIMIT 1""",
        [source_id],
    ).fetchone()
    row = address_in_edition(db, edition_id, "listings", key)
    if row is None:
        return {}
    return {
        "document": row.document_sha256,
        "row": f"{row.source_id}/{row.document_sha256}/{row.table}/{row.position}",
        "read_by": row.read_by,
        "word": next((word for word in key.replace(",", " ").split() if word.isalpha()), None),
    }


def _one(db: Database, sql: str, *values: str | None) -> str | None:
    row = db.execute(f"{sql} LIMIT 1", list(values)).fetchone()
    return None if row is None else str(row[0])
