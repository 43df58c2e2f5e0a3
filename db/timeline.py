"""The days of one standing list: what every capture says of a place, and what holds in between.

The rules, which ``docs/time.md`` tells with examples:

- a day with a capture has the state that its last capture shows;
- between two captures that agree about the place their state holds, if they lie at most the
  source's ``max_gap`` apart; else, and between two that differ, nothing was observed;
- after the last capture its state holds for ``max_gap``; before the first nothing was observed;
- a list that was taken down (``db.life`` says when that is confirmed) is withdrawn from the first
  capture that found it gone to the last, and after it unless it came back: between the last that
  found it gone and the first that had it again nothing was observed;
- a series that ended has ended from the day on which its publisher said so; where no day is known,
  when its last capture holds no more;
- of a list that is known in part nobody is "not listed": that is not observed.

The day is one of the public clock, in UTC. Whose capture it is (our own, an archive's, a person's
word) makes no difference.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property

from db.observations import KnownEdition, end_of
from db.sources import Source


class State(StrEnum):
    """What is known of a place, a standing list and a day; no two of them are alike."""

    LISTED = "listed"
    NOT_LISTED = "not listed"
    NOT_OBSERVED = "not observed"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


class ListState(StrEnum):
    """What is known of a list as a whole on a day, whoever stands on it."""

    PUBLIC = "public"
    NOT_OBSERVED = "not observed"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


@dataclass(frozen=True)
class Window:
    """Days in a row on which a list has the same state for a place."""

    state: State
    since: str | None
    """The first day, ISO 8601; None for all days before ``until``."""
    until: str | None
    """The last day, ISO 8601; None for all days after ``since``."""
    unresolved_names: int = 0
    """Names on the list that may be this place: of no place that is known, or of one of several."""
    first_capture_id: int | None = None
    """The first capture in it; None if there is none."""
    last_capture_id: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A capture that says something of a list: it showed an edition, or found the list gone."""

    at: str
    capture_id: int
    edition: KnownEdition | None
    """None where the list was gone."""
    reading_id: int | None

    @property
    def day(self) -> date:
        """The day of the capture, in UTC."""
        return date.fromisoformat(self.at[:10])


@dataclass(frozen=True)
class Names:
    """The places that a reading names."""

    jurisdictions: frozenset[str] = frozenset()
    unresolved: tuple[frozenset[str], ...] = ()
    """The candidates of each name that is not resolved."""

    def may_be(self, jurisdiction_id: str) -> int:
        """Return how many names that are not resolved can be this place."""
        return sum(not each or jurisdiction_id in each for each in self.unresolved)


_NOBODY = Names()


@dataclass(frozen=True)
class Timeline:
    """All that was observed of one standing list, as known on a day."""

    source: Source
    events: tuple[Event, ...]
    """In the order of time."""
    names: dict[int, Names] = field(repr=False)

    @cached_property
    def places(self) -> frozenset[str]:
        """The ids of all places that it named on any day."""
        shown = {event.reading_id for event in self.events}
        return frozenset().union(
            *(names.jurisdictions for reading, names in self.names.items() if reading in shown)
        )

    @cached_property
    def days(self) -> list[tuple[date, Event, Event]]:
        """The days with a capture in order, with the first and the last capture of each."""
        found: dict[str, tuple[Event, Event]] = {}
        for event in self.events:
            day = event.at[:10]
            first, _ = found.get(day, (event, event))
            found[day] = (first, event)
        return [(first.day, first, last) for first, last in found.values()]

    @cached_property
    def runs(self) -> list[tuple[date, Event, Event, date, Event]]:
        """The days with a capture, put together as long as their captures show one reading.

        Days in a row lie in one run if what the first says holds until the next. Of each its first
        day with the first and the last capture of that, and its last day with its last capture. So
        what is said of a place has to be asked of each run once, and not of every day.
        """
        found: list[tuple[date, Event, Event, date, Event]] = []
        for day, first, last in self.days:
            if found and self._goes_on(found[-1][3], found[-1][4], day, first, last):
                found[-1] = (*found[-1][:3], day, last)
            else:
                found.append((day, first, last, day, last))
        return found

    def _goes_on(
        self, day_before: date, before: Event, day: date, first: Event, last: Event
    ) -> bool:
        """Say whether a day only goes on with what the capture ``before`` it showed."""
        shown = before.edition is None, before.reading_id
        if any((each.edition is None, each.reading_id) != shown for each in (first, last)):
            return False
        if self.ended_on is not None and _iso(day) >= self.ended_on:
            return False
        is_next_day = (day - day_before).days == 1
        return before.edition is None or is_next_day or self._near(before, first)

    def windows(self, jurisdiction_id: str) -> list[Window]:
        """Return the windows of a place in order: every day lies in one of them."""
        found = _Windows()
        before: Event | None = None
        for day, first, shown, last_day, last in self.runs:
            if before is not None:
                self._between(found, before, first, jurisdiction_id)
            else:
                found.add(Window(State.NOT_OBSERVED, None, _iso(day - _DAY)))
            before = last
            if self.ended_on is not None and _iso(day) >= self.ended_on:
                # What was seen then was seen of a series that had ended.
                return self._ended(found.windows)
            found.add(
                replace(
                    self._held(last, jurisdiction_id, day, last_day),
                    first_capture_id=shown.capture_id,
                    last_capture_id=last.capture_id,
                )
            )
        if before is None:
            found.add(Window(State.NOT_OBSERVED, None, None))
        else:
            self._after(found, before, jurisdiction_id)
        return self._ended(found.windows)

    def window_on(self, jurisdiction_id: str, day: str) -> Window:
        """Return the window of a place that holds a day."""
        return next(
            window
            for window in self.windows(jurisdiction_id)
            if (window.since or "") <= day and (window.until is None or day <= window.until)
        )

    def edition_on(self, day: str) -> KnownEdition | None:
        """Return the edition that was seen last by the end of a day; None if none was."""
        before = end_of(day)
        seen = [event.edition for event in self.events if event.at < before and event.edition]
        return seen[-1] if seen else None

    def list_state_on(self, day: str) -> ListState:
        """Return what is known of the list on a day: between two of its editions nothing is."""
        if self.ended_on is not None and day >= self.ended_on:
            return ListState.ENDED
        that = date.fromisoformat(day)
        before = next((last for at, _, last in reversed(self.days) if at <= that), None)
        after = next((first for at, first, _ in self.days if at > that), None)
        if before is None:
            return ListState.NOT_OBSERVED
        shown = ListState.WITHDRAWN if before.edition is None else ListState.PUBLIC
        if before.day == that:
            return shown
        if after is None:
            holds = before.edition is None or that <= self._holds_until(before)
        else:
            holds = before.edition is after.edition and (
                before.edition is None or self._near(before, after)
            )
        return shown if holds else ListState.NOT_OBSERVED

    def _between(self, found: _Windows, one: Event, other: Event, jurisdiction_id: str) -> None:
        since, until = one.day + _DAY, other.day - _DAY
        if since > until:
            return
        state = self._state(one, jurisdiction_id)
        agree = state is self._state(other, jurisdiction_id)
        if agree and (state is State.WITHDRAWN or self._near(one, other)):
            found.add(self._held(one, jurisdiction_id, since, until))
        else:
            found.add(Window(State.NOT_OBSERVED, _iso(since), _iso(until)))

    def _after(self, found: _Windows, last: Event, jurisdiction_id: str) -> None:
        since = last.day + _DAY
        if last.edition is None:
            found.add(Window(State.WITHDRAWN, _iso(since), None))
            return
        until = self._holds_until(last)
        if since <= until:
            found.add(self._held(last, jurisdiction_id, since, until))
            since = until + _DAY
        found.add(Window(State.NOT_OBSERVED, _iso(since), None))

    def _near(self, one: Event, other: Event) -> bool:
        return _moment(other) - _moment(one) <= self._max_gap

    def _holds_until(self, last: Event) -> date:
        return (_moment(last) + self._max_gap).date()

    @property
    def _max_gap(self) -> timedelta:
        return timedelta(seconds=self.source.max_gap_seconds)

    def _state(self, event: Event, jurisdiction_id: str) -> State:
        if event.edition is None:
            return State.WITHDRAWN
        if jurisdiction_id in self._named(event).jurisdictions:
            return State.LISTED
        return State.NOT_OBSERVED if self.source.partial else State.NOT_LISTED

    def _named(self, event: Event) -> Names:
        return self.names.get(event.reading_id or 0, _NOBODY)

    def _held(self, event: Event, jurisdiction_id: str, since: date, until: date) -> Window:
        state = self._state(event, jurisdiction_id)
        unresolved = 0
        if state is State.NOT_LISTED:
            unresolved = self._named(event).may_be(jurisdiction_id)
        return Window(state, _iso(since), _iso(until), unresolved)

    @cached_property
    def ended_on(self) -> str | None:
        """The first day on which the series has ended; None if it has not, as far as is known."""
        if self.source.ended_on or self.source.lifecycle != "ended" or not self.events:
            return self.source.ended_on
        return _iso(self._holds_until(self.events[-1]) + _DAY)

    def _ended(self, windows: list[Window]) -> list[Window]:
        end = self.ended_on
        if end is None:
            return windows
        before = [each for each in windows if each.since is None or each.since < end]
        if before[-1].until is None or before[-1].until >= end:
            before[-1] = replace(before[-1], until=_iso(date.fromisoformat(end) - _DAY))
        return [*before, Window(State.ENDED, end, None)]


_DAY = timedelta(days=1)


class _Windows:
    """Windows while they are put together: one that goes on with the same state becomes longer."""

    def __init__(self) -> None:
        self.windows: list[Window] = []

    def add(self, window: Window) -> None:
        if not self.windows or self.windows[-1].state is not window.state:
            self.windows.append(window)
            return
        last = self.windows[-1]
        self.windows[-1] = replace(
            last,
            until=window.until,
            unresolved_names=max(last.unresolved_names, window.unresolved_names),
            first_capture_id=last.first_capture_id or window.first_capture_id,
            last_capture_id=window.last_capture_id or last.last_capture_id,
        )


def _moment(event: Event) -> datetime:
    return datetime.fromisoformat(event.at)


def _iso(day: date) -> str:
    return day.isoformat()
