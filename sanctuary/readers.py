"""Who reads documents: several limited processes at a time, on this machine or on a cluster.

An order names a document by its hash. Where it is carried out the archive gives the bytes, checked
against the hash, and a process of its own reads them (``sanctuary.reading``).
"""

from __future__ import annotations

import logging
import os
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from typing import Any, TypeVar

from parsers.records import Problem, Reading
from parsers.registry import Parser, Way
from sanctuary.bundles import Readable, bytes_of
from sanctuary.errors import CannotRead, NoDask, OtherVersion
from sanctuary.logs import about
from sanctuary.reading import ReadingLimits, find_parser, read_document
from scraper.archive import Archive

_log = logging.getLogger(__name__)
_T = TypeVar("_T")
_B = TypeVar("_B")
_READ_AHEAD = 2
"""Documents under way for each that can be read at a time, so that nobody waits for the next."""


@dataclass(frozen=True)
class Order:
    """What is to be read, and by what."""

    document: Readable
    parser: str
    version: str
    """As ``Parser.version_with`` says it: who has another must not read."""
    options: dict[str, Any]
    """Of the source."""
    way: Way
    limits: ReadingLimits


class Coming(ABC):
    """A reading that is being made, or was."""

    @abstractmethod
    def result(self) -> Reading | Problem:
        """Wait for the reading, or for why there is none.

        Raises CannotRead if nobody could read it, which says nothing of the document, and what the
        archive raises for a document that it has lost, or cannot give just now.
        """


@dataclass(frozen=True)
class Settled(Coming):
    """What is known without reading."""

    what: Reading | Problem | Exception

    def result(self) -> Reading | Problem:
        """Return or raise it at once."""
        if isinstance(self.what, Exception):
            raise self.what
        return self.what


class Readers(ABC):
    """Reads documents of one archive through an executor."""

    def __init__(
        self, executor: Executor, archive: Archive, limits: ReadingLimits, way: Way
    ) -> None:
        """Take what carries out orders, and what holds for all of them."""
        self.archive = archive
        self.way = way
        self._executor = executor
        self._limits = limits

    def version(self, parser: Parser, options: Mapping[str, Any]) -> str:
        """Return the version by which a source with these options is read here."""
        return parser.version_with(options, self.way)

    def read(
        self, document: Readable | Problem, parser: Parser, options: Mapping[str, Any]
    ) -> Coming:
        """Have a document read by ``parser`` and return at once; a problem needs no reader."""
        if isinstance(document, Problem):
            return Settled(document)
        version = self.version(parser, options)
        plain = dict(options)
        return self._begin(Order(document, parser.name, version, plain, self.way, self._limits))

    def ahead(
        self, items: Iterable[_T], begin: Callable[[_T], _B]
    ) -> Iterator[tuple[_T, _B | Settled]]:
        """Yield ``items`` in their order, each with what ``begin`` returned for it.

        ``begin`` is called for some more of them than were yielded, no more than keep all readers
        busy, so that what was read and not yet used stays bounded. What it raises comes out of a
        result.
        """
        most = _READ_AHEAD * self.at_a_time()
        begun: deque[tuple[_T, _B | Settled]] = deque()
        for item in items:
            begun.append((item, _begun(begin, item)))
            if len(begun) > most:
                yield begun.popleft()
        while begun:
            yield begun.popleft()

    @abstractmethod
    def at_a_time(self) -> int:
        """Return how many documents can be read at a time, as things are now."""

    @abstractmethod
    def _begin(self, order: Order) -> Coming: ...


@dataclass(frozen=True)
class _Here(Coming):
    future: Future[Reading | Problem]

    def result(self) -> Reading | Problem:
        try:
            return self.future.result()
        except CancelledError as error:
            raise CannotRead("the command that wanted it ends") from error


class ReadersHere(Readers):
    """As many as this machine has cores; a thread waits for each process."""

    def __init__(self, archive: Archive, limits: ReadingLimits, way: Way, cores: int) -> None:
        """Take what holds for all readings, and how many there may be at a time."""
        super().__init__(ThreadPoolExecutor(cores, "reader"), archive, limits, way)
        self._cores = cores
        self._ended = Event()

    def at_a_time(self) -> int:
        """Return the number that was given."""
        return self._cores

    def _begin(self, order: Order) -> Coming:
        return _Here(self._executor.submit(carry_out, order, self.archive, self._ended.is_set))

    def end(self) -> None:
        """End what is being read, and begin nothing more."""
        self._ended.set()
        self._executor.shutdown(cancel_futures=True)


def carry_out(
    order: Order, archive: Archive, is_over: Callable[[], bool] = lambda: False
) -> Reading | Problem:
    """Read a document, or return why there is no reading.

    ``is_over`` is asked now and then whether anybody still wants it. Raises OtherVersion if the
    parser here is not the one that is wanted, and what ``read_document`` and the archive raise.
    """
    here = find_parser(order.parser).version_with(order.options, order.way)
    if here != order.version:
        raise OtherVersion(order.parser, order.version, here)
    data = bytes_of(archive, order.document)
    if isinstance(data, Problem):
        return data
    began = time.monotonic()
    came = read_document(order.parser, data, order.options, order.limits, order.way, is_over)
    with about(order.document.source_id):
        _log.info("read", extra={"facts": _facts(order, came, time.monotonic() - began)})
    return came


def _facts(order: Order, came: Reading | Problem, seconds: float) -> dict[str, object]:
    """Return what is logged of a reading: no word of the document."""
    facts: dict[str, object] = {
        "document": order.document.sha256,
        "parser": order.parser,
        "seconds": round(seconds, 3),
    }
    if isinstance(came, Problem):
        return facts | {"problem": came.kind}
    return facts | {"records": len(came.records), "problems": len(came.problems)}


@contextmanager
def open_readers(
    archive: Archive,
    limits: ReadingLimits,
    way: Way = Way.VERIFIED,
    cluster: str | None = None,
) -> Iterator[Readers]:
    """Yield readers for as long as the context lasts; what is being read at its end is left.

    They are on this machine, or on the Dask cluster whose scheduler is at the address ``cluster``.
    Raises ClusterFails if there is nobody to read.
    """
    if cluster is not None:
        # Only who has a cluster needs Dask.
        try:
            from sanctuary.cluster import readers_at
        except ModuleNotFoundError as error:
            raise NoDask(error.name or "distributed") from error
        with readers_at(cluster, archive, limits, way) as there:
            yield there
        return
    readers = ReadersHere(archive, limits, way, _cores())
    try:
        yield readers
    finally:
        readers.end()


def _cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _begun(begin: Callable[[_T], _B], item: _T) -> _B | Settled:
    try:
        return begin(item)
    except Exception as error:  # noqa: BLE001 - raised again where the item is due
        return Settled(error)
