"""The 287(g) agreements of a place's agencies, each with its status and when it was seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from db.named import NameOfPlace, rows_naming
from sanctuary.place_lines import Evidence, evidence_of
from sanctuary.wording import day_and_time


@dataclass(frozen=True)
class AgreementOfPlace:
    """One row of a list of agreements, through all editions that have it."""

    jurisdiction_id: str
    """Of the agency."""
    agency: str
    """As printed in the newest of these editions, as is the rest."""
    support_type: str | None
    status: str
    """``participating`` or ``pending``."""
    signed: str | None
    source_id: str
    title: str
    publisher: str
    seen_from: str
    seen_until: str
    in_newest: bool
    """It stands in the newest edition of its list that is held."""
    stands: bool
    """That list was neither ended nor taken down."""
    evidence: Evidence
    notice: str | None

    @property
    def words(self) -> str:
        """All of that in a sentence."""
        signed = f", signed {self.signed}" if self.signed else ""
        model = f", {self.support_type}" if self.support_type else ""
        first, last = day_and_time(self.seen_from), day_and_time(self.seen_until)
        seen = f"seen on {first}" if first == last else f"seen from {first} to {last}"
        if not self.in_newest:
            end = "; not in the newest edition that is held"
        elif not self.stands:
            end = "; that list has ended or was taken down"
        else:
            end = ", last stated in the newest edition"
        said = f"{self.agency}{model}: {self.status}{signed}"
        return f"{said}, says {self.title} ({self.publisher}), {seen}{end}."


def agreements_of(db: Database, names: Iterable[NameOfPlace]) -> list[AgreementOfPlace]:
    """Return the agreements of the agencies of these names, by agency and list."""
    known = [name.id for name in names]
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows_naming(db, "agreements", known):
        groups[row["source_id"], row["row_key"]].append(row)
    newest = {source_id: _newest(db, source_id) for source_id, _ in groups}
    found = [_one(rows, newest[source_id]) for (source_id, _), rows in groups.items()]
    return sorted(found, key=lambda each: (each.agency, each.source_id, each.support_type or ""))


def _newest(db: Database, source_id: str) -> tuple[int | None, bool]:
    """Return the newest edition of a list, and whether it stands."""
    row = db.execute(
        "SELECT edition_id, stands FROM latest_editions WHERE source_id = ?", [source_id]
    ).fetchone()
    return (row[0], bool(row[1])) if row else (None, False)


def _one(rows: list[dict[str, Any]], newest: tuple[int | None, bool]) -> AgreementOfPlace:
    row = rows[-1]
    return AgreementOfPlace(
        jurisdiction_id=row["jurisdiction_id"],
        agency=row["agency"] or row["agency_text"],
        support_type=row["support_type"] or row["support_type_text"],
        status=row["status"],
        signed=row["signed"] or row["signed_text"],
        source_id=row["source_id"],
        title=row["source_title"],
        publisher=row["source_publisher"],
        seen_from=min(each["public_from"] for each in rows),
        seen_until=max(each["public_until"] for each in rows),
        in_newest=any(each["edition_id"] == newest[0] for each in rows),
        stands=newest[1],
        evidence=evidence_of(row, "agreements"),
        notice=row["notice"],
    )
