"""Servers that say "not modified" of bytes that were.

A validator that comes with other bytes than before proves nothing: what the server said by it, that
the document was unchanged, is taken back as far as no bytes vouch for it.
"""

from __future__ import annotations

from sqlite_utils import Database

from db.changes import renew_changes
from db.editions import show_reading, take_back
from db.entries import renew_unseen_entries
from db.list_events import renew_list_events_at
from db.quotes import renew_quotes_in
from db.sources import Source
from db.windows import bounded_by


def doubt(db: Database, source: Source, address: str, capture_id: int, now: str) -> int:
    """Take back the captures of ``address`` that said "unchanged" since bytes last came.

    ``capture_id`` is the capture that found the server out; no request for the address is made
    conditional after it. Returns how many were taken back.
    """
    with db.atomic():
        db.execute("UPDATE captures SET doubted = 1 WHERE id = ?", [capture_id])
        captured_at = db.execute(
            "SELECT captured_at FROM captures WHERE id = ?", [capture_id]
        ).fetchone()[0]
        last_bytes = db.execute(
            """SELECT max(captured_at) FROM captures WHERE source_id = ? AND address = ?
            AND verdict = 'document' AND captured_at < ? AND id != ?""",
            [source.id, address, captured_at, capture_id],
        ).fetchone()[0]
        doubted = [
            row[0]
            for row in db.execute(
                """SELECT id FROM captures WHERE source_id = ? AND address = ?
                AND verdict = 'unchanged' AND captured_at > ? AND captured_at < ?""",
                [source.id, address, last_bytes or "", captured_at],
            )
        ]
        for each in doubted:
            db.execute(
                """UPDATE captures SET doubted = 1, doubted_at = coalesce(doubted_at, ?)
                WHERE id = ?""",
                [now, each],
            )
        if doubted:
            moved = take_back(db, source, doubted, last_bytes or "")
            for edition_id in sorted(moved.touched):
                show_reading(db, edition_id, "first", now)
            touched = moved.touched | bounded_by(db, source, address, last_bytes or "")
            touched |= renew_unseen_entries(db, source.id)
            renew_changes(db, source, touched, now)
            renew_list_events_at(db, source.id, moved.moments)
            renew_quotes_in(db, source.id, touched | moved.seen)
    return len(doubted)
