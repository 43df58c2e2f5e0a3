"""The versions of a policy that were seen in public, the newest first, and what made each another.

A version is an edition of the source. What changed from one to the next is what the history says
(``changes``); the words for what became of a section are those of ``sanctuary.sections``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from sqlite_utils import Database

from db.comparison import Edition
from db.log import LoggedChange, Wanted, logged
from db.selectors import all_editions, selectors_of
from db.sources import Source
from parsers.records import Policy, PolicySection
from sanctuary.gaps import Gap, gaps
from sanctuary.sections import IN_WORDS, SILENT
from sanctuary.sentences import happened, window
from sanctuary.wording import counted, day_and_time, seen_in_public

PROOFS = {
    "own": "our own capture",
    "archive": "a capture of the Wayback Machine",
    "person": "a person’s word",
}
_EVENTS = {
    "withdrawn": "The page was taken down",
    "restored": "It could be read again",
    "went_dark": "It could not be read any more",
}


@dataclass(frozen=True)
class Proof:
    """Who vouches for how many of the sightings of a version."""

    by: str
    """``own``, ``archive`` or ``person``."""
    words: str
    sightings: int
    first: str
    last: str

    @property
    def seen(self) -> str:
        """When, in days."""
        first, last = self.first[:10], self.last[:10]
        return first if first == last else f"{first} to {last}"


@dataclass(frozen=True)
class Happened:
    """What became of one section, or of what the page says of itself."""

    row: str
    words: tuple[str, ...]
    silent: bool
    """Its text is another, and its note is not."""
    ours: bool
    """A newer parser read an old document otherwise; nothing was published."""


@dataclass(frozen=True)
class Version:
    """One version: when it was public by whose proof, and what changed from the one before."""

    selector: str
    before: str | None
    """The selector of the version before; None for the first."""
    edition: Edition
    label: str | None
    proofs: list[Proof]
    """Whose captures show it, in the order of the first of each."""
    happened: list[Happened]
    counts: str
    window: str | None
    """Between which captures it became another, in words; None for the first."""
    unseen: list[Gap]
    """The times within it in which nobody looked."""
    unseen_before: Gap | None
    """If nobody looked for long between the last capture of the one before and its first."""

    @property
    def proof(self) -> str:
        """Whose word the times are, in words."""
        return " and ".join(f"{each.words} ({each.seen})" for each in self.proofs)

    @property
    def seen(self) -> str:
        """When it was seen in public, in words."""
        return seen_in_public(self.edition)


@dataclass(frozen=True)
class Choice:
    """A version as it stands in a form."""

    selector: str
    seen: str
    label: str | None
    public_until: str
    """When it was seen last."""


@dataclass(frozen=True)
class Event:
    """What happened to the page as a whole, and when."""

    words: str
    window: str
    at: str


def versions_of(
    db: Database, source: Source, skip: int = 0, limit: int | None = None
) -> tuple[list[Version], list[Choice]]:
    """Return the versions of a policy that are held, the newest first, and all that there are.

    At most ``limit`` versions are told, without the newest ``skip``; of the others there is no more
    than what one chooses them by.
    """
    editions = all_editions(db, source.id)
    selectors = selectors_of(editions)
    labels = _labels(db, source.id)
    sightings = _sightings(db, source.id)
    within, before = _unseen(sightings, timedelta(seconds=source.max_gap_seconds))
    proofs = _proofs(sightings)
    found = []
    pairs = list(zip([None, *editions], editions, strict=False))[::-1]
    for previous, edition in pairs[skip : None if limit is None else skip + limit]:
        made = _made(db, source, edition)
        published = [each for each in made if each.cause != "replay"]
        found.append(
            Version(
                selector=selectors[edition.id],
                before=selectors[previous.id] if previous else None,
                edition=edition,
                label=labels.get(edition.reading_id),
                proofs=proofs.get(edition.id, []),
                happened=[_happened(each) for each in made],
                counts=_counts(published),
                window=window(published[0]) if published else None,
                unseen=within[edition.id],
                unseen_before=before.get(edition.id) if previous else None,
            )
        )
    choices = [
        Choice(
            selectors[each.id],
            seen_in_public(each),
            labels.get(each.reading_id),
            each.public_until,
        )
        for each in reversed(editions)
    ]
    return found, choices


def _made(db: Database, source: Source, edition: Edition) -> list[LoggedChange]:
    """Return what changed into an edition of a policy."""
    wanted = Wanted(source=source.id, edition=edition.id, cause="all")
    tables = (Policy.table, PolicySection.table)
    return [change for change in logged(db, wanted) if change.table_name in tables]


def events_of(db: Database, source: Source) -> list[Event]:
    """Return when the page went and came, the newest first."""
    found = [
        Event(words, window(change), change.observed_by)
        for kind, words in _EVENTS.items()
        for change in logged(db, Wanted(source=source.id, kind=kind))
        if change.table_name is None
    ]
    return sorted(found, key=lambda event: event.at, reverse=True)


def last_tried(db: Database, source_id: str) -> str | None:
    """Return when we last asked for it ourselves, and what came of that, in words."""
    row = db.execute(
        """SELECT captured_at, verdict, reason FROM captures
        WHERE source_id = ? AND proof = 'own' AND role = 'document'
        ORDER BY captured_at DESC, id DESC LIMIT 1""",
        [source_id],
    ).fetchone()
    if row is None:
        return None
    at, verdict, reason = row
    said = f" ({reason})" if reason and reason != f"the {verdict}" else ""
    return f"{day_and_time(at)}: {verdict}{said}"


def unseen_since(
    versions: Sequence[Choice], events: Sequence[Event], source: Source, now: str
) -> str | None:
    """Return since when it was not seen, if that is too long ago to say that it stands.

    None where it is known to be gone.
    """
    if not versions:
        return None
    last = max(version.public_until for version in versions)
    if any(event.at > last for event in events):
        return None
    longest = timedelta(seconds=source.max_gap_seconds)
    return last if gaps((last, now), longest) else None


def _happened(change: LoggedChange) -> Happened:
    words = happened(change)
    fields = " and ".join(f.field.replace("_", " ") for f in change.fields)
    if change.table_name == Policy.table:
        said = f"{change.kind}: {fields}" if change.kind == "changed" else change.kind
        row = f"What the page says of itself ({change.detail or change.row_key})"
        return Happened(row, (said,), False, change.cause == "replay")
    return Happened(
        change.detail or change.row_key,
        tuple(IN_WORDS[word] for word in words) or (change.kind,),
        SILENT in words,
        change.cause == "replay",
    )


def _counts(changes: Sequence[LoggedChange]) -> str:
    sections = [each for each in changes if each.table_name == PolicySection.table]
    words = Counter(word for each in sections for word in _happened(each).words)
    return ", ".join(f"{counted(number, 'section')} {word}" for word, number in words.items())


def _proofs(sightings: Iterable[tuple[int, str, str]]) -> dict[int, list[Proof]]:
    """Return by edition whose captures show it, in the order of the first of each."""
    times: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for edition_id, by, at in sightings:
        times[edition_id][by].append(at)
    return {
        edition_id: [Proof(by, PROOFS[by], len(at), at[0], at[-1]) for by, at in found.items()]
        for edition_id, found in times.items()
    }


def _labels(db: Database, source_id: str) -> dict[int, str | None]:
    """Return what the host says of the version, by reading."""
    rows = db.execute(
        """SELECT policies.reading_id, version_label FROM policies
        JOIN readings ON readings.id = policies.reading_id
        WHERE source_id = ? ORDER BY position DESC""",
        [source_id],
    )
    return dict(rows.fetchall())


def _sightings(db: Database, source_id: str) -> list[tuple[int, str, str]]:
    """Return edition, proof and time of every sighting, in order of time."""
    return db.execute(
        """SELECT edition_id, proof, captured_at FROM sightings
        JOIN captures ON captures.id = sightings.capture_id
        JOIN editions ON editions.id = sightings.edition_id
        WHERE editions.source_id = ? ORDER BY captured_at, revision, captures.id""",
        [source_id],
    ).fetchall()


def _unseen(
    sightings: Sequence[tuple[int, str, str]], longest: timedelta
) -> tuple[dict[int, list[Gap]], dict[int, Gap]]:
    """Return the times in which nobody looked: within each edition, and before it."""
    within: dict[int, list[Gap]] = defaultdict(list)
    before: dict[int, Gap] = {}
    for (earlier, _, after), (later, _, until) in pairwise(sightings):
        for gap in gaps((after, until), longest):
            if earlier == later:
                within[later].append(gap)
            else:
                before[later] = gap
    return within, before
