"""The links of index pages: since when each is there, and which are there no more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True)
class GoneLink:
    """A link that the page before this one had."""

    address: str
    last_seen: str
    """When the page before was captured."""


def note_links(
    db: Database, source_id: str, capture_id: int, addresses: Collection[str]
) -> list[GoneLink]:
    """Note that an index page had links to ``addresses``; return those that it has no more."""
    # Not the page captured before: a run may have died before its links were noted.
    before = db.execute(
        "SELECT max(last_capture_id) FROM links WHERE source_id = ? AND last_capture_id != ?",
        [source_id, capture_id],
    ).fetchone()[0]
    with db.atomic():
        for address in addresses:
            db.execute(
                """INSERT INTO links (source_id, address, first_capture_id, last_capture_id)
                VALUES (:source, :address, :capture, :capture)
                ON CONFLICT (source_id, address) DO UPDATE SET last_capture_id = :capture""",
                {"source": source_id, "address": address, "capture": capture_id},
            )
    return [
        GoneLink(**row)
        for row in db.query(
            """SELECT links.address, captured_at AS last_seen
            FROM links JOIN captures ON captures.id = last_capture_id
            WHERE links.source_id = ? AND last_capture_id = ? ORDER BY links.address""",
            [source_id, before],
        )
    ]
