"""When each list was seen with what stood then, and when it was found to be taken down.

The table ``list_events`` has a row for each capture that says so: of a report the captures of the
newest revision of the newest period that was seen by then; of what was taken down those that found
the last of its addresses gone. It is derived from the sightings and from the changes in the life of
each address, and kept with them, since nobody who looks at a page can wait for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlite_utils import Database


def renew_list_events(db: Database, source_id: str) -> None:
    """Derive anew when a source was seen. Call it in a transaction."""
    db.execute("DELETE FROM list_events WHERE source_id = ?", [source_id])
    _Walk(db, source_id, _Standing(), "", _LAST).go()


def renew_list_events_at(db: Database, source_id: str, moments: Iterable[str]) -> None:
    """Derive anew when a source was seen where nothing but captures of ``moments`` is another.

    These show another edition than before, or what they found gone means something else by now.
    Call it in a transaction. What follows them is gone through until it is as it is kept, since
    from there on the same stood as before.
    """
    others = sorted(set(moments))
    # A capture that was taken back is gone through no more.
    db.execute(
        """DELETE FROM list_events WHERE source_id = ? AND edition_id IS NOT NULL
        AND captured_at IN (SELECT value FROM json_each(?)) AND NOT EXISTS (
            SELECT 1 FROM sightings WHERE sightings.capture_id = list_events.capture_id)""",
        [source_id, json.dumps(others)],
    )
    done = ""
    for moment in others:
        if moment > done:
            last, since = _before(db, source_id, moment)
            done = _Walk(db, source_id, last, since, moment).go()


_LAST = "9999"
_PERIOD = "coalesce(period_start || period_end, '')"
_CAPTURES = f"""SELECT captures.id, captures.captured_at, address, sightings.edition_id,
        sightings.reading_id, {_PERIOD}, revision,
        kept.capture_id IS NOT NULL, kept.edition_id, kept.reading_id
    FROM captures INDEXED BY captures_by_time
    LEFT JOIN sightings ON sightings.capture_id = captures.id
    LEFT JOIN editions ON editions.id = sightings.edition_id
    LEFT JOIN list_events AS kept ON kept.capture_id = captures.id
    WHERE captures.source_id = :source AND role = 'document' AND captures.captured_at >= :since
    AND (sightings.edition_id IS NOT NULL OR verdict = 'gone') AND NOT EXISTS (
        SELECT 1 FROM withheld_documents JOIN withheld ON withheld.id = withheld_id
        WHERE withheld_documents.document_sha256 = captures.document_sha256
        AND withheld.source_id = captures.source_id AND withheld.table_name IS NULL)
    ORDER BY captures.captured_at, captures.id"""


@dataclass(frozen=True, slots=True)
class _Capture:
    """A capture that showed an edition or found an address gone, and what is kept of it."""

    id: int
    at: str
    address: str | None
    edition_id: int | None
    reading_id: int | None
    period: str
    revision: int
    is_kept: int
    kept_edition_id: int | None
    kept_reading_id: int | None


@dataclass
class _Standing:
    """What stood last while the captures are gone through."""

    period: str = ""
    revision: int = 0
    edition_id: int | None = None
    since: str = ""
    """When it was first seen to stand, if it was while they are gone through."""
    ever: set[str] = field(default_factory=set)
    """The addresses at which it was seen."""
    up: set[str] = field(default_factory=set)
    """Those at which it was not found gone since."""


@dataclass
class _Walk:
    """Goes through the captures of a source and writes which of them says what stood."""

    db: Database
    source_id: str
    last: _Standing
    since: str
    until: str
    """The last moment of a capture that is another than before."""
    lives: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def go(self) -> str:
        """Go through them until nothing can be another; return up to when all were."""
        was_gone = was_ever_gone(self.db, self.source_id)
        before = at = self.until
        other: list[int] = []
        events: list[tuple[object, ...]] = []
        for row in self.db.execute(_CAPTURES, {"source": self.source_id, "since": self.since}):
            capture = _Capture(*row)
            if capture.at != at:
                before, at = at, capture.at
            is_event = self._is_event(capture)
            shown = (capture.edition_id, capture.reading_id)
            if is_event != bool(capture.is_kept) or (
                is_event and shown != (capture.kept_edition_id, capture.kept_reading_id)
            ):
                other.append(capture.id)
                if is_event:
                    events.append((capture.id, self.source_id, at, at[:10], *shown))
            elif (
                at > self.until
                and is_event
                and capture.edition_id is not None
                # Where nothing was ever gone it does not matter at which addresses it was seen.
                and (not was_gone or self.last.since > self.until)
            ):
                # Of the captures of this second others may follow.
                at = before
                break
        self.db.conn.executemany(
            "DELETE FROM list_events WHERE capture_id = ?", [(each,) for each in other]
        )
        self.db.conn.executemany(
            """INSERT INTO list_events
                (capture_id, source_id, captured_at, day, edition_id, reading_id)
            VALUES (?, ?, ?, ?, ?, ?)""",
            events,
        )
        return at

    def _is_event(self, capture: _Capture) -> bool:
        """Say whether a capture says what stands, and take account of it."""
        last, address = self.last, capture.address
        if capture.edition_id is None:
            if address not in last.ever or not self._is_down(address, capture.at):
                return False
            last.up.discard(address)
            return not last.up
        if (capture.period, capture.revision) < (last.period, last.revision):
            return False
        if capture.edition_id != last.edition_id:
            last = _Standing(capture.period, capture.revision, capture.edition_id, capture.at)
            self.last = last
        if address is not None:
            last.ever.add(address)
            last.up.add(address)
        return True

    def _is_down(self, address: str, at: str) -> bool:
        if address not in self.lives:
            self.lives[address] = _life(self.db, self.source_id, address)
        known = [kind for moment, kind in self.lives[address] if moment <= at]
        return bool(known) and known[-1] == "withdrawn"


def _before(db: Database, source_id: str, moment: str) -> tuple[_Standing, str]:
    """Return what stood last before ``moment``, and from when on captures have to be gone through.

    Where anything was ever gone that is from when it was first seen: at which addresses it was up
    decides what is said when one of them is gone.
    """
    last, edition_id = _stood_before(db, source_id, moment)
    if edition_id is None or not was_ever_gone(db, source_id):
        return last, moment
    (first,) = db.execute(
        "SELECT min(captured_at) FROM list_events WHERE edition_id = ?", [edition_id]
    ).fetchone()
    return _stood_before(db, source_id, first)[0], str(first)


def _stood_before(db: Database, source_id: str, moment: str) -> tuple[_Standing, int | None]:
    row = db.execute(
        f"""SELECT {_PERIOD}, revision, edition_id
        FROM list_events INDEXED BY list_events_in_order
        CROSS JOIN editions ON editions.id = edition_id
        WHERE list_events.source_id = ? AND captured_at < ?
        ORDER BY captured_at DESC, capture_id DESC LIMIT 1""",
        [source_id, moment],
    ).fetchone()
    return (_Standing(*row), row[2]) if row else (_Standing(), None)


def _life(db: Database, source_id: str, address: str) -> list[tuple[str, str]]:
    """Return when an address was taken down and put up again, in the order of time."""
    rows = db.execute(
        """SELECT observed_by, kind FROM changes INDEXED BY changes_by_row
        WHERE source_id = ? AND table_name IS NULL AND row_key = ?
        AND kind IN ('withdrawn', 'restored') AND superseded_at IS NULL
        ORDER BY observed_by, kind DESC""",
        [source_id, address],
    )
    return [(row[0], row[1]) for row in rows]


def was_ever_gone(db: Database, source_id: str) -> bool:
    """Say whether anything of a source was ever found gone."""
    sql = """SELECT 1 FROM captures INDEXED BY captures_gone
        WHERE source_id = ? AND verdict = 'gone' LIMIT 1"""
    return db.execute(sql, [source_id]).fetchone() is not None
