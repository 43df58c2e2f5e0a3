"""The way of the documents of all sources in one run: fetch and archive, read and accept."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass

from sqlite_utils import Database

from db.captures import finish_run, newest_capture, start_run, unread
from db.dark import renew_dark
from db.refused import refused
from db.settings import save_serving
from db.sources import save_source
from sanctuary import __version__
from sanctuary.accepting import Acceptor, Progress
from sanctuary.asking import new_client, new_wayback_client
from sanctuary.clock import Clock
from sanctuary.fetching import Fetcher
from sanctuary.hosts import Hosts
from sanctuary.logs import about, begin_run
from sanctuary.outcome import Outcome, counts_of, one_failure
from sanctuary.readers import Readers, open_readers
from sanctuary.saving import save_changed
from sanctuary.sources import Settings, Source
from sanctuary.standing_in import StandIn, tell
from sanctuary.turns import Turns
from scraper.archive import Archive
from scraper.client import Client
from scraper.wayback import WaybackMachine

_log = logging.getLogger(__name__)


def run(
    db: Database,
    archive: Archive,
    sources: Iterable[Source],
    settings: Settings,
    clock: Clock,
    progress: Progress,
    done: Callable[[Outcome], None] = lambda _: None,
    stops: Callable[[], bool] = lambda: False,
    cluster: str | None = None,
    client: Client | None = None,
) -> list[Outcome]:
    """Fetch and read ``sources``, and return what came of each, in their order.

    Those of one host are taken one after the other, those of different hosts at a time, each in a
    thread. ``done`` is called after each source, ``stops`` before it: once that says so, no further
    one is begun. What fails in one source does not stop the others, even if nobody expected it;
    what would fail in all of them is raised: NotArchived, DatabaseError and sqlite3's errors.
    Documents are read on the cluster of that address if one is given; raises ClusterFails. Who has
    asked for some of them already gives the ``client`` that did.
    """
    sources = list(sources)
    turns = Turns(db.conn)
    hosts = Hosts(turns, settings.hosts_at_once, stops)
    outcomes: dict[str, Outcome] = {}

    def told(text: str) -> None:
        progress(f"{hosts.asked} hosts at a time; {text}" if hosts.asked > 1 else text)

    with (
        nullcontext(client) if client else new_client(settings, clock, turns.away) as client,
        open_readers(archive, settings.reading.limits(), cluster=cluster) as readers,
    ):
        run_id = start_run(db, "run", __version__, clock(), begin_run())
        save_serving(db, settings.serving())
        way = _Way(db, archive, settings, client, readers, turns, run_id, clock, told)

        def go(source: Source) -> None:
            with about(source.id):
                outcomes[source.id] = way.of(source)
                _log.info("source done", extra={"facts": counts_of(outcomes[source.id])})
            done(outcomes[source.id])

        hosts.each(sources, go)
    in_order = [outcomes[source.id] for source in sources if source.id in outcomes]
    finish_run(db, run_id, {"sources": [asdict(outcome) for outcome in in_order]}, clock())
    return in_order


@dataclass(frozen=True)
class _Way:
    """What all sources of a run have in common."""

    db: Database
    archive: Archive
    settings: Settings
    client: Client
    readers: Readers
    turns: Turns
    run_id: int
    clock: Clock
    progress: Progress

    def of(self, source: Source) -> Outcome:
        """Take one source all the way, and return what came of it."""
        db, archive, clock, progress = self.db, self.archive, self.clock, self.progress
        save_source(db, source.facts())
        outcome = Outcome(source.id)
        # Captures of other sources come in between; asked is only which are later among its own.
        since, began = newest_capture(db), clock()
        limits = self.settings.reading.limits()
        with one_failure(db, outcome, source.id, clock):
            Fetcher(
                db,
                archive,
                self.client,
                source,
                self.run_id,
                limits,
                outcome,
                clock,
                progress,
                self.turns.away,
            ).fetch()
        if source.when_refused == "wayback" and refused(db, source.id):
            with one_failure(db, outcome, source.id, clock), self._slow_client() as slow:
                wayback = WaybackMachine(slow, self.settings.wayback)
                StandIn(db, archive, wayback, source, self.run_id, outcome, clock, progress).take()
        with one_failure(db, outcome, source.id, clock):
            items = list(unread(db, source.id))
            Acceptor(
                db, archive, source, self.readers, outcome, clock, progress, self.turns.away
            ).read(items, since)
        with db.atomic():
            renew_dark(db, source.facts(), clock(), began)
        if source.save_to_wayback:
            with self._slow_client() as slow:
                wayback = WaybackMachine(slow, self.settings.wayback)
                save_changed(db, wayback, source, self.run_id, outcome, clock)
        tell(db, source.id, outcome)
        return outcome

    def _slow_client(self) -> AbstractContextManager[Client]:
        return new_wayback_client(self.settings, self.clock, self.turns.away)
