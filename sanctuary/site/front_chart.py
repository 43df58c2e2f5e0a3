"""A list over time as a small chart: the shapes that the template draws, without any script.

All shapes of one kind are one path, so that a list of hundreds of editions stays small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from db.presence import Presence, Seen, Stretch

WIDTH, HEIGHT = 320, 104
LEFT, RIGHT, TOP, BOTTOM = 40, 316, 10, 84
"""Where the plot lies; numbers stand left of it, days below."""
_NARROWEST = 1.0
"""So wide is what lasted for less than a pixel: three days of ten years are seen."""
_ROOM = 62.0
"""Into a band of this width its name can be written."""


@dataclass(frozen=True)
class Label:
    """The name of a state, in the middle of its band."""

    text: str
    x: float


@dataclass(frozen=True)
class Chart:
    """What is drawn: each path is the ``d`` of SVG, empty where there is nothing of the kind."""

    line: str
    """What was public, at its height."""
    area: str
    """The same down to nothing."""
    turning: str
    """From one known height to the next, when it changed at a moment that nobody saw."""
    not_observed: str
    withdrawn: str
    ended: str
    labels: tuple[Label, ...]
    most: int
    """The number at the upper line; the lower is none."""
    since: str
    until: str
    """The days on the left and on the right."""


def chart_of(found: Presence) -> Chart:
    """Return the chart of a list that was observed at least once."""
    most = max((each.names or 0 for each in found.stretches), default=0) or 1
    placed = _placed(found.stretches, most)
    public = [each for each in placed if each.seen is Seen.PUBLIC]
    bands = {
        seen: [each for each in placed if each.seen is seen]
        for seen in (Seen.NOT_OBSERVED, Seen.WITHDRAWN, Seen.ENDED)
    }
    return Chart(
        line=" ".join(each.step for each in public),
        area=" ".join(each.box for each in public),
        turning=" ".join(
            f"M{one.until:.1f} {one.top:.1f}L{two.since:.1f} {two.top:.1f}"
            for one, two in _turns(placed)
        ),
        not_observed=" ".join(each.box for each in bands[Seen.NOT_OBSERVED]),
        withdrawn=" ".join(each.box for each in bands[Seen.WITHDRAWN]),
        ended=" ".join(each.box for each in bands[Seen.ENDED]),
        labels=tuple(
            Label(str(seen), round((each.since + each.until) / 2, 1))
            for seen, some in bands.items()
            for each in some
            if each.until - each.since >= _ROOM
        ),
        most=most,
        since=found.stretches[0].since[:10],
        until=found.stretches[-1].until[:10],
    )


@dataclass(frozen=True)
class _Placed:
    """A stretch where it lies in the plot."""

    seen: Seen
    since: float
    until: float
    top: float

    @property
    def step(self) -> str:
        """A level line; of one capture alone a point, which a round end makes visible."""
        return f"M{self.since:.1f} {self.top:.1f}h{self.until - self.since:.1f}"

    @property
    def box(self) -> str:
        """The area below it."""
        width = max(self.until - self.since, _NARROWEST)
        x, height = min(self.since, RIGHT - width), BOTTOM - self.top
        return f"M{x:.1f} {self.top:.1f}h{width:.1f}v{height:.1f}h-{width:.1f}z"


def _placed(stretches: Sequence[Stretch], most: int) -> list[_Placed]:
    start = _seconds(stretches[0].since)
    per_second = (RIGHT - LEFT) / max(_seconds(stretches[-1].until) - start, 1.0)
    found = []
    since = float(LEFT)
    for each in stretches:
        until = LEFT + (_seconds(each.until) - start) * per_second
        share = 1.0 if each.names is None else each.names / most
        found.append(_Placed(each.seen, since, until, BOTTOM - (BOTTOM - TOP) * share))
        since = until
    return found


def _turns(placed: Sequence[_Placed]) -> list[tuple[_Placed, _Placed]]:
    """Return the public stretches with nothing but the turn from one to the other between them."""
    known = [each for each in placed if each.seen is not Seen.TURNING]
    return [
        (one, two)
        for one, two in pairwise(known)
        if one.seen is Seen.PUBLIC and two.seen is Seen.PUBLIC
    ]


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
