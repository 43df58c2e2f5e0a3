"""What was observed of a source, on the clock of the public and on that of this database.

An observation is a capture of a document with the reading that stood for it. It was known here
from when both were recorded until another reading took its place or the capture was doubted. So
what this database said on a day is what it had recorded by then, whatever came later. The view
``observations`` holds them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlite_utils import Database

from db.sources import Source


@dataclass(frozen=True, slots=True)
class Observation:
    """A capture that showed a document, and the reading that stands for it."""

    capture_id: int
    captured_at: str
    """ISO 8601 in UTC: when it was public."""
    address: str | None
    reading_id: int
    period_start: str | None
    period_end: str | None
    content_hash: str


@dataclass
class KnownEdition:
    """An edition as the observations of a day give it: what ``editions`` holds for today."""

    period_start: str | None
    period_end: str | None
    revision: int
    content_hash: str
    reading_id: int
    """Of its first observation."""
    observations: list[Observation] = field(default_factory=list)

    @property
    def selector(self) -> str:
        """What finds it again (``db.comparison.Edition.selector``)."""
        if self.period_start is None:
            return self.public_from
        return f"{self.period_start}..{self.period_end}@{self.revision}"

    @property
    def public_from(self) -> str:
        """When it was first seen in public."""
        return self.observations[0].captured_at

    @property
    def public_until(self) -> str:
        """When it was last seen in public."""
        return self.observations[-1].captured_at


def note_document_reading(db: Database, reading_id: int, now: str) -> None:
    """Note that the captures of its document show a reading from ``now`` on, if they did not.

    Call it in the transaction that lets them.
    """
    source_id, sha256 = db.execute(
        "SELECT source_id, document_sha256 FROM readings WHERE id = ?", [reading_id]
    ).fetchone()
    of_document = "source_id = ? AND document_sha256 = ? AND superseded_at IS NULL"
    shown = db.execute(
        f"SELECT reading_id FROM document_readings WHERE {of_document}", [source_id, sha256]
    ).fetchone()
    if shown == (reading_id,):
        return
    db.execute(
        f"UPDATE document_readings SET superseded_at = ? WHERE {of_document}",
        [now, source_id, sha256],
    )
    db.table("document_readings").insert(
        {
            "source_id": source_id,
            "document_sha256": sha256,
            "reading_id": reading_id,
            "recorded_at": now,
        }
    )


def end_of(day: str) -> str:
    """Return the first moment after a day, to compare moments with.

    Raises ValueError if ``day`` is none, as ISO 8601 writes it.
    """
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


KNOWN = """(:known_before IS NULL AND known_until IS NULL
    OR known_from < :known_before AND coalesce(known_until, '9999') >= :known_before)"""
"""In SQL: whether an observation was known at the end of the day before ``:known_before``."""


def observations(db: Database, source_id: str, known_on: str | None = None) -> list[Observation]:
    """Return what was observed of a source in the order of time, as known at the end of a day.

    Without ``known_on``, an ISO day, as known now.
    """
    rows = db.execute(
        f"""SELECT capture_id, captured_at, address, reading_id, period_start, period_end,
            content_hash
        FROM observations WHERE source_id = :source_id AND {KNOWN}
        ORDER BY captured_at, capture_id""",
        {"source_id": source_id, "known_before": known_on and end_of(known_on)},
    )
    return [Observation(*row) for row in rows]


def known_editions(source: Source, observed: Iterable[Observation]) -> list[KnownEdition]:
    """Return the editions that observations in the order of time give, in the order of editions.

    The rule is that of ``db.editions``, which keeps them for today.
    """
    groups: dict[tuple[str, str], _Group] = {}
    for each in observed:
        _lay(source, groups, each)
    return [edition for key in sorted(groups) for edition in groups[key].editions]


def standing(
    source: Source, observed: Iterable[Observation]
) -> Iterator[tuple[Observation, KnownEdition]]:
    """Yield the observations that showed what stood when they were made, with its edition.

    Of a list these are all. Each report replaces the one of the period before it, so that an older
    one, or an older revision, that is still up beside it says nothing of what stands.
    """
    groups: dict[tuple[str, str], _Group] = {}
    for each in observed:
        edition = _lay(source, groups, each)
        if edition is groups[max(groups)].editions[-1]:
            yield each, edition


def _lay(source: Source, groups: dict[tuple[str, str], _Group], each: Observation) -> KnownEdition:
    is_period = source.editions == "period"
    key = (each.period_start or "", each.period_end or "") if is_period else ("", "")
    stream = (each.address or "") if is_period else ""
    return groups.setdefault(key, _Group(is_period)).lay(each, stream)


class _Group:
    """The editions of one period, or of a list, while observations are laid in order."""

    def __init__(self, is_period: bool) -> None:
        self.is_period = is_period
        self.editions: list[KnownEdition] = []
        self.shown: dict[str, KnownEdition] = {}
        """What each address showed last."""

    def lay(self, each: Observation, stream: str) -> KnownEdition:
        """Let an observation show an edition that is there, or begin one; return it."""
        edition = self._shown_already(each, stream)
        if edition is None:
            start, end = (each.period_start, each.period_end) if self.is_period else (None, None)
            revision = len(self.editions) + 1
            edition = KnownEdition(start, end, revision, each.content_hash, each.reading_id)
            self.editions.append(edition)
        edition.observations.append(each)
        self.shown[stream] = edition
        return edition

    def _shown_already(self, each: Observation, stream: str) -> KnownEdition | None:
        if not self.editions:
            return None
        if self.editions[-1].content_hash == each.content_hash:
            return self.editions[-1]
        before = self.shown.get(stream)
        if before is not None:
            return before if before.content_hash == each.content_hash else None
        same = (old for old in reversed(self.editions) if old.content_hash == each.content_hash)
        return next(same, None)
