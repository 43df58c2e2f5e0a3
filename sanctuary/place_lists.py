"""What each list says of a place, of its state and of its county: each apart, none inherited."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from sqlite_utils import Database

from db.health import waiting as held_by_source
from db.named import ListSource, listing_sources, lists, names_of, unresolved_in
from db.states import State, Window, windows_of
from parsers.records import Jurisdiction
from sanctuary.place_finding import FoundPlace


@dataclass(frozen=True)
class OnList:
    """What one list says of one place."""

    source: ListSource
    named: bool
    """An edition that is held names the place itself."""
    windows: tuple[Window, ...]
    unresolved: int = 0
    """Names of this list in the same state that stand for no place yet: it may be one of them."""
    held: int = 0
    """Documents of this list that are held for review, whatever they say of the place."""

    def on(self, day: str) -> State:
        """Return what holds on a day, ISO 8601."""
        return next(
            (
                each.state
                for each in self.windows
                if (each.since or "") <= day <= (each.until or "9999")
            ),
            State.NOT_OBSERVED,
        )

    @property
    def name(self) -> str:
        """The list and its publisher."""
        section = "Section III of " if self.source.in_report else ""
        return f"{section}{self.source.title} ({self.source.publisher})"

    @property
    def words(self) -> tuple[str, ...]:
        """What it says, window by window: nothing of the time before anybody looked.

        A list that never named the place says it once for all the time in which it was seen.
        """
        windows = [each for each in self.windows if each.since is not None]
        if self.source.partial and not self.named:
            # It was observed, which says nothing of what its other parts hold.
            return ("not named in the part that is known, which says nothing", *_over(windows))
        seen = [each for each in windows if each.state is State.NOT_LISTED]
        if self.named or len(seen) < 2:
            return tuple(map(words_of, windows))
        first, last = windows.index(seen[0]), windows.index(seen[-1])
        between = {each.state for each in windows[first:last]}
        if between != {State.NOT_LISTED, State.NOT_OBSERVED}:
            return tuple(map(words_of, windows))
        days = f"between {seen[0].since} and {seen[-1].until}"
        once = f"not listed, as far as observed, {days}; on some days between nobody looked"
        return (once, *map(words_of, windows[last + 1 :]))


def _over(windows: Iterable[Window]) -> tuple[str, ...]:
    """Return in words that the whole list was taken down, or is no more."""
    over = (State.WITHDRAWN, State.ENDED)
    return tuple(words_of(each) for each in windows if each.state in over)


def words_of(window: Window) -> str:
    """Return a window in words: never more than was observed."""
    days = _days(window.since, window.until)
    match window.state:
        case State.NOT_LISTED:
            return f"not listed, as far as observed, {days}"
        case State.WITHDRAWN:
            return f"withdrawn, the whole list, {days}"
        case State.ENDED:
            return f"ended, the whole series, {days}"
        case _:
            return f"{window.state} {days}"


def _days(since: str | None, until: str | None) -> str:
    if since is None:
        return f"until {until}" if until else "on any day"
    if until is None:
        return f"since {since}"
    return f"on {since}" if since == until else f"from {since} to {until}"


def _until(today: str, windows: Iterable[Window]) -> Iterator[Window]:
    """Yield windows as far as they reach up to today: a state that still holds may not tomorrow."""
    for window in windows:
        if (window.since or "") <= today:
            yield replace(window, until=today) if (window.until or "") > today else window


@dataclass(frozen=True)
class Around:
    """What the place lies in, and which lists name that: of the place it says nothing."""

    jurisdiction: Jurisdiction
    lists: tuple[OnList, ...]
    """Those that name it."""

    @property
    def relation(self) -> str:
        """``its state``, ``its county``, or what else it lies in."""
        return f"its {self.jurisdiction.kind}"


class Lists:
    """All standing lists of jurisdictions, and what they say of places up to today."""

    def __init__(self, db: Database, today: str) -> None:
        """Take the history that holds them, and the ISO day after which nothing is known yet."""
        self._db = db
        self._today = today
        self._all = lists(db)

    def of(self, place: FoundPlace) -> tuple[OnList, ...]:
        """Return what every list says of a place, those that name it first; of no place nothing."""
        if place.jurisdiction is None:
            return ()
        state = place.chain[0] if place.chain else place.jurisdiction
        waiting = unresolved_in(self._db, state.state, state.name)
        naming = listing_sources(self._db, place.names)
        held = held_by_source(self._db)
        found = [
            replace(
                self._on_list(place.jurisdiction, source, naming),
                unresolved=waiting.get(source.id, 0),
                held=held[source.id].held if source.id in held else 0,
            )
            for source in self._all
        ]
        return tuple(sorted(found, key=lambda each: not each.named))

    def around(self, chain: Iterable[Jurisdiction]) -> tuple[Around, ...]:
        """Return which lists name the places that a place lies in, the outermost first."""
        found = []
        for each in chain:
            naming = listing_sources(self._db, names_of(self._db, [each.id]))
            on_lists = (
                self._on_list(each, source, naming) for source in self._all if source.id in naming
            )
            found.append(Around(each, tuple(on_lists)))
        return tuple(found)

    def _on_list(
        self,
        place: Jurisdiction,
        source: ListSource,
        naming: Collection[str],
    ) -> OnList:
        return OnList(
            source,
            named=source.id in naming,
            windows=tuple(_until(self._today, windows_of(self._db, source.id, place.id))),
        )
