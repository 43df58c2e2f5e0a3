"""What is watched: the entries of ``sources.yml`` and the settings that hold for all of them."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, field_validator, model_validator

from db.settings import Serving
from db.sources import Source as SourceFacts
from parsers.options import option_faults
from parsers.records import RECORD_TYPES, TableKind
from parsers.registry import Parser, parser_named
from sanctuary.notify.settings import NotifySettings
from sanctuary.reading.limits import ReadingLimits
from sanctuary.schedule import longest_interval
from sanctuary.source_values import (
    STRICT,
    Address,
    ArchiveAddress,
    Contact,
    Duration,
    HeaderName,
    HostAndPort,
    HostName,
    Id,
    Individuals,
    Name,
    ParserName,
    Pattern,
    Proxy,
    Schedule,
    Share,
    Switch,
    TimeZone,
    Variable,
)
from scraper.dated import Every, check_template

_ONE_DAY = timedelta(days=1)


class Model(BaseModel):
    """A part of the file: no key but those it names, and nothing changes once it is loaded."""

    model_config = STRICT


class Discover(Model):
    """How the documents of a source are found."""

    kind: Literal["page", "index", "dated", "host"] = "page"
    """``page``: the address is the document; ``index``: it links to the documents; ``dated``:
    each has an address that names its period; ``host``: the host is asked in steps, as its parser
    knows."""
    pattern: Pattern = ""
    """A regular expression that the links of an index page answer to."""
    take: Literal["all", "first", "last"] = "all"
    """Which of these links are documents of the source, in the order of the page."""
    template: str = ""
    """Of dated documents: the address, with ``{start:…}`` and ``{end:…}`` for the period."""
    every: Every = "week"
    """Of dated documents: the length of a period."""
    first: date | None = None
    """Of dated documents: the first day of the first period."""

    @model_validator(mode="after")
    def _keys_are_those_of_the_kind(self) -> Discover:
        if self.kind == "index" and not self.pattern:
            raise ValueError("an index needs a pattern that its links answer to")
        if self.kind != "index" and (self.pattern or self.take != "all"):
            raise ValueError("pattern and take are for `kind: index`")
        if self.kind == "dated" and not (self.template and self.first):
            raise ValueError("dated documents need a template and the first day of the first")
        if self.first is not None and self.kind == "dated":
            check_template(self.template, self.every, self.first)
        if self.kind != "dated" and (self.template or self.first):
            raise ValueError("template, every and first are for `kind: dated`")
        return self


class Expect(Model):
    """What is held for review if it is not so, and how long a source may be unreadable."""

    min_rows: int | None = Field(default=None, ge=0)
    max_rows: int | None = Field(default=None, ge=0)
    max_lost: Share = 0.5
    """The share of its rows that a list may lose from one edition to the next."""
    filled: dict[str, Share] = {}
    """By column: the share of rows that have a value in it, at least."""
    newest_within: dict[str, Duration] = {}
    """By column of dates: how old the newest may be when the document was public."""
    deadline: Duration | None = None
    """How long a source may be unreadable before it has gone dark."""

    @field_validator("filled", "newest_within")
    @classmethod
    def _lists_have_the_column(cls, by_column: dict[str, Any]) -> dict[str, Any]:
        lists = [record for record in RECORD_TYPES if record.kind is TableKind.STANDING]
        columns = {field.name for record in lists for field in dataclasses.fields(record)}
        for column in by_column:
            if column not in columns:
                raise ValueError(f"no list has a column {column}: {', '.join(sorted(columns))}")
        return by_column

    @model_validator(mode="after")
    def _some_count_fits(self) -> Expect:
        if None not in (self.min_rows, self.max_rows) and self.min_rows > self.max_rows:  # type: ignore[operator]
            raise ValueError(f"min_rows {self.min_rows} is more than max_rows {self.max_rows}")
        return self


class UnverifiedTls(Model):
    """That the certificate of a source is not verified, and why."""

    reason: str = Field(min_length=1)


class Source(Model):
    """One entry: something we watch."""

    id: Id
    title: str = Field(min_length=1)
    publisher: str = Field(min_length=1)
    address: Address | None
    """Null where none was ever seen: documents are imported."""
    address_seen: bool = True
    """False for an address that others name and nobody here has opened."""
    lifecycle: Literal["active", "one-off", "ended"] = "active"
    """Only what is active is fetched by a ``run`` that names no source."""
    discover: Discover = Discover()
    parser: ParserName
    options: dict[str, Any] = {}
    """What the parser documents; empty for most."""
    editions: Literal["period", "content"]
    """``period`` for a report, ``content`` for a list."""
    schedule: Schedule = "daily"
    """``hourly``, ``daily``, ``weekly`` or a cron expression."""
    timezone: TimeZone = "UTC"
    """In which the schedule is meant."""
    jurisdiction: str | None = Field(default=None, min_length=1)
    """Whose policy it is, for policies: by it listings of the same place are found."""
    lists_say: list[Name] = []
    """For policies: what the lists say of it, a sentence each with the list and its date."""
    access: Literal["open", "refused", "mirror", "unknown"] = "unknown"
    """``open``: the address answers tools; ``refused``: it does not; ``mirror``: it is not the
    publisher's own; ``unknown``: nobody here has tried."""
    when_refused: Literal["wayback"] | None = None
    """``wayback``: where the address refuses, the newest capture of the Wayback Machine is taken,
    as the archive's."""
    complete: bool = True
    """False for a list of which only a part is known: absence from it says nothing."""
    ended_on: date | None = None
    """The day on which the publisher ended a series, for ``lifecycle: ended``."""
    corrects: Id | None = None
    """For a page of corrections: the source whose documents they are about."""
    expect: Expect = Expect()
    confirm_after: Duration = timedelta(hours=3)
    """How long a page has to stay gone before it counts as taken down."""
    grace: Duration | None = None
    """How long a row that was removed is waited for before that is told; ``settings.notify`` says
    it for all sources."""
    hiccup: Duration | None = None
    """Likewise for a list that was taken down, or lost most of its rows at once."""
    max_gap: Duration | None = None
    """Between two captures that agree, how far apart they may be for the list to count as
    observed all the time; twice the schedule if it is not set."""
    full_fetch_every: Duration = timedelta(days=7)
    """How long the server's word that nothing has changed is taken for it."""
    unverified_tls: UnverifiedTls | None = None
    save_to_wayback: bool = False
    """Whether the Wayback Machine is asked to save a document that has changed."""
    publish: Literal["full", "diff", "link"] = "full"
    """How much of its text a site may show."""
    why: str = Field(min_length=1)

    @model_validator(mode="after")
    def _index_has_an_address(self) -> Source:
        if self.address is None and self.discover.kind == "index":
            raise ValueError("an index needs an address")
        return self

    @model_validator(mode="after")
    def _only_what_ended_has_an_end(self) -> Source:
        if self.ended_on is not None and self.lifecycle != "ended":
            raise ValueError("ended_on is for `lifecycle: ended`")
        return self

    @model_validator(mode="after")
    def _steps_are_the_parsers(self) -> Source:
        if self.discover.kind == "host":
            if self.address is None:
                raise ValueError("a host that is asked in steps needs an address")
            if parser_named(self.parser).follow is None:
                raise ValueError(f"the parser {self.parser} knows no steps for `kind: host`")
        return self

    @model_validator(mode="after")
    def _options_are_the_parsers(self) -> Source:
        parser = self._loaded_parser()
        if parser is None or parser.options is None:
            return self
        faults = option_faults(self.options, parser.options)
        if faults is not None:
            raise ValueError(f"options: {faults}")
        return self

    def facts(self) -> SourceFacts:
        """Return what the database keeps of it."""
        return SourceFacts(
            id=self.id,
            title=self.title,
            publisher=self.publisher,
            address=self.address,
            address_seen=self.address_seen,
            lifecycle=self.lifecycle,
            parser=self.parser,
            editions=self.editions,
            schedule=self.schedule,
            timezone=self.timezone,
            confirm_after_seconds=int(self.confirm_after.total_seconds()),
            deadline_seconds=self._deadline_seconds(),
            why=self.why,
            jurisdiction=self.jurisdiction,
            lists_say=tuple(self.lists_say),
            access=self.access,
            publish=self.publish,
            max_gap_seconds=self._max_gap_seconds(),
            partial=not self.complete,
            ended_on=self.ended_on.isoformat() if self.ended_on else None,
            corrects=self.corrects,
            row_columns=self._row_columns(),
        )

    def _row_columns(self) -> tuple[str, ...]:
        """Return what a view of its rows shows, if they have no record type of their own."""
        parser = self._loaded_parser()
        if parser is None or parser.row_columns is None:
            return ()
        return tuple(parser.row_columns(self.options))

    def _loaded_parser(self) -> Parser | None:
        """Return its parser, None for one that does not load: reading a document says that."""
        try:
            return parser_named(self.parser)
        except Exception:  # noqa: BLE001 - whatever is wrong with the package of somebody else
            return None

    def _max_gap_seconds(self) -> int:
        """Return how far apart two captures may be for the time between them to be observed."""
        longest = self.max_gap or 2 * longest_interval(self.schedule)
        return int(longest.total_seconds())

    def _deadline_seconds(self) -> int | None:
        """Return how long an active source may be unreadable, None for what is over."""
        if self.lifecycle != "active":
            return None
        deadline = self.expect.deadline or max(3 * longest_interval(self.schedule), _ONE_DAY)
        return int(deadline.total_seconds())


class ReadingSettings(Model):
    """What reading one document may cost."""

    address_space_mb: int = Field(default=ReadingLimits.address_space_mb, gt=0)
    """Memory that its process may ask for, in megabytes."""
    resident_mb: int = Field(default=ReadingLimits.resident_mb, gt=0)
    """Memory that it may hold at a time, in megabytes."""
    cpu_seconds: int = Field(default=ReadingLimits.cpu_seconds, gt=0)
    wall_seconds: float = Field(default=ReadingLimits.wall_seconds, gt=0)
    pages: int = Field(default=ReadingLimits.pages, gt=0)

    def limits(self) -> ReadingLimits:
        """Return them as the reading takes them."""
        return ReadingLimits(**self.model_dump())


class Settings(Model):
    """What holds for all sources."""

    contact: Contact | None = None
    """An address by which a publisher can reach the operator; sent with every request."""
    archive: ArchiveAddress | None = None
    """Where the documents are kept: a folder as an absolute path, or an address like
    ``s3://bucket/prefix`` or ``sftp://server/folder``; a folder beside the database if not set."""
    individual_rows: Individuals = "full"
    """Whether a site shows rows about individuals, their counts, or neither."""
    sql: Switch = "on"
    """Whether a site answers SQL that visitors write."""
    allow_hosts: list[HostAndPort] = []
    """``host:port`` entries on private networks that may be fetched from."""
    proxy: Proxy | None = None
    """Through which all requests go; it resolves names, so that addresses are not checked here."""
    proxy_login: Variable | None = None
    """The secret that holds ``user:password`` for the proxy."""
    ca_bundle: Path | None = None
    """A file of certificates that are trusted in place of the usual ones."""
    delay: Duration = timedelta(seconds=2)
    """Between two requests to one host, at least."""
    hosts_at_once: int = Field(default=32, ge=1, le=500)
    """How many hosts a run asks at a time, each for one document after the other."""
    wayback: Address = "https://web.archive.org"
    """The server of the Wayback Machine."""
    keys: dict[HostName, dict[HeaderName, Variable]] = {}
    """By host: the headers that carry the operator's key for its API, each with the secret that
    holds it. They are sent to that host alone, over https, and kept nowhere."""
    secrets: Path | None = None
    """A file of lines ``NAME=value``, for secrets that the environment does not hold."""
    reading: ReadingSettings = ReadingSettings()
    notify: NotifySettings = NotifySettings()
    """Who is told what changed."""

    def serving(self) -> Serving:
        """Return what whoever serves the database has to obey."""
        return Serving(self.individual_rows, self.sql)

    def user_agent(self, version: str) -> str:
        """Return who asks, as every request says it."""
        return f"SanctuaryTracker/{version} (+{self.contact or 'contact not set'})"


class Sources(Model):
    """The whole file."""

    settings: Settings = Settings()
    sources: list[Source] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Sources:
        ids = [source.id for source in self.sources]
        twice = sorted({source_id for source_id in ids if ids.count(source_id) > 1})
        if twice:
            raise ValueError(f"source {twice[0]}: id: it stands twice; each needs one of its own")
        for source in self.sources:
            if source.corrects is not None and source.corrects not in ids:
                raise ValueError(f"source {source.id}: corrects: there is no source of that id")
            if source.parser == "statement" and source.options.get("about") not in ids:
                raise ValueError(
                    f"source {source.id}: options.about: there is no source of that id"
                )
        if fault := self.settings.notify.fault_of_sources(ids):
            raise ValueError(f"settings: notify: {fault}")
        return self
