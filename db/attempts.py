"""What was tried of a source: our own captures, a run at a time, and what came of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from db.sources import Source

_ENOUGH = 100
"""Captures that are looked at to see when a source was last tried, and how often it failed."""


@dataclass(frozen=True)
class Attempt:
    """All that one run asked a source for."""

    at: str
    """When the last of its captures was made."""
    good_at: str | None
    """When it last had a definite answer: an accepted document, word that nothing has changed, or
    that an address which once gave a document is gone. None if it had none."""


@dataclass(frozen=True)
class Tries:
    """What decides when a source is due again. All times are ISO 8601 in UTC."""

    last: str | None = None
    """When it was last tried; None if it never was. It lies in the future where the clock has been
    set back since."""
    failures: int = 0
    """Runs in a row, the last among them, to which nothing was answered."""
    first_gone: str | None = None
    """Since when a document is gone of which that is not confirmed yet."""
    retry_after: str | None = None
    """Before then the server wants no further request."""


@dataclass(frozen=True)
class Answered:
    """When a source was first and last tried, and when it last had a definite answer."""

    first_tried: str | None = None
    last_tried: str | None = None
    last_good: str | None = None


_GOOD = """role = 'document' AND CASE verdict
    WHEN 'document' THEN sightings.capture_id IS NOT NULL
    WHEN 'unchanged' THEN NOT doubted
    WHEN 'gone' THEN EXISTS (SELECT 1 FROM captures AS before
        WHERE before.source_id = captures.source_id AND before.address = captures.address
        AND before.role = 'document' AND before.verdict = 'document'
        AND before.captured_at < captures.captured_at)
    ELSE 0 END"""


def attempts(db: Database, source_id: str, since: str = "") -> list[Attempt]:
    """Return the attempts on a source that were made at ``since`` or later, in the order of time.

    A run counts as one: its index page is a means, and the answer lies in the documents. One that
    found no link to any, or only documents that are held, had no definite answer.
    """
    rows = db.execute(
        f"""SELECT max(captured_at) AS at, max(CASE WHEN {_GOOD} THEN captured_at END) AS good_at
        FROM captures LEFT JOIN sightings ON sightings.capture_id = captures.id
        WHERE source_id = ? AND role IN ('document', 'index') AND captured_at >= ?
        AND proof = 'own'
        GROUP BY coalesce(run_id, -captures.id) ORDER BY at""",
        [source_id, since],
    )
    return [Attempt(*row) for row in rows]


def _by_time(role: str, order: str, where: str = "captured_at <= :now") -> str:
    """Return the SQL of when a capture of a source was made: the first in that order."""
    return f"""(SELECT captured_at FROM captures
        LEFT JOIN sightings ON sightings.capture_id = captures.id
        WHERE source_id = sources.id AND role = '{role}' AND proof = 'own' AND {where}
        ORDER BY captured_at {order} LIMIT 1)"""


_ANSWERED = f"""SELECT id, {_by_time("document", "ASC", "1")}, {_by_time("index", "ASC", "1")},
    {_by_time("document", "DESC")}, {_by_time("index", "DESC")},
    {_by_time("document", "DESC", f"captured_at <= :now AND {_GOOD}")} FROM sources"""


def answered(db: Database, now: str) -> dict[str, Answered]:
    """Return by id when each source was tried and answered, up to ``now``.

    It is what ``attempts`` says of them, without reading them all: each capture is found by its
    time, from either end.
    """
    return {
        row[0]: Answered(_only(min, row[1:3]), _only(max, row[3:5]), row[5])
        for row in db.execute(_ANSWERED, {"now": now})
    }


def _only(pick: Callable[[list[str]], str], moments: Iterable[str | None]) -> str | None:
    """Return the first or the last of those moments that there are."""
    known = [moment for moment in moments if moment is not None]
    return pick(known) if known else None


def tries(db: Database, source: Source, now: str) -> Tries:
    """Return what is known at ``now`` of the last attempts on a source."""
    newest = _newest(db, source.id, now)
    ahead = db.execute(
        """SELECT id, captured_at FROM captures
        WHERE source_id = ? AND role IN ('document', 'index') AND captured_at > ?
        AND proof = 'own' ORDER BY id DESC LIMIT 1""",
        [source.id, now],
    ).fetchone()
    if ahead is not None and ahead[0] > max((row["id"] for row in newest), default=0):
        return Tries(ahead[1])
    last = newest[0]["captured_at"] if newest else None
    broken = _broken_off(db, source.id, last, now)
    if not newest or broken:
        return Tries(broken, failures=1) if broken else Tries()
    of_last_run = [row for row in newest if _run(row) == _run(newest[0])]
    waits = [row["retry_after"] for row in of_last_run if row["retry_after"]]
    return Tries(
        last=last,
        failures=_failures(newest),
        first_gone=_first_gone(db, source, of_last_run),
        retry_after=max(waits, default=None),
    )


def _newest(db: Database, source_id: str, now: str) -> list[dict[str, Any]]:
    # One branch a role: so each reads the index backwards and stops.
    branches = " UNION ALL ".join(
        f"""SELECT * FROM (SELECT id, run_id, role, address, captured_at, verdict, retry_after
            FROM captures WHERE source_id = :source_id AND role = '{role}'
            AND captured_at <= :now AND proof = 'own'
            ORDER BY captured_at DESC, id DESC LIMIT {_ENOUGH})"""
        for role in ("document", "index")
    )
    sql = f"{branches} ORDER BY captured_at DESC, id DESC"
    return list(db.query(sql, {"source_id": source_id, "now": now}))


def _run(row: dict[str, Any]) -> int:
    return int(row["run_id"] or -row["id"])


def _broken_off(db: Database, source_id: str, last: str | None, now: str) -> str | None:
    """Return when a later run failed before it had asked for anything, None if none did."""
    found = db.execute(
        """SELECT max(recorded_at) FROM problems
        WHERE source_id = :source_id AND kind = 'failed' AND capture_id IS NULL
        AND reading_id IS NULL AND recorded_at <= :now AND EXISTS (SELECT 1 FROM runs
            WHERE started_at > :last AND started_at <= problems.recorded_at)""",
        {"source_id": source_id, "last": last or "", "now": now},
    ).fetchone()[0]
    return None if found is None else str(found)


def _failures(newest: list[dict[str, Any]]) -> int:
    """Return how many runs in a row got no answer about any document, counted from the last."""
    answered: dict[int, bool] = {}
    for row in newest:
        said = row["role"] == "document" and row["verdict"] in ("document", "unchanged", "gone")
        answered[_run(row)] = answered.get(_run(row), False) or said
    return next((n for n, good in enumerate(answered.values()) if good), len(answered))


def _first_gone(db: Database, source: Source, rows: list[dict[str, Any]]) -> str | None:
    """Return since when a document is gone that the last run missed and no second one has yet."""
    waiting = []
    for address in {row["address"] for row in rows if row["verdict"] == "gone"}:
        shown = db.execute(
            """SELECT max(captured_at) FROM captures
            JOIN sightings ON sightings.capture_id = captures.id
            WHERE source_id = ? AND address = ?""",
            [source.id, address],
        ).fetchone()[0]
        if shown is None:
            continue
        first, last = db.execute(
            """SELECT min(captured_at), max(captured_at) FROM captures
            WHERE source_id = ? AND address = ? AND role = 'document' AND verdict = 'gone'
            AND captured_at > ?""",
            [source.id, address, shown],
        ).fetchone()
        if first and _seconds(first, last) < source.confirm_after_seconds:
            waiting.append(str(first))
    return min(waiting, default=None)


def _seconds(first: str, last: str) -> float:
    return (datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds()
