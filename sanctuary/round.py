"""One round over the sources: all that were chosen, or what is due; one process at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlite_utils import Database

from db.sources import save_source, source_ids
from sanctuary.accepting import Progress
from sanctuary.clock import Clock, in_utc
from sanctuary.due import due_dates
from sanctuary.errors import OlderDatabase
from sanctuary.outcome import Outcome
from sanctuary.pipeline import run
from sanctuary.sources import Source, Sources
from sanctuary.wording import day_and_time
from sanctuary.workspace import Workspace


@dataclass(frozen=True)
class Round:
    """A data directory, what is watched, and who is told."""

    workspace: Workspace
    sources: Sources
    clock: Clock
    progress: Progress
    done: Callable[[Outcome], None]
    """Called after each source."""
    stops: Callable[[], bool] = field(default=lambda: False)
    """Asked before each source whether to leave it, and all that were not begun."""
    cluster: str | None = None
    """The address of the Dask cluster that reads; None to read here."""

    def run(self, chosen: Iterable[Source]) -> None:
        """Run these sources. Raises SomeoneWrites if another process writes."""
        with self.workspace.writing() as db:
            self._run(db, chosen)

    def run_due(self) -> bool:
        """Run what is due and say whether anything was; if nothing is, nothing is written.

        Raises SomeoneWrites if something is due and another process writes.
        """
        if not self._due(self._dates()):
            return False
        with self.workspace.writing() as db:
            # Another process may have had its turn between the look and the lock.
            chosen = self._due(due_dates(db, self.sources.sources, self.clock()))
            if chosen:
                self._run(db, chosen)
        return bool(chosen)

    def what_comes_next(self) -> str:
        """Return in words that nothing is due, and what is next."""
        dates = {source_id: date for source_id, date in self._dates().items() if date}
        if not dates:
            return "nothing is due, and nothing will be: no source is active and has an address"
        source_id = min(dates, key=lambda each: dates[each])
        return f"nothing is due; next is {source_id}, {day_and_time(in_utc(dates[source_id]))}"

    def _dates(self) -> dict[str, datetime | None]:
        if not self.workspace.database.exists():
            return due_dates(None, self.sources.sources, self.clock())
        try:
            with self.workspace.looking() as db:
                return due_dates(db, self.sources.sources, self.clock())
        except OlderDatabase:
            # It is brought up to date under the lock, and asked there.
            return due_dates(None, self.sources.sources, self.clock())

    def _due(self, dates: dict[str, datetime | None]) -> list[Source]:
        now = datetime.fromisoformat(self.clock())
        return [each for each in self.sources.sources if (at := dates[each.id]) and at <= now]

    def _run(self, db: Database, chosen: Iterable[Source]) -> None:
        known = set(source_ids(db))
        for source in self.sources.sources:
            # One that has ended since is not run again, and has to be known as ended.
            if source.id in known:
                save_source(db, source.facts())
        run(
            db,
            self.workspace.archive,
            chosen,
            self.sources.settings,
            self.clock,
            self.progress,
            self.done,
            self.stops,
            self.cluster,
        )
