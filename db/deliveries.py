"""Who is told what and when: one delivery for each item, target and moment.

A delivery waits until it is due, and is claimed before anything is sent: if the command dies then,
nobody knows whether it came, and it is never sent again by itself. So nothing is sent twice.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from db.outbox import Item

WAITING, SENDING, SENT = "waiting", "sending", "sent"
FAILED, DROPPED, UNKNOWN = "failed", "dropped", "unknown"
STATES = (WAITING, SENDING, SENT, FAILED, DROPPED, UNKNOWN)
OVERTAKEN = "a later document overtook it"


@dataclass(frozen=True)
class Planned:
    """A delivery that is to be: to whom, by which rule, when."""

    item_id: int
    rule: str
    target: str
    rhythm: str
    """``at once``, ``daily`` or ``weekly``: what comes in one message."""
    due_at: str
    """ISO 8601 in UTC."""


@dataclass(frozen=True)
class Delivery:
    """One item on its way to one target."""

    id: int
    item: Item
    rule: str
    """The name of the rule that asked for it, or ``operators``."""
    target: str
    """The name of the target; its address is nowhere in the database."""
    rhythm: str
    due_at: str
    state: str
    attempts: int
    next_try_at: str
    settled_at: str | None
    reason: str | None
    """Why it failed, waits again or was dropped."""


_SQL = """SELECT deliveries.id, outbox.id AS item_id, outbox.kind, outbox.key, outbox.source_id,
        outbox.queued_at, rule, target, rhythm, due_at, state, attempts, next_try_at, settled_at,
        deliveries.reason
    FROM deliveries JOIN outbox ON outbox.id = item_id"""
_DUE = "state = 'waiting' AND next_try_at <= ?"
_STANDS = """CASE outbox.kind
    WHEN 'change' THEN EXISTS (SELECT 1 FROM changes
        WHERE changes.public_id = outbox.key AND superseded_at IS NULL)
    WHEN 'held' THEN NOT EXISTS (SELECT 1 FROM withheld_documents
        JOIN withheld ON withheld.id = withheld_id
        WHERE withheld.source_id = outbox.source_id AND table_name IS NULL
        AND outbox.source_id || ' ' || document_sha256 = outbox.key)
    ELSE TRUE END"""
_IN_ORDER = "ORDER BY target, rhythm, item_id, deliveries.id"


def plan(db: Database, deliveries: Iterable[Planned]) -> None:
    """Write deliveries that wait. Call it in the transaction that hands their items out."""
    db.conn.executemany(
        """INSERT INTO deliveries (item_id, rule, target, rhythm, due_at, next_try_at)
        VALUES (?, ?, ?, ?, ?, ?)""",
        [
            (each.item_id, each.rule, each.target, each.rhythm, each.due_at, each.due_at)
            for each in deliveries
        ],
    )


def due(db: Database, now: str) -> list[Delivery]:
    """Return what is to be claimed at ``now``, by target and rhythm; nothing is written."""
    return _deliveries(db, f"{_SQL} WHERE {_DUE} AND {_STANDS} {_IN_ORDER}", [now])


def drop_overtaken(db: Database, now: str) -> None:
    """Drop what is due at ``now`` and does not stand any more.

    That is what a later document overtook, and what was withheld.
    """
    with db.atomic():
        db.execute(
            f"""UPDATE deliveries SET state = 'dropped', settled_at = ?, reason = ?
            WHERE {_DUE} AND NOT EXISTS (
                SELECT 1 FROM outbox WHERE outbox.id = item_id AND {_STANDS})""",
            [now, OVERTAKEN, now],
        )


def claim(db: Database, ids: Collection[int]) -> list[Delivery]:
    """Take of these deliveries those that wait, by target and rhythm, and return them.

    It is committed before this returns.
    """
    with db.atomic():
        db.execute(
            f"""UPDATE deliveries SET state = 'sending', attempts = attempts + 1
            WHERE state = 'waiting' AND id IN ({_VALUES})""",
            [json.dumps(sorted(ids))],
        )
    return _by_ids(db, ids)


def settle_sent(db: Database, ids: Collection[int], now: str) -> None:
    """Note that claimed deliveries were sent."""
    _settle(db, ids, "state = 'sent', settled_at = ?, reason = NULL", [now])


def settle_failed(
    db: Database, ids: Collection[int], reason: str, now: str, again_at: str | None = None
) -> None:
    """Note that claimed deliveries could not be sent, and why; ``reason`` holds no secret.

    They wait until ``again_at``; without it they are given up.
    """
    if again_at is None:
        _settle(db, ids, "state = 'failed', settled_at = ?, reason = ?", [now, reason])
    else:
        _settle(db, ids, "state = 'waiting', next_try_at = ?, reason = ?", [again_at, reason])


def settle_uncertain(db: Database, ids: Collection[int], reason: str, now: str) -> None:
    """Note that nobody knows whether claimed deliveries came; ``reason`` holds no secret."""
    _settle(db, ids, "state = 'unknown', settled_at = ?, reason = ?", [now, reason])


def settle_unknown(db: Database, now: str) -> int:
    """Note of all that is being sent that whoever sent it died; return how many that are.

    Only for a caller who knows that nobody sends now.
    """
    with db.atomic():
        return int(
            db.execute(
                """UPDATE deliveries SET state = 'unknown', settled_at = ?,
                    reason = 'the command that sent it died' WHERE state = 'sending'""",
                [now],
            ).rowcount
        )


def retry(db: Database, ids: Collection[int], now: str) -> None:
    """Let deliveries that failed, or of which nothing is known, be sent once more."""
    with db.atomic():
        db.execute(
            f"""UPDATE deliveries SET state = 'waiting', next_try_at = ?, settled_at = NULL
            WHERE state IN ('failed', 'unknown') AND id IN ({_VALUES})""",
            [now, json.dumps(sorted(ids))],
        )


def deliveries(db: Database, states: Collection[str]) -> list[Delivery]:
    """Return the deliveries in these states, in the order in which they are due."""
    sql = f"{_SQL} WHERE state IN ({_VALUES}) ORDER BY due_at, deliveries.id"
    return _deliveries(db, sql, [json.dumps(sorted(states))])


def drop(db: Database, ids: Collection[int], reason: str, now: str) -> None:
    """Drop deliveries that wait. Call it in a transaction."""
    db.execute(
        f"""UPDATE deliveries SET state = 'dropped', settled_at = ?, reason = ?
        WHERE state = 'waiting' AND id IN ({_VALUES})""",
        [now, reason, json.dumps(sorted(ids))],
    )


def waiting_of(db: Database, tables: Collection[str]) -> list[int]:
    """Return the ids of the deliveries that wait to tell of changes in one of these tables."""
    rows = db.execute(
        f"""SELECT deliveries.id FROM deliveries JOIN outbox ON outbox.id = item_id
        JOIN changes ON public_id = key AND superseded_at IS NULL
        WHERE deliveries.state = 'waiting' AND outbox.kind = 'change'
        AND table_name IN ({_VALUES})""",
        [json.dumps(sorted(tables))],
    )
    return [row[0] for row in rows]


def deliveries_of(db: Database, kind: str, key: str) -> list[Delivery]:
    """Return the deliveries of one item, found by what it tells of."""
    return _deliveries(
        db, f"{_SQL} WHERE outbox.kind = ? AND outbox.key = ? ORDER BY deliveries.id", [kind, key]
    )


_VALUES = "SELECT value FROM json_each(?)"


def _settle(db: Database, ids: Collection[int], values: str, params: list[Any]) -> None:
    with db.atomic():
        db.execute(
            f"UPDATE deliveries SET {values} WHERE state = 'sending' AND id IN ({_VALUES})",
            [*params, json.dumps(sorted(ids))],
        )


def _by_ids(db: Database, ids: Collection[int]) -> list[Delivery]:
    sql = f"{_SQL} WHERE deliveries.id IN ({_VALUES}) {_IN_ORDER}"
    return _deliveries(db, sql, [json.dumps(sorted(ids))])


def _deliveries(db: Database, sql: str, params: list[Any]) -> list[Delivery]:
    found = []
    for row in db.query(sql, params):
        names = ("kind", "key", "source_id", "queued_at")
        item = Item(row.pop("item_id"), **{name: row.pop(name) for name in names})
        found.append(Delivery(item=item, **row))
    return found
