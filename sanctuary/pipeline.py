"""The way of a document: fetch, judge, archive, then read, check and accept.

Bytes are archived and their capture is recorded before anything is derived from them. Reading
starts from what the database holds unread, the oldest first, so that a run that died is finished
by the next one, and so that ``import`` and ``run`` read in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field

from sqlite_utils import Database

from db.captures import (
    Capture,
    Document,
    Unread,
    finish_run,
    known_addresses,
    record_capture,
    start_run,
    unread,
)
from db.life import note_gone
from db.readings import (
    ReadBy,
    find_reading,
    show_captures,
    store_failure,
    store_reading,
)
from db.rows import count_standing_rows
from db.selectors import edition_before
from db.settings import save_individual_rows
from db.sources import save_source
from parsers.records import Problem
from parsers.registry import Parser
from sanctuary import __version__
from sanctuary.clock import Clock
from sanctuary.expectations import checks
from sanctuary.reading import find_parser, read_document
from sanctuary.sources import Settings, Source
from scraper.archive import Archive
from scraper.client import Client, Fetched
from scraper.discover import discover
from scraper.judge import Kind, Verdict

Progress = Callable[[str], None]
"""Called with what is being done, for whoever watches."""


@dataclass
class Outcome:
    """What a run did for one source."""

    source_id: str
    new: int = 0
    unchanged: int = 0
    gone: int = 0
    held: int = 0
    failed: int = 0
    messages: list[str] = field(default_factory=list)
    """A line for each document that is held or could not be had or read."""


def run(
    db: Database,
    archive: Archive,
    sources: Iterable[Source],
    settings: Settings,
    clock: Clock,
    progress: Progress,
) -> list[Outcome]:
    """Fetch and read ``sources``, one after the other, and return what came of each.

    What fails in one source does not stop the others.
    """
    run_id = start_run(db, "run", __version__, clock())
    save_individual_rows(db, settings.individual_rows)
    outcomes = []
    with Client(settings.user_agent(__version__), settings.allow_hosts, clock) as client:
        for source in sources:
            save_source(db, source.facts())
            outcome = Outcome(source.id)
            fetcher = _Fetcher(db, archive, client, source, run_id, outcome, clock, progress)
            fetcher.fetch()
            read_unread(db, archive, source, outcome, clock, progress)
            outcomes.append(outcome)
    finish_run(db, run_id, {"sources": [asdict(outcome) for outcome in outcomes]}, clock())
    return outcomes


@dataclass(frozen=True)
class _Fetcher:
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
        if self.source.address is None:
            self.outcome.failed += 1
            self.outcome.messages.append(
                f"{self.source.id}: it has no address; `sanctuary import` takes its documents"
            )
            return
        kind = Kind(find_parser(self.source.parser).reads)
        for address, found_in in self._addresses(self.source.address):
            self._document(address, kind, found_in)

    def _addresses(self, start: str) -> Iterator[tuple[str, int | None]]:
        """Yield what to fetch: links of the index page, then what was once found and is not there.

        A report that is no longer linked is asked for all the same: it may be replaced or gone.
        """
        if self.source.discover.kind == "page":
            yield start, None
            return
        fetched = self._fetch(start, Kind.HTML)
        index_id = self._record(fetched, "index", None)
        if fetched.verdict is not Verdict.DOCUMENT:
            self._fail(fetched)
            return
        links = discover(fetched.body, fetched.final_address, self.source.discover.links())
        if not links:
            self.outcome.failed += 1
            self.outcome.messages.append(
                f"{start}: no link answers to {self.source.discover.pattern}; "
                "the page may have changed"
            )
        yield from ((link, index_id) for link in links)
        if self.source.editions == "period":
            for address in known_addresses(self.db, self.source.id):
                if address not in links:
                    yield address, None

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
        self.outcome.failed += 1
        self.outcome.messages.append(f"{fetched.address}: {fetched.verdict}: {fetched.reason}")


def read_unread(
    db: Database,
    archive: Archive,
    source: Source,
    outcome: Outcome,
    clock: Clock,
    progress: Progress,
) -> None:
    """Read every document of ``source`` that shows no edition yet, the oldest capture first.

    Each is accepted, held or kept as unreadable on its own; ``outcome`` says how many were what.
    """
    parser = find_parser(source.parser)
    decided: set[str] = set()
    for item in list(unread(db, source.id)):
        if item.document_sha256 not in decided:
            decided.add(item.document_sha256)
            progress(f"{source.id}: reading {name_of(item)}")
            _read_one(db, archive, source, parser, item, outcome, clock)


def _read_one(
    db: Database,
    archive: Archive,
    source: Source,
    parser: Parser,
    item: Unread,
    outcome: Outcome,
    clock: Clock,
) -> None:
    read_by = ReadBy(source.id, item.document_sha256, parser.name, parser.version)
    stored = find_reading(db, read_by)
    if stored is None:
        reading = read_document(parser, archive.get(item.document_sha256), source.options)
        if isinstance(reading, Problem):
            stored = store_failure(db, read_by, reading, clock())
        else:
            before = edition_before(
                db, source.facts(), item.captured_at, reading.edition.period_start
            )
            rows_before = count_standing_rows(db, before.reading_id) if before else 0
            expected = checks(source, reading, rows_before)
            stored = store_reading(db, read_by, reading, expected, clock())
        outcome.new += stored.status == "accepted"
    elif stored.status == "accepted":
        show_captures(db, stored, "first", clock())
        outcome.unchanged += 1
    if stored.status == "held":
        outcome.held += 1
        outcome.messages.append(
            f"{name_of(item)}: held for review (#{stored.id}): "
            f"{'; '.join(_reasons(db, stored.id))}; "
            f"see `sanctuary status`, then accept or reject '#{stored.id}'"
        )
    elif stored.status == "failed":
        outcome.failed += 1
        outcome.messages.append(f"{name_of(item)}: {'; '.join(_problems(db, stored.id))}")


def _reasons(db: Database, reading_id: int) -> list[str]:
    sql = "SELECT message FROM checks WHERE reading_id = ? AND required AND NOT passed ORDER BY id"
    return [row[0] for row in db.execute(sql, [reading_id])]


def _problems(db: Database, reading_id: int) -> list[str]:
    sql = "SELECT message FROM problems WHERE reading_id = ? ORDER BY id"
    return [row[0] for row in db.execute(sql, [reading_id])]


def name_of(item: Unread) -> str:
    """Return what a person knows a document by: its file name, or the start of its hash."""
    return item.file_name or item.document_sha256[:12]


def file_name_of(address: str) -> str | None:
    """Return the last part of the path of an address, None if it ends in a slash."""
    return address.split("?")[0].rstrip().rpartition("/")[2] or None
