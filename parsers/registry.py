"""The parsers by name. A third party adds one through the entry point ``sanctuary.parsers``."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.metadata import entry_points, version
from typing import Any

from pydantic import BaseModel

from parsers.bundle import Part, Wanted
from parsers.records import Reading, Record

ENTRY_POINT_GROUP = "sanctuary.parsers"
ENGINES_AGREE = "engines_agree"
"""The check that a verified reading fails where two engines differ."""
Read = Callable[[bytes, Mapping[str, Any]], Reading]
"""From the bytes of a document and the options of its source to what it holds."""

Follow = Callable[[str, Mapping[str, Any], Sequence[Part]], Sequence[Wanted]]
"""From the address and options of a source, and the parts that came, to what to ask for next;
empty once all is there. It raises a subclass of ``parsers.errors.ReadingError`` where the answers
lead nowhere."""


class Way(StrEnum):
    """How a PDF is read; what is no PDF is read in one way."""

    VERIFIED = "verified"
    """By two engines that share no code: one reading stands, and is compared with the other."""
    FAST = "fast"
    """By the faster engine alone, but for pages that it cannot vouch for."""


@dataclass(frozen=True)
class Parser:
    """A pure function from bytes to a reading, and what the rest needs to know of it.

    ``read`` takes the bytes of a document and the options of the source (empty unless the parser
    documents some), and raises a subclass of ``parsers.errors.ReadingError`` if there is no
    reading.
    """

    name: str
    revision: int
    """Raised whenever the same bytes could give other records."""
    libraries: tuple[str, ...]
    """Distributions whose version can change what is read."""
    tables: tuple[type[Record], ...]
    reads: str
    """What the bytes at the address of a source have to be: a value of ``scraper.bodies.Kind``.
    ``wants`` says it for a source."""
    read: Read
    follow: Follow | None = None
    """For a host that gives a document in steps (``discover: {kind: host}``); ``read`` takes the
    packed bundle of all parts as well."""
    key_host: str | None = None
    """The host of these steps, if it wants a key: without one the address itself is fetched."""
    options: type[BaseModel] | None = None
    """The options that an entry of ``sources.yml`` may give, each with a description; they are
    checked when that file is loaded."""
    reads_by: Callable[[Mapping[str, Any]], str] | None = None
    """From the options of a source to what the bytes have to be, where that depends on them."""
    row_columns: Callable[[Mapping[str, Any]], Sequence[str]] | None = None
    """From the options of a source to the fields of its ``table_rows`` or ``period_rows``, for a
    view of them; behind a field whose value is no text, ``…_text`` is what is printed."""
    read_fast: Read | None = None
    """What ``read`` does in ``Way.VERIFIED``, done in ``Way.FAST``: for bytes that must be a PDF.
    None where there is one way only."""

    def wants(self, options: Mapping[str, Any]) -> str:
        """Return what the bytes at the address of a source with these options have to be."""
        return self.reads if self.reads_by is None else self.reads_by(options)

    @property
    def version(self) -> str:
        """The revision with the versions of the libraries that read: ``3+pdfplumber-0.11.10``."""
        return "+".join([str(self.revision), *(f"{n}-{_installed(n)}" for n in self.libraries)])

    def version_with(self, options: Mapping[str, Any], way: Way = Way.VERIFIED) -> str:
        """Return the version by which a source with these options is read in this way.

        The same bytes give the same records by the same version, and other options can give others:
        what could not be read before an option was mended is read anew. So can another way of
        reading, where the parser has one.
        """
        version = self.version
        if options:
            said = json.dumps(options, sort_keys=True, default=str, ensure_ascii=False)
            version += f"+options-{hashlib.sha256(said.encode()).hexdigest()[:8]}"
        return version if self.reader(options, way) is self.read else f"{version}+{way}"

    def versions_for(self, options: Mapping[str, Any], way: Way) -> tuple[str, ...]:
        """Return the versions by which a document is read as well as in this way, or better."""
        as_well = (self.version_with(options, each) for each in (Way.VERIFIED, way))
        return tuple(dict.fromkeys(as_well))

    def reader(self, options: Mapping[str, Any], way: Way) -> Read:
        """Return the function that reads a source with these options in this way."""
        if way is Way.FAST and self.read_fast is not None and self.wants(options) == "pdf":
            return self.read_fast
        return self.read


def parser_names() -> list[str]:
    """Return the names of all installed parsers."""
    return [*_names_in(tuple(sys.path))]


@cache
def _names_in(path: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the parsers that are installed where Python looks for modules.

    Finding them reads the whole environment, and each entry of ``sources.yml`` asks.
    """
    return tuple(sorted({point.name for point in entry_points(group=ENTRY_POINT_GROUP)}))


@cache
def _installed(library: str) -> str:
    """Return the version of a library, for which its whole description is read."""
    return version(library)


@cache
def parser_named(name: str) -> Parser:
    """Return the installed parser of that name; only its own module is loaded.

    Raises KeyError if there is none.
    """
    for point in entry_points(group=ENTRY_POINT_GROUP, name=name):
        parser: Parser = point.load()
        return parser
    raise KeyError(name)
