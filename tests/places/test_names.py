"""Each rule for printed names by itself, with what it must not do."""

from __future__ import annotations

import pytest

from parsers.records import NameMatch, PrintedName
from places.gazetteer import load_gazetteer
from places.names import resolve


def match(
    printed: str, state: str | None = None, level: str | None = None, county: str | None = None
) -> NameMatch:
    return resolve(PrintedName(printed, state, level, county), load_gazetteer())


def meant(
    printed: str, state: str | None = None, level: str | None = None, county: str | None = None
) -> tuple[str | None, str]:
    found = match(printed, state, level, county)
    return (found.jurisdiction.id if found.jurisdiction else None, found.method)


@pytest.mark.parametrize(
    ("printed", "state", "level", "id"),
    [
        ("New York", None, None, "us/ny"),
        ("New York", None, "state", "us/ny"),
        ("New York", "NEW YORK", "state", "us/ny"),
        ("Washington", None, "state", "us/wa"),
        ("State of Nevada", None, None, "us/nv"),
        ("Puerto Rico", None, None, "us/pr"),
        ("District of Columbia", None, "state", "us/dc"),
        ("Washington, DC", None, "city", "us/dc"),
        ("Washington, D.C.", "DC", "state", "us/dc"),
        ("Washington", "DC", "city", "us/dc"),
    ],
)
def test_state(printed: str, state: str | None, level: str | None, id: str) -> None:
    assert meant(printed, state, level) == (id, "state")


def test_a_states_name_under_another_heading_is_no_state() -> None:
    assert meant("New York", "NY", "county") == ("us/ny/county/new-york", "column")
    assert meant("New York", "NY", "city") == ("us/ny/city/new-york-city", "column")
    assert meant("New York", None, "county") == (None, "no_state")
    assert match("New York", "NY").candidates == (
        "us/ny",
        "us/ny/city/new-york-city",
        "us/ny/county/new-york",
    )


def test_self_identification() -> None:
    line = "Self-identification as a State Sanctuary Jurisdiction"
    assert meant(line, "MARYLAND", "state") == ("us/md", "self_identification")
    assert meant(line, None, "state") == (None, "no_state")


@pytest.mark.parametrize(
    ("printed", "id"),
    [
        ("Nassau County, New York", "us/ny/county/nassau"),
        ("Nassau County, NY", "us/ny/county/nassau"),
        ("Nassau County, N.Y.", "us/ny/county/nassau"),
        ("Nassau County NY", "us/ny/county/nassau"),
        ("NASSAU COUNTY, NEW YORK", "us/ny/county/nassau"),
        ("Cook Co., Ill.", "us/il/county/cook"),
        ("County of Los Angeles, California", "us/ca/county/los-angeles"),
        ("Orleans Parish, Louisiana", "us/la/county/orleans"),
        ("Kenai Peninsula Borough, Alaska", "us/ak/county/kenai-peninsula"),
        ("City and Borough of Juneau, Alaska", "us/ak/county/juneau"),
        ("Municipality of Anchorage, Alaska", "us/ak/county/anchorage"),
        ("San Juan Municipio, Puerto Rico", "us/pr/county/san-juan"),
        ("Dona Ana County, New Mexico", "us/nm/county/dona-ana"),
        ("Prince George's County, Maryland", "us/md/county/prince-georges"),
        ("Prince George’s County, Maryland", "us/md/county/prince-georges"),
        ("Prince Georges County, Maryland", "us/md/county/prince-georges"),
        ("De Kalb County, Georgia", "us/ga/county/dekalb"),
        ("Saint Lawrence County, New York", "us/ny/county/st-lawrence"),
        ("Miami-Dade County, Florida", "us/fl/county/miami-dade"),
        ("Franklin County, Washington 99301", "us/wa/county/franklin"),
        ("San Miguel (County), New Mexico", "us/nm/county/san-miguel"),
        ("Iowa County, Iowa", "us/ia/county/iowa"),
        ("Charles City County, Virginia", "us/va/county/charles-city"),
        ("Denver County, Colorado", "us/co/county/denver"),
        ("San Francisco County, CA", "us/ca/county/san-francisco"),
        ("Lafourche County, Louisiana", "us/la/county/lafourche"),
    ],
)
def test_county(printed: str, id: str) -> None:
    assert meant(printed) == (id, "county")


@pytest.mark.parametrize("state", ["Iowa", "New York", "Pennsylvania", "Washington"])
def test_franklin_county_is_that_of_its_own_state_or_none(state: str) -> None:
    found = match(f"Franklin County, {state}")
    assert found.jurisdiction is not None
    assert found.jurisdiction.parent_id == found.jurisdiction.id.rpartition("/county/")[0]
    assert load_gazetteer().states[found.jurisdiction.state].name == state


def test_a_county_without_a_state_stays_unresolved() -> None:
    assert meant("Franklin County") == (None, "no_state")
    assert "us/ia/county/franklin" not in match("Montgomery County").candidates
    assert meant("Franklin County, Freedonia") == (None, "no_state")
    assert match("Tompkins County").candidates == ("us/ny/county/tompkins",)
    assert match("City of Kirkland").candidates == match("Kirkland").candidates != ()


def test_a_parish_is_no_borough() -> None:
    assert meant("Orleans Borough, Louisiana") == (None, "unknown")
    assert meant("Cook Parish, Illinois") == (None, "unknown")


@pytest.mark.parametrize(
    ("printed", "state", "id"),
    [
        ("Clark, Nevada", None, "us/nv/county/clark"),
        ("DeKalb", "GA", "us/ga/county/dekalb"),
        ("Oglala Lakota", "SD", "us/sd/county/oglala-lakota"),
        ("James City", "VA", "us/va/county/james-city"),
        ("San Diego, California", None, "us/ca/county/san-diego"),
    ],
)
def test_column_that_names_counties(printed: str, state: str | None, id: str) -> None:
    assert meant(printed, state, "county") == (id, "column")


@pytest.mark.parametrize(
    ("printed", "state", "id"),
    [
        ("Seattle", "WA", "us/wa/city/seattle"),
        ("St. Joseph", "IL", "us/il/city/saint-joseph"),
        ("Athens", "GA", "us/ga/city/athens"),
        ("San Diego, California", None, "us/ca/city/san-diego"),
        ("Taos, New Mexico", None, "us/nm/city/taos"),
        ("East Haven. Connecticut", None, "us/ct/city/east-haven"),
        ("Lincoln, Nebraska", None, "us/ne/city/lincoln"),
    ],
)
def test_column_that_names_cities(printed: str, state: str | None, id: str) -> None:
    assert meant(printed, state, "city") == (id, "column")


def test_a_names_own_word_goes_before_the_column() -> None:
    assert meant("New York City, New York", level="county") == ("us/ny/city/new-york-city", "city")
    assert meant("Lehigh County, Pennsylvania", level="city") == ("us/pa/county/lehigh", "county")


def test_a_small_place_outside_the_county_of_its_name_is_not_taken_for_a_city() -> None:
    found = match("San Miguel, New Mexico", level="city")
    assert (found.jurisdiction, found.method) == (None, "ambiguous")
    assert found.candidates == ("us/nm/city/san-miguel", "us/nm/county/san-miguel")


@pytest.mark.parametrize(
    ("printed", "id"),
    [
        ("Ithaca, New York", "us/ny/city/ithaca"),
        ("Ithaca, New York (Buffalo)", "us/ny/city/ithaca"),
        ("New York City, New York", "us/ny/city/new-york-city"),
        ("New York City, NY", "us/ny/city/new-york-city"),
        ("Jersey City, NJ", "us/nj/city/jersey-city"),
        ("Kent City, Washington", "us/wa/city/kent"),
        ("San Francisco City, CA", "us/ca/city/san-francisco"),
        ("The City of Minneapolis, Minnesota", "us/mn/city/minneapolis"),
        ("The City of St. Paul, Minnesota", "us/mn/city/saint-paul"),
        ("City of Anchorage, Alaska", "us/ak/city/anchorage"),
        ("City and County of San Francisco, California", "us/ca/city/san-francisco"),
        ("Mt. Vernon, New York", "us/ny/city/mount-vernon"),
        ("Ft. Myers, Florida", "us/fl/city/fort-myers"),
        ("Sault Ste. Marie, Michigan", "us/mi/city/sault-ste-marie"),
        ("Village of Tequesta, Florida", "us/fl/city/tequesta"),
        ("New Orleans, Louisiana", "us/la/city/new-orleans"),
        ("Manheim Borough, Pennsylvania", "us/pa/city/manheim"),
        ("Hartford, Connecticut", "us/ct/city/hartford"),
        ("Providence, Rhode Island", "us/ri/city/providence"),
    ],
)
def test_city(printed: str, id: str) -> None:
    assert meant(printed) == (id, "city")


@pytest.mark.parametrize(
    "printed",
    ["San Diego, California", "Baltimore, Maryland", "Richmond, Virginia", "New York, New York"],
)
def test_a_city_and_a_county_of_one_name_are_ambiguous(printed: str) -> None:
    found = match(printed)
    assert (found.jurisdiction, found.method) == (None, "ambiguous")
    assert {id.split("/")[2] for id in found.candidates} == {"city", "county"}


def test_a_county_alone_is_not_taken_without_a_word_that_says_so() -> None:
    found = match("Clark, Nevada")
    assert (found.jurisdiction, found.method) == (None, "ambiguous")
    assert found.candidates == ("us/nv/county/clark",)


def test_of_two_places_of_one_name_neither_is_taken() -> None:
    for level in (None, "city"):
        found = match("Burbank, California", level=level)
        assert (found.jurisdiction, found.method) == (None, "ambiguous")
        assert len(found.candidates) == 2
    told_apart = meant("Burbank, California", county="Los Angeles County")
    assert told_apart == ("us/ca/city/los-angeles/burbank", "city")


@pytest.mark.parametrize(
    ("printed", "state", "level", "id"),
    [
        ("Baltimore City", "MD", "city", "us/md/city/baltimore"),
        ("Baltimore City, Maryland", None, None, "us/md/city/baltimore"),
        ("City of Richmond, Virginia", None, None, "us/va/city/richmond"),
        ("Richmond, Virginia", None, "city", "us/va/city/richmond"),
        ("Fairfax City, Virginia", None, None, "us/va/city/fairfax"),
        ("St. Louis City, Missouri", None, None, "us/mo/city/st-louis"),
        ("Carson City, Nevada", None, "county", "us/nv/city/carson-city"),
        ("Alexandria", "VA", "county", "us/va/city/alexandria"),
    ],
)
def test_independent_city(printed: str, state: str | None, level: str | None, id: str) -> None:
    assert meant(printed, state, level) == (id, "independent_city")


def test_beside_an_independent_city_the_county_keeps_its_name() -> None:
    assert meant("Baltimore County, MD") == ("us/md/county/baltimore", "county")
    assert meant("Richmond County, Virginia") == ("us/va/county/richmond", "county")
    # Both count as counties, so a heading "County" does not tell them apart.
    assert meant("Richmond", "VA", "county") == (None, "ambiguous")


@pytest.mark.parametrize(
    ("printed", "level", "id"),
    [
        ("Philadelphia, Pennsylvania", None, "us/pa/city/philadelphia"),
        ("Denver, Colorado", None, "us/co/city/denver"),
        ("Athens-Clarke, Georgia", "county", "us/ga/county/clarke"),
        ("Athens-Clarke County, Georgia", None, "us/ga/county/clarke"),
        ("Athens-Clarke, Georgia", "city", "us/ga/city/athens"),
        ("Nashville-Davidson, Tennessee", None, "us/tn/county/davidson"),
    ],
)
def test_consolidated(printed: str, level: str | None, id: str) -> None:
    assert meant(printed, level=level) == (id, "consolidated")


@pytest.mark.parametrize(
    ("printed", "id"),
    [
        ("Iowa City, Johnson County, Iowa", "us/ia/city/iowa-city"),
        ("Iowa City, Johnson County, Iowa (Saint Paul)", "us/ia/city/iowa-city"),
        ("Queens County, New York City, New York", "us/ny/county/queens"),
        ("Burbank, Los Angeles County, California", "us/ca/city/los-angeles/burbank"),
        ("Edmonston, Prince George's County, Maryland", "us/md/city/edmonston"),
    ],
)
def test_three_parts(printed: str, id: str) -> None:
    assert meant(printed) == (id, "three_parts")


@pytest.mark.parametrize(
    ("printed", "method"),
    [
        ("Iowa City, Linn County, Iowa", "contradiction"),
        # Of Edmonston the data does not say the county, but where it is.
        ("Edmonston, Garrett County, Maryland", "contradiction"),
        ("Erie County, New York City, New York", "contradiction"),
        ("Iowa City, Nowhere County, Iowa", "unknown"),
        ("Franklin County, New York, Pennsylvania", "unknown"),
        ("Brooklyn, New York City, New York", "unknown"),
        ("Queens, New York City, New York", "unknown"),
        ("Ithaca County, Tompkins County, New York", "unknown"),
        ("One, Two, Three, Iowa", "unknown"),
    ],
)
def test_three_parts_that_do_not_fit_stay_unresolved(printed: str, method: str) -> None:
    assert meant(printed) == (None, method)


@pytest.mark.parametrize(
    ("printed", "id"),
    [
        ("Manheim Township, Lancaster County, Pennsylvania", "us/pa/town/lancaster/manheim"),
        ("Town of Brighton, Monroe County, New York", "us/ny/town/monroe/brighton"),
    ],
)
def test_town(printed: str, id: str) -> None:
    assert meant(printed) == (id, "town")
    found = match(printed).jurisdiction
    assert found is not None
    assert found.authority == "printed"
    assert load_gazetteer().chain(found)[1].kind == "county"


def test_a_township_without_its_county_stays_unresolved() -> None:
    assert meant("Manheim Township, Pennsylvania") == (None, "no_county")
    assert meant("Town of Brighton, New York") == (None, "no_county")
    assert match("Town of New Paltz, New York").candidates == ("us/ny/city/new-paltz",)


def test_a_town_that_is_a_municipality_is_the_place() -> None:
    assert meant("Town of Amherst, Massachusetts") == ("us/ma/city/amherst", "city")
    assert meant("Town of Taos, New Mexico") == ("us/nm/city/taos", "city")


def test_former_name() -> None:
    assert meant("Dade County, Florida") == ("us/fl/county/miami-dade", "former_name")
    assert meant("Shannon County, South Dakota") == ("us/sd/county/oglala-lakota", "former_name")


def test_municipio() -> None:
    assert meant("San Juan, Puerto Rico") == ("us/pr/county/san-juan", "municipio")


def test_tribe_and_region_are_made_as_printed() -> None:
    assert meant("Navajo Nation, Arizona") == ("us/az/tribe/navajo-nation", "tribe")
    region = "Capitol Planning Region, Connecticut"
    assert meant(region) == ("us/ct/region/capitol-planning-region", "region")


def test_contradiction() -> None:
    assert meant("Franklin County, Ohio", "IOWA") == (None, "contradiction")
    assert meant("Bergen County", "NJ", county="Essex County") == (None, "contradiction")
    assert meant("Burbank, California", county="Alameda County") == (None, "contradiction")


@pytest.mark.parametrize(
    "printed",
    ["(California jurisdictions)", "California (jurisdictions not seen)", "Brooklyn, New York"],
)
def test_unknown(printed: str) -> None:
    assert meant(printed) == (None, "unknown")


@pytest.mark.parametrize("printed", ["", " , ", ",,,", "()", "x" * 5_000, "\x00", "’, NY", ". ."])
def test_what_is_no_name_resolves_to_nothing(printed: str) -> None:
    assert match(printed).jurisdiction is None


def test_a_whole_page_is_no_name_and_takes_no_time() -> None:
    for asked in (
        match("x" * 1_000_000),
        match("Ithaca", "New York" * 100_000),
        match("Ithaca, New York", county="y" * 1_000_000),
    ):
        assert (asked.jurisdiction, asked.method) == (None, "unknown")
        assert "300 characters" in asked.reason


def test_every_answer_explains_itself_and_exact_ones_score_100() -> None:
    found = match("Nassau County, New York")
    assert (found.score, found.misspelt) == (100.0, False)
    assert found.reason == "New York has one Nassau County."
    assert match("Dallan County, Texas").score is None


def test_a_county_in_the_name_and_another_beside_it_contradict() -> None:
    printed = "Iowa City, Johnson County, Iowa"
    assert meant(printed, county="Johnson County")[0] == "us/ia/city/iowa-city"
    assert meant(printed, county="Linn County") == (None, "contradiction")


def test_under_states_the_name_of_a_city_is_none() -> None:
    assert meant("Ithaca, New York", level="state") == (None, "unknown")


@pytest.mark.parametrize("level", [None, "state", "county", "city"])
def test_a_state_behind_a_comma_is_no_name_for_what_is_away(level: str | None) -> None:
    match = resolve(PrintedName(", Iowa", "NY", level), load_gazetteer())
    assert (match.jurisdiction, match.candidates) == (None, ())
