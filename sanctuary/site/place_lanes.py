"""The lists beside each other over time, for one place: a lane for each list, a stretch a state.

Every place in it is a share of the width, so that the picture fits any screen and its letters stay
as large as they are. No state is told by its colour alone: each has a pattern of its own, its name
where there is room, and its words for those who do not see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from db.timeline import State
from sanctuary.place_lists import OnList, words_of

MOST_LANES = 12
"""Lanes in the picture; what the other lists say stands below it in words."""
MOST_TICKS = 5
_NARROWEST = 340
"""Pixels that the picture has on the narrowest screen we think of."""
_LETTER = 7.5
_ALMOST_NOTHING = 1.0
"""Per cent of the width, below which a mark says that there is something."""
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120)


@dataclass(frozen=True)
class Stretch:
    """Days in a row with one state; both numbers are per cent of the width."""

    state: State
    start: float
    width: float
    words: str

    @property
    def css(self) -> str:
        """The state as the name of a class and of a pattern."""
        return self.state.value.replace(" ", "-")

    @property
    def label(self) -> str:
        """The name of the state, where there is room for it; else nothing."""
        room = self.width * _NARROWEST / 100
        return self.state.value if len(self.state.value) * _LETTER + 8 <= room else ""

    @property
    def is_small(self) -> bool:
        """The place is listed for so short a time that it would hardly be seen."""
        return self.state is State.LISTED and self.width < _ALMOST_NOTHING


@dataclass(frozen=True)
class Lane:
    """One list."""

    name: str
    anchor: str
    """Of what the list says in words."""
    stretches: tuple[Stretch, ...]
    words: str


@dataclass(frozen=True)
class Tick:
    """A day on the scale; ``at`` is per cent of the width."""

    at: float
    text: str
    anchor: str
    """Where the text is held: ``start``, ``middle`` or ``end``."""


@dataclass(frozen=True)
class Lanes:
    """The picture: the lanes, the scale, and the states that it shows."""

    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    states: tuple[Stretch, ...]
    """One of each state, for the legend."""
    unshown: int
    """How many lists it leaves to the words."""


def lanes_of(lists: Sequence[OnList], today: str) -> Lanes | None:
    """Return the picture of what lists say of a place up to ``today``, an ISO day.

    None if no list was ever observed.
    """
    seen = [each for each in lists if any(window.since for window in each.windows)]
    if not seen:
        return None
    first = min(window.since for each in seen for window in each.windows if window.since)
    scale = _Scale(date.fromisoformat(first), date.fromisoformat(today) + _DAY)
    lanes = tuple(
        Lane(each.name, anchor_of(each), tuple(scale.stretches(each)), "; ".join(each.words))
        for each in seen[:MOST_LANES]
    )
    states = {each.state: each for lane in lanes for each in lane.stretches}
    legend = tuple(states[state] for state in State if state in states)
    return Lanes(lanes, tuple(scale.ticks()), legend, len(seen) - len(lanes))


def anchor_of(each: OnList) -> str:
    """Return the anchor of what a list says in words."""
    return f"list-{each.source.id}"


_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Scale:
    """From the first day to the end of the last."""

    first: date
    end: date

    def at(self, day: date) -> float:
        """Return where a day begins, in per cent of the width."""
        whole = max((self.end - self.first).days, 1)
        return round(100 * min(max((day - self.first).days, 0), whole) / whole, 3)

    def stretches(self, each: OnList) -> list[Stretch]:
        found = []
        for window in each.windows:
            start = self.at(date.fromisoformat(window.since)) if window.since else 0.0
            until = date.fromisoformat(window.until) + _DAY if window.until else self.end
            width = round(self.at(until) - start, 3)
            if width > 0:
                found.append(Stretch(window.state, start, width, words_of(window)))
        return found

    def ticks(self) -> list[Tick]:
        """Return some days that are easy to name: of years, of months, or the two ends."""
        months = (self.end.year - self.first.year) * 12 + self.end.month - self.first.month
        step = next((each for each in _MONTHS if months / each <= MOST_TICKS), _MONTHS[-1])
        days = [
            date(month // 12, month % 12 + 1, 1)
            for month in range(self.first.year * 12, self.end.year * 12 + 12, step)
        ]
        inside = [day for day in days if self.first < day < self.end]
        if len(inside) < 2:
            last = self.end - _DAY
            ends = [Tick(0.0, self.first.isoformat(), "start")]
            return ends if last == self.first else [*ends, Tick(100.0, last.isoformat(), "end")]
        return [
            Tick(self.at(day), str(day.year) if step >= 12 else f"{day:%Y-%m}", "middle")
            for day in inside
            if 4 < self.at(day) < 96
        ]
