"""The states as tiles."""

from __future__ import annotations

from collections import Counter

from db.listed import NamedPlace
from places.states import STATES
from sanctuary.tile_map import Elsewhere, tile_map

# Invented places in real states: nothing is said of a real one.
TOWN = NamedPlace("us/oh/city/yewslip", "city", "OH")
COUNTY = NamedPlace("us/oh/county/yewslip", "county", "OH")
OHIO = NamedPlace("us/oh", "state", "OH")
FOREIGN = NamedPlace("us/zz/county/kinbote", "county", "ZZ")


def test_every_state_and_territory_has_one_tile_and_no_two_share_a_place() -> None:
    tiles = tile_map(()).tiles
    assert sorted(tile.state for tile in tiles) == [state.abbr for state in STATES]
    assert max(Counter((tile.row, tile.column) for tile in tiles).values()) == 1
    assert all(1 <= tile.row <= 9 and 1 <= tile.column <= 12 for tile in tiles)


def test_a_state_that_is_named_itself_is_no_place_in_it() -> None:
    (ohio,) = (tile for tile in tile_map([OHIO]).tiles if tile.state == "OH")
    assert (ohio.places, ohio.itself) == (0, True)


def test_a_county_and_a_city_count_each_and_do_not_name_their_state() -> None:
    (ohio,) = (tile for tile in tile_map([TOWN, COUNTY, TOWN]).tiles if tile.state == "OH")
    assert (ohio.places, ohio.itself) == (2, False)


def test_a_place_of_no_tile_is_not_lost() -> None:
    found = tile_map([FOREIGN])
    assert found.elsewhere == (Elsewhere("ZZ", 1, itself=False),)
    assert not any(tile.places for tile in found.tiles)


def test_the_state_with_most_places_is_darkest_and_one_place_never_is() -> None:
    many = [NamedPlace(f"us/oh/city/{number}", "city", "OH") for number in range(40)]
    few = [NamedPlace(f"us/ny/city/{number}", "city", "NY") for number in range(9)]
    shades = {tile.state: tile.shade for tile in tile_map([*many, *few]).tiles}
    assert (shades["OH"], shades["NY"], shades["CA"]) == (4, 1, 0)
    assert max(tile.shade for tile in tile_map([TOWN]).tiles) == 1
