"""From archived bytes to the history: read, check, accept.

Reading starts from what the database holds unread, so that a command that died is finished by the
next one, and so that ``import`` and ``run`` read in the same way.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace

from sqlite_utils import Database

from db.captures import Unread
from db.readings import (
    ReadBy,
    StoredReading,
    find_reading,
    show_captures,
    store_failure,
    store_reading,
)
from db.rows import count_standing_rows
from db.selectors import edition_before, newest_edition
from db.standing import reasons_of
from db.withheld import is_withheld
from parsers.records import Problem, Reading
from parsers.registry import Parser, Way
from sanctuary.bundles import to_be_read
from sanctuary.clock import Clock
from sanctuary.expectations import checks
from sanctuary.gone_unread import gone_unread
from sanctuary.naming import resolve_names
from sanctuary.outcome import Outcome, one_failure
from sanctuary.readers import Coming, Readers
from sanctuary.reading import find_parser
from sanctuary.sources import Source
from sanctuary.withholding import Withholder
from scraper.archive import Archive

_log = logging.getLogger(__name__)
Progress = Callable[[str], None]
"""Called with what is being done, for whoever watches."""


@dataclass(frozen=True)
class Acceptor:
    """Reads documents of one source into the history; its caller holds the lock."""

    db: Database
    archive: Archive
    source: Source
    readers: Readers
    outcome: Outcome
    """Says how many documents were new, unchanged, held or unreadable."""
    clock: Clock
    progress: Progress = lambda _: None
    waiting: Callable[[], AbstractContextManager[None]] = nullcontext
    """What it returns is entered for as long as a document is waited for."""

    def read(self, items: Iterable[Unread], since: int = 0) -> None:
        """Read the documents of ``items``, captures of the source that show no edition yet.

        Each is accepted, held or kept as unreadable on its own. A document that this parser could
        not read before is not tried again, and told again only if a capture after the one of id
        ``since`` brought it.
        """
        parser = find_parser(self.source.parser)
        captures: dict[str, list[Unread]] = {}
        for item in items:
            captures.setdefault(item.document_sha256, []).append(item)

        def begin(same: list[Unread]) -> Coming | None:
            return self._begin(parser, same[0])

        for same, coming in self.readers.ahead(captures.values(), begin):
            name = name_of(same[0])
            self.progress(f"{self.source.id}: reading {name}")
            with one_failure(self.db, self.outcome, name, self.clock):
                is_new = any(item.capture_id > since for item in same)
                self._read(parser, same[0], coming, is_new=is_new)
                resolve_names(self.db)
        Withholder(self.db, self.archive, self.clock).put_away()

    def _begin(self, parser: Parser, item: Unread) -> Coming | None:
        """Have a document read, unless it has been by this version, or must not be."""
        sha256 = item.document_sha256
        if self._made(parser, item) or is_withheld(self.db, sha256):
            return None
        document = to_be_read(self.db, self.archive, self.source.id, sha256)
        return self.readers.read(document, parser, self.source.options)

    def _read(self, parser: Parser, item: Unread, coming: Coming | None, *, is_new: bool) -> None:
        """Read and accept one document, or take account of what was decided about it."""
        read_by = self._read_by(parser, item)
        stored, reading = self._made(parser, item), None
        is_first = stored is None
        if is_first and coming is not None:
            with self.waiting():
                reading = coming.result()
        # Only from here on nobody else writes: what is newest may be of another source.
        newest = newest_edition(self.db)
        if reading is not None:
            stored = self._store(item, read_by, reading)
        elif stored is None:
            return
        elif stored.status == "accepted":
            show_captures(self.db, stored, "first", self.clock())
        facts = {"document": item.document_sha256, "reading": stored.id, "parser": parser.name}
        _log.info(stored.status, extra={"facts": facts})
        if stored.status == "accepted":
            if newest_edition(self.db) > newest:
                self.outcome.new += 1
            else:
                self.outcome.unchanged += 1
        elif stored.status == "held":
            self.outcome.held += 1
            self.outcome.messages.append(
                f"{name_of(item)}: held for review (#{stored.id}): "
                f"{'; '.join(reasons_of(self.db, stored.id))}; "
                f"see `sanctuary held '#{stored.id}'`, then accept or reject it"
            )
        elif stored.status == "failed" and (is_first or is_new):
            self.outcome.fail(f"{name_of(item)}: {'; '.join(reasons_of(self.db, stored.id))}")

    def _made(self, parser: Parser, item: Unread) -> StoredReading | None:
        """Return the reading that stands, or that this version made, by whichever way of reading.

        That it was read fast is no reason to read it again: that is for a replay.
        """
        for version in parser.versions_for(self.source.options, Way.FAST):
            read_by = replace(self._read_by(parser, item), parser_version=version)
            if stored := find_reading(self.db, read_by):
                return stored
        return None

    def _read_by(self, parser: Parser, item: Unread) -> ReadBy:
        version = self.readers.version(parser, self.source.options)
        return ReadBy(self.source.id, item.document_sha256, parser.name, version)

    def _store(self, item: Unread, read_by: ReadBy, reading: Reading | Problem) -> StoredReading:
        if isinstance(reading, Problem):
            return store_failure(self.db, read_by, reading, self.clock())
        period_start = reading.edition.period_start
        before = edition_before(self.db, self.source.facts(), item.captured_at, period_start)
        rows_before = count_standing_rows(self.db, before.reading_id) if before else 0
        expected = (
            *checks(self.source, reading, rows_before, item.captured_at),
            *gone_unread(self.db, before, reading),
        )
        return store_reading(self.db, read_by, reading, expected, self.clock())


def name_of(item: Unread) -> str:
    """Return what a person knows a document by: its file name, or the start of its hash."""
    return item.file_name or item.document_sha256[:12]
