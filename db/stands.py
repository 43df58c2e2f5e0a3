"""How the newest edition of a source stands at a moment: what the canned queries say of lists."""

from __future__ import annotations

from datetime import datetime, timedelta

from db.timeline import ListState


def state_of_newest(
    *,
    lifecycle: str,
    ended_on: str | None,
    stands: bool,
    last_stated: str,
    max_gap_seconds: int,
    now: str,
) -> ListState:
    """Return how the newest edition stands ``now``, a moment in UTC.

    ``stands`` and ``last_stated`` are those of the view ``latest_editions``; the rest is the
    source's. After its last capture an edition is observed for ``max_gap_seconds``.
    """
    if lifecycle == "ended" or (ended_on is not None and ended_on <= now[:10]):
        return ListState.ENDED
    if not stands:
        return ListState.WITHDRAWN
    holds_until = datetime.fromisoformat(last_stated) + timedelta(seconds=max_gap_seconds)
    is_long_ago = datetime.fromisoformat(now) > holds_until
    return ListState.NOT_OBSERVED if is_long_ago else ListState.PUBLIC
