"""A standing list in words: whose it is, and how it stands today."""

from __future__ import annotations

from datetime import datetime, timedelta

from db.listed import StatedList


def name_of_list(stated: StatedList) -> str:
    """Return a list with its publisher: ``Section III of Report of Zembla (Zembla Ministry)``."""
    section = "Section III of " if stated.in_report and stated.table == "listings" else ""
    return f"{section}{stated.title} ({stated.publisher})"


def is_observed(stated: StatedList, now: str) -> bool:
    """Say whether what a list said when it was last seen still counts as observed."""
    until = datetime.fromisoformat(stated.last_stated) + timedelta(seconds=stated.max_gap_seconds)
    return datetime.fromisoformat(now) <= until


def how_it_stands(stated: StatedList, now: str) -> str:
    """Return how a list stands at ``now``; it goes before the day on which it was last stated."""
    if stated.lifecycle == "ended":
        return "the series has ended"
    if not stated.stands:
        return "taken down by its publisher"
    return "stands" if is_observed(stated, now) else "not observed since"
