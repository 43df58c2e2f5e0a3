"""Deliveries as who sends takes them."""

from __future__ import annotations

from sqlite_utils import Database

from db.deliveries import Delivery, claim, drop_overtaken, due


def claim_due(db: Database, now: str) -> list[Delivery]:
    """Take all that is due at ``now``."""
    drop_overtaken(db, now)
    return claim(db, [each.id for each in due(db, now)])
