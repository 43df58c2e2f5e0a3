"""Which edition comes before which, and between which two captures a change was made."""

from __future__ import annotations

from sqlite_utils import Database

from db.comparison import EDITIONS, Edition
from db.sources import Source

_BEGAN = "coalesce(json_extract(captures.transport, '$.bundle.began'), captured_at)"
"""In SQL: when a capture was begun, of a document of several parts with the first of them."""


def predecessor(db: Database, edition: Edition) -> Edition | None:
    """Return the edition that ``edition`` is compared with, or None for the first.

    A later revision follows the one before it. The first of a period follows the newest revision
    of the period before that was public by then; if none was, the period's first.
    """
    if edition.revision > 1:
        sql = """editions.source_id = :source_id AND editions.period_start IS :period_start
            AND editions.period_end IS :period_end AND editions.revision < :revision
            ORDER BY editions.revision DESC LIMIT 1"""
    elif edition.period_start is None:
        return None
    else:
        sql = """editions.source_id = :source_id AND editions.period_start < :period_start
            ORDER BY editions.period_start DESC, editions.period_end DESC,
                editions.public_from <= :public_from DESC,
                CASE WHEN editions.public_from <= :public_from
                    THEN -editions.revision ELSE editions.revision END
            LIMIT 1"""
    params = {
        "source_id": edition.source_id,
        "period_start": edition.period_start,
        "period_end": edition.period_end,
        "revision": edition.revision,
        "public_from": edition.public_from,
    }
    for row in db.query(f"{EDITIONS} WHERE {sql}", params):
        return Edition(**row)
    return None


def followers(db: Database, edition_id: int, since: str = "") -> set[int]:
    """Return the first revisions of the next period that were first seen after ``since``.

    Their predecessor, or their window, may be another once the edition or its sightings change.
    """
    return {
        row[0]
        for row in db.execute(
            """SELECT next.id FROM editions AS this
            CROSS JOIN editions AS next INDEXED BY editions_in_order
            ON next.source_id = this.source_id AND next.revision = 1
            AND next.public_from > ? AND next.period_start = (
                SELECT min(period_start) FROM editions AS later INDEXED BY editions_in_order
                WHERE later.source_id = this.source_id AND later.public_from IS NOT NULL
                AND later.period_start > this.period_start)
            WHERE this.id = ?""",
            [since, edition_id],
        )
    }


def observed_after(db: Database, source: Source, edition: Edition) -> str | None:
    """Return the time of the last capture that shows the edition was not public yet.

    What was put together of several parts may have changed as soon as the first of them was there.

    That is the last capture of its address (of a list: of any address) that showed something else
    or nothing; our last capture of the index page without its link (an archive may have had the
    page and not what it linked to); or, where neither is known, the last sighting of the edition
    before it. None if nothing was captured before.
    """
    first = next(
        db.query(
            """SELECT captures.id, address, captured_at, found_in FROM sightings
            JOIN captures ON captures.id = sightings.capture_id
            WHERE edition_id = ? ORDER BY captured_at, captures.id LIMIT 1""",
            [edition.id],
        )
    )
    index = "captures_by_address"
    if source.editions == "content":
        index, same_stream = "captures_by_time", ""
    elif first["address"] is None:
        # An import says nothing of the other periods.
        same_stream = "AND captures.address IS NULL AND editions.period_start = :period_start"
    else:
        same_stream = "AND captures.address = :address"
    elsewhere = db.execute(
        f"""SELECT {_BEGAN} FROM captures INDEXED BY {index}
        LEFT JOIN sightings ON sightings.capture_id = captures.id
        LEFT JOIN editions ON editions.id = sightings.edition_id
        WHERE captures.source_id = :source_id AND role = 'document' {same_stream}
        AND captured_at < :captured_at
        AND (sightings.edition_id != :edition_id OR verdict = 'gone')
        ORDER BY captured_at DESC LIMIT 1""",
        {
            "source_id": edition.source_id,
            "address": first["address"],
            "captured_at": first["captured_at"],
            "edition_id": edition.id,
            "period_start": edition.period_start,
        },
    ).fetchone()
    unlinked = db.execute(
        """SELECT max(captured_at) FROM captures
        WHERE source_id = ? AND role = 'index' AND verdict = 'document' AND proof = 'own'
        AND captured_at < (SELECT captured_at FROM captures WHERE id = ?)""",
        [edition.source_id, first["found_in"]],
    ).fetchone()[0]
    known = [time for time in (elsewhere[0] if elsewhere else None, unlinked) if time is not None]
    if known:
        return str(max(known))
    before = predecessor(db, edition)
    if before is None:
        return None
    last = db.execute(
        f"""SELECT {_BEGAN} FROM sightings
        JOIN captures ON captures.id = sightings.capture_id
        WHERE edition_id = ? AND captured_at < ? ORDER BY captured_at DESC LIMIT 1""",
        [before.id, first["captured_at"]],
    ).fetchone()
    return None if last is None else str(last[0])


def bounded_by(db: Database, source: Source, address: str | None, time: str) -> set[int]:
    """Return the editions whose window a capture of ``address`` at ``time`` may bound.

    That is the one that was seen next, or several in one second; of a report at the same address.
    What comes after is bounded by these. An import without an address says something of its own
    period alone.
    """
    if source.editions == "content":
        sql = """SELECT id FROM editions WHERE source_id = :source_id AND public_from = (
            SELECT min(public_from) FROM editions
            WHERE source_id = :source_id AND public_from > :time)"""
    else:
        seen = """FROM captures INDEXED BY captures_by_address
            CROSS JOIN sightings ON sightings.capture_id = captures.id
            CROSS JOIN editions ON editions.id = edition_id
            WHERE captures.source_id = :source_id AND address IS :address"""
        if address is None:
            seen += f""" AND period_start IN (SELECT period_start {seen} AND captured_at = :time)"""
        sql = f"""SELECT DISTINCT edition_id {seen} AND captured_at = (
            SELECT captured_at {seen} AND captured_at > :time ORDER BY captured_at LIMIT 1)"""
    params = {"source_id": source.id, "address": address, "time": time}
    return {row[0] for row in db.execute(sql, params)}
