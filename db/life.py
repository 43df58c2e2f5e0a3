"""When a published page was taken down, and when it came back.

One failed fetch is no withdrawal: a page counts as withdrawn once two captures, at least the
source's ``confirm_after`` apart, found it gone (404 or 410) with none in between that had it. The
window is then from the last capture that had it to the *first* that did not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from db.changes import Change, renew_changes, store_changes, stored_life_changes
from db.list_events import renew_list_events_at
from db.sources import Source
from db.windows import bounded_by


@dataclass(frozen=True)
class Seen:
    """A capture of one address that had the page, or found it gone."""

    captured_at: str
    shows: int | None
    """The id of what it showed; None where the page was gone."""
    capture_id: int


@dataclass(frozen=True)
class Withdrawal:
    """That a page was taken down: when it was last seen, found gone, and seen again."""

    shown: Seen
    gone: tuple[Seen, ...]
    restored: Seen | None
    """None if it never came back."""


def note_gone(db: Database, source: Source, address: str, captured_at: str, now: str) -> None:
    """Take account of a capture that found ``address`` gone.

    It may confirm a withdrawal, and it bounds the window of what was published there afterwards.
    """
    with db.atomic():
        moments = renew_life(db, source, address, now)
        bounded = bounded_by(db, source, address, captured_at)
        if bounded:
            renew_changes(db, source, bounded, now)
        renew_list_events_at(db, source.id, {captured_at, *moments})


def renew_life(db: Database, source: Source, address: str, now: str) -> set[str]:
    """Derive the withdrawals and restorations of one address; return when any became another.

    Call it in a transaction.
    """
    if not _was_ever_gone(db, source.id, address):
        return set()
    wanted: list[Change] = []
    for each in withdrawals(source, _history(db, source.id, address)):
        wanted.append(_change("withdrawn", source, address, each.shown, each.gone[0]))
        if each.restored is not None:
            wanted.append(_change("restored", source, address, each.gone[-1], each.restored))
    held = stored_life_changes(db, source.id, address)
    store_changes(db, held, wanted, now)
    before, after = (
        {(each.kind, each.observed_by) for each in changes}
        for changes in ([each.change for each in held], wanted)
    )
    return {moment for _, moment in before ^ after}


def is_beside_gone(db: Database, source_id: str, address: str, capture_id: int, at: str) -> bool:
    """Say whether the capture before or after one of an address found it gone.

    Else that one, which showed something, says nothing of its being taken down or put up again.
    """
    if not _was_ever_gone(db, source_id, address):
        return False
    for side, order in (("<=", "DESC"), (">=", "ASC")):
        row = db.execute(
            f"""SELECT verdict FROM captures INDEXED BY captures_by_address
            LEFT JOIN sightings ON sightings.capture_id = captures.id
            WHERE source_id = ? AND address = ? AND captured_at {side} ? AND captures.id != ?
            AND role = 'document' AND (verdict = 'gone' OR sightings.edition_id IS NOT NULL)
            ORDER BY captured_at {order} LIMIT 1""",
            [source_id, address, at, capture_id],
        ).fetchone()
        if row is not None and row[0] == "gone":
            return True
    return False


def withdrawals(source: Source, history: Iterable[Seen]) -> list[Withdrawal]:
    """Return the confirmed withdrawals of one address, of which ``history`` is in order of time."""
    found: list[Withdrawal] = []
    shown: Seen | None = None
    gone: list[Seen] = []
    for seen in (*history, None):
        if seen is not None and seen.shows is None:
            gone.append(seen)
            continue
        if shown is not None and _confirmed(source, gone):
            found.append(Withdrawal(shown, tuple(gone), seen))
        shown, gone = seen, []
    return found


def _was_ever_gone(db: Database, source_id: str, address: str) -> bool:
    sql = """SELECT 1 FROM captures INDEXED BY captures_gone
        WHERE source_id = ? AND address = ? AND verdict = 'gone' LIMIT 1"""
    return db.execute(sql, [source_id, address]).fetchone() is not None


def _history(db: Database, source_id: str, address: str) -> list[Seen]:
    return [
        Seen(**row)
        for row in db.query(
            """SELECT captured_at, sightings.edition_id AS shows, captures.id AS capture_id
            FROM captures
            LEFT JOIN sightings ON sightings.capture_id = captures.id
            WHERE source_id = ? AND address = ? AND role = 'document'
            AND (verdict = 'gone' OR sightings.edition_id IS NOT NULL)
            ORDER BY captured_at, captures.id""",
            [source_id, address],
        )
    ]


def _confirmed(source: Source, gone: list[Seen]) -> bool:
    if len(gone) < 2:
        return False
    first, last = (datetime.fromisoformat(seen.captured_at) for seen in (gone[0], gone[-1]))
    return (last - first).total_seconds() >= source.confirm_after_seconds


def _change(kind: str, source: Source, address: str, before: Seen, after: Seen) -> Change:
    return Change(
        kind=kind,
        source_id=source.id,
        table_name=None,
        edition_before_id=before.shows,
        edition_after_id=after.shows,
        row_key=address,
        place=None,
        state=None,
        observed_after=before.captured_at,
        observed_by=after.captured_at,
    )
