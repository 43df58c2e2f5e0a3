"""What the timeline is made of: captures that show editions, and what of it has moved."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlite_utils import Database

from db.sources import Source


@dataclass(frozen=True)
class Showing:
    """A capture, and the accepted reading of what it brought."""

    capture_id: int
    captured_at: str
    address: str | None
    """At which it was seen; None where that says nothing, as of a list."""
    reading_id: int
    content_hash: str
    edition_id: int | None = None
    """The edition it showed before it was taken up."""


@dataclass(frozen=True)
class Group:
    """The editions among which a capture can fall."""

    source_id: str
    period_start: str | None
    period_end: str | None


def group_of(source: Source, period_start: str | None, period_end: str | None) -> Group:
    """Return the group of a reading: its period for a report, the whole source for a list."""
    if source.editions == "period":
        return Group(source.id, period_start, period_end)
    return Group(source.id, None, None)


@dataclass
class Moved:
    """What is another on the timeline."""

    touched: set[int] = field(default_factory=set)
    """The editions whose content, place in the order or window may be another, those that no
    capture shows any more among them: none if captures only show one once more."""
    seen: set[int] = field(default_factory=set)
    """The editions that have another sighting more or less."""
    moments: set[str] = field(default_factory=set)
    """When the captures were made that show another edition than before."""

    def lay(self, db: Database, showing: Showing, edition_id: int) -> None:
        """Let a capture show an edition."""
        db.execute(
            "INSERT INTO sightings (capture_id, edition_id, reading_id) VALUES (?, ?, ?)",
            [showing.capture_id, edition_id, showing.reading_id],
        )
        if edition_id != showing.edition_id:
            self.seen |= {edition_id, showing.edition_id or edition_id}
            self.moments.add(showing.captured_at)


IN_GROUP = """editions.source_id = :source_id AND editions.period_start IS :period_start
    AND editions.period_end IS :period_end"""
"""In SQL: an edition of a group."""


def group_params(group: Group) -> dict[str, str | None]:
    """Return the values that ``IN_GROUP`` names."""
    return {
        "source_id": group.source_id,
        "period_start": group.period_start,
        "period_end": group.period_end,
    }


def renew_edition(db: Database, edition_id: int) -> None:
    """Derive from its sightings when an edition was public.

    One without a sighting was never public, as is known now: it is revision 0, and its row only
    stays for the closed changes that name it.
    """
    db.execute(
        """UPDATE editions SET (public_from, public_until, revision) = (
            SELECT min(captured_at), max(captured_at), iif(count(*), revision, 0) FROM sightings
            JOIN captures ON captures.id = sightings.capture_id WHERE edition_id = editions.id)
        WHERE id = ?""",
        [edition_id],
    )


def begin_edition(db: Database, group: Group, showing: Showing, revision: int) -> int:
    """Write an edition that begins with ``showing``, and return its id."""
    row = {
        **group_params(group),
        "revision": revision,
        "content_hash": showing.content_hash,
        "public_from": showing.captured_at,
        "public_until": showing.captured_at,
    }
    return int(db.table("editions").insert(row).last_pk or 0)
