"""One phrase of a list, looked up in all versions of a jurisdiction's policies that are held."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import NamedTuple

from sqlite_utils import Database

from db.found_phrases import Texts, as_printed
from db.in_force import Stretch, cover, during, stretches
from parsers.records.same_text import same_text

RESULTS = ("verbatim", "near", "other_version", "absent", "no_text")
"""The best first. ``other_version``: found, verbatim or near, in a version not known to have been
in force at the claim's date; ``absent``: the text in force then is held, and nothing was found."""


@dataclass(frozen=True)
class Searched:
    """One version of an instrument in which a phrase was looked for, or one that is not held."""

    source_id: str
    title: str | None
    """None where no version is held, or all of it is withheld."""
    instrument_type: str | None
    edition_id: int | None
    public_from: str | None
    public_until: str | None
    in_force: str
    """At the claim's date: ``yes``; ``perhaps``, this version or the next; ``no``, not as far as
    anybody looked."""
    whole: bool
    """Whether nothing of it is withheld."""
    notice: str | None
    """What the document says of itself if it is no official one."""
    found: str | None
    """``verbatim``, ``near``, or None."""


class Hit(NamedTuple):
    """What was found in one version; the greatest is the best, whatever ids its rows have."""

    exact: bool
    score: float
    before: tuple[int, float]
    """Minus its version's place in their order, and its section's in the version; a
    title is the last."""
    printed: str
    start: int
    end: int
    section_id: int | None
    """None where it stands in the title of the policy."""
    edition_id: int

    def found_text(self) -> str:
        """Return what was found, as printed."""
        return as_printed(self.printed, self.start, self.end)


@dataclass(frozen=True)
class Version:
    """One edition of a policy."""

    edition_id: int
    public_from: str
    public_until: str
    title: str | None
    instrument_type: str | None
    whole: bool
    notice: str | None


class Law:
    """All held versions of the policy of one source."""

    def __init__(self, db: Database, source_id: str) -> None:
        self.source_id = source_id
        self.observed = stretches(db, source_id)
        self.versions = [
            Version(**{**row, "whole": bool(row["whole"])})
            for row in db.query(_VERSIONS, [source_id])
        ]
        self._places: dict[str, list[tuple[int | None, int, int, str]]] = defaultdict(list)
        compared: dict[str, str] = {}
        for section_id, edition_id, position, *texts in db.execute(_TEXTS, {"source": source_id}):
            number, heading, body, note, path = texts
            section = f"{' '.join(filter(None, (number, heading)))}\n{body or ''}"
            for printed in filter(str.strip, (section, note or "", *json.loads(path))):
                place = (section_id, edition_id, position, printed)
                if printed not in compared:
                    compared[printed] = same_text(printed)
                self._places[compared[printed]].append(place)
        self._texts = Texts(self._places)

    def hits(self, phrase: str) -> dict[int, Hit]:
        """Return the best that was found in each edition that has anything of the phrase."""
        order = {version.edition_id: place for place, version in enumerate(self.versions)}
        best: dict[int, Hit] = {}
        for text, found in self._texts.look_for(phrase).items():
            what, where = (found.exact, found.score), (found.start, found.end)
            for section_id, edition_id, position, printed in self._places[text]:
                before = (-order[edition_id], -position if section_id else -math.inf)
                hit = Hit(*what, before, printed, *where, section_id, edition_id)
                best[edition_id] = max(best.get(edition_id, hit), hit)
        return best


_VERSIONS = """SELECT editions.id AS edition_id, public_from, public_until,
        (SELECT title FROM policies WHERE policies.reading_id = edition_readings.reading_id
            ORDER BY position LIMIT 1) AS title,
        (SELECT instrument_type FROM policies
            WHERE policies.reading_id = edition_readings.reading_id
            ORDER BY position LIMIT 1) AS instrument_type,
        EXISTS (SELECT 1 FROM policy_sections
            WHERE policy_sections.reading_id = edition_readings.reading_id)
        AND NOT EXISTS (SELECT 1 FROM withheld_documents
            JOIN withheld ON withheld.id = withheld_id AND withheld.source_id = editions.source_id
            WHERE withheld_documents.document_sha256 = readings.document_sha256) AS whole,
        readings.notice
    FROM editions JOIN edition_readings ON edition_id = editions.id AND superseded_at IS NULL
    JOIN readings ON readings.id = edition_readings.reading_id
    WHERE editions.source_id = ? AND public_from IS NOT NULL
    ORDER BY editions.period_start, revision"""
_TEXTS = """SELECT id, edition_id, position, number, heading, body, history_note, path
    FROM current_policy_sections WHERE source_id = :source
    UNION ALL SELECT NULL, edition_id, position, citation, title, NULL, NULL, '[]'
    FROM current_policies WHERE source_id = :source ORDER BY position"""
"""Of the sections all that is printed, and what the policy is called: lists quote names, too."""


@dataclass(frozen=True)
class Answer:
    """What was found of a phrase in the versions of one policy."""

    result: str
    hit: Hit | None
    searched: tuple[Searched, ...]

    @property
    def exact(self) -> bool:
        """Whether what was found is the phrase itself."""
        return self.hit is not None and self.hit.exact

    def rank(self) -> tuple[int, float]:
        """Return by what answers are ordered, the best first."""
        return RESULTS.index(self.result), -self.hit.score if self.hit else 0.0


def look(law: Law, phrase: str, start: datetime, end: datetime) -> Answer:
    """Look up a phrase that was claimed in the time from ``start`` to ``end``.

    What was in force at any moment of that time counts as in force; absent is only what no version
    holds that can have been.
    """
    hits = law.hits(phrase)
    then = during(law.observed, start, end)
    whole = {version.edition_id for version in law.versions if version.whole}
    # Where one of two versions held, what both say was said.
    held = [
        min(hits[edition] for edition in each.editions)
        for each in then
        if each.editions <= hits.keys()
    ]
    hit: Hit | None = None
    if held:
        hit = max(held)
        result = "verbatim" if hit.exact else "near"
    elif hits:
        hit, result = max(hits.values()), "other_version"
    elif cover(then, start, end) and all(each.editions <= whole for each in then):
        result = "absent"
    else:
        result = "no_text"
    return Answer(result, hit, tuple(_searched(law, hits, then)))


def _searched(law: Law, hits: dict[int, Hit], then: list[Stretch]) -> Iterator[Searched]:
    if not law.versions:
        nothing = (None, None, None, None, None)
        yield Searched(law.source_id, *nothing, in_force="no", whole=False, notice=None, found=None)
    alone = {next(iter(each.editions)) for each in then if len(each.editions) == 1}
    possible = {edition for each in then for edition in each.editions}
    for version in law.versions:
        edition = version.edition_id
        hit = hits.get(edition)
        yield Searched(
            source_id=law.source_id,
            **asdict(version),
            in_force="yes" if edition in alone else "perhaps" if edition in possible else "no",
            found=("verbatim" if hit.exact else "near") if hit else None,
        )
