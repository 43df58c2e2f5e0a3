"""The time in which nobody looked: between two captures that are further apart than they may be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from sanctuary.sources import Source


@dataclass(frozen=True)
class Gap:
    """Between these two captures nothing was observed. Both are ISO 8601 in UTC."""

    after: str
    until: str


def longest_gap(source: Source) -> timedelta:
    """Return how far apart two captures may be for the time between them to count as observed."""
    return timedelta(seconds=source.facts().max_gap_seconds)


def gaps(moments: Iterable[str], longest: timedelta) -> list[Gap]:
    """Return the gaps longer than ``longest`` between moments that are in order."""
    return [
        Gap(earlier, later)
        for earlier, later in pairwise(moments)
        if datetime.fromisoformat(later) - datetime.fromisoformat(earlier) > longest
    ]


def unseen(found: Iterable[Gap], moments: Iterable[str], longest: timedelta) -> list[Gap]:
    """Return what remains of gaps, given that there are captures at ``moments``, in order."""
    known = list(moments)
    remaining = []
    for gap in found:
        within = [moment for moment in known if gap.after <= moment <= gap.until]
        remaining += gaps(within, longest)
    return remaining
