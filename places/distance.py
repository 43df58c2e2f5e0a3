"""How far apart two points are."""

from __future__ import annotations

from math import cos, hypot, radians

from parsers.records import Jurisdiction


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return how far two points (latitude, longitude in degrees) are apart, on a flat map.

    Right to a percent over the size of a county, which is all it is for.
    """
    north = one[0] - other[0]
    east = (one[1] - other[1]) * cos(radians((one[0] + other[0]) / 2))
    return hypot(north, east) * 111.2


def far_apart(one: Jurisdiction, other: Jurisdiction) -> float:
    """Return how many kilometres two jurisdictions' points are apart; 0 if one has none."""
    if one.latitude is None or one.longitude is None:
        return 0.0
    if other.latitude is None or other.longitude is None:
        return 0.0
    return kilometres((one.latitude, one.longitude), (other.latitude, other.longitude))
