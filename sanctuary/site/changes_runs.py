"""Changes in runs, each of one edition: a list that many places came to is one heading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import sqlite_utils

from db.log import LoggedChange, Wanted, kinds_into
from sanctuary.sentences import is_readable_again
from sanctuary.site.changes_shown import Showing, ShownChange

IN_COUNTS = {
    "withdrawn": "taken down",
    "restored": "published again",
    "went_dark": "not readable any more",
}
"""Kinds of change as they are counted, where that is not their own word."""
_OF_LIFE = frozenset(IN_COUNTS)
"""Kinds of which a window is their own, also where an edition came with them."""
OPEN = 5
"""Changes of a run that stand open, where it is longer than ``LONG``."""
LONG = 8


@dataclass(frozen=True)
class Run:
    """Changes into one edition, or one change in the life of a source."""

    title: str
    """The source with its publisher."""
    period: str | None
    """Of a report the period and revision, in words."""
    window: str
    counts: str
    """How many of which kind there are into the edition, on this page or not."""
    total: int
    changes: list[ShownChange]
    query: dict[str, Any] | None
    """What asks for the changes into this edition alone; None where there is none."""
    compare: str | None
    notice: str | None
    caveats: tuple[str, ...]
    """What the report says of its numbers, where some are shown."""

    @property
    def open(self) -> list[ShownChange]:
        """The changes that stand open."""
        return self.changes[:OPEN] if len(self.changes) > LONG else self.changes

    @property
    def folded(self) -> list[ShownChange]:
        """The others, which a reader unfolds."""
        return self.changes[len(self.open) :]


def runs_of(
    db: sqlite_utils.Database, showing: Showing, wanted: Wanted, changes: Sequence[LoggedChange]
) -> list[Run]:
    """Return changes in their order, those in one run that one edition brought."""
    editions = [each.edition_after_id for each in changes if each.edition_after_id is not None]
    kinds = kinds_into(db, wanted, editions)
    found = []
    for _, group in groupby(changes, _edition):
        shown = [showing.shown(change) for change in group]
        first = shown[0].change
        edition = first.edition_after_id
        if _is_alone(first):
            of = {"readable again" if is_readable_again(first) else first.kind: 1}
        else:
            every = kinds.get(edition or 0, {})
            of = {kind: count for kind, count in every.items() if kind not in _OF_LIFE}
        period = first.period_after or first.period_before
        found.append(
            Run(
                title=f"{first.source_title} ({first.publisher})",
                period=period and period.replace("..", " to ").replace("@", ", revision "),
                window=shown[0].window,
                counts=", ".join(
                    f"{count:,} {IN_COUNTS.get(kind, kind)}" for kind, count in of.items()
                ),
                total=sum(of.values()),
                changes=shown,
                query={"source": first.source_id, "edition": shown[0].edition_after}
                if shown[0].edition_after
                else None,
                compare=shown[0].ways.compare,
                notice=first.notice,
                caveats=tuple(dict.fromkeys(said for each in shown for said in each.caveats)),
            )
        )
    return found


def _is_alone(change: LoggedChange) -> bool:
    return change.edition_after_id is None or change.kind in _OF_LIFE


def _edition(change: LoggedChange) -> tuple[object, ...]:
    if _is_alone(change):
        return (change.public_id,)
    return (change.source_id, change.edition_after_id)
