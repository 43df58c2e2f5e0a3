"""What is to be told: an item for each change and each held document, queued as it is stored.

An item is queued in the transaction that writes what it tells of, once and never again. Whom it is
told is decided later, by rules that this package does not know: then the item is handed out, with a
delivery for each target (``db.deliveries``) or for none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database

CHANGE = "change"
HELD = "held"
FAILING = "failing"
WORKING = "working"


@dataclass(frozen=True)
class Item:
    """One thing that is to be told."""

    id: int
    kind: str
    """``change``, ``held``, ``failing`` (a target cannot be reached) or ``working`` (it can
    again)."""
    key: str
    """What it tells of: the public id of a change; the source and the hash of a held document,
    with a blank between; the name of a target and since when it fails, likewise."""
    source_id: str | None
    """None of what is about a target."""
    queued_at: str


@dataclass(frozen=True)
class OutboxCounts:
    """How many deliveries wait, and how many want a look."""

    queued: int = 0
    """Items of which nobody has decided yet whom they are told."""
    waiting: int = 0
    sending: int = 0
    failed: int = 0
    """Given up."""
    unknown: int = 0
    """A command died while it sent them."""
    oldest_waiting: str | None = None
    """When the first of those that wait was due, ISO 8601 in UTC."""


def queue(db: Database, kind: str, keys: Iterable[str], source_id: str | None, now: str) -> None:
    """Queue what is to be told, but for what was queued before. Call it in the transaction."""
    db.conn.executemany(
        """INSERT INTO outbox (kind, key, source_id, queued_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (kind, key) DO NOTHING""",
        [(kind, key, source_id, now) for key in keys],
    )


def held_key(source_id: str, sha256: str) -> str:
    """Return the key of the item that a document of a source is held."""
    return f"{source_id} {sha256}"


def held_reading_id(db: Database, item: Item) -> int:
    """Return the id of the newest reading of the held document that ``item`` tells of.

    What became of it since is said by ``db.held``.
    """
    source_id, sha256 = item.key.split(" ")
    row = db.execute(
        """SELECT max(id) FROM readings
        WHERE source_id = ? AND document_sha256 = ? AND status != 'failed'""",
        [source_id, sha256],
    ).fetchone()
    return int(row[0])


def queued(db: Database) -> list[Item]:
    """Return the items that were not handed out yet, in the order in which they were queued."""
    rows = db.query(
        """SELECT id, kind, key, source_id, queued_at FROM outbox
        WHERE handed_out_at IS NULL ORDER BY id"""
    )
    return [Item(**row) for row in rows]


def mark_handed_out(db: Database, reasons: Iterable[tuple[int, str | None]], now: str) -> None:
    """Note that items were handed out, each with why nobody is told, None where somebody is."""
    db.conn.executemany(
        "UPDATE outbox SET handed_out_at = ?, reason = ? WHERE id = ?",
        [(now, reason, item_id) for item_id, reason in reasons],
    )


def tell_nobody(db: Database, source_id: str, reason: str, now: str) -> None:
    """Note of what was queued for a source at ``now`` that it is no news, and why."""
    db.execute(
        """UPDATE outbox SET handed_out_at = ?, reason = ?
        WHERE handed_out_at IS NULL AND source_id = ? AND queued_at = ?""",
        [now, reason, source_id, now],
    )


def prune(db: Database, before: str) -> None:
    """Forget items that were handed out before a moment, and what became of their deliveries.

    Those of which a delivery still waits, or is being sent, stay. That an item was queued is known
    without it: a change is queued when it is first written, a document when it is first held.
    """
    db.execute(
        """DELETE FROM outbox WHERE handed_out_at < ? AND NOT EXISTS (
            SELECT 1 FROM deliveries WHERE item_id = outbox.id
            AND state IN ('waiting', 'sending'))""",
        [before],
    )


def outbox_counts(db: Database) -> OutboxCounts:
    """Return what is in the outbox."""
    (in_queue,) = db.execute("SELECT count(*) FROM outbox WHERE handed_out_at IS NULL").fetchone()
    states = dict(
        db.execute(
            """SELECT state, count(*) FROM deliveries WHERE state NOT IN ('sent', 'dropped')
            GROUP BY state"""
        ).fetchall()
    )
    (oldest,) = db.execute("SELECT min(due_at) FROM deliveries WHERE state = 'waiting'").fetchone()
    return OutboxCounts(
        queued=in_queue,
        waiting=states.get("waiting", 0),
        sending=states.get("sending", 0),
        failed=states.get("failed", 0),
        unknown=states.get("unknown", 0),
        oldest_waiting=oldest,
    )
