"""When each list was seen with what stood then, and when it was found to be taken down.

The table ``list_events`` has a row for each capture that says so: of a report the captures of the
newest revision of the newest period that was seen by then; of what was taken down those that found
the last of its addresses gone. It is derived from the sightings and from the changes in the life of
each address, and kept with them, since nobody who looks at a page can wait for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlite_utils import Database


def renew_list_events(db: Database, source_id: str, since: str = "") -> None:
    """Derive anew when a source was seen from ``since`` on, a moment. Call it in a transaction.

    What was seen before does not depend on what came later, but for what was taken down.
    """
    if _was_ever_gone(db, source_id):
        since = ""
    db.execute(
        "DELETE FROM list_events WHERE source_id = ? AND captured_at >= ?", [source_id, since]
    )
    db.conn.executemany(
        """INSERT INTO list_events
            (capture_id, source_id, captured_at, day, edition_id, reading_id)
        VALUES (?, ?, ?, ?, ?, ?)""",
        [
            (capture_id, source_id, at, at[:10], edition_id, reading_id)
            for capture_id, at, edition_id, reading_id in _events(db, source_id, since)
        ],
    )


@dataclass
class _Standing:
    """What stood last while the captures are gone through."""

    period: str = ""
    revision: int = 0
    edition_id: int | None = None
    ever: set[str] = field(default_factory=set)
    """The addresses at which it was seen."""
    up: set[str] = field(default_factory=set)
    """Those at which it was not found gone since."""


def _events(
    db: Database, source_id: str, since: str
) -> Iterator[tuple[int, str, int | None, int | None]]:
    lives = _lives(db, source_id)
    last = _before(db, source_id, since)
    for capture_id, at, address, edition_id, reading_id, period, revision in db.execute(
        _CAPTURES, {"source": source_id, "since": since}
    ).fetchall():
        if edition_id is None:
            if address in last.ever and _is_down(lives.get(address, []), at):
                last.up.discard(address)
                if not last.up:
                    yield capture_id, at, None, None
            continue
        if (period, revision) < (last.period, last.revision):
            continue
        if edition_id != last.edition_id:
            last = _Standing(period, revision, edition_id)
        if address is not None:
            last.ever.add(address)
            last.up.add(address)
        yield capture_id, at, edition_id, reading_id


_PERIOD = "coalesce(period_start || period_end, '')"
_CAPTURES = f"""SELECT captures.id, captured_at, address, edition_id, reading_id,
        {_PERIOD}, revision
    FROM captures LEFT JOIN sightings ON sightings.capture_id = captures.id
    LEFT JOIN editions ON editions.id = edition_id
    WHERE captures.source_id = :source AND role = 'document' AND captured_at >= :since
    AND (edition_id IS NOT NULL OR verdict = 'gone') AND NOT EXISTS (
        SELECT 1 FROM withheld_documents JOIN withheld ON withheld.id = withheld_id
        WHERE withheld_documents.document_sha256 = captures.document_sha256
        AND withheld.source_id = captures.source_id AND withheld.table_name IS NULL)
    ORDER BY captured_at, captures.id"""


def _before(db: Database, source_id: str, since: str) -> _Standing:
    """Return what stood last before ``since``, of a source of which nothing was ever gone."""
    row = db.execute(
        f"""SELECT {_PERIOD}, revision, edition_id FROM list_events
        JOIN editions ON editions.id = edition_id
        WHERE list_events.source_id = ? AND captured_at < ?
        ORDER BY captured_at DESC, capture_id DESC LIMIT 1""",
        [source_id, since],
    ).fetchone()
    return _Standing(*row) if row else _Standing()


def _lives(db: Database, source_id: str) -> dict[str, list[tuple[str, str]]]:
    """Return by address when it was taken down and put up again, in the order of time."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for address, at, kind in db.execute(
        """SELECT row_key, observed_by, kind FROM changes
        WHERE source_id = ? AND kind IN ('withdrawn', 'restored') AND superseded_at IS NULL
        ORDER BY observed_by, kind DESC""",
        [source_id],
    ):
        found[address].append((at, kind))
    return found


def _is_down(life: list[tuple[str, str]], at: str) -> bool:
    known = [kind for moment, kind in life if moment <= at]
    return bool(known) and known[-1] == "withdrawn"


def _was_ever_gone(db: Database, source_id: str) -> bool:
    sql = "SELECT 1 FROM captures WHERE source_id = ? AND verdict = 'gone' LIMIT 1"
    return db.execute(sql, [source_id]).fetchone() is not None
