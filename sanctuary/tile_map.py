"""The states as tiles of one size, roughly where they lie, with how many places are named in each.

A map of counties would show land, not lists: Alaska before New Jersey. Every state has one tile.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from db.listed import NamedInState
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
class TileMap:
    """All tiles in the order in which they are read, and what lies in none of them."""

    tiles: tuple[Tile, ...]
    elsewhere: tuple[NamedInState, ...]


def tile_map(named: Iterable[NamedInState]) -> TileMap:
    """Return the map of the places that are named in each state."""
    by_state = {each.state: each for each in named}
    names = {str(state.abbr): str(state.name) for state in STATES}
    most = max([_FEWEST, *(each.places for each in by_state.values())])
    tiles = []
    for row, line in enumerate(_ROWS, 1):
        for column, state in enumerate(line.split(), 1):
            if state in names:
                found = by_state.pop(state, NamedInState(state, 0, itself=False))
                tiles.append(
                    Tile(
                        state=state,
                        name=names[state],
                        places=found.places,
                        itself=found.itself,
                        shade=-(-_SHADES * found.places // most),
                        row=row,
                        column=column,
                    )
                )
    return TileMap(tuple(tiles), tuple(by_state.values()))
