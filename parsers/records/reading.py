"""What one parser version read from one document: records, checks, problems."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from parsers.records.record import Record
from parsers.records.spots import Spot


@dataclass(frozen=True, slots=True)
class Check:
    """What a document says of itself, compared with what was read from it."""

    name: str
    passed: bool
    required: bool
    """A failed required check holds the reading."""
    message: str
    """One sentence that a person understands without the code."""
    expected: str | None = None
    actual: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read, or that nobody expected; shown, never dropped."""

    kind: str
    """A short word in snake_case, the same for the same fault."""
    message: str
    text: str | None = None
    """The printed text it is about."""
    evidence: tuple[Spot, ...] = ()
    individual: bool = False
    """The text is of a row about one person: it stays in the document, and in what a reader of
    the document is shown. The message holds nothing of it."""


@dataclass(frozen=True, slots=True)
class EditionClaim:
    """What a document says it is an edition of; a list without a period leaves it empty."""

    title: str | None = None
    period_start: str | None = None
    """ISO 8601, inclusive."""
    period_end: str | None = None
    """ISO 8601, inclusive."""
    notice: str | None = None
    """What a document that is no official one says of itself (``SPECIMEN …``)."""


@dataclass(frozen=True)
class Reading:
    """All that one parser version read from one document."""

    edition: EditionClaim
    tables: tuple[type[Record], ...]
    """The record types this document could hold: an empty one is shown as empty."""
    records: tuple[Record, ...]
    checks: tuple[Check, ...] = ()
    problems: tuple[Problem, ...] = field(default=())

    def rows(self, record: type[Record]) -> list[Record]:
        """Return the records of one type, in the order of the document."""
        return sorted((r for r in self.records if type(r) is record), key=lambda r: r.position)

    def failed_required(self) -> list[Check]:
        """Return the checks whose failure holds this reading."""
        return [check for check in self.checks if check.required and not check.passed]

    def to_json(self) -> dict[str, Any]:
        """Return the reading as plain data: edition, records by table, checks, problems."""
        return {
            "edition": dataclasses.asdict(self.edition),
            "records": {t.table: [r.to_json() for r in self.rows(t)] for t in self.tables},
            "checks": [dataclasses.asdict(check) for check in self.checks],
            "problems": [dataclasses.asdict(problem) for problem in self.problems],
        }


_canonical = json.JSONEncoder(default=dataclasses.asdict, ensure_ascii=False, sort_keys=True).encode


def content_hash(records: tuple[Record, ...] | list[Record]) -> str:
    """Return the sha256 of the multiset of normalised rows: order and evidence do not count."""
    rows = sorted(_canonical([record.table, record.content()]) for record in records)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
