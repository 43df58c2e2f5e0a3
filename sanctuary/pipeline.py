"""The way of the documents of all sources in one run: fetch and archive, read and accept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict

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
from sanctuary.outcome import Outcome, one_failure
from sanctuary.saving import save_changed
from sanctuary.sources import Settings, Source
from sanctuary.standing_in import StandIn, tell
from scraper.archive import Archive
from scraper.wayback import WaybackMachine


def run(
    db: Database,
    archive: Archive,
    sources: Iterable[Source],
    settings: Settings,
    clock: Clock,
    progress: Progress,
    done: Callable[[Outcome], None] = lambda _: None,
) -> list[Outcome]:
    """Fetch and read ``sources``, one after the other, and return what came of each.

    ``done`` is called after each source. What fails in one source does not stop the others, even
    if nobody expected it; what would fail in all of them is raised: NotArchived, DatabaseError and
    sqlite3's errors.
    """
    run_id = start_run(db, "run", __version__, clock())
    save_serving(db, settings.serving())
    limits = settings.reading.limits()
    outcomes = []
    with new_client(settings, clock) as client:
        for source in sources:
            save_source(db, source.facts())
            outcome = Outcome(source.id)
            since, began = newest_capture(db), clock()
            fetcher = Fetcher(db, archive, client, source, run_id, limits, outcome, clock, progress)
            with one_failure(db, outcome, source.id, clock):
                fetcher.fetch()
            if source.when_refused == "wayback" and refused(db, source.id):
                with (
                    one_failure(db, outcome, source.id, clock),
                    new_wayback_client(settings, clock) as slow,
                ):
                    wayback = WaybackMachine(slow, settings.wayback)
                    StandIn(db, archive, wayback, source, run_id, outcome, clock, progress).take()
            with one_failure(db, outcome, source.id, clock):
                items = list(unread(db, source.id))
                acceptor = Acceptor(db, archive, source, limits, outcome, clock, progress)
                acceptor.read(items, since)
            with db.atomic():
                renew_dark(db, source.facts(), clock(), began)
            if source.save_to_wayback:
                with new_wayback_client(settings, clock) as slow:
                    wayback = WaybackMachine(slow, settings.wayback)
                    save_changed(db, wayback, source, run_id, outcome, clock)
            tell(db, source.id, outcome)
            outcomes.append(outcome)
            done(outcome)
    finish_run(db, run_id, {"sources": [asdict(outcome) for outcome in outcomes]}, clock())
    return outcomes
