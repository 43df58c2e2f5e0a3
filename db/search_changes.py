"""The changes whose place or row has the words, as they are told."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlite_utils import Database

from db.log import LoggedChange, change_told
from db.search import Asked, Hits, Marked, in_index, mark
from parsers.records import RECORD_TYPES

_INDIVIDUAL = [record.table for record in RECORD_TYPES if record.individual]


@dataclass(frozen=True)
class ChangeHit:
    """A change, with its place or row as printed, the words marked."""

    change: LoggedChange
    text: Marked


def search_changes(db: Database, asked: Asked) -> Hits[ChangeHit]:
    """Return the changes in whose place or key all terms stand, of those that alike the newest.

    What a better reading of an old document brought is no change in the world and is left out, and
    so is what changed among rows about individuals.
    """
    numbers, ranked = in_index(db, "changes_fts", asked)
    of_state = """AND name_id IN (SELECT jurisdiction_names.id FROM jurisdiction_names
        JOIN jurisdictions ON jurisdictions.id = jurisdiction_id
        WHERE jurisdictions.state = :state)"""
    found = [
        row[0]
        for row in db.execute(
            f"""SELECT public_id FROM json_each(:found) AS found
            CROSS JOIN changes ON changes.id = found.key + 0
            WHERE superseded_at IS NULL AND cause != 'replay'
            AND (table_name IS NULL
                OR table_name NOT IN (SELECT value FROM json_each(:individual)))
            {of_state if asked.state else ""}
            ORDER BY round(found.value, 3), observed_by DESC, public_id LIMIT :limit""",
            {
                "found": json.dumps(numbers),
                "individual": json.dumps(_INDIVIDUAL),
                "state": asked.state,
                "limit": asked.most + 1,
            },
        )
    ]
    hits = []
    for public_id in found[: asked.most]:
        change = change_told(db, public_id)
        hits.append(ChangeHit(change, mark(change.place or change.row_key, asked.terms)))
    return Hits(tuple(hits), len(found) > asked.most or not ranked, ranked)
