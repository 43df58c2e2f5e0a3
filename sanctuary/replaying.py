"""Reading archived documents anew with today's parser, to see what would change or to let it be so.

Documents that editions show are read first; once better readings stand for them, those that showed
none before are read as in a run. All of one source is one transaction, which is undone where nobody
asked for it to last: what is told of it is what would have been.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from sqlite_utils import Database

from db.changes import current_ids
from db.comparison import load_editions
from db.dark import renew_dark
from db.held import held_reading
from db.readings import ReadBy, StoredReading, keep_reading, store_failure, store_reading
from db.replay import Archived, KnownReading, archived, forget_failure, replace_readings
from db.rows import count_standing_rows
from db.selectors import count_editions, edition_before
from db.sources import save_source
from db.standing import reasons_of
from db.withheld import is_withheld
from parsers.records import Check, Problem, Reading, content_hash
from parsers.registry import ENGINES_AGREE, Parser, Way
from sanctuary.bundles import to_be_read
from sanctuary.clock import Clock
from sanctuary.difference import Difference, without_window
from sanctuary.expectations import checks
from sanctuary.gone_unread import gone_unread
from sanctuary.readers import Coming, Readers
from sanctuary.reading import LIMIT_KINDS, find_parser
from sanctuary.sources import Source
from sanctuary.withholding import Withholder
from scraper.archive import Archive
from scraper.errors import DamagedArchive

OUTCOMES = ("same", "differs", "readable", "held", "unreadable", "missing")
"""What today's parser can make of a document: the same content; other content; content where there
was none before; content that a check holds; none; or nothing, since the archive has lost it."""


@dataclass(frozen=True)
class Reread:
    """What today's parser makes of one document."""

    sha256: str
    name: str
    editions: tuple[str, ...]
    """The editions that show it, by name, before anything has changed."""
    outcome: str
    """One of ``OUTCOMES``."""
    reasons: tuple[str, ...] = ()
    difference: Difference | None = None
    """From what is shown today, or from the edition before it, to the new reading."""


@dataclass(frozen=True)
class Replayed:
    """What became of a source, or would."""

    source_id: str
    outcomes: dict[str, int]
    waiting: int
    """Documents of which this parser has made a reading before that waits for a decision."""
    editions_before: int
    editions_after: int
    written: int
    """Changes that are new."""
    closed: int
    """Changes that are told no more."""

    @property
    def needs_a_person(self) -> bool:
        """Whether something is held, or can no more be read."""
        return bool(self.waiting or self.outcomes["held"] or self.outcomes["unreadable"])


class _Undone(Exception):
    """Ends the transaction of which nothing is to last."""


def replay(
    db: Database,
    archive: Archive,
    source: Source,
    readers: Readers,
    clock: Clock,
    begins: Callable[[int], None],
    told: Callable[[Reread], None],
    *,
    keep: bool,
) -> Replayed:
    """Read the documents of ``source`` anew that another parser version read, and say what differs.

    Nothing lasts unless ``keep``. ``begins`` is called with the number of documents to be read,
    ``told`` after each. Raises CannotRead if no process can be started to read in; a document that
    the archive has lost is told as missing, and what stands for it stays.
    """
    found: list[Replayed] = []
    with suppress(_Undone), db.atomic():
        parser = find_parser(source.parser)
        replaying = _Replaying(db, archive, source, parser, readers, clock, told)
        found.append(replaying.all(begins))
        if not keep:
            raise _Undone
    if keep:
        # A better parser may have met a row that is withheld.
        Withholder(db, archive, clock).put_away()
    return found[0]


@dataclass(frozen=True)
class _Replaying:
    db: Database
    archive: Archive
    source: Source
    parser: Parser
    readers: Readers
    clock: Clock
    told: Callable[[Reread], None]
    instead: dict[int, int] = field(default_factory=dict)
    """The better reading, by the one that is shown."""
    outcomes: Counter[str] = field(default_factory=Counter)

    def all(self, begins: Callable[[int], None]) -> Replayed:
        """Read all documents that are due, and derive what follows."""
        save_source(self.db, self.source.facts())
        told_before = current_ids(self.db, self.source.id)
        editions_before = count_editions(self.db, self.source.id)
        documents = archived(self.db, self.source.id)
        due = [document for document in documents if self._is_due(document)]
        begins(len(due))
        shown = [(each, each.stands) for each in due if each.stands is not None]
        for (document, stands), coming in self.readers.ahead(shown, self._begin_shown):
            self._tell(self._shown(document, stands, coming))
        if self.instead:
            replace_readings(self.db, self.source.facts(), self.instead, self.clock())
        never_shown = [each for each in due if each.stands is None]
        for document, coming in self.readers.ahead(never_shown, self._begin):
            self._tell(self._never_shown(document, coming))
        renew_dark(self.db, self.source.facts(), self.clock())
        told_after = current_ids(self.db, self.source.id)
        return Replayed(
            self.source.id,
            {outcome: self.outcomes[outcome] for outcome in OUTCOMES},
            sum(self._waits(document) for document in documents if document not in due),
            editions_before,
            count_editions(self.db, self.source.id),
            len(told_after - told_before),
            len(told_before - told_after),
        )

    def _tell(self, reread: Reread) -> None:
        self.outcomes[reread.outcome] += 1
        self.told(reread)

    def _is_due(self, document: Archived) -> bool:
        if is_withheld(self.db, document.sha256):
            return False
        ours = self._ours(document)
        if ours is None:
            return True
        if ours.status == "failed":
            return ours.problem in LIMIT_KINDS
        # A version that is back after a newer one has read the document already.
        return ours.status == "accepted" and ours != document.stands

    def _waits(self, document: Archived) -> bool:
        ours = self._ours(document)
        return ours is not None and ours.status in ("held", "failed")

    @property
    def _version(self) -> str:
        return self.readers.version(self.parser, self.source.options)

    def _ours(self, document: Archived) -> KnownReading | None:
        """Return what this version has made of a document, or the same version by more care."""
        versions = self.parser.versions_for(self.source.options, self.readers.way)
        made = (document.read_by(self.parser.name, version) for version in versions)
        return next((reading for reading in made if reading is not None), None)

    def _begin_shown(self, shown: tuple[Archived, KnownReading]) -> Coming | KnownReading:
        """Have a document read, or return the reading that this version has made of it."""
        document, _ = shown
        ours = self._ours(document)
        return ours if ours is not None and ours.status == "accepted" else self._begin(document)

    def _begin(self, document: Archived) -> Coming:
        wanted = to_be_read(self.db, self.archive, self.source.id, document.sha256)
        return self.readers.read(wanted, self.parser, self.source.options)

    def _shown(
        self, document: Archived, stands: KnownReading, coming: Coming | KnownReading
    ) -> Reread:
        """Take a document that editions show: by the new reading if that is fit to be shown."""
        rows = self.db.execute(
            "SELECT DISTINCT edition_id FROM sightings WHERE reading_id = ?", [stands.id]
        ).fetchall()
        editions = load_editions(self.db, [row[0] for row in rows])
        editions.sort(key=lambda edition: edition.public_from)
        told = Reread(
            document.sha256, document.name, tuple(edition.name for edition in editions), "same"
        )
        if isinstance(coming, KnownReading):
            stored = StoredReading(coming.id, self.source.id, document.sha256, coming.status)
            same = _said(coming) == _said(stands)
        else:
            reading = self._read(document, coming)
            if isinstance(reading, DamagedArchive):
                return replace(told, outcome="missing", reasons=(str(reading),))
            if isinstance(reading, Problem):
                self._failed(document, reading)
                return replace(told, outcome="unreadable", reasons=(reading.message,))
            same = _said(reading) == _said(stands)
            stored = self._keep(document, stands, reading, same=same)
        if stored.status == "accepted":
            self.instead[stands.id] = stored.id
        if same:
            return told
        after = replace(editions[0], reading_id=stored.id)
        return replace(
            told,
            outcome="differs" if stored.status == "accepted" else "held",
            reasons=tuple(reasons_of(self.db, stored.id)) if stored.status == "held" else (),
            difference=without_window(self.db, editions[0], after),
        )

    def _keep(
        self, document: Archived, stands: KnownReading, reading: Reading, *, same: bool
    ) -> StoredReading:
        """Store a reading: accepted if all checks pass, or if it says what is shown anyway."""
        rows = count_standing_rows(self.db, stands.id)
        every = (
            *reading.checks,
            *checks(self.source, reading, rows, document.captured_at),
            *self._not_in_doubt(document),
        )
        passed = all(check.passed or not check.required for check in every)
        status = "accepted" if passed or same else "held"
        now = self.clock()
        return keep_reading(self.db, self._read_by(document), reading, every, status, now)

    def _never_shown(self, document: Archived, coming: Coming) -> Reread:
        """Take a document that shows no edition yet: it takes its place if it can be read now."""
        told = Reread(document.sha256, document.name, (), "readable")
        reading = self._read(document, coming)
        if isinstance(reading, DamagedArchive):
            return replace(told, outcome="missing", reasons=(str(reading),))
        if isinstance(reading, Problem):
            self._failed(document, reading)
            return replace(told, outcome="unreadable", reasons=(reading.message,))
        facts, moment = self.source.facts(), document.captured_at
        before = edition_before(self.db, facts, moment, reading.edition.period_start)
        rows = count_standing_rows(self.db, before.reading_id) if before else 0
        expected = (
            *checks(self.source, reading, rows, moment),
            *gone_unread(self.db, before, reading),
            *_not_rejected(document),
            *self._not_in_doubt(document),
        )
        read_by = self._read_by(document)
        stored = store_reading(self.db, read_by, reading, expected, self.clock())
        if stored.status == "accepted":
            return told
        held = held_reading(self.db, stored.id)
        return replace(
            told,
            outcome="held",
            reasons=tuple(reasons_of(self.db, stored.id)),
            difference=without_window(self.db, held.before, held.after)
            if held.before and held.after
            else None,
        )

    def _not_in_doubt(self, document: Archived) -> tuple[Check, ...]:
        """Return a failed check where one engine reads alone what two read differently before."""
        fast = f"+{Way.FAST}"
        compared = [each for each in document.readings if not each.parser_version.endswith(fast)]
        if not self._version.endswith(fast) or not compared:
            return ()
        if ENGINES_AGREE not in compared[-1].failed:
            return ()
        said = f"two engines read it differently (#{compared[-1].id}); replay it without --fast"
        return (Check("not_in_doubt", False, True, said),)

    def _read(self, document: Archived, coming: Coming) -> Reading | Problem | DamagedArchive:
        try:
            reading = coming.result()
        except DamagedArchive as error:
            return error
        ours = self._ours(document)
        if ours is not None and ours.status == "failed":
            forget_failure(self.db, ours.id)
        return reading

    def _failed(self, document: Archived, problem: Problem) -> None:
        store_failure(self.db, self._read_by(document), problem, self.clock())

    def _read_by(self, document: Archived) -> ReadBy:
        return ReadBy(self.source.id, document.sha256, self.parser.name, self._version)


def _said(reading: Reading | KnownReading) -> tuple[str | None, str | None, str | None]:
    """Return what makes two readings say the same: their content and their period."""
    if isinstance(reading, KnownReading):
        return reading.content_hash, reading.period_start, reading.period_end
    edition = reading.edition
    return content_hash(reading.records), edition.period_start, edition.period_end


def _not_rejected(document: Archived) -> tuple[Check, ...]:
    """Return a failed check for a document that a person has rejected: that is for a person."""
    rejected = document.rejection()
    if rejected is None:
        return ()
    said = f"{rejected.decided_by} rejected its reading #{rejected.id} ({rejected.decision_reason})"
    return (Check("not_rejected", False, True, said),)
