"""Readings: stored whole, accepted or held, decided by a person where they are held.

Accepting is one transaction: the rows, the place on the timeline of every capture of the document
and the changes that follow are all there, or none is.
"""

from __future__ import annotations

import dataclasses
import json
import re
from dataclasses import dataclass

from sqlite_utils import Database

from db.changes import renew_changes
from db.dark import renew_dark
from db.editions import place_captures, show_reading
from db.errors import NoSuchReading
from db.life import is_beside_gone, renew_life
from db.list_events import renew_list_events_at, was_ever_gone
from db.observations import note_document_reading
from db.outbox import HELD, held_key, queue
from db.quotes import renew_quotes_in
from db.replay import replace_readings, standing_reading
from db.sources import load_source
from db.storing import store_rows
from db.windows import bounded_by, followers
from db.withheld import leave_out, say_less
from parsers.records import Check, Problem, Reading, content_hash


@dataclass(frozen=True)
class ReadBy:
    """Which document was read, for which source, by which parser version."""

    source_id: str
    document_sha256: str
    parser: str
    parser_version: str


@dataclass(frozen=True)
class StoredReading:
    """The standing of a reading."""

    id: int
    source_id: str
    document_sha256: str
    status: str


def find_reading(db: Database, read_by: ReadBy) -> StoredReading | None:
    """Return the reading that stands for a document, if there is one.

    That is the accepted one that its captures show, or the one that a person rejected, whichever
    parser version made it, since a newer parser is no change in the world; else the one that this
    version made.
    """
    for row in db.query(
        """SELECT id, source_id, document_sha256, status FROM readings
        WHERE source_id = ? AND document_sha256 = ?
        AND (status IN ('accepted', 'rejected') OR (parser = ? AND parser_version = ?))
        ORDER BY status != 'accepted',
            NOT EXISTS (SELECT 1 FROM sightings WHERE reading_id = readings.id), id DESC
        LIMIT 1""",
        list(dataclasses.astuple(read_by)),
    ):
        return StoredReading(**row)
    return None


def store_failure(db: Database, read_by: ReadBy, problem: Problem, now: str) -> StoredReading:
    """Keep that a document could not be read, and why, so that it is shown and not tried again."""
    with db.atomic():
        row = {**dataclasses.asdict(read_by), "status": "failed", "recorded_at": now}
        reading_id = int(db.table("readings").insert(row).last_pk or 0)
        _store_problems(db, read_by, reading_id, (problem,), now)
    return StoredReading(reading_id, read_by.source_id, read_by.document_sha256, "failed")


def store_reading(
    db: Database, read_by: ReadBy, reading: Reading, checks: tuple[Check, ...], now: str
) -> StoredReading:
    """Store a reading with all its rows: accepted, or held if a required check failed.

    ``checks`` are those of the source, beyond the document's own.
    """
    all_checks = (*reading.checks, *checks)
    failed = any(check.required and not check.passed for check in all_checks)
    with db.atomic():
        stored = keep_reading(
            db, read_by, reading, all_checks, "held" if failed else "accepted", now
        )
        if not failed:
            show_captures(db, stored, "first", now)
        elif not _is_held_already(db, stored):
            key = held_key(stored.source_id, stored.document_sha256)
            queue(db, HELD, [key], stored.source_id, now)
    return stored


def _is_held_already(db: Database, stored: StoredReading) -> bool:
    """Say whether another document with the same rows waits, held for nothing less.

    A page that holds a token or the time has other bytes each hour.
    """
    (is_held,) = db.execute(
        """SELECT EXISTS (
            SELECT 1 FROM readings AS held JOIN readings AS this
                ON held.source_id = this.source_id
                AND held.document_sha256 != this.document_sha256
                AND held.content_hash = this.content_hash
                AND held.period_start IS this.period_start
                AND held.period_end IS this.period_end
            WHERE this.id = :id AND held.status = 'held' AND NOT EXISTS (
                SELECT name, message FROM checks
                WHERE reading_id = :id AND required AND NOT passed
                EXCEPT SELECT name, message FROM checks WHERE reading_id = held.id))""",
        {"id": stored.id},
    ).fetchone()
    return bool(is_held)


def keep_reading(
    db: Database,
    read_by: ReadBy,
    reading: Reading,
    checks: tuple[Check, ...],
    status: str,
    now: str,
) -> StoredReading:
    """Store a reading with all its rows and ``checks``; no edition shows it yet."""
    with db.atomic():
        row = {
            **dataclasses.asdict(read_by),
            "status": status,
            "title": reading.edition.title,
            "notice": reading.edition.notice,
            "period_start": reading.edition.period_start,
            "period_end": reading.edition.period_end,
            "content_hash": content_hash(reading.records),
            "recorded_at": now,
        }
        reading_id = int(db.table("readings").insert(row).last_pk or 0)
        records = leave_out(db, read_by.source_id, read_by.document_sha256, reading.records)
        store_rows(db, reading_id, records)
        problems = reading.problems
        if len(records) < len(reading.records):
            checks, problems = say_less(checks), ()
        db.table("checks").insert_all(
            {"reading_id": reading_id, **dataclasses.asdict(check)} for check in checks
        )
        _store_problems(db, read_by, reading_id, problems, now)
    return StoredReading(reading_id, read_by.source_id, read_by.document_sha256, status)


def _store_problems(
    db: Database, read_by: ReadBy, reading_id: int, problems: tuple[Problem, ...], now: str
) -> None:
    db.table("problems").insert_all(
        {
            "source_id": read_by.source_id,
            "document_sha256": read_by.document_sha256,
            "reading_id": reading_id,
            "kind": problem.kind,
            "message": problem.message,
            "text": None if problem.individual else problem.text,
            "evidence": json.dumps([dataclasses.asdict(spot) for spot in problem.evidence]),
            "recorded_at": now,
        }
        for problem in problems
    )


def show_captures(db: Database, reading: StoredReading, cause: str, now: str) -> None:
    """Put every capture of the document that shows no edition yet on the timeline.

    The changes that follow are written in the same transaction.
    """
    source = load_source(db, reading.source_id)
    with db.atomic():
        waiting = db.execute(
            """SELECT capture_id, address, captured_at
            FROM unread_captures JOIN captures ON captures.id = capture_id
            WHERE unread_captures.source_id = ? AND document_sha256 = ?
            ORDER BY captured_at, capture_id""",
            [reading.source_id, reading.document_sha256],
        ).fetchall()
        if not waiting:
            return
        note_document_reading(db, reading.id, now)
        moved = place_captures(db, source, [row[0] for row in waiting], reading.id)
        touched = moved.touched
        for edition_id in sorted(touched):
            show_reading(db, edition_id, cause, now)
        addresses = _gone_at(db, source.id, touched)
        for capture_id, address, captured_at in waiting:
            touched |= bounded_by(db, source, address, captured_at)
            touched |= followers(db, _shown_by(db, capture_id), captured_at)
            if address and is_beside_gone(db, source.id, address, capture_id, captured_at):
                addresses.add(address)
        if touched:
            renew_changes(db, source, touched, now)
        moments = set(moved.moments)
        for address in sorted(addresses):
            moments |= renew_life(db, source, address, now)
        renew_list_events_at(db, source.id, moments)
        renew_quotes_in(db, source.id, touched | moved.seen)


def _gone_at(db: Database, source_id: str, editions: set[int]) -> set[str]:
    """Return the addresses at which ``editions`` were seen and that were ever gone."""
    if not editions or not was_ever_gone(db, source_id):
        return set()
    return {
        row[0]
        for row in db.execute(
            """SELECT DISTINCT address FROM captures INDEXED BY captures_gone
            WHERE source_id = ? AND verdict = 'gone' AND address IS NOT NULL AND address IN (
                SELECT address FROM sightings JOIN captures ON captures.id = capture_id
                WHERE edition_id IN (SELECT value FROM json_each(?)))""",
            [source_id, json.dumps(sorted(editions))],
        )
    }


def _shown_by(db: Database, capture_id: int) -> int:
    sql = "SELECT edition_id FROM sightings WHERE capture_id = ?"
    return int(db.execute(sql, [capture_id]).fetchone()[0])


@dataclass(frozen=True)
class Decision:
    """What a person decided about a held reading."""

    by: str
    reason: str


def accept(db: Database, reading: StoredReading, decision: Decision, now: str) -> None:
    """Accept a held reading: its document takes its place in the history.

    Where an older reading of the document stands there already, this one is shown instead. Raises
    NoSuchReading if it is not held.
    """
    with db.atomic():
        _decide(db, reading, "accepted", ("held",), decision, now)
        source = load_source(db, reading.source_id)
        stands = standing_reading(db, reading.source_id, reading.document_sha256)
        if stands is None:
            show_captures(db, reading, "accepted", now)
        else:
            replace_readings(db, source, {stands: reading.id}, now)
        # The document was an answer on the day it was fetched.
        renew_dark(db, source, now)


def reject(db: Database, reading: StoredReading, decision: Decision, now: str) -> None:
    """Reject a held reading, or one of an unreadable document: it stays stored, and is settled.

    Raises NoSuchReading if it is neither.
    """
    with db.atomic():
        _decide(db, reading, "rejected", ("held", "failed"), decision, now)


def _decide(
    db: Database,
    reading: StoredReading,
    status: str,
    allowed: tuple[str, ...],
    decision: Decision,
    now: str,
) -> None:
    name, remedy = f"#{reading.id}", "see `sanctuary held`"
    if reading.status not in allowed:
        raise NoSuchReading(name, _why_not(db, reading), remedy)
    newest = db.execute(
        "SELECT max(id) FROM readings WHERE source_id = ? AND document_sha256 = ?",
        [reading.source_id, reading.document_sha256],
    ).fetchone()[0]
    if newest != reading.id:
        raise NoSuchReading(name, f"the document was read anew as #{newest}", remedy)
    db.execute(
        """UPDATE readings SET status = ?, decided_at = ?, decided_by = ?, decision_reason = ?
        WHERE id = ?""",
        [status, now, decision.by, decision.reason, reading.id],
    )


def _why_not(db: Database, reading: StoredReading) -> str:
    """Return why nothing can be decided about a reading: who decided, or that nobody had to."""
    by, at, reason = db.execute(
        "SELECT decided_by, decided_at, decision_reason FROM readings WHERE id = ?", [reading.id]
    ).fetchone()
    if by is None:
        return f"this reading is {reading.status}, not held"
    return f"{by} {reading.status} this reading on {at}: {reason}"


def named_reading(db: Database, name: str) -> StoredReading:
    """Return the reading that a person names by ``#id`` or by the start of its document's hash.

    A hash names one that waits for a decision. Raises NoSuchReading if none answers to it, or
    several do.
    """
    number = name.removeprefix("#")
    if number.isdigit() and len(number) < 8:
        where, value = "id = :value", number
    elif re.fullmatch("[0-9a-f]{4,64}", number.lower()):
        where, value = (
            "document_sha256 GLOB :value AND status IN ('held', 'failed')",
            f"{number.lower()}*",
        )
    else:
        raise NoSuchReading(name, "neither #id nor the start of a hash", "see `sanctuary held`")
    rows = list(
        db.query(
            f"SELECT id, source_id, document_sha256, status FROM readings WHERE {where}",
            {"value": value},
        )
    )
    if len(rows) != 1:
        reason = "no such reading" if not rows else f"{len(rows)} undecided readings answer to it"
        raise NoSuchReading(name, reason, "`sanctuary held` lists those that wait")
    return StoredReading(**rows[0])
