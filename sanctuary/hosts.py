"""Many hosts at a time, one source after the other of each.

Sources have a host in common if their addresses do. Where else their documents are is not known
beforehand: that no host is asked twice at a time is for the client to see to.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from queue import SimpleQueue
from threading import Thread
from urllib.parse import urlsplit

from sanctuary.sources import Source
from sanctuary.turns import Turns


def by_host(sources: Iterable[Source]) -> dict[str, list[Source]]:
    """Return sources by the host of their address, in order; under ``""`` those without one."""
    found: dict[str, list[Source]] = {}
    for source in sources:
        address = source.address or source.discover.template
        found.setdefault(urlsplit(address).hostname or "", []).append(source)
    return found


class Hosts:
    """Goes through the sources of many hosts, with a thread for each that is being asked."""

    def __init__(self, turns: Turns, at_once: int, stops: Callable[[], bool]) -> None:
        """Take how many hosts are asked at a time.

        ``stops`` is asked before each source whether to leave it, and all others that were not
        begun, for another time.
        """
        self._turns = turns
        self._at_once = at_once
        self._stops = stops
        self.asked = 0
        """How many hosts are being asked."""

    def each(self, sources: Iterable[Source], task: Callable[[Source], None]) -> None:
        """Call ``task`` with each source, in a thread that has the turn.

        First come sources without an address, on their own; then the hosts, those with the most
        sources before the others, since they take the longest. Raises what ``task`` raises, of the
        first that does so; then, or when something is raised here (Ctrl-C), nobody has the turn any
        more, and threads that wait for a host end once they come back.
        """
        hosts = by_host(sources)
        try:
            self._go_through([hosts.pop("", [])], task)
            self._go_through(sorted(hosts.values(), key=len, reverse=True), task)
        except BaseException:
            self._turns.end()
            raise

    def _go_through(self, hosts: list[list[Source]], task: Callable[[Source], None]) -> None:
        waiting = deque(hosts)
        ended: SimpleQueue[BaseException | None] = SimpleQueue()

        def work() -> None:
            try:
                with self._turns.taken():
                    self._work(waiting, task)
                ended.put(None)
            except BaseException as error:  # noqa: BLE001 - raised again by who waits for it
                ended.put(error)

        # A host that does not answer must not keep a process from ending that was asked to.
        threads = [Thread(target=work, daemon=True) for _ in hosts[: self._at_once]]
        for thread in threads:
            thread.start()
        for _ in threads:
            error = ended.get()
            if error is not None:
                raise error

    def _work(self, waiting: deque[list[Source]], task: Callable[[Source], None]) -> None:
        self.asked += 1
        while waiting:
            for source in waiting.popleft():
                if self._stops():
                    waiting.clear()
                    break
                task(source)
        self.asked -= 1
