"""Which changes an address asks for, and what else it could: the form above them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlite_utils

from db.errors import NoSuchEdition
from db.log import Wanted
from db.named import names_of
from db.selectors import find_edition
from sanctuary.place import name_of
from sanctuary.place_finding import find, jurisdiction_of_id
from sanctuary.site.navigation import policies
from sanctuary.site.visit import Visit

KINDS = {
    "added": "Added to a list",
    "removed": "Removed from a list",
    "returned": "Returned to a list",
    "changed": "Changed in a list or policy",
    "renamed": "Renamed in a list",
    "corrected": "Corrected in a report",
    "published": "Published",
    "withdrawn": "Taken down",
    "restored": "Published or readable again",
    "went_dark": "Not readable any more",
}
"""The kinds of change, in words for people."""
LONGEST = 300
"""Characters of a place that is asked for: no document prints a longer name."""


class CannotAnswer(Exception):
    """What is asked for is not there; ``problem`` says what, in a sentence."""

    def __init__(self, problem: str) -> None:
        """Take the sentence."""
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True)
class Asked:
    """What an address asks for."""

    source: str | None = None
    policy: str | None = None
    """The source of a policy: the same as ``source``, if it is one."""
    kind: str | None = None
    state: str | None = None
    place: str | None = None
    """An id, a name with its state, or a part of a printed name."""
    since: str | None = None
    until: str | None = None
    edition: str | None = None
    """A selector of an edition of the source."""
    replay: bool = False
    """Whether what a newer parser changed is shown, too."""

    @classmethod
    def of(cls, visit: Visit) -> Asked:
        """Return what the address of a visit asks for."""
        names = ("source", "policy", "kind", "state", "place", "since", "until", "edition")
        return cls(
            **{name: visit.asked(name) for name in names}, replay=visit.asked("replay") == "yes"
        )

    def query(self) -> dict[str, Any]:
        """Return it as it stands in an address."""
        return {
            "source": self.source,
            "policy": self.policy,
            "kind": self.kind,
            "state": self.state,
            "place": self.place,
            "since": self.since,
            "until": self.until,
            "edition": self.edition,
            "replay": "yes" if self.replay else None,
        }


@dataclass(frozen=True)
class Question:
    """What is looked for in the database, and in words."""

    wanted: Wanted
    words: tuple[str, ...]
    """What narrows it down, each a clause: ``of List of Zembla``, ``in Zembla``."""


def question(db: sqlite_utils.Database, asked: Asked, tables: frozenset[str]) -> Question:
    """Return what to look for, among changes of ``tables``. Raises CannotAnswer."""
    source_id = asked.source or asked.policy
    for day in (asked.since, asked.until):
        _check_day(day)
    if asked.kind is not None and asked.kind not in KINDS:
        raise CannotAnswer(f"There is no kind of change “{asked.kind}”.")
    words = []
    if source_id is not None:
        words.append(f"of {_title(db, asked, source_id)}")
    if asked.edition is not None:
        words.append(f"into the edition {asked.edition}")
    if asked.kind is not None:
        words.append(f"of the kind “{KINDS[asked.kind]}”")
    if asked.state is not None:
        words.append(f"of the state printed as {asked.state}")
    place, names = asked.place, None
    if asked.place is not None:
        place, names, said = _place(db, asked.place)
        words.append(said)
    if asked.since is not None:
        words.append(f"first seen on {asked.since} or later")
    if asked.until is not None:
        words.append(f"first seen by {asked.until}")
    wanted = Wanted(
        since=asked.since,
        source=source_id,
        kind=asked.kind,
        state=asked.state,
        place=place,
        cause="all" if asked.replay else None,
        names=names,
        until=asked.until,
        tables=tuple(sorted(tables)),
        edition=_edition(db, source_id, asked.edition),
    )
    return Question(wanted, tuple(words))


def _check_day(day: str | None) -> None:
    try:
        if day is not None and date.fromisoformat(day).isoformat() != day:
            raise ValueError
    except ValueError:
        raise CannotAnswer(f"“{day}” is no day like 2025-06-01.") from None


def _title(db: sqlite_utils.Database, asked: Asked, source_id: str) -> str:
    row = db.execute("SELECT title, publisher FROM sources WHERE id = ?", [source_id]).fetchone()
    if asked.policy is not None and asked.source not in (None, asked.policy):
        raise CannotAnswer("Ask for a source or for a policy, not for two.")
    if row is None or (asked.policy and source_id not in {each[0] for each in policies(db)}):
        what = "policy" if asked.policy else "source"
        raise CannotAnswer(f"There is no {what} “{source_id}”.")
    return f"{row[0]} ({row[1]})"


def _edition(db: sqlite_utils.Database, source_id: str | None, selector: str | None) -> int | None:
    if selector is None:
        return None
    if source_id is None:
        raise CannotAnswer("An edition is asked for together with its source.")
    try:
        return find_edition(db, source_id, selector).id
    except (NoSuchEdition, OverflowError):
        raise CannotAnswer(f"The source has no edition “{selector}”.") from None


def _place(db: sqlite_utils.Database, text: str) -> tuple[str | None, tuple[int, ...] | None, str]:
    """Return what to look for in printed names, the ids of names, and the place in words.

    An id stands for one place alone. A name with its state is looked for in print, too, since it
    may stand there for no place that is known.
    """
    if len(text) > LONGEST:
        raise CannotAnswer("No document prints a name of this length.")
    if "/" in text:
        found = jurisdiction_of_id(db, text)
        if found is None:
            raise CannotAnswer(f"There is no place of the id “{text}”.")
        return None, tuple(name.id for name in names_of(db, [found.id])), f"of {name_of(found)}"
    place = find(db, text) if "," in text else None
    if place is not None and place.jurisdiction is not None:
        return text, tuple(name.id for name in place.names), f"of {name_of(place.jurisdiction)}"
    return text, None, f"of places whose printed name holds “{text}”"


@dataclass(frozen=True)
class Choices:
    """What the form offers."""

    sources: list[tuple[str, str]]
    """Lists and reports of which a change is held: id and title."""
    policies: list[tuple[str, str]]
    states: list[str]
    """As printed."""


def choices(db: sqlite_utils.Database) -> Choices:
    """Return what can be asked for."""
    of_policies = {source for source, _, _ in policies(db)}
    sources = db.execute(
        """SELECT id, title || ', ' || publisher FROM sources
        WHERE EXISTS (SELECT 1 FROM changes WHERE source_id = sources.id)
        ORDER BY title, publisher, id"""
    ).fetchall()
    states: dict[str, str] = {}
    for (state,) in db.execute("SELECT DISTINCT state FROM changes WHERE state != ''"):
        states.setdefault(state.lower(), state)
    return Choices(
        [each for each in sources if each[0] not in of_policies],
        [each for each in sources if each[0] in of_policies],
        sorted(states.values(), key=str.lower),
    )
