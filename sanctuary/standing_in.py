"""What helps where a publisher refuses: the Wayback Machine's newest capture, or a saved page.

The refusal stays a refusal, and the source grows no fresher by what stands in for it: that is of
the time at which the archive made it, in the archive's word.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from db.archived import archived
from db.refused import Refused, newest_shown, refused
from sanctuary.accepting import Progress
from sanctuary.backfill_steps import Held, Work, always
from sanctuary.backfill_taking import Allowance, Taker, Watcher
from sanctuary.backfilling import FIRST
from sanctuary.clock import Clock
from sanctuary.outcome import Outcome
from sanctuary.reading import find_parser
from sanctuary.sources import Source
from scraper.archive import Archive
from scraper.judge import Kind
from scraper.wayback import Excluded, Unavailable, WaybackMachine
from scraper.wayback_index import Snapshot, timestamp_of

_ENOUGH = 3
"""Captures of one address that are tried in a run until one is the document."""


@dataclass(frozen=True)
class StandIn:
    """Looks for what stands in for the documents of one source."""

    db: Database
    archive: Archive
    wayback: WaybackMachine
    source: Source
    run_id: int
    outcome: Outcome
    clock: Clock
    progress: Progress

    def take(self) -> None:
        """Record the archive's newest capture of each document that this run was refused.

        That is, if it is newer than all that is held of the address. It is read with the rest of
        the run. What the archive fails to answer is a failure of the outcome.
        """
        held = Held()
        for capture in archived(self.db, self.source.id):
            held.add(capture)
        taker = Taker(
            self.db,
            self.archive,
            self.wayback,
            self.source,
            self.run_id,
            self.outcome,
            self.clock,
            held,
            Allowance(None),
            Watcher(self.progress),
        )
        for each in refused(self.db, self.source.id):
            if taker.allowance.is_over:
                return
            self._for(each.address, taker)

    def _for(self, address: str, taker: Taker) -> None:
        shown = newest_shown(self.db, self.source.id, address)
        if shown is not None and shown.is_bundle:
            # A page in place of what the API says would show as a change of every section.
            return
        since = shown.captured_at if shown else FIRST
        self.progress(f"{self.source.id}: looking for {address} in the Wayback Machine")
        try:
            listed = self.wayback.captures(address, timestamp_of(since), timestamp_of(self.clock()))
        except (Excluded, Unavailable) as error:
            self.outcome.fail(str(error))
            return
        kind = Kind(find_parser(self.source.parser).wants(self.source.options))
        newest_first = _newest_first(listed.snapshots, since)
        fresh = [
            each for each in newest_first if not taker.held.holds("document", address, each.key)
        ]
        for snapshot in fresh[:_ENOUGH]:
            taker.take(Work(address, "document", kind, ((snapshot, None),), always, ()))
            if newest_shown(self.db, self.source.id, address) != shown:
                return


def tell(db: Database, source_id: str, outcome: Outcome) -> None:
    """Say what stands in for the documents that a run was refused, and what a person can do."""
    found = refused(db, source_id)
    outcome.messages += [said for each in found if (said := stands_in(each))]
    if found:
        outcome.messages.append(by_hand(source_id, found))


def stands_in(document: Refused) -> str | None:
    """Return in a line what stands in for a document that was refused, None if nothing does."""
    if document.stands_in is None:
        return None
    return (
        f"{document.address}: refused; the newest capture of the Wayback Machine, of "
        f"{document.stands_in[:10]}, stands in for it"
    )


def by_hand(source_id: str, documents: tuple[Refused, ...]) -> str:
    """Return in a line how a person takes in what a tool is refused."""
    address = shlex.quote(documents[0].address) if len(documents) == 1 else "ADDRESS"
    return (
        "save the page in a browser and take it in: sanctuary import FILE "
        f"--source {source_id} --captured-at TIME --address {address}"
    )


def _newest_first(snapshots: tuple[Snapshot, ...], since: str) -> Iterator[Snapshot]:
    """Yield the captures made after ``since`` that can be a document, the newest first."""
    for each in reversed(snapshots):
        if each.captured_at > since and each.status in (200, None):
            yield each
