"""Rows of the table of figures: what is measured, beside which peer, and with which goal."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol


class Measured(Protocol):
    """What was measured of ours or of the peer; its text is a cell of the table."""

    @property
    def value(self) -> float:
        """The number of which ratio and goal speak."""


@dataclass(frozen=True)
class Amount:
    """An amount that is no cost of a task: megabytes on a disk, a share of rows."""

    value: float
    unit: str = ""

    def __str__(self) -> str:
        """Return it with its unit."""
        return f"{rounded(self.value)} {self.unit}".strip()


@dataclass(frozen=True)
class Median:
    """What several runs took, each in the same unit: their median, and the spread."""

    runs: Sequence[float]
    unit: str

    @property
    def value(self) -> float:
        """The median."""
        return statistics.median(self.runs)

    def __str__(self) -> str:
        """Return it with the least and the most in brackets."""
        spread = f"{rounded(min(self.runs))} to {rounded(max(self.runs))}"
        return f"{rounded(self.value)} {self.unit} ({spread})"


@dataclass(frozen=True)
class Cost:
    """What a task cost: its value is the median of the seconds on the clock."""

    seconds: float
    fastest: float
    slowest: float
    megabytes: float
    """The largest peak of resident memory."""

    @property
    def value(self) -> float:
        """The median of the seconds."""
        return self.seconds

    @property
    def memory(self) -> Amount:
        """The peak of memory, for a row of its own."""
        return Amount(self.megabytes, "MB")

    def __str__(self) -> str:
        """Return both as they stand in the table, with the spread of the seconds."""
        spread = f"{rounded(self.fastest)} to {rounded(self.slowest)}"
        return f"{rounded(self.seconds)} s ({spread}), {rounded(self.megabytes)} MB"


@dataclass(frozen=True)
class Goal:
    """What a row has to reach: in words, and asked of the values of ours and of the peer."""

    words: str
    is_reached: Callable[[float, float], bool]


def ratio_at_most(most: float) -> Goal:
    """Return the goal that ours is at most so many times the peer's."""
    return Goal(f"ratio at most {most:g}", lambda ours, theirs: ours <= most * theirs)


def at_most(most: float, unit: str) -> Goal:
    """Return the goal that ours is at most so much, whatever the peer's is."""
    return Goal(f"at most {most:g} {unit}", lambda ours, _: ours <= most)


@dataclass(frozen=True)
class Figure:
    """One row of the table, ready to print."""

    what: str
    peer: str
    ours: str
    theirs: str
    ratio: str
    goal: str
    note: str


@dataclass(frozen=True)
class Row:
    """What one row of the table measures; known before anything is measured.

    ``what`` is a phrase that no other row of its benchmark has.
    """

    what: str
    peer: str
    goal: Goal | None = None

    def figure(self, ours: Measured, theirs: Measured, note: str = "") -> Figure:
        """Return the row with what was measured of both in one run."""
        ratio = rounded(ours.value / theirs.value)
        goal = ""
        if self.goal:
            reached = self.goal.is_reached(ours.value, theirs.value)
            goal = f"{self.goal.words}: {'reached' if reached else '**missed**'}"
        return Figure(self.what, self.peer, str(ours), str(theirs), ratio, goal, note)

    def without_peer(self, ours: Measured, why: str) -> Figure:
        """Return the row of a peer that is not here: no ratio, and ``why``, with what helps."""
        goal = self.goal.words if self.goal else ""
        return Figure(self.what, self.peer, str(ours), "", "", goal, why)


def rounded(value: float) -> str:
    """Return ``value`` with two digits that count, and all those before the point."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{float(f'{value:.2g}'):g}"
