"""``sources.yml``: the one place that says what is watched, validated when it is loaded."""

from __future__ import annotations

import re
from collections.abc import Hashable
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from db.sources import Source as SourceFacts
from parsers.registry import parser_names
from sanctuary.errors import SourcesError

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def _duration(value: object) -> object:
    match = re.fullmatch(r"(\d+)\s*([smhdw])", value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError("allowed: a number with s, m, h, d or w, like 3h")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _id(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
        raise ValueError("allowed: small letters, digits and single hyphens, like ddor-weekly")
    return value


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"allowed: a regular expression, which this is not ({error})") from error
    return value


def _address(value: str) -> str:
    if not is_web_address(value):
        raise ValueError("allowed: an address that begins with http:// or https://")
    return value


def is_web_address(text: str) -> bool:
    """Say whether ``text`` is an address of the web: http or https, with a host, without blanks."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and not re.search(r"[\s\\]", text)


def _parser(value: str) -> str:
    names = parser_names()
    if value not in names:
        raise ValueError(f"allowed: an installed parser ({', '.join(names)})")
    return value


def _contact(value: str) -> str:
    # It travels in a header: no blanks, no line breaks, nothing but ASCII.
    if not re.fullmatch(r"[!-~]+", value):
        raise ValueError("allowed: a web or mail address without blanks")
    return value


def _off(value: object) -> object:
    # In YAML 1.1, which PyYAML reads, the bare word off is the truth value.
    return "off" if value is False else value


def _host_and_port(value: str) -> str:
    if not re.fullmatch(r"([a-z0-9.-]+|\[[0-9a-f:]+\]):\d+", value):
        raise ValueError("allowed: a host and a port, like localhost:8000 or [::1]:8000")
    return value


Duration = Annotated[timedelta, BeforeValidator(_duration)]
Id = Annotated[str, AfterValidator(_id)]
Pattern = Annotated[str, AfterValidator(_pattern)]
Address = Annotated[str, AfterValidator(_address)]
ParserName = Annotated[str, AfterValidator(_parser)]
Contact = Annotated[str, AfterValidator(_contact)]
HostAndPort = Annotated[str, AfterValidator(_host_and_port)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Discover(_Model):
    """How the documents of a source are found."""

    kind: Literal["page", "index"] = "page"
    """``page``: the address is the document; ``index``: it links to the documents."""
    pattern: Pattern = ""
    """A regular expression that the links of an index page answer to."""
    take: Literal["all", "first", "last"] = "all"
    """Which of these links are documents of the source, in the order of the page."""

    @model_validator(mode="after")
    def _pattern_is_for_an_index(self) -> Discover:
        if self.kind == "index" and not self.pattern:
            raise ValueError("an index needs a pattern that its links answer to")
        if self.kind == "page" and (self.pattern or self.take != "all"):
            raise ValueError("pattern and take are for `kind: index`")
        return self


class Expect(_Model):
    """What is held for review if it is not so."""

    min_rows: int | None = Field(default=None, ge=0)
    max_rows: int | None = Field(default=None, ge=0)
    max_lost: float = Field(default=0.5, ge=0, le=1)
    """The share of its rows that a list may lose from one edition to the next."""

    @model_validator(mode="after")
    def _some_count_fits(self) -> Expect:
        if None not in (self.min_rows, self.max_rows) and self.min_rows > self.max_rows:  # type: ignore[operator]
            raise ValueError(f"min_rows {self.min_rows} is more than max_rows {self.max_rows}")
        return self


class Source(_Model):
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
    schedule: Literal["hourly", "daily", "weekly"] = "daily"
    jurisdiction: str | None = None
    """Whose policy it is, for policies."""
    expect: Expect = Expect()
    confirm_after: Duration = timedelta(hours=3)
    """How long a page has to stay gone before it counts as taken down."""
    max_gap: Duration | None = None
    """Between two captures that agree, how far apart they may be for the list to count as
    observed all the time; twice the schedule if it is not set."""
    publish: Literal["full", "diff", "link"] = "full"
    """How much of its text a site may show."""
    why: str = Field(min_length=1)

    @model_validator(mode="after")
    def _index_has_an_address(self) -> Source:
        if self.address is None and self.discover.kind == "index":
            raise ValueError("an index needs an address")
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
            confirm_after_seconds=int(self.confirm_after.total_seconds()),
            why=self.why,
        )


class Settings(_Model):
    """What holds for all sources."""

    contact: Contact | None = None
    """An address by which a publisher can reach the operator; sent with every request."""
    individual_rows: Annotated[Literal["full", "counts", "off"], BeforeValidator(_off)] = "full"
    """Whether a site shows rows about individuals, their counts, or neither."""
    allow_hosts: list[HostAndPort] = []
    """``host:port`` entries on private networks that may be fetched from."""

    def user_agent(self, version: str) -> str:
        """Return who asks, as every request says it."""
        return f"SanctuaryTracker/{version} (+{self.contact or 'contact not set'})"


class Sources(_Model):
    """The whole file."""

    settings: Settings = Settings()
    sources: list[Source] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Sources:
        ids = [source.id for source in self.sources]
        twice = sorted({source_id for source_id in ids if ids.count(source_id) > 1})
        if twice:
            raise ValueError(f"source {twice[0]}: id: it stands twice; each needs one of its own")
        return self


class _Loader(yaml.SafeLoader):
    """YAML that refuses a key that stands twice, of which PyYAML silently drops the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(
                    None, None, "a key has to be a word", key.start_mark
                )
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value} stands twice", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def load_sources(path: Path) -> Sources:
    """Return what ``path`` says is watched.

    Raises SourcesError, a line for each fault: which entry, which key, what is allowed.
    """
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
        try:
            data = loader.get_single_data()
        finally:
            loader.dispose()
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SourcesError(f"{path}: it cannot be read: {_one_line(error)}") from error
    if not isinstance(data, dict):
        raise SourcesError(f"{path}: it holds no list of sources; see the one that ships")
    try:
        return Sources.model_validate(data)
    except ValidationError as error:
        faults = [_fault(fault, data) for fault in error.errors()]
        raise SourcesError(f"{path}: " + f"\n{path}: ".join(faults)) from None


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).replace('in "<unicode string>", ', "")


def _fault(fault: ErrorDetails, data: dict[str, Any]) -> str:
    where = fault["loc"]
    said = fault["msg"].removeprefix("Value error, ")
    if fault["type"] == "extra_forbidden":
        said = f"no such key; allowed: {', '.join(_model_at(where[:-1]).model_fields)}"
    elif fault["type"] == "missing":
        said = "it is missing"
    elif isinstance(fault["input"], str | int | float):
        said = f"{said}; it says {fault['input']!r}"
    return ": ".join([*_names(where, data), said])


def _names(where: tuple[int | str, ...], data: dict[str, Any]) -> list[str]:
    """Return the keys that lead to a fault, the entry by its id or by its place in the file."""
    if len(where) < 2 or where[0] != "sources" or not isinstance(where[1], int):
        return [str(part) for part in where]
    entry = data["sources"][where[1]]
    name = entry.get("id") if isinstance(entry, dict) else None
    return [f"source {name or f'number {where[1] + 1}'}", *map(str, where[2:])]


def _model_at(where: tuple[int | str, ...]) -> type[_Model]:
    model: type[_Model] = Sources
    for key in where:
        if isinstance(key, str):
            annotation: Any = model.model_fields[key].annotation
            model = next(iter(get_args(annotation)), annotation)
    return model
