"""The past of a source from the Wayback Machine: listed, downloaded once, captured, read in order.

Each capture of the archive becomes a capture of ours at the *archive's* time, with its word for
proof. Which of them are held already is asked of the database, so that a call that died is gone on
with by the next one, and nothing is downloaded twice. Equal bytes are downloaded once, and every
capture of them is a sighting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import partial

from sqlite_utils import Database

from db.archived import archived, observed
from db.captures import finish_run, known_addresses, newest_capture, start_run, unread
from db.settings import save_serving
from db.sources import save_source
from parsers.registry import Way
from sanctuary import __version__
from sanctuary.accepting import Acceptor
from sanctuary.backfill_steps import Held, Step, Tally, Work, always, planned
from sanctuary.backfill_taking import FAILURES, Allowance, Taker, Watcher
from sanctuary.clock import Clock
from sanctuary.gaps import Gap, gaps, longest_gap, unseen
from sanctuary.linked import linked_then
from sanctuary.logs import begin_run
from sanctuary.outcome import Outcome, one_failure
from sanctuary.readers import open_readers
from sanctuary.reading import find_parser
from sanctuary.sources import Settings, Source
from scraper.archive import Archive
from scraper.judge import Kind
from scraper.wayback import Excluded, Unavailable, WaybackMachine
from scraper.wayback_index import Snapshot, led_on, timestamp_of

FIRST = "1996-01-01T00:00:00Z"
"""The archive has nothing older."""


@dataclass(frozen=True)
class Wanted:
    """Which part of the past a call is for."""

    since: str = FIRST
    """ISO 8601 in UTC, as ``until``; both belong to it."""
    until: str | None = None
    """None for now."""
    addresses: tuple[str, ...] = ()
    """Of documents, in place of those that the source names; none for those."""
    only_gaps: bool = False
    """Only the time in which nobody looked."""
    limit: int | None = None
    """How many downloads the call may make, None for no limit."""
    way: Way = Way.VERIFIED
    """How the documents are read."""


@dataclass
class Found:
    """What a call found, and did or would do."""

    outcome: Outcome
    tallies: list[Tally] = field(default_factory=list)
    """One for each address, in the order in which they were asked for."""
    gaps: list[Gap] = field(default_factory=list)
    """Between captures of our own, where only the gaps were asked for."""
    unseen: list[Gap] = field(default_factory=list)
    """What remains of them: not observed."""
    is_over: bool = False
    """Whether the limit or the archive ended the call before all was asked for."""

    @property
    def downloads(self) -> int:
        """How many mementos were downloaded, or would be."""
        return sum(tally.downloads for tally in self.tallies)


@dataclass(frozen=True)
class Backfill:
    """The backfill of one source."""

    db: Database
    archive: Archive
    wayback: WaybackMachine
    source: Source
    clock: Clock
    watcher: Watcher

    def plan(self, wanted: Wanted) -> Found:
        """Return what ``run`` would do, by the archive's index alone; nothing is written.

        What the captures of an index page link to is known only of those that are held.
        """
        search = self._search(wanted)
        for work in search.works():
            search.found.tallies.append(planned(search.held, work))
        return search.found

    def run(self, wanted: Wanted, settings: Settings, cluster: str | None = None) -> Found:
        """Fetch what is missing, read what is unread, and return what was done.

        It is read on the cluster of that address if one is given; raises ClusterFails.
        """
        db, clock = self.db, self.clock
        run_id = start_run(db, "backfill", __version__, clock(), begin_run())
        save_serving(db, settings.serving())
        save_source(db, self.source.facts())
        since = newest_capture(db)
        search = self._search(wanted)
        outcome = search.found.outcome
        with one_failure(db, outcome, self.source.id, clock):
            self._take(search, run_id)
        with one_failure(db, outcome, self.source.id, clock):
            items = list(unread(db, self.source.id))
            progress = self.watcher.progress
            limits = settings.reading.limits()
            with open_readers(self.archive, limits, wanted.way, cluster) as readers:
                acceptor = Acceptor(
                    db, self.archive, self.source, readers, outcome, clock, progress
                )
                acceptor.read(items, since)
        search.see_what_remains()
        finish_run(db, run_id, {"sources": [asdict(outcome)]}, clock())
        return search.found

    def _take(self, search: _Search, run_id: int) -> None:
        taker = Taker(
            self.db,
            self.archive,
            self.wayback,
            self.source,
            run_id,
            search.found.outcome,
            self.clock,
            search.held,
            search.allowance,
            self.watcher,
        )
        for work in search.works():
            self.watcher.expect(planned(search.held, work).downloads)
            search.found.tallies.append(taker.take(work))

    def _search(self, wanted: Wanted) -> _Search:
        held = Held()
        for capture in archived(self.db, self.source.id):
            held.add(capture)
        until = wanted.until or self.clock()
        found = Found(Outcome(self.source.id))
        if wanted.only_gaps:
            own = observed(self.db, self.source.id, ("own",))
            found.gaps = gaps(own, longest_gap(self.source))
        allowance = Allowance(wanted.limit)
        return _Search(self, replace(wanted, until=until), found, held, allowance)


@dataclass(frozen=True)
class _Search:
    """What one call asks the archive's index for, address after address."""

    of: Backfill
    wanted: Wanted
    found: Found
    held: Held
    allowance: Allowance

    def works(self) -> Iterator[Work]:
        """Yield what the archive lists of each address; the links of an index after itself.

        Ends early when nothing more may be asked for.
        """
        source = self.of.source
        if self.wanted.only_gaps and not self.found.gaps:
            return
        kind = Kind(find_parser(source.parser).wants(source.options))
        if self.wanted.addresses:
            for address in self.wanted.addresses:
                yield from self._work(address, "document", kind, always)
        elif source.discover.kind == "index" and source.address is not None:
            yield from self._work(source.address, "index", Kind.HTML, always)
            yield from self._linked(kind)
        elif source.discover.kind == "page" and source.address is not None:
            yield from self._work(source.address, "document", kind, always)
        else:
            for address in known_addresses(self.of.db, source.id):
                yield from self._work(address, "document", kind, always)

    def _linked(self, kind: Kind) -> Iterator[Work]:
        source = self.of.source
        then = linked_then(self.of.db, self.of.archive, source)
        for address in then.addresses():
            counts = partial(then.linked, address) if source.editions == "content" else always
            yield from self._work(address, "document", kind, counts)

    def _work(
        self, address: str, role: str, kind: Kind, counts: Callable[[str], bool]
    ) -> Iterator[Work]:
        if self.allowance.is_over:
            self.found.is_over = True
            return
        self.of.watcher.progress(f"{self.of.source.id}: looking for {address}")
        since, until = self._span()
        try:
            listing = self.of.wayback.captures(address, timestamp_of(since), timestamp_of(until))
        except Excluded as error:
            self.found.outcome.fail(str(error))
            return
        except Unavailable as error:
            self.found.outcome.fail(str(error))
            failures = self.allowance.failures - 1
            self.allowance.failures = 0 if error.wants_rest else failures
            return
        self.allowance.failures = FAILURES
        asked = [each for each in listing.snapshots if self._is_wanted(each)]
        ends_elsewhere = led_on(asked)

        def certain(snapshot: Snapshot) -> Step | None:
            if snapshot.key in ends_elsewhere:
                return Step.REDIRECT
            return None if counts(snapshot.captured_at) else Step.UNLINKED

        steps = tuple((each, certain(each)) for each in asked)
        yield Work(address, role, kind, steps, counts, listing.faults)

    def _span(self) -> tuple[str, str]:
        """Return the time that the index is asked for."""
        since, until = self.wanted.since, self.wanted.until or ""
        if self.found.gaps:
            since = max(since, self.found.gaps[0].after)
            until = min(until, self.found.gaps[-1].until)
        return since, until

    def _is_wanted(self, snapshot: Snapshot) -> bool:
        at = snapshot.captured_at
        return not self.found.gaps or any(gap.after < at < gap.until for gap in self.found.gaps)

    def see_what_remains(self) -> None:
        """Note which of the gaps, and of their parts, nobody vouches for."""
        source = self.of.source
        known = observed(self.of.db, source.id, ("own", "archive"))
        self.found.unseen = unseen(self.found.gaps, known, longest_gap(source))
