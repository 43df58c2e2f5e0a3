"""Asking the Wayback Machine to keep what has changed, so that others can check it there.

What came of it is a line among the messages of the run, which its summary keeps; by that it is
known which addresses were asked for in the last day. A run never fails for it, nor waits for the
archive's answer longer than for any other host's.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlite_utils import Database

from db.archived import addresses_of_new_editions, was_said_since
from sanctuary.clock import Clock, in_utc
from sanctuary.outcome import Outcome
from sanctuary.sources import Source
from scraper.errors import ScraperError
from scraper.wayback import WaybackMachine

_ONCE_IN = timedelta(days=1)


def save_changed(
    db: Database,
    wayback: WaybackMachine,
    source: Source,
    run_id: int,
    outcome: Outcome,
    clock: Clock,
) -> None:
    """Ask the archive to keep the addresses at which this run found a new edition of ``source``.

    Each address once a day at most. What goes wrong is a message of ``outcome`` and no failure.
    """
    since = in_utc(datetime.fromisoformat(clock()) - _ONCE_IN)
    for address in addresses_of_new_editions(db, source.id, run_id):
        beginning = f"{address}: the Wayback Machine was asked to save it"
        if was_said_since(db, beginning, since):
            continue
        try:
            fault = wayback.save(address)
        except ScraperError as error:
            fault = str(error)
        outcome.messages.append(
            f"{beginning}, and did not take it: {fault}" if fault else beginning
        )
