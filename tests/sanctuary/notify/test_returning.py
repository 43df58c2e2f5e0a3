"""Whoever is told nothing of a row that was gone for an hour is told all of one that stays away."""

from __future__ import annotations

import tempfile
from itertools import groupby
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from db.deliveries import settle_sent
from sanctuary.notify.queueing import hand_out
from tests.db.deliveries import claim_due
from tests.db.history import LIST, listing, load, new_database, reading
from tests.sanctuary.notify.rules import watched

GRACE = 3
KINDS = {"kinds": ["removed", "returned"]}
ALL = watched(KINDS, {**KINDS, "when": "daily", "at": "23:59"})
STAYS = tuple(listing(f"Onhava {number}", position=number) for number in range(1, 4))
GOES = listing("Yewslip, Zembla", position=4)


def at(hour: int) -> str:
    return f"2025-06-{1 + hour // 24:02}T{hour % 24:02}:00:00Z"


def expected(there: list[bool]) -> list[str]:
    """Return what is to be told of a row, by whether it was there at each hour from the first."""
    told = []
    hour = 0
    for is_there, some in groupby(there):
        lasted = len(list(some))
        is_last = hour + lasted == len(there)
        if not is_there and (lasted > GRACE or is_last):
            told += ["removed"] if is_last else ["removed", "returned"]
        hour += lasted
    return told


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example([False, False, False, True, False, False, False, False, True, True, False])
@given(st.lists(st.booleans(), max_size=12))
def test_what_was_gone_for_no_longer_than_the_grace_period_is_told_to_nobody(
    later: list[bool],
) -> None:
    there = [True, *later]
    with tempfile.TemporaryDirectory() as folder:
        db = new_database(Path(folder))
        told: dict[str, list[str]] = {"at once": [], "daily": []}
        for hour in range(len(there) + 48):
            if hour < len(there):
                rows = (*STAYS, GOES) if there[hour] else STAYS
                load(db, LIST, at(hour), reading(rows), now=at(hour))
                hand_out(db, ALL, at(hour))
            claimed = claim_due(db, at(hour))
            settle_sent(db, [each.id for each in claimed], at(hour))
            for each in claimed:
                (kind,) = db.execute(
                    "SELECT kind FROM changes WHERE public_id = ?", [each.item.key]
                ).fetchone()
                told[each.rhythm] += [kind]
        assert told["at once"] == expected(there)
        assert sorted(told["daily"]) == sorted(expected(there))
        db.conn.close()
