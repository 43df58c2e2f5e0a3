"""When a published page was taken down, and when it came back.

One failed fetch is no withdrawal: a page counts as withdrawn once two captures, at least the
source's ``confirm_after`` apart, found it gone (404 or 410) with none in between that had it. The
window is then from the last capture that had it to the *first* that did not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from db.changes import Change, renew_changes, store_changes, stored_life_changes
from db.sources import Source
from db.windows import bounded_by


@dataclass(frozen=True)
class _Seen:
    captured_at: str
    edition_id: int | None
    """None where the page was gone."""


def note_gone(db: Database, source: Source, address: str, captured_at: str, now: str) -> None:
    """Take account of a capture that found ``address`` gone.

    It may confirm a withdrawal, and it bounds the window of what was published there afterwards.
    """
    with db.atomic():
        renew_life(db, source, address, now)
        bounded = bounded_by(db, source, address, captured_at)
        if bounded:
            renew_changes(db, source, bounded, now)


def renew_life(db: Database, source: Source, address: str, now: str) -> None:
    """Derive the withdrawals and restorations of one address. Call it in a transaction."""
    if not _was_ever_gone(db, source.id, address):
        return
    wanted: list[Change] = []
    shown: _Seen | None = None
    gone: list[_Seen] = []
    withdrawn = False
    for seen in _history(db, source.id, address):
        if seen.edition_id is None:
            gone.append(seen)
            if shown and not withdrawn and _confirmed(source, gone):
                wanted.append(_change("withdrawn", source, address, shown, gone[0]))
                withdrawn = True
        else:
            if withdrawn:
                wanted.append(_change("restored", source, address, gone[-1], seen))
            shown, gone, withdrawn = seen, [], False
    store_changes(db, stored_life_changes(db, source.id, address), wanted, now)


def _was_ever_gone(db: Database, source_id: str, address: str) -> bool:
    sql = "SELECT 1 FROM captures WHERE source_id = ? AND address = ? AND verdict = 'gone' LIMIT 1"
    return db.execute(sql, [source_id, address]).fetchone() is not None


def _history(db: Database, source_id: str, address: str) -> list[_Seen]:
    return [
        _Seen(**row)
        for row in db.query(
            """SELECT captured_at, sightings.edition_id FROM captures
            LEFT JOIN sightings ON sightings.capture_id = captures.id
            WHERE source_id = ? AND address = ? AND role = 'document'
            AND (verdict = 'gone' OR sightings.edition_id IS NOT NULL)
            ORDER BY captured_at, captures.id""",
            [source_id, address],
        )
    ]


def _confirmed(source: Source, gone: list[_Seen]) -> bool:
    first, last = (datetime.fromisoformat(seen.captured_at) for seen in (gone[0], gone[-1]))
    return len(gone) > 1 and (last - first).total_seconds() >= source.confirm_after_seconds


def _change(kind: str, source: Source, address: str, before: _Seen, after: _Seen) -> Change:
    return Change(
        kind=kind,
        source_id=source.id,
        table_name=None,
        edition_before_id=before.edition_id,
        edition_after_id=after.edition_id,
        row_key=address,
        place=None,
        state=None,
        observed_after=before.captured_at,
        observed_by=after.captured_at,
    )
