"""From an address to the archive: discover, fetch, judge, archive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime

from sqlite_utils import Database

from db.captures import (
    Known,
    archived_document,
    ever_gave_a_document,
    known_addresses,
    known_document,
    record_problem,
)
from db.links import note_links
from db.refused import newest_shown
from db.withheld import is_withheld
from parsers.bundle import Wanted
from parsers.records import Problem
from sanctuary.accepting import Progress
from sanctuary.clock import Clock
from sanctuary.outcome import Outcome
from sanctuary.reading import ReadingLimits, find_parser
from sanctuary.recording import Recorder
from sanctuary.sources import Source
from sanctuary.walking import Answered, Walk, not_kept
from sanctuary.wording import day_and_time
from scraper.archive import Archive
from scraper.client import Client, Fetched
from scraper.conditional import Validators
from scraper.dated import expected
from scraper.discover import discover, taken
from scraper.judge import Kind, Verdict
from scraper.visit import Visit

_AHEAD = 1
"""Periods after today's whose documents may be out already."""
_PROBES = 4
"""Addresses that are asked for in a run without anybody having seen them."""


@dataclass(frozen=True)
class Fetcher:
    """Fetches what one source has, and records every attempt."""

    db: Database
    archive: Archive
    client: Client
    source: Source
    run_id: int
    limits: ReadingLimits
    """Of the process that reads what a host that is asked in steps has answered."""
    outcome: Outcome
    clock: Clock
    progress: Progress
    waiting: Callable[[], AbstractContextManager[None]]
    """What it returns is entered for as long as such a process is waited for."""

    def fetch(self) -> None:
        """Fetch all documents of the source; what cannot be had is counted in the outcome."""
        if self.source.address is None and self.source.discover.kind != "dated":
            self.outcome.fail("it has no address; `sanctuary import` takes its documents")
            return
        parser = find_parser(self.source.parser)
        if self.source.discover.kind == "host":
            if self._has_key(parser.key_host):
                self._in_steps()
                return
            if self._came_in_steps():
                self.outcome.fail(
                    f"{self.source.address}: {parser.key_host} gave it in steps until now, and "
                    "there is no key for it in the environment; its page is not taken instead, "
                    "where each section may look changed"
                )
                return
        for address, found_in in self._addresses(self.source.address or ""):
            self._document(address, Kind(parser.wants(self.source.options)), found_in)

    def _addresses(self, start: str) -> Iterator[tuple[str, int | None]]:
        """Yield what to fetch, and the index page that links to it.

        A report that is no longer linked is asked for all the same: it may be replaced or gone,
        with the page that linked to it or without.
        """
        match self.source.discover.kind:
            case "page" | "host":
                yield start, None
            case "dated":
                yield from ((address, None) for address in self._expected())
            case "index":
                yield from self._linked(start)

    def _expected(self) -> Iterator[str]:
        """Yield where documents were found, then where the next ones can be expected."""
        wanted, known = self.source.discover, known_addresses(self.db, self.source.id)
        yield from known
        today = datetime.fromisoformat(self.clock()).date()
        first = wanted.first or today
        probes = expected(wanted.template, wanted.every, first, known, today, _AHEAD, _PROBES)
        yield from (probe.address for probe in probes)

    def _linked(self, start: str) -> Iterator[tuple[str, int | None]]:
        links: list[str] = []
        fetched, index_id = self._fetch(start, "index", Kind.HTML, None)
        if fetched.verdict in (Verdict.DOCUMENT, Verdict.UNCHANGED):
            links = self._links(fetched, index_id)
        else:
            self._fail(fetched.address, fetched.verdict, fetched.reason)
        yield from ((link, index_id) for link in links)
        seen = (Verdict.DOCUMENT, Verdict.UNCHANGED, Verdict.GONE)
        if fetched.verdict in seen and self.source.editions == "period":
            for address in known_addresses(self.db, self.source.id):
                if address not in links:
                    yield address, None

    def _links(self, index: Fetched, index_id: int) -> list[str]:
        wanted = self.source.discover
        page = self.archive.get(archived_document(self.db, index_id) or "")
        every = discover(page, index.final_address, wanted.pattern)
        if not every:
            said = (
                f"{index.address}: no link answers to {wanted.pattern}; "
                "look at the page, and mend the pattern in sources.yml if it has changed"
            )
            self.outcome.fail(said)
            problem = Problem("no_links", said)
            record_problem(self.db, self.source.id, index_id, problem, self.clock())
            return []
        gone = note_links(self.db, self.source.id, index_id, every)
        # A list is replaced by one of another name; that its old link goes says nothing.
        if self.source.editions == "period":
            self.outcome.messages += [
                f"{link.address}: the page that linked to it on {day_and_time(link.last_seen)} "
                "does so no more"
                for link in gone
            ]
        return taken(every, wanted.take)

    def _document(self, address: str, kind: Kind, found_in: int | None) -> None:
        fetched, _ = self._fetch(address, "document", kind, found_in)
        if fetched.verdict is Verdict.GONE:
            if ever_gave_a_document(self.db, self.source.id, address):
                self.outcome.gone += 1
            elif self.source.discover.kind != "dated":
                self.outcome.never_found += 1
        elif fetched.verdict not in (Verdict.DOCUMENT, Verdict.UNCHANGED):
            self._fail(fetched.address, fetched.verdict, fetched.reason)

    def _has_key(self, host: str | None) -> bool:
        """Say whether a host can be asked in steps: it wants no key, or there is one."""
        return host is None or self.client.has_key(host)

    def _came_in_steps(self) -> bool:
        shown = newest_shown(self.db, self.source.id, self.source.address or "")
        return shown is not None and shown.is_bundle

    def _in_steps(self) -> None:
        """Ask the host part by part; what it gave is one document, or one failure."""
        whole = Walk(self.source, self.limits, self.clock, self._part, self.waiting).whole()
        self._recorder().record_whole(whole)
        if whole.document is None:
            self._fail(self.source.address or "", whole.verdict, whole.reason)

    def _part(self, wanted: Wanted, visit: Visit) -> Answered:
        """Fetch one part and record what came."""
        self.progress(f"{self.source.id}: fetching {wanted.name}")
        known = known_document(self.db, self.source.id, "part", wanted.name)
        fetched = self.client.fetch(
            wanted.address,
            Kind(wanted.kind),
            self._validators(known, "part") if known and wanted.keep else None,
            verify_tls=self.source.unverified_tls is None,
            visit=visit,
            post=wanted.post,
        )
        kept = fetched if wanted.keep else not_kept(fetched)
        self._recorder().record(replace(kept, address=wanted.name), "part", known, None)
        if fetched.verdict is Verdict.UNCHANGED and known is not None:
            return Answered(fetched, self.archive.get(known.document_sha256))
        return Answered(fetched, fetched.body)

    def _fetch(
        self, address: str, role: str, kind: Kind, found_in: int | None
    ) -> tuple[Fetched, int]:
        """Fetch an address and record what came; return it with the id of the capture."""
        self.progress(f"{self.source.id}: fetching {address}")
        known = known_document(self.db, self.source.id, role, address)
        fetched = self.client.fetch(
            address,
            kind,
            self._validators(known, role) if known else None,
            verify_tls=self.source.unverified_tls is None,
        )
        return fetched, self._recorder().record(fetched, role, known, found_in)

    def _recorder(self) -> Recorder:
        return Recorder(self.db, self.archive, self.source, self.run_id, self.clock)

    def _validators(self, known: Known, role: str) -> Validators | None:
        """Return what a request can be made conditional on, None where all is to be sent.

        That is so after a failure, where the server was found out, where the bytes are not here
        any more, and once in a while. A document that is withheld need not be here.
        """
        age = datetime.fromisoformat(self.clock()) - datetime.fromisoformat(known.captured_at)
        if known.failed_since or known.found_out or not known.has_validators:
            return None
        if age >= self.source.full_fetch_every:
            return None
        sha256 = known.document_sha256
        may_lack = role == "document" and is_withheld(self.db, sha256)
        if not may_lack and not self.archive.has(sha256):
            return None
        return Validators(known.etag, known.last_modified, known.final_address)

    def _fail(self, address: str, verdict: Verdict, reason: str) -> None:
        self.outcome.fail(f"{address}: {verdict}: {reason}")
