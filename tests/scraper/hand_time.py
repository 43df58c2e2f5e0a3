"""Time that only waiting moves, so that no test has to wait."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime

from scraper.timing import Timing

NOW = "2026-11-02T12:00:00Z"
NOON = datetime.fromisoformat(NOW).timestamp()


@dataclass
class HandTime:
    """Starts at noon. Waits for the network take the time they take, as far as limits see it."""

    now: float = NOON
    slept: list[float] = field(default_factory=list)

    @property
    def timing(self) -> Timing:
        return Timing(lambda: self.now, self._monotonic, self.sleep)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def _monotonic(self) -> float:
        return time.monotonic() + sum(self.slept)
