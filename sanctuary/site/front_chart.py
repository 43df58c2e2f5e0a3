"""A list over time as a small chart: the shapes that the template draws, without any script.

All shapes of one kind are one path, so that a list of hundreds of editions stays small.
"""

from __future__ import annotations

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
    stretches = found.stretches
    scale = _Scale(stretches)
    public = [each for each in stretches if each.seen is Seen.PUBLIC]
    bands = {
        seen: [each for each in stretches if each.seen is seen]
        for seen in (Seen.NOT_OBSERVED, Seen.WITHDRAWN, Seen.ENDED)
    }
    return Chart(
        line=" ".join(scale.step(each) for each in public),
        area=" ".join(scale.box(each, scale.y(each)) for each in public),
        turning=" ".join(
            f"M{scale.x(one.until):.1f} {scale.y(one):.1f}L{scale.x(two.since):.1f} "
            f"{scale.y(two):.1f}"
            for one, two in _turns(stretches)
        ),
        not_observed=" ".join(scale.box(each, TOP) for each in bands[Seen.NOT_OBSERVED]),
        withdrawn=" ".join(scale.box(each, TOP) for each in bands[Seen.WITHDRAWN]),
        ended=" ".join(scale.box(each, TOP) for each in bands[Seen.ENDED]),
        labels=tuple(
            Label(str(seen), scale.middle(each))
            for seen, some in bands.items()
            for each in some
            if scale.width(each) >= _ROOM
        ),
        most=scale.most,
        since=stretches[0].since[:10],
        until=stretches[-1].until[:10],
    )


def _turns(stretches: tuple[Stretch, ...]) -> list[tuple[Stretch, Stretch]]:
    """Return the public stretches with nothing but the turn from one to the other between them."""
    known = [each for each in stretches if each.seen is not Seen.TURNING]
    return [
        (one, two)
        for one, two in pairwise(known)
        if one.seen is Seen.PUBLIC and two.seen is Seen.PUBLIC
    ]


class _Scale:
    """Where moments and numbers lie in the plot."""

    def __init__(self, stretches: tuple[Stretch, ...]) -> None:
        self._start = _seconds(stretches[0].since)
        self._whole = max(_seconds(stretches[-1].until) - self._start, 1.0)
        self.most = max((each.names or 0 for each in stretches), default=0) or 1

    def x(self, moment: str) -> float:
        return LEFT + (RIGHT - LEFT) * (_seconds(moment) - self._start) / self._whole

    def y(self, stretch: Stretch) -> float:
        return BOTTOM - (BOTTOM - TOP) * (stretch.names or 0) / self.most

    def width(self, stretch: Stretch) -> float:
        return self.x(stretch.until) - self.x(stretch.since)

    def middle(self, stretch: Stretch) -> float:
        return round((self.x(stretch.since) + self.x(stretch.until)) / 2, 1)

    def step(self, stretch: Stretch) -> str:
        """A level line; of one capture alone a point, which a round end makes visible."""
        return f"M{self.x(stretch.since):.1f} {self.y(stretch):.1f}h{self.width(stretch):.1f}"

    def box(self, stretch: Stretch, top: float) -> str:
        width = max(self.width(stretch), _NARROWEST)
        x = min(self.x(stretch.since), RIGHT - width)
        height = BOTTOM - top
        return f"M{x:.1f} {top:.1f}h{width:.1f}v{height:.1f}h-{width:.1f}z"


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
