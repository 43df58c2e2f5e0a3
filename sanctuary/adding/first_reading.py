"""What a first reading of a document gives: how many rows, the first of them, what is held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from parsers.records import Problem, Reading, Record
from sanctuary.expectations import checks
from sanctuary.safe_text import one_line
from sanctuary.sources import Source
from sanctuary.wording import plain

_ROWS = 3
_LONGEST = 160
"""Letters of a row that are shown."""


@dataclass(frozen=True)
class FirstReading:
    """A reading that nobody keeps."""

    counts: Mapping[str, int]
    """Rows by table; a table without rows is there, too."""
    problems: Mapping[str, int]
    """By kind."""
    first: tuple[str, ...]
    """The first rows, each on one line and without control characters. None about persons."""
    held: tuple[str, ...]
    """Why it would wait for a person, a sentence each."""
    notice: str | None = None
    """What a document that is no official one says of itself."""
    fault: str | None = None
    """Why there is no reading."""

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "counts": dict(self.counts),
            "problems": dict(self.problems),
            "first": list(self.first),
            "held": list(self.held),
            "notice": self.notice,
            "fault": self.fault,
        }


def first_reading(source: Source, read: Reading | Problem, moment: str) -> FirstReading:
    """Return what ``read`` gives for ``source``, whose document was public at ``moment``."""
    if isinstance(read, Problem):
        return FirstReading({}, {}, (), (), fault=one_line(read.message))
    counts = Counter(record.table for record in read.records)
    failed = [
        *read.failed_required(),
        *(c for c in checks(source, read, 0, moment) if not c.passed),
    ]
    return FirstReading(
        counts={table.table: counts[table.table] for table in read.tables},
        problems=Counter(problem.kind for problem in read.problems),
        first=tuple(_first(read)),
        held=tuple(one_line(check.message) for check in failed),
        notice=one_line(read.edition.notice) if read.edition.notice else None,
    )


def _first(reading: Reading) -> Iterator[str]:
    """Yield some rows of the largest table: of a policy, its sections."""
    shown = [record for record in reading.records if not record.individual]
    if not shown:
        return
    (most, _), *_ = Counter(record.table for record in shown).most_common(1)
    for record in [each for each in shown if each.table == most][:_ROWS]:
        text = one_line(" | ".join(_values(record)))
        yield text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _values(record: Record) -> Iterator[str]:
    for name, value in record.content().items():
        if name not in ("key_fields", "host_id", "events", "anchor", "path") and value:
            yield plain(list(value) if isinstance(value, tuple) else value)
