"""From an address to the archive: discover, fetch, judge, archive.

Bytes are archived and their capture is recorded before anything is derived from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from db.captures import Capture, Document, known_addresses, record_capture, record_problem
from db.life import note_gone
from parsers.records import Problem
from sanctuary.accepting import Progress
from sanctuary.clock import Clock
from sanctuary.outcome import Outcome
from sanctuary.reading import find_parser
from sanctuary.sources import Source
from scraper.archive import Archive
from scraper.client import Client, Fetched
from scraper.discover import Links, discover
from scraper.judge import Kind, Verdict


@dataclass(frozen=True)
class Fetcher:
    """Fetches what one source has, and records every attempt."""

    db: Database
    archive: Archive
    client: Client
    source: Source
    run_id: int
    outcome: Outcome
    clock: Clock
    progress: Progress

    def fetch(self) -> None:
        """Fetch all documents of the source; what cannot be had is counted in the outcome."""
        if self.source.address is None:
            self.outcome.fail("it has no address; `sanctuary import` takes its documents")
            return
        kind = Kind(find_parser(self.source.parser).reads)
        for address, found_in in self._addresses(self.source.address):
            self._document(address, kind, found_in)

    def _addresses(self, start: str) -> Iterator[tuple[str, int | None]]:
        """Yield what to fetch: links of the index page, then what was once found and is not there.

        A report that is no longer linked is asked for all the same: it may be replaced or gone,
        with the page that linked to it or without.
        """
        if self.source.discover.kind == "page":
            yield start, None
            return
        fetched = self._fetch(start, Kind.HTML)
        index_id = self._record(fetched, "index", None)
        links: list[str] = []
        if fetched.verdict is Verdict.DOCUMENT:
            links = self._links(fetched, index_id)
        else:
            self._fail(fetched)
        yield from ((link, index_id) for link in links)
        if fetched.verdict in (Verdict.DOCUMENT, Verdict.GONE) and self.source.editions == "period":
            for address in known_addresses(self.db, self.source.id):
                if address not in links:
                    yield address, None

    def _links(self, index: Fetched, index_id: int) -> list[str]:
        wanted = Links(self.source.discover.pattern, self.source.discover.take)
        links = discover(index.body, index.final_address, wanted)
        if not links:
            said = (
                f"{index.address}: no link answers to {wanted.pattern}; "
                "look at the page, and mend the pattern in sources.yml if it has changed"
            )
            self.outcome.fail(said)
            problem = Problem("no_links", said)
            record_problem(self.db, self.source.id, index_id, problem, self.clock())
        return links

    def _document(self, address: str, kind: Kind, found_in: int | None) -> None:
        fetched = self._fetch(address, kind)
        self._record(fetched, "document", found_in)
        if fetched.verdict is Verdict.GONE:
            self.outcome.gone += 1
            note_gone(self.db, self.source.facts(), address, fetched.fetched_at, self.clock())
        elif fetched.verdict is not Verdict.DOCUMENT:
            self._fail(fetched)

    def _fetch(self, address: str, kind: Kind) -> Fetched:
        self.progress(f"{self.source.id}: fetching {address}")
        return self.client.fetch(address, kind)

    def _record(self, fetched: Fetched, role: str, found_in: int | None) -> int:
        document = None
        if fetched.body:
            document = Document(
                sha256=self.archive.put(fetched.body),
                size=len(fetched.body),
                media_type=fetched.content_type,
                file_name=file_name_of(fetched.final_address),
            )
        capture = Capture(
            source_id=self.source.id,
            role=role,
            address=fetched.address,
            captured_at=fetched.fetched_at,
            proof="own",
            verdict=fetched.verdict,
            reason=fetched.reason,
            final_address=fetched.final_address,
            status=fetched.status,
            headers=fetched.headers,
            document_sha256=document.sha256 if document else None,
            found_in=found_in,
        )
        return record_capture(self.db, capture, document, self.run_id, self.clock())

    def _fail(self, fetched: Fetched) -> None:
        self.outcome.fail(f"{fetched.address}: {fetched.verdict}: {fetched.reason}")


def file_name_of(address: str) -> str | None:
    """Return the last part of the path of an address, None if it ends in a slash."""
    return address.split("?")[0].rstrip().rpartition("/")[2] or None
