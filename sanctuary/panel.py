"""The panel: what each standing list said of every unit in every period, a row each.

A unit is listed where the list names it itself. That its state or its county is named stands in
columns of its own: neither is inherited.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from sqlite_utils import Database

from db.named import known_jurisdiction
from db.states import standing_lists, timeline_of
from db.timeline import State, Timeline, Window
from parsers.records import Jurisdiction
from sanctuary.errors import CommandError
from sanctuary.gazetteer import load_places

UNITS = {"county": ("county",), "place": ("city", "town")}
"""The kinds of jurisdiction that are units."""
FREQUENCIES = ("week", "month")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """A week from Monday to Sunday, or a month; the first and last are cut to the days wanted."""

    start: date
    end: date


@dataclass(frozen=True)
class Cells:
    """What a list said of a place in one period."""

    days: tuple[int, int, int, int, int]
    """In the order of ``State``."""
    at_end: str
    """The state on the last day."""

    @property
    def is_named(self) -> int | None:
        """1 if it was listed on a day at least, 0 if it was not; None if that was not observed."""
        if self.days[0]:
            return 1
        return 0 if self.days[1] else None


COLUMNS = (
    "unit_id",
    "geoid",
    "name",
    "state",
    "source_id",
    "publisher",
    "period_start",
    "period_end",
    "days_listed",
    "days_not_listed",
    "days_not_observed",
    "days_withdrawn",
    "days_ended",
    "days_observed",
    "state_at_end",
    "named",
    "state_named",
    "county_named",
    "editions",
)
NUMBERS = frozenset(name for name in COLUMNS if name.startswith("days_") or name.endswith("named"))
"""The columns of whole numbers; the rest is text."""
Row = tuple[str | int | None, ...]


class NoSuchList(CommandError):
    """A source was named that is no standing list, or is not held."""

    def __init__(self, source_id: str, lists: list[str]) -> None:
        """Take the id, and the ids of the lists there are."""
        super().__init__(
            f"{source_id!r} is no standing list that is held; there are: "
            f"{', '.join(lists) or 'none'}"
        )


@dataclass(frozen=True)
class Wanted:
    """What a panel is to hold."""

    unit: str
    """``county``: every county and equivalent; ``place``: every city or town that a list names."""
    frequency: str
    lists: tuple[str, ...] = ()
    """The ids of sources; all standing lists if there are none."""
    since: str | None = None
    """The first day; that of the first capture if none is named."""
    until: str | None = None
    """The last day; today if none is named, and at the latest."""
    known_on: str | None = None


@dataclass(frozen=True)
class Panel:
    """The units, lists and periods of a panel, whose rows are made one by one."""

    units: list[Jurisdiction]
    lists: list[ListCells]
    periods: list[Period]

    @property
    def count(self) -> int:
        """How many rows it has."""
        return len(self.units) * len(self.lists) * len(self.periods)

    def rows_of(self, unit: Jurisdiction) -> Iterator[Row]:
        """Yield the rows of one unit, by list and period, with the columns ``COLUMNS``."""
        whose = (unit.id, unit.geoid, unit.name, unit.state)
        county = unit.parent_id if unit.kind != "county" and _is_county(unit.parent_id) else None
        for each in self.lists:
            itself = each.of(unit.id)
            state = None if unit.kind == "state" else each.of(f"us/{unit.state.lower()}")
            around = each.of(county) if county else None
            for number, (head, tail) in enumerate(each.frames):
                cells = itself[number]
                yield (
                    *whose,
                    *head,
                    *cells.days,
                    tail[0],
                    cells.at_end,
                    cells.is_named,
                    state[number].is_named if state else None,
                    around[number].is_named if around else None,
                    tail[1],
                )


def _is_county(jurisdiction_id: str | None) -> bool:
    return "/county/" in (jurisdiction_id or "")


@dataclass(frozen=True)
class ListCells:
    """One list by period; places that it never names share their cells."""

    timeline: Timeline
    periods: list[Period]
    names: dict[int, str]
    """Of editions, by the number of the object."""
    made: dict[str, list[Cells]]

    def of(self, jurisdiction_id: str) -> list[Cells]:
        """Return what it said of a place, period by period."""
        known = jurisdiction_id if jurisdiction_id in self.timeline.places else ""
        if known not in self.made:
            self.made[known] = _by_period(self.timeline.windows(known), self.periods)
        return self.made[known]

    @cached_property
    def frames(self) -> list[tuple[tuple[str, ...], tuple[int, str]]]:
        """What all rows of a period share: source and period, days with a capture, editions."""
        source = self.timeline.source
        found: list[tuple[tuple[str, ...], tuple[int, str]]] = []
        for period in self.periods:
            inside = [
                event for event in self.timeline.events if period.start <= event.day <= period.end
            ]
            days = len({event.day for event in inside})
            editions = dict.fromkeys(
                self.names[id(event.edition)] for event in inside if event.edition is not None
            )
            head = (source.id, source.publisher, str(period.start), str(period.end))
            found.append((head, (days, "; ".join(editions))))
        return found


def open_panel(db: Database, wanted: Wanted, today: str) -> Panel:
    """Return the panel that is wanted.

    Raises NoSuchList, CommandError where nothing was observed or the days are none.
    """
    every = standing_lists(db)
    for source_id in wanted.lists:
        if source_id not in every:
            raise NoSuchList(source_id, every)
    chosen = list(dict.fromkeys(wanted.lists)) or every
    timelines = {each: timeline_of(db, each, wanted.known_on) for each in chosen}
    seen = [timeline.days[0][0] for timeline in timelines.values() if timeline.days]
    if not seen and wanted.since is None:
        raise CommandError("no standing list was observed; `sanctuary run` fetches them")
    since = date.fromisoformat(wanted.since) if wanted.since else min(seen)
    until = date.fromisoformat(min(wanted.until or today, today))
    if until < since:
        raise CommandError(f"the panel would end on {until}, before it begins on {since}")
    periods = periods_between(since, until, wanted.frequency)
    lists = [
        ListCells(timeline, periods, _edition_names(timeline), {})
        for timeline in timelines.values()
    ]
    # Which places are units does not depend on the lists that are chosen.
    others = (timeline_of(db, each, wanted.known_on) for each in every if each not in timelines)
    named = {place for each in (*timelines.values(), *others) for place in each.places}
    return Panel(_units(db, wanted.unit, named), lists, periods)


def periods_between(since: date, until: date, frequency: str) -> list[Period]:
    """Return the weeks or months that hold the days from ``since`` to ``until``, cut to them."""
    found = []
    start = since
    while start <= until:
        if frequency == "week":
            after = start - timedelta(days=start.weekday()) + timedelta(days=7)
        else:
            after = (start.replace(day=28) + timedelta(days=4)).replace(day=1)
        found.append(Period(start, min(after - _DAY, until)))
        start = after
    return found


def _edition_names(timeline: Timeline) -> dict[int, str]:
    editions = [event.edition for event in timeline.events if event.edition is not None]
    return {id(edition): edition.selector for edition in editions}


def _units(db: Database, unit: str, named: set[str]) -> list[Jurisdiction]:
    kinds = UNITS[unit]
    found = {}
    for each in named:
        jurisdiction = known_jurisdiction(db, each)
        if jurisdiction is not None and jurisdiction.kind in kinds:
            found[each] = jurisdiction
    if unit == "county":
        gazetteer = load_places()
        for code, state in gazetteer.states.items():
            inside = gazetteer.of_state(code)
            # Independent cities are counties to the Census, and carry a GEOID of theirs; so are
            # the District of Columbia and Guam, which have none inside.
            cities = [each for each in inside.places if each.geoid]
            every = [*inside.counties, *cities] or [state]
            found |= {each.id: each for each in every}
    return [found[each] for each in sorted(found)]


_ORDER = {state: number for number, state in enumerate(State)}


def _by_period(windows: list[Window], periods: list[Period]) -> list[Cells]:
    """Count the days of each state in each period; both are in the order of days."""
    spans = [
        (
            date.fromisoformat(each.since) if each.since else date.min,
            date.fromisoformat(each.until) if each.until else date.max,
            each.state,
        )
        for each in windows
    ]
    found = []
    first = 0
    for period in periods:
        while spans[first][1] < period.start:
            first += 1
        days = [0] * len(_ORDER)
        number = first
        while number < len(spans) and spans[number][0] <= period.end:
            since, until, state = spans[number]
            inside = (min(until, period.end) - max(since, period.start)).days + 1
            days[_ORDER[state]] += inside
            number += 1
        at_end = str(spans[number - 1][2])
        found.append(Cells((days[0], days[1], days[2], days[3], days[4]), at_end))
    return found
