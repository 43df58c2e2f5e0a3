"""When a source could not be read any more, and when it could again.

A source has gone dark once a run had no definite answer of it although its deadline had passed
since the last one. One run is no proof, as where nobody looked meanwhile: it takes two runs without
an answer, at least ``confirm_after`` apart. The window is from the last answer to that second run.
What was never readable has not gone dark, and what is over has no deadline.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlite_utils import Database

from db.attempts import Attempt, attempts
from db.changes import Change, store_changes, stored_life_changes
from db.sources import Source


def renew_dark(db: Database, source: Source, now: str, since: str | None = None) -> None:
    """Derive when ``source`` went dark and was readable again. Call it in a transaction.

    To be called once a run is done with the source, ``since`` being when its first capture was
    made: what was settled before that is left alone. And without ``since`` once a person has
    decided about a reading: an accepted document is an answer of the day it was fetched on.
    """
    if source.deadline_seconds is None:
        return
    tried = _tried(db, source, since)
    held = stored_life_changes(db, source.id, source.id)
    settled = tried[0].good_at if tried else None
    if since is not None and settled:
        held = [each for each in held if each.change.observed_by > settled]
    store_changes(db, held, _derived(source, tried), now)


def _tried(db: Database, source: Source, since: str | None) -> list[Attempt]:
    """Return the attempts from the last answer before ``since`` on, else all of them."""
    if since is not None:
        # Mostly the last answer is not far off, and ten years of attempts need not be read.
        near = datetime.fromisoformat(since) - timedelta(seconds=source.deadline_seconds or 0)
        tried = attempts(db, source.id, near.strftime("%Y-%m-%dT%H:%M:%SZ"))
        for number in range(len(tried) - 1, -1, -1):
            if tried[number].at < since and tried[number].good_at:
                return tried[number:]
    return attempts(db, source.id)


def _derived(source: Source, tried: list[Attempt]) -> list[Change]:
    deadline = timedelta(seconds=source.deadline_seconds or 0)
    confirmed = timedelta(seconds=source.confirm_after_seconds)
    changes: list[Change] = []
    good: str | None = None
    failed: list[str] = []
    dark = False
    for attempt in tried:
        if attempt.good_at:
            if dark:
                changes.append(_change("restored", source, failed[-1], attempt.good_at))
            good, failed, dark = attempt.good_at, [], False
            continue
        failed.append(attempt.at)
        if (
            good
            and not dark
            and _between(good, attempt.at) >= deadline
            and len(failed) > 1
            and _between(failed[0], attempt.at) >= confirmed
        ):
            changes.append(_change("went_dark", source, good, attempt.at))
            dark = True
    return changes


def _between(first: str, last: str) -> timedelta:
    return datetime.fromisoformat(last) - datetime.fromisoformat(first)


def _change(kind: str, source: Source, after: str, by: str) -> Change:
    return Change(
        kind=kind,
        source_id=source.id,
        table_name=None,
        edition_before_id=None,
        edition_after_id=None,
        row_key=source.id,
        place=None,
        state=None,
        observed_after=after,
        observed_by=by,
    )
