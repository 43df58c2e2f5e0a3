"""The clocks of the machine and how to wait, in one place, so that tests can move them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Timing:
    """Two clocks and a way to wait."""

    wall: Callable[[], float] = time.time
    """Seconds since 1970: what processes share. It can jump."""
    monotonic: Callable[[], float] = time.monotonic
    """Seconds since some moment: what one process measures with. It cannot."""
    sleep: Callable[[float], None] = time.sleep


def in_utc(moment: float) -> str:
    """Return seconds since 1970 as ISO 8601, to the second: ``2025-06-01T15:16:00Z``."""
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%SZ}"
