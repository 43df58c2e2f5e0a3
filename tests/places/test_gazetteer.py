"""Which places there are, and what is known of each."""

from __future__ import annotations

from collections import Counter

import pytest

from places.gazetteer import GEOID_VINTAGE, load_gazetteer
from places.government import COUNTY_IS_CITY, COUNTY_IS_STATE

GAZETTEER = load_gazetteer
EVERY_STATE = 50 + 5 + 1


def everything() -> list[str]:
    gazetteer = GAZETTEER()
    return [id for state in gazetteer.states for id in gazetteer.of_state(state).by_id]


def test_there_are_states_territories_and_the_district() -> None:
    assert len(GAZETTEER().states) == EVERY_STATE
    district = GAZETTEER().get("us/dc")
    assert district is not None
    assert (district.kind, district.name, district.geoid) == ("state", "District of Columbia", "11")


def test_a_county_has_its_geoid_and_the_middle_of_its_zip_codes() -> None:
    nassau = GAZETTEER().get("us/ny/county/nassau")
    assert nassau is not None
    assert (nassau.kind, nassau.name, nassau.state) == ("county", "Nassau County", "NY")
    assert (nassau.geoid, nassau.geoid_vintage) == ("36059", "2020")
    assert nassau.parent_id == "us/ny"
    assert nassau.latitude == pytest.approx(40.7, abs=0.2)
    assert nassau.longitude == pytest.approx(-73.6, abs=0.2)
    assert "point: zipcodes" in nassau.authority


def test_a_city_lies_in_the_county_of_its_mail_and_has_no_geoid() -> None:
    gazetteer = GAZETTEER()
    ithaca = gazetteer.get("us/ny/city/ithaca")
    assert ithaca is not None
    assert (ithaca.kind, ithaca.geoid, ithaca.geoid_vintage) == ("city", None, None)
    chain = [each.id for each in gazetteer.chain(ithaca)]
    assert chain == ["us/ny", "us/ny/county/tompkins", "us/ny/city/ithaca"]


@pytest.mark.parametrize(
    ("id", "name", "geoid"),
    [
        ("us/la/county/orleans", "Orleans Parish", "22071"),
        ("us/ak/county/kenai-peninsula", "Kenai Peninsula Borough", "02122"),
        ("us/ak/county/juneau", "Juneau City and Borough", "02110"),
        ("us/nm/county/dona-ana", "Doña Ana County", "35013"),
        ("us/md/county/prince-georges", "Prince George's County", "24033"),
        ("us/va/county/james-city", "James City County", "51095"),
        ("us/pr/county/san-juan", "San Juan Municipio", "72127"),
        ("us/al/county/autauga", "Autauga County", "01001"),
    ],
)
def test_county_equivalents_are_counties_with_their_own_word(
    id: str, name: str, geoid: str
) -> None:
    county = GAZETTEER().get(id)
    assert county is not None
    assert (county.kind, county.name, county.geoid) == ("county", name, geoid)


@pytest.mark.parametrize(
    ("id", "name", "geoid"),
    [
        ("us/va/city/richmond", "Richmond City", "51760"),
        ("us/md/city/baltimore", "Baltimore City", "24510"),
        ("us/mo/city/st-louis", "St. Louis City", "29510"),
        ("us/nv/city/carson-city", "Carson City", "32510"),
    ],
)
def test_a_city_in_no_county_is_one_jurisdiction_with_its_county_geoid(
    id: str, name: str, geoid: str
) -> None:
    city = GAZETTEER().get(id)
    assert city is not None
    assert (city.kind, city.name, city.geoid) == ("city", name, geoid)
    assert city.parent_id == f"us/{city.state.lower()}"
    geoids = Counter(each.geoid for each in GAZETTEER().of_state(city.state).by_id.values())
    assert geoids[geoid] == 1


def test_a_county_of_the_same_name_stays_beside_the_independent_city() -> None:
    assert GAZETTEER().get("us/va/county/richmond") is not None
    assert GAZETTEER().get("us/md/county/baltimore") is not None
    assert GAZETTEER().get("us/nv/county/carson-city") is None


def test_every_county_geoid_but_midways_is_there_once() -> None:
    gazetteer = GAZETTEER()
    geoids = Counter(
        each.geoid
        for state in gazetteer.states
        for each in gazetteer.of_state(state).by_id.values()
        if each.geoid and each.kind != "state"
    )
    assert set(geoids.values()) == {1}
    assert len(geoids) + len(COUNTY_IS_STATE) == 3_234
    assert set(geoids) >= COUNTY_IS_CITY


def test_the_counties_are_those_of_the_census_of_2020() -> None:
    assert GEOID_VINTAGE == "2020"
    connecticut = {each.geoid for each in GAZETTEER().of_state("CT").counties}
    assert connecticut == {f"090{number:02}" for number in range(1, 16, 2)}
    alaska = {each.geoid for each in GAZETTEER().of_state("AK").counties}
    assert {"02063", "02066", "02158"} <= alaska
    assert not {"02261", "02270"} & alaska


def test_ids_differ_and_can_be_read() -> None:
    ids = everything()
    assert len(ids) == len(set(ids))
    assert all(id.isascii() and id == id.lower() and " " not in id for id in ids)


def test_two_places_of_one_name_have_the_county_in_their_ids_or_a_number() -> None:
    named = GAZETTEER().of_state("CA").places_by_name["burbank"]
    assert {each.id for each in named} == {
        "us/ca/city/los-angeles/burbank",
        "us/ca/city/burbank-5331836",
    }
    assert GAZETTEER().get("us/ca/city/burbank") is None


def test_a_zip_code_far_off_does_not_speak_for_a_place_of_its_name() -> None:
    here, there = sorted(
        GAZETTEER().of_state("TX").places_by_name["rankin"], key=lambda each: each.longitude or 0
    )
    assert here.parent_id == "us/tx/county/upton"
    assert there.parent_id == "us/tx"


@pytest.mark.parametrize(
    ("city", "county"),
    [
        ("us/co/city/denver", "us/co/county/denver"),
        ("us/ca/city/san-francisco", "us/ca/county/san-francisco"),
        ("us/la/city/new-orleans", "us/la/county/orleans"),
        ("us/pa/city/philadelphia", "us/pa/county/philadelphia"),
    ],
)
def test_a_city_that_governs_its_county_lies_in_it(city: str, county: str) -> None:
    found = GAZETTEER().get(city)
    assert found is not None
    assert found.parent_id == county


def test_new_york_city_consists_of_counties_and_lies_in_none() -> None:
    city = GAZETTEER().get("us/ny/city/new-york-city")
    assert city is not None
    assert city.parent_id == "us/ny"
    assert GAZETTEER().get("us/ny/city/brooklyn") is None


def test_what_is_no_place_of_today_is_left_out() -> None:
    names = {
        each.name
        for state in ("MA", "MI", "OH", "PA", "TX")
        for each in GAZETTEER().of_state(state).places
    }
    assert not [name for name in names if "(historical)" in name or name.endswith("Township")]
    assert not [name for name in names if "Police" in name or "," in name]


def test_a_city_with_mail_in_several_counties_lies_in_the_state() -> None:
    aurora = GAZETTEER().get("us/co/city/aurora")
    assert aurora is not None
    assert aurora.parent_id == "us/co"


@pytest.mark.parametrize(
    "id",
    [
        "us/ga/city/atlanta",
        "us/il/city/aurora",
        "us/il/city/chicago",
        "us/mo/city/kansas-city",
        "us/oh/city/columbus",
        "us/ok/city/oklahoma-city",
        "us/or/city/portland",
        "us/tx/city/dallas",
        "us/tx/city/houston",
        "us/wi/city/milwaukee",
        # All mail around these is of one county, too.
        "us/az/city/peoria",
        "us/tx/city/midland",
    ],
)
def test_a_city_of_several_counties_lies_in_none(id: str) -> None:
    city = GAZETTEER().get(id)
    assert city is not None
    assert city.parent_id == "/".join(id.split("/")[:2])


def test_a_city_near_another_county_may_lie_in_both_and_is_said_to_lie_in_none() -> None:
    assert place_in("us/in/city/bloomington") == "us/in"
    mail = GAZETTEER().of_state("IN").mail_counties["us/in/city/bloomington"]
    assert mail == {"us/in/county/monroe"}


def test_where_no_city_is_of_two_counties_the_next_county_may_be_near() -> None:
    assert place_in("us/ca/city/berkeley") == "us/ca/county/alameda"
    assert place_in("us/nj/city/jersey-city") == "us/nj/county/hudson"


def place_in(id: str) -> str | None:
    found = GAZETTEER().get(id)
    assert found is not None
    return found.parent_id


def test_every_parent_is_known() -> None:
    gazetteer = GAZETTEER()
    for id in everything():
        jurisdiction = gazetteer.get(id)
        assert jurisdiction is not None
        chain = gazetteer.chain(jurisdiction)
        assert chain[0].kind == "state"
        assert chain[-1] == jurisdiction


@pytest.mark.parametrize("id", ["", "us", "us/", "us/zz", "us/ny/county", "de/ny", "us/ny/city/"])
def test_what_is_no_id_is_not_there(id: str) -> None:
    assert GAZETTEER().get(id) is None


def test_it_is_loaded_once() -> None:
    assert load_gazetteer() is load_gazetteer()
