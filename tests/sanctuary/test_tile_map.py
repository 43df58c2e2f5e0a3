"""The states as tiles."""

from __future__ import annotations

from collections import Counter

from db.listed import NamedInState
from places.states import STATES
from sanctuary.tile_map import tile_map


def test_every_state_and_territory_has_one_tile_and_no_two_share_a_place() -> None:
    tiles = tile_map(()).tiles
    assert sorted(tile.state for tile in tiles) == [state.abbr for state in STATES]
    assert max(Counter((tile.row, tile.column) for tile in tiles).values()) == 1
    assert all(1 <= tile.row <= 9 and 1 <= tile.column <= 12 for tile in tiles)


def test_a_state_that_is_named_itself_has_no_place_in_it_for_that() -> None:
    (ohio,) = (tile for tile in tile_map([NamedInState("OH", 0, True)]).tiles if tile.itself)
    assert (ohio.name, ohio.places, ohio.shade) == ("Ohio", 0, 0)


def test_a_place_of_no_tile_is_not_lost() -> None:
    zembla = NamedInState("ZZ", 1, itself=False)
    found = tile_map([zembla])
    assert found.elsewhere == (zembla,)
    assert not any(tile.places for tile in found.tiles)


def test_the_state_with_most_places_is_darkest_and_one_place_never_is() -> None:
    many, few = NamedInState("OH", 40, itself=False), NamedInState("NY", 9, itself=False)
    shades = {tile.state: tile.shade for tile in tile_map([many, few]).tiles}
    assert (shades["OH"], shades["NY"], shades["CA"]) == (4, 1, 0)
    one = NamedInState("OH", 1, itself=False)
    assert max(tile.shade for tile in tile_map([one]).tiles) == 1
