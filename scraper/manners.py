"""How patient the scraper is with a host, and where processes keep what they must agree on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Manners:
    """How often a host is asked, and how often again where it fails."""

    shared: Path
    """A folder for all processes of this user on this machine: when each host was asked last, and
    what its robots.txt says."""
    delay_seconds: float = 2.0
    """Between two requests to one host, at least."""
    attempts: int = 4
    """How many requests a fetch may make for an answer, redirects aside."""
    longest_wait_seconds: float = 120.0
    """Where a host wants a longer wait, the fetch ends, to be tried later."""
