"""All that is looked at, in the order in which it is told."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from pathlib import Path

from sqlite_utils import Database

from db.attempts import Answered, answered
from db.errors import DatabaseError
from db.outbox import outbox_counts
from db.targets import targets
from sanctuary.clock import Clock
from sanctuary.disk import disk, growth
from sanctuary.doctor import answers, calls, folder, history, installed, machine, watched
from sanctuary.doctor.finding import Finding, broken, note, warning
from sanctuary.due import is_fetched
from sanctuary.errors import CommandError, SourcesError
from sanctuary.freshness import unread_since, watched_since
from sanctuary.notify.matching import unknown_names
from sanctuary.own_packages import sharers, strangers
from sanctuary.shipped import shipped
from sanctuary.sources import Sources
from sanctuary.sources_file import load_sources
from sanctuary.workspace import Workspace

Found = Iterable[Finding]
CHECKS = (
    *("program", "packages", "extras", "browser", "sources", "contact", "entries", "secrets"),
    *("notify", "folder", "file-system", "disk", "lock", "time-zones", "database", "archive"),
    *("freshness", "schedule", "answers", "clock"),
)
"""The names of all checks."""
_SOME_ZONE = "America/New_York"


@dataclass(frozen=True)
class Examination:
    """A data directory and what is watched, looked at; nothing is written but the paces of hosts.

    ``begin`` is called with the number of hosts that are asked, and returns what is called after
    each.
    """

    workspace: Workspace
    sources_path: Path
    clock: Clock
    offline: bool
    begin: Callable[[int], Callable[[], None]]

    def findings(self) -> Iterator[Finding]:
        """Yield what is found, in the order of ``CHECKS``.

        A check that fails itself is a finding, too.
        """
        for check, look in self._checks():
            try:
                yield from look()
            except Exception as error:  # noqa: BLE001 - told; the others are looked at all the same
                said = f"this could not be looked at ({type(error).__name__}: {error})"
                yield warning(check, said, "if nothing else explains it, please report it")

    def _checks(self) -> Iterator[tuple[str, Callable[[], Found]]]:
        where, now = self.workspace.folder, self.clock()
        requirements = installed.own_requirements()
        yield "program", lambda: [installed.program()]
        yield "packages", lambda: installed.packages(strangers(), sharers())
        yield "extras", partial(installed.extras, requirements, installed.installed_version)
        yield "browser", lambda: [installed.browser()]
        yield "sources", self._sources
        yield "secrets", self._secrets
        yield "notify", self._notify
        yield "folder", lambda: [folder.rights(where)]
        yield "file-system", lambda: [machine.file_system(where, machine.mounts())]
        yield "disk", self._disk
        yield "lock", lambda: [folder.lock(where, now)]
        yield "time-zones", self._zones
        yield "database", partial(history.database, self.workspace.database)
        yield "archive", self._archive
        yield "freshness", self._freshness
        yield "schedule", self._schedule
        yield "answers", self._answers

    @cached_property
    def _loaded(self) -> Sources | SourcesError:
        try:
            return load_sources(self.sources_path)
        except SourcesError as error:
            return error

    @property
    def _watched(self) -> Sources | None:
        return self._loaded if isinstance(self._loaded, Sources) else None

    @contextmanager
    def _history(self) -> Iterator[Database | None]:
        """Open the history; None where it cannot be looked into, which the check of it says."""
        with ExitStack() as opened:
            try:
                db = opened.enter_context(self.workspace.looking())
            except (CommandError, DatabaseError):
                db = None
            yield db

    def _sources(self) -> Found:
        if isinstance(self._loaded, SourcesError):
            said = " ".join(str(self._loaded).splitlines())
            yield broken("sources", said, f"mend {self.sources_path}; `sanctuary sources check`")
            return
        ships = shipped("sources.yml")
        is_shipped = self.sources_path == ships
        yield watched.sources_file(self.sources_path, self._loaded, is_shipped)
        yield watched.contact(self._loaded.settings)
        if not is_shipped:
            yield watched.entries(self._loaded, load_sources(ships))

    def _secrets(self) -> Found:
        return watched.secrets(self._watched.settings) if self._watched else ()

    def _notify(self) -> Found:
        with self._history() as db:
            if db is not None and self._watched is not None:
                yield watched.told(self._watched.settings, outbox_counts(db), targets(db))
                yield from watched.names_in_rules(unknown_names(db, self._watched))

    def _disk(self) -> Found:
        now = self.clock()
        with self._history() as db:
            full_on = None
            if db is not None:
                full_on = disk(db, self.workspace, growth(db, self.workspace, now), now).full_on
        free = shutil.disk_usage(folder.nearest(self.workspace.folder)).free
        yield machine.disk(free, full_on, date.fromisoformat(now[:10]))

    def _zones(self) -> Found:
        of_sources = self._watched.sources if self._watched else []
        yield machine.zones({_SOME_ZONE, *(each.timezone for each in of_sources)})

    def _archive(self) -> Found:
        kept = self.workspace.archive
        wanted = self._watched.settings.archive if self._watched else None
        with self._history() as db:
            if db is None:
                return
            yield from history.archive_place(kept.address, wanted)
            if kept.folder is None and self.offline:
                yield note("archive", f"{kept.address} was not asked (--offline)")
                return
            yield history.archive(kept, history.documents_to_read(db))

    def _freshness(self) -> Found:
        with self._history() as db:
            if db is None or self._watched is None:
                return
            now = self.clock()
            fetched = [each for each in self._watched.sources if is_fetched(each)]
            tried, since = answered(db, now), watched_since(db, self.sources_path)
            of = {each.id: tried.get(each.id, Answered()) for each in fetched}
            late = {
                each.id: unread_since(db, each.facts(), of[each.id], since, now) for each in fetched
            }
            dark = {source_id: moment for source_id, moment in late.items() if moment}
            never = [each.id for each in fetched if of[each.id].last_tried is None]
            yield from watched.freshness(dark, never, len(fetched))

    def _schedule(self) -> Found:
        folders = {Path().absolute()}
        if self.sources_path != shipped("sources.yml"):
            folders.add(self.sources_path.absolute().parent)
        texts = calls.texts_of_this_machine(folders)
        yield calls.schedule(calls.callers(texts, calls.commands_of_this_machine()))

    def _answers(self) -> Found:
        said: list[answers.Said] = []
        with self._history() as db:
            if not self.offline and self._watched is not None:
                asked = answers.questions(self._watched.sources, db)
                told = self.begin(len(asked))
                said, found = answers.asked_or_why_not(
                    asked, self._watched.settings, self.clock, told
                )
                yield from found
            newest = None if db is None else history.newest_moment(db)
        ahead = [each.seconds_ahead for each in said if each.seconds_ahead is not None]
        yield machine.clock(self.clock(), newest, ahead)
