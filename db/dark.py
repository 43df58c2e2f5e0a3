"""When a source could not be read any more, and when it could again.

A source has gone dark once a run had no definite answer of it although its deadline had passed
since the last one. One run is no proof, as where nobody looked meanwhile: it takes two runs without
an answer, at least ``confirm_after`` apart. The window is from the last answer to that second run.
What was never readable has not gone dark, and what is over has no deadline.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlite_utils import Database

from db.attempts import attempts
from db.changes import Change, store_changes, stored_life_changes
from db.sources import Source


def renew_dark(db: Database, source: Source, now: str) -> None:
    """Derive when ``source`` went dark and was readable again. Call it in a transaction.

    To be called once a run is done with the source, and once a person has decided about a reading,
    since an accepted document is an answer of the day on which it was fetched.
    """
    if source.deadline_seconds is None:
        return
    deadline = timedelta(seconds=source.deadline_seconds)
    confirmed = timedelta(seconds=source.confirm_after_seconds)
    wanted: list[Change] = []
    good: str | None = None
    failed: list[str] = []
    dark = False
    for attempt in attempts(db, source.id):
        if attempt.good_at:
            if dark:
                wanted.append(_change("restored", source, failed[-1], attempt.good_at))
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
            wanted.append(_change("went_dark", source, good, attempt.at))
            dark = True
    store_changes(db, stored_life_changes(db, source.id, source.id), wanted, now)


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
