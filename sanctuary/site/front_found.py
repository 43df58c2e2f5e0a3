"""The front page: what changed last, who is listed today, and how the lists went."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlite_utils import Database

from db.listed import StatedList, named_by_state, stated_lists
from db.presence import Presence, presence
from sanctuary.health import Health, load_health
from sanctuary.list_words import is_observed
from sanctuary.site.front_news import News, newest_news
from sanctuary.tile_map import TileMap, tile_map

LISTS = frozenset({"listings", "agreements", "jurisdictions", "jurisdiction_names"})
CHANGES = frozenset({"changes", "change_fields"})
HEALTH = frozenset({"sources", "captures", "readings"})
"""From which the parts of it are put together; a part whose tables may not be seen is left out."""
SOURCES = 12
"""Sources of which is said how fresh they are; the page of their health has all."""
_STEPS = 8
"""Editions of which is told what they changed; the page of all changes has the rest."""


@dataclass(frozen=True)
class Mapped:
    """The places that one list names, or all that stand, by state."""

    stated: StatedList | None
    """The list that was chosen; None for all lists of jurisdictions that stand."""
    lists: int
    """How many lists it shows."""
    unobserved: int
    """How many of them were last seen too long ago to say what stands on them today."""
    places: int
    unresolved: int
    """Names that stand for no place that is known, or for one of several."""
    tiles: TileMap


@dataclass(frozen=True)
class Front:
    """All of the front page."""

    now: str
    news: tuple[News, ...]
    lists: tuple[StatedList, ...]
    presences: tuple[Presence, ...]
    """Of the same lists, without those that were never observed."""
    mapped: Mapped
    health: Health | None
    """How fresh the sources are, those first that need a person; None if it may not be seen."""

    @property
    def standing(self) -> tuple[StatedList, ...]:
        """The lists that stand today."""
        return tuple(each for each in self.lists if each.stands)

    @property
    def apart(self) -> tuple[StatedList, ...]:
        """The lists that were taken down or have ended."""
        return tuple(each for each in self.lists if not each.stands)

    @property
    def notices(self) -> list[str]:
        """What the documents say of themselves if they are no official ones, each once."""
        said = {each.notice for each in self.lists} | {each.notice for each in self.news}
        return sorted(notice for notice in said if notice)


def load_front(db: Database, tables: Collection[str], now: str, chosen: str | None) -> Front:
    """Return the front page as of ``now``, ISO 8601 in UTC, from the ``tables`` that may be seen.

    ``chosen`` is the id of the list that its map shows. Without one, or where none of this id may
    be seen, it shows all that stand.
    """
    news = newest_news(db, _STEPS, tables) if set(tables) >= CHANGES else []
    lists = stated_lists(db) if set(tables) >= LISTS else []
    presences = [presence(db, each.source_id, now) for each in lists]
    return Front(
        now=now,
        news=tuple(news),
        lists=tuple(lists),
        presences=tuple(each for each in presences if each.stretches),
        mapped=_mapped(db, lists, now, chosen),
        health=load_health(db, now, 1, SOURCES) if set(tables) >= HEALTH else None,
    )


def _mapped(db: Database, lists: Iterable[StatedList], now: str, chosen: str | None) -> Mapped:
    stated = next((each for each in lists if each.source_id == chosen), None)
    if stated is not None:
        shown = [stated]
    else:
        shown = [
            each for each in lists if each.stands and each.table == "listings" and not each.withheld
        ]
    named = named_by_state(db, shown)
    return Mapped(
        stated=stated,
        lists=len(shown),
        unobserved=sum(not is_observed(each, now) for each in shown),
        places=sum(each.places + each.itself for each in named),
        unresolved=sum(each.unresolved for each in shown),
        tiles=tile_map(named),
    )
