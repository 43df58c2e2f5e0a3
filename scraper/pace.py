"""How often a host is asked: one limit for all sources and all processes of this machine.

For each host there is a file with the moment of the last request, which a process holds while it
waits for its own, and another with the rest that the host wants. The clock may jump: a moment in
the future never makes a wait longer than the one that was wanted in the first place. Where a file
is damaged, a request may have been made just now.
"""

from __future__ import annotations

import logging
import math
from pathlib import Path
from typing import Any

from scraper.errors import Later
from scraper.shared import SharedFile
from scraper.timing import Timing

_log = logging.getLogger(__name__)
LONGEST_REST = 24 * 60 * 60.0
"""Seconds that a host may have itself left alone for: one answer may not end a source for good."""


class Pace:
    """Grants requests to hosts, each at its moment."""

    def __init__(self, folder: Path, timing: Timing) -> None:
        """Take the folder that processes share."""
        self._folder = folder
        self._timing = timing

    def take(self, host: str, delay: float, patience: float) -> float:
        """Wait until ``host`` may be asked and return that moment, in seconds since 1970.

        There are ``delay`` seconds between two requests, a day at most. Raises Later if the wait
        would take more than ``patience`` seconds, and NotShared if the folder cannot be used.
        """
        delay = min(delay, LONGEST_REST)
        file = SharedFile(self._folder, host)
        try:
            with file.held(patience):
                self._wait(host, delay, _since(file.read(), self._timing.wall()), patience)
                granted = self._timing.wall()
                file.write({"host": host, "last": granted})
                return granted
        except TimeoutError:
            moment = self._timing.wall() + delay
            raise Later(host, moment, "other processes wait for it, too") from None

    def rest(self, host: str, seconds: float) -> float:
        """Let no process ask ``host`` for so long, and return the moment when one may again.

        That is a day at most. A longer rest that it has already stays. Raises NotShared if the
        folder cannot be used.
        """
        seconds = max(min(seconds, LONGEST_REST), self._rest_left(host))
        return self._write_rest(host, self._timing.wall(), seconds)

    def _wait(self, host: str, delay: float, since_last: float, patience: float) -> None:
        between = max(0.0, delay - since_last)
        self._sleep(host, between, patience, f"it wants {delay:g} seconds between two requests")
        waited = between
        # Whoever asked last may have been told meanwhile that the host wants a rest.
        while rest := self._rest_left(host):
            facts = {"host": host, "seconds": round(rest, 1)}
            _log.info("host wants a rest", extra={"facts": facts})
            self._sleep(host, rest, patience - waited, "it wants no request until then")
            waited += rest

    def _sleep(self, host: str, seconds: float, patience: float, reason: str) -> None:
        if seconds > patience:
            raise Later(host, self._timing.wall() + seconds, reason)
        if seconds:
            self._timing.sleep(seconds)

    def _rest_left(self, host: str) -> float:
        known = self._rest_file(host).read()
        if known is None:
            return 0.0
        now = self._timing.wall()
        start, end = _moment(known, "from", now), _moment(known, "until", now)
        length = min(max(0.0, end - start), LONGEST_REST)
        if start > now:
            # The clock has jumped back: the rest begins now, and is not begun anew each time.
            self._write_rest(host, now, length)
            return length
        return max(0.0, start + length - now)

    def _write_rest(self, host: str, now: float, seconds: float) -> float:
        until = now + seconds
        self._rest_file(host).write({"host": host, "from": now, "until": until})
        return until

    def _rest_file(self, host: str) -> SharedFile:
        return SharedFile(self._folder, f"rest of {host}")


def _since(known: dict[str, Any] | None, now: float) -> float:
    """Return how many seconds ago the last request was, as far as a file can be believed."""
    if known is None:
        return math.inf
    return max(0.0, now - _moment(known, "last", now))


def _moment(known: dict[str, Any], name: str, otherwise: float) -> float:
    moment = known.get(name)
    return moment if isinstance(moment, float) else otherwise
