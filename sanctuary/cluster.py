"""Readers on other machines: a Dask cluster, whose workers take documents from the archive.

Orders go out and answers come back as plain data, which is checked here. Dask itself moves both as
pickles: who can reach the scheduler can run code on the workers and here. A cluster is one domain
of trust (https://distributed.dask.org/en/stable/tls.html keeps others out).
"""

from __future__ import annotations

import json
import logging
import multiprocessing
import socket
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from distributed import Client
from distributed.scheduler import KilledWorker
from distributed.security import Security

from parsers.records import Problem, Reading
from parsers.registry import Way
from sanctuary.errors import CannotRead, ClusterFails, CommandError
from sanctuary.readers import Coming, Order, Readers, carry_out
from sanctuary.reading import ReadingLimits
from sanctuary.reading.answers import NoReading, decode, encode
from scraper.archive import Archive
from scraper.errors import ArchiveUnreachable, DamagedArchive

_CONNECT_SECONDS = 10
_REFUSAL = b'{"refused":'


@contextmanager
def readers_at(
    address: str, archive: Archive, limits: ReadingLimits, way: Way
) -> Iterator[Readers]:
    """Yield readers on the cluster whose scheduler is at ``address``, while the context lasts.

    What is being read at its end is not waited for. Raises ClusterFails if nobody answers there, or
    no worker is there.
    """
    # What Dask says of a connection that it lost is said in one line of ours.
    for name in ("distributed", "distributed.client", "tornado.application"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        if address.startswith("tls:") and not _has_certificates():
            raise ClusterFails(address, "Dask's setting distributed.comm.tls names no certificates")
        client = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        said = " ".join(str(error).split()) or type(error).__name__
        raise ClusterFails(address, f"its scheduler does not answer ({said})") from error
    with client:
        readers = _Cluster(address, client, archive, limits, way)
        if not readers.at_a_time():
            raise ClusterFails(address, "no worker has joined it")
        try:
            yield readers
        finally:
            readers.end()


class _Cluster(Readers):
    def __init__(
        self, address: str, client: Client, archive: Archive, limits: ReadingLimits, way: Way
    ) -> None:
        # What ran into a limit is to be read again when it is asked for again, not remembered.
        super().__init__(client.get_executor(pure=False), archive, limits, way)
        self.address = address
        self._client = client

    def at_a_time(self) -> int:
        try:
            return sum(self._client.nthreads().values())
        except (OSError, TimeoutError) as error:
            raise ClusterFails(self.address, "its scheduler is lost") from error

    def end(self) -> None:
        self._executor.shutdown(wait=False)

    def _begin(self, order: Order) -> Coming:
        future = self._executor.submit(read_there, order, self.archive.address)
        return _There(self, order, future)


@dataclass(frozen=True)
class _There(Coming):
    cluster: _Cluster
    order: Order
    future: Future[bytes]

    def result(self) -> Reading | Problem:
        try:
            said = self.future.result()
        except CancelledError as error:
            raise ClusterFails(self.cluster.address, "its scheduler is lost") from error
        except KilledWorker as error:
            raise CannotRead("worker after worker of the cluster ended at it") from error
        except Exception as error:
            said_of_it = f"{type(error).__name__}: {' '.join(str(error).split())}"[:300]
            raise ClusterFails(
                self.cluster.address,
                f"it cannot take what is to be read ({said_of_it}); its scheduler and all workers "
                "need the same sanctuary-tracker as is here",
            ) from error
        return self._heard(said)

    def _heard(self, said: bytes) -> Reading | Problem:
        """Return the answer of a worker, which is data, or raise what it refused with."""
        try:
            if not said.startswith(_REFUSAL):
                return decode(said)
            kind, where, reason = map(str, json.loads(said)["refused"])
        except (NoReading, AttributeError, TypeError, ValueError, KeyError) as error:
            raise ClusterFails(
                self.cluster.address, f"a worker answered what is no reading ({error})"
            ) from error
        if kind == CannotRead.__name__:
            raise CannotRead(f"{reason}, on {where}")
        if kind == DamagedArchive.__name__:
            # Whether it is lost is seen here: a worker may look at another folder of that name.
            self.cluster.archive.get(self.order.document.sha256)
            for part in self.order.document.parts:
                self.cluster.archive.get(part.sha256)
            reason = f"it does not see what the archive at {self.cluster.archive.address} holds"
        raise ClusterFails(self.cluster.address, f"its worker on {where} cannot read: {reason}")


def read_there(order: Order, address: str) -> bytes:
    """Carry out an order on a worker, with the archive at ``address``; return the answer as bytes.

    Or return in whatever of these bytes why the worker cannot: nothing is raised that would have to
    be unpickled.
    """
    try:
        if multiprocessing.current_process().daemon:
            return _refusal(
                ClusterFails.__name__,
                "it may not start processes: start it with the environment variable "
                "DASK_DISTRIBUTED__WORKER__DAEMON=False",
            )
        return encode(carry_out(order, _archive_at(address)))
    except CannotRead as error:
        return _refusal(CannotRead.__name__, error.reason)
    except DamagedArchive as error:
        return _refusal(DamagedArchive.__name__, error.reason)
    except (CommandError, ArchiveUnreachable) as error:
        return _refusal(ClusterFails.__name__, str(error))
    except Exception as error:  # noqa: BLE001 - told where the command runs
        return _refusal(ClusterFails.__name__, f"unexpected {type(error).__name__}: {error}")


def _has_certificates() -> bool:
    """Say whether this process can speak TLS; a client that cannot is slow to find out."""
    return Security().get_connection_args("client")["ssl_context"] is not None


@cache
def _archive_at(address: str) -> Archive:
    return Archive.at(address)


def _refusal(kind: str, reason: str) -> bytes:
    said = json.dumps([kind, socket.gethostname(), reason])
    return _REFUSAL + said.encode("ascii") + b"}"
