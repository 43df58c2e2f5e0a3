"""How all sources stand, for who minds them: what needs a person first, and what the runs did.

It is what ``sanctuary status`` says, as far as the database knows it: which sources are watched is
in the sources file, and here those count that the history knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlite_utils import Database

from db.attempts import Answered, answered
from db.health import Moments, Run, Waiting, last_runs, moments, waiting
from db.names import TABLES
from db.resolved import NameCounts, name_counts
from db.settings import individual_rows
from db.sources import Source, all_sources
from db.standing import standings
from parsers.records import RECORD_BY_TABLE
from sanctuary.disk import Grown
from sanctuary.freshness import Freshness, freshness_of, unread_since
from sanctuary.standings import Status, state_in_words
from sanctuary.wording import counted

_RUNS_SHOWN = 10


@dataclass(frozen=True)
class Counts:
    """How many sources there are, and of how many a person should know something."""

    sources: int
    watched: int
    """They are fetched: active, with an address."""
    past_deadline: int
    failing: int
    held: int
    """Readings that wait for a decision."""
    unreadable: int
    """Documents that could not be read."""
    names_undecided: int
    names_misspelt: int


@dataclass(frozen=True)
class SourceHealth:
    """How one source stands."""

    source: Source
    status: Status
    moments: Moments

    @property
    def words(self) -> str:
        """How it stands, in a few words."""
        return state_in_words(self.status)[0]

    @property
    def needs_a_person(self) -> bool:
        """Whether someone should see to it: not to what its publisher did."""
        standing = self.status.standing
        return bool(
            self.status.is_dark or standing.last_failure or standing.held or standing.unreadable
        )

    def data(self) -> dict[str, Any]:
        """Return it as plain data; the names stay, and are those of ``sanctuary status --json``."""
        found = self.status.data()
        # What the archive takes of the disk is not in the database.
        del found["last_30_days"]
        return {
            **found,
            "publisher": self.source.publisher,
            "words": self.words,
            "needs_a_person": self.needs_a_person,
            "last_fetched": self.moments.fetched,
            "last_read": self.moments.read,
            "last_accepted": self.moments.accepted,
        }


@dataclass(frozen=True)
class Health:
    """How all stands at one moment, with a page of the sources."""

    now: str
    counts: Counts
    page: int
    pages: int
    sources: tuple[SourceHealth, ...]
    """What needs a person first."""
    runs: tuple[Run, ...]

    @property
    def ok(self) -> bool:
        """Every source that is watched was read within its deadline.

        That is what ``sanctuary status --check`` says: a reading that waits does not fail it.
        """
        return not self.counts.past_deadline

    @property
    def said(self) -> str:
        """How all stands, in one sentence."""
        return f"{self._read()}; {self._waits()}."

    def _read(self) -> str:
        watched, dark = self.counts.watched, self.counts.past_deadline
        if not watched:
            return "No source is watched"
        if dark:
            verb = "was" if dark == 1 else "were"
            return (
                f"{dark:,} of {counted(watched, 'source')} that "
                f"{'is' if watched == 1 else 'are'} watched {verb} not read within "
                f"{'its' if dark == 1 else 'their'} deadline"
            )
        if watched == 1:
            return "The one source that is watched was read within its deadline"
        return f"All {watched:,} sources that are watched were read within their deadlines"

    def _waits(self) -> str:
        counts = self.counts
        found = [
            counted(number, noun)
            for number, noun in (
                (counts.held, "reading"),
                (counts.unreadable, "unreadable document"),
                (counts.names_undecided, "undecided name"),
            )
            if number
        ]
        if not found:
            return "nothing waits for a person"
        said = found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}"
        one = counts.held + counts.unreadable + counts.names_undecided == 1
        return f"{said} {'waits' if one else 'wait'} for a person"

    def data(self) -> dict[str, Any]:
        """Return it as plain data; the names stay."""
        return {
            "ok": self.ok,
            "said": self.said,
            "now": self.now,
            "counts": asdict(self.counts),
            "page": self.page,
            "pages": self.pages,
            "sources": [each.data() for each in self.sources],
            "runs": [asdict(each) for each in self.runs],
        }


def load_health(db: Database, now: str, page: int, most: int) -> Health:
    """Return how all sources stand at ``now``, with a page of ``most`` of them.

    Pages are counted from 1; beyond the last it is the last.
    """
    sources = all_sources(db)
    tried, waits = answered(db, now), waiting(db)
    began = _first_run(db)
    dark = {
        each.id
        for each in sources
        if is_watched(each, tried[each.id])
        and unread_since(db, each, tried[each.id], began, now) is not None
    }
    names = name_counts(db, _open_tables(db))
    sources.sort(key=lambda each: _rank(each, dark, waits, names))
    pages = max(1, -(-len(sources) // most))
    page = max(1, min(page, pages))
    shown = sources[(page - 1) * most : page * most]
    counts = Counts(
        sources=len(sources),
        watched=sum(is_watched(each, tried[each.id]) for each in sources),
        past_deadline=len(dark),
        failing=sum(each.failing for each in waits.values()),
        held=sum(each.held for each in waits.values()),
        unreadable=sum(each.unreadable for each in waits.values()),
        names_undecided=sum(each.undecided for each in names.values()),
        names_misspelt=sum(each.misspelt for each in names.values()),
    )
    return Health(
        now=now,
        counts=counts,
        page=page,
        pages=pages,
        sources=_healths(db, shown, tried, names, began, now),
        runs=tuple(last_runs(db, _RUNS_SHOWN)),
    )


def is_watched(source: Source, tried: Answered) -> bool:
    """Say whether a source is fetched, by what the database knows.

    One without an address of its own is fetched by addresses made of dates, or only imported; that
    it was ever asked for tells which.
    """
    return source.lifecycle == "active" and (
        source.address is not None or tried.first_tried is not None
    )


def _rank(
    source: Source,
    dark: set[str],
    waits: Mapping[str, Waiting],
    names: Mapping[str, NameCounts],
) -> tuple[bool, bool, bool, bool, bool, str, str]:
    """Return by what a source is sorted: what needs a person first, what is over last."""
    of = waits.get(source.id, Waiting())
    undecided = source.id in names and names[source.id].undecided > 0
    return (
        source.id not in dark,
        not (of.held or of.unreadable),
        not of.failing,
        not undecided,
        source.lifecycle != "active",
        source.title,
        source.id,
    )


def _open_tables(db: Database) -> list[str]:
    """Return the tables whose names may be counted: rows about individuals only at ``full``."""
    is_full = individual_rows(db) == "full"
    return [table for table in TABLES if is_full or not RECORD_BY_TABLE[table].individual]


def _first_run(db: Database) -> str:
    """Return since when a source that was never tried counts as watched."""
    return db.execute("SELECT min(started_at) FROM runs").fetchone()[0] or ""


def _healths(
    db: Database,
    shown: list[Source],
    tried: Mapping[str, Answered],
    names: Mapping[str, NameCounts],
    began: str,
    now: str,
) -> tuple[SourceHealth, ...]:
    found = {each.source_id: each for each in standings(db, now, [each.id for each in shown])}
    return tuple(
        SourceHealth(
            source=each,
            status=Status(
                found[each.id],
                freshness_of(db, each, tried[each.id], began, now)
                if is_watched(each, tried[each.id])
                else Freshness(False),
                Grown(),
                now,
                names.get(each.id, NameCounts()),
            ),
            moments=moments(db, each.id),
        )
        for each in shown
    )
