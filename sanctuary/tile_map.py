"""The states as tiles of one size, roughly where they lie, with how many places are named in each.

A map of counties would show land, not lists: Alaska before New Jersey. Every state has one tile.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from db.listed import NamedPlace
from places.states import STATES

_ROWS = (
    "AK .. .. .. .. .. .. .. .. .. .. ME",
    ".. .. .. .. .. .. .. .. .. VT NH ..",
    ".. WA ID MT ND MN WI MI .. NY MA RI",
    ".. OR NV WY SD IA IL IN OH PA NJ CT",
    ".. CA UT CO NE MO KY WV VA MD DE DC",
    ".. .. AZ NM KS AR TN NC SC .. .. ..",
    ".. .. .. .. OK LA MS AL GA .. .. ..",
    "HI .. .. .. TX .. .. .. .. FL PR VI",
    "GU MP AS .. .. .. .. .. .. .. .. ..",
)
"""Fifty states, the District of Columbia and five territories."""
_SHADES = 4
_FEWEST = 12
"""Where no state has more, the shades are those of so many: one place is never dark."""


@dataclass(frozen=True)
class Tile:
    """One state with the places in it that are named."""

    state: str
    """Two letters."""
    name: str
    places: int
    """Named places in the state, without the state itself."""
    itself: bool
    """The state itself is named."""
    shade: int
    """How dark it is, from 0 for none to 4, beside the others."""
    row: int
    column: int
    """From 1, at the upper left."""


@dataclass(frozen=True)
class Elsewhere:
    """A state that is no tile, such as that of a tribe's or an invented one."""

    state: str
    places: int
    itself: bool


@dataclass(frozen=True)
class TileMap:
    """All tiles in the order in which they are read, and what lies in none of them."""

    tiles: tuple[Tile, ...]
    elsewhere: tuple[Elsewhere, ...]


def tile_map(places: Iterable[NamedPlace]) -> TileMap:
    """Return the map of these places. Each counts in its own state alone, a state in none."""
    counts: dict[str, int] = defaultdict(int)
    itself: set[str] = set()
    for place in frozenset(places):
        if place.kind == "state":
            itself.add(place.state)
        else:
            counts[place.state] += 1
    names = {str(state.abbr): str(state.name) for state in STATES}
    most = max([_FEWEST, *counts.values()])
    tiles = tuple(
        Tile(
            state=state,
            name=names[state],
            places=counts.get(state, 0),
            itself=state in itself,
            shade=-(-_SHADES * counts.get(state, 0) // most),
            row=row,
            column=column,
        )
        for row, line in enumerate(_ROWS, 1)
        for column, state in enumerate(line.split(), 1)
        if state in names
    )
    shown = {tile.state for tile in tiles}
    elsewhere = tuple(
        Elsewhere(state, counts.get(state, 0), state in itself)
        for state in sorted({*counts, *itself} - shown)
    )
    return TileMap(tiles, elsewhere)
