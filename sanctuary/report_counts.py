"""Declined detainers as counts: by one thing at a time, and a charge never as a conviction."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from sqlite_utils import Database

from db.reported import DeclinedCount, declined_counts, declined_months

DISPOSITIONS = (
    ("conviction", "Offences with a conviction"),
    ("charge", "Offences with a charge"),
    ("not stated", "Offences of which neither is said"),
)


@dataclass(frozen=True)
class Counts:
    """The declined detainers of one edition, counted by one thing at a time."""

    detainers: int
    jurisdictions: tuple[DeclinedCount, ...]
    """As printed."""
    months: tuple[DeclinedCount, ...]
    """Of declining; empty where the rows themselves are closed."""
    citizenships: tuple[DeclinedCount, ...]
    offences: tuple[DeclinedCount, ...]
    """A detainer with several offences counts under each of them."""

    def of_disposition(self, disposition: str) -> list[DeclinedCount]:
        """Return the offences of which that is said."""
        return [each for each in self.offences if each.disposition == disposition]

    def data(self) -> dict[str, Any]:
        """Return it as plain data; the names stay."""
        return asdict(self)


def counts_of_declined(db: Database, reading_id: int, tables: Collection[str]) -> Counts | None:
    """Return the counts of a reading, of the ``tables`` that may be seen.

    None where they may not be seen, or the reading holds no declined detainer.
    """
    if "declined_counts" not in tables:
        return None
    found = declined_counts(db, reading_id)
    if not found:
        return None
    open_rows = "declined_detainers" in tables
    return Counts(
        detainers=sum(each.detainers for each in found["all"]),
        jurisdictions=tuple(found.get("jurisdiction", ())),
        months=tuple(declined_months(db, reading_id)) if open_rows else (),
        citizenships=tuple(found.get("citizenship", ())),
        offences=tuple(found.get("activity", ())),
    )
