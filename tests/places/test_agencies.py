"""Agencies, jails and systems: made as printed, where the place they are of is certain."""

from __future__ import annotations

import pytest

from parsers.records import NameMatch, PrintedName
from places.gazetteer import load_gazetteer
from places.names import resolve


def match(
    printed: str,
    state: str | None = "FLORIDA",
    kind: str | None = "County",
    county: str | None = None,
) -> NameMatch:
    return resolve(PrintedName(printed, state, None, county, kind), load_gazetteer())


def made(
    printed: str,
    state: str | None = "FLORIDA",
    kind: str | None = "County",
    county: str | None = None,
) -> tuple[str, str | None] | str:
    """Return the id of an agency and of what it is of, or by which rule there is none."""
    found = match(printed, state, kind, county)
    if found.jurisdiction is None:
        return found.method
    return found.jurisdiction.id, found.jurisdiction.parent_id


ALACHUA = ("us/fl/agency/alachua-county-sheriffs-office", "us/fl/county/alachua")


@pytest.mark.parametrize("county", ["Alachua County", "Alachua", None, "#N/A", "N/A"])
def test_an_agency_of_a_county(county: str | None) -> None:
    assert made("Alachua County Sheriff's Office", county=county) == ALACHUA


@pytest.mark.parametrize(
    "printed",
    [
        "Alachua County Sheriff’s Office",
        "Alachua County Sheriff's office",
        "Alachua County Sheriffs Office",
        "Alachua County Sheriff's Department",
        "Alachua County Sheriff",
        "Alachua County Sheriff's Offic",
    ],
)
def test_spellings_of_one_agency_come_to_one_id(printed: str) -> None:
    assert made(printed) == ALACHUA


def test_an_agency_is_made_as_printed_and_lies_in_its_county() -> None:
    agency = match("Alachua County Sheriff's Office").jurisdiction
    assert agency is not None
    assert (agency.kind, agency.name) == ("agency", "Alachua County Sheriff's Office")
    assert (agency.geoid, agency.latitude, agency.authority) == (None, None, "printed")
    chain = [each.id for each in load_gazetteer().chain(agency)]
    assert chain == ["us/fl", "us/fl/county/alachua", agency.id]


@pytest.mark.parametrize(
    ("printed", "state", "county"),
    [
        # The list of 2025 had these; which of the two is right cannot be told.
        ("Bradford County Sheriff's Office", "PENNSYLVANIA", "Bedford County"),
        ("Albemarle District Jail", "NORTH CAROLINA", "Albemarle County"),
        ("Hopewell County Sheriff's Office", "VIRGINIA", "Hopewell County"),
        ("Okeechobee Police Department", "FLORIDA", None),
    ],
)
def test_a_column_that_contradicts_the_name_leaves_it_unresolved(
    printed: str, state: str, county: str | None
) -> None:
    assert made(printed, state, "County", county) == "contradiction"


@pytest.mark.parametrize(
    ("printed", "state", "county", "place"),
    [
        ("Franklin County Sheriff's Office", "AlABAMA", "Frankin County", "us/al/county/franklin"),
        ("Berrian County Sheriff's Offic", "MICHIGAN", "Berrian County", "us/mi/county/berrien"),
        ("Lafourche County Sheriff's Office", "LOUISIANA", "Lafourche", "us/la/county/lafourche"),
        ("Miami Dade Sheriff's Office", "FLORIDA", "Miami-Dade County", "us/fl/county/miami-dade"),
        ("Sarasota Sheriff's Office", "FLORIDA", "Sarasota County", "us/fl/county/sarasota"),
        ("Jacksonville Sheriff's Office", "FLORIDA", "Duval County", "us/fl/county/duval"),
        (
            "Las Vegas Metropolitan Police Department",
            "NEVADA",
            "Clark County",
            "us/nv/county/clark",
        ),
        ("Gulf County Board of County Commissioners", "FLORIDA", None, "us/fl/county/gulf"),
        ("Richmond City Sheriff's Office", "VIRGINIA", "Richmond City", "us/va/city/richmond"),
    ],
)
def test_a_countys_agency_by_other_names(
    printed: str, state: str, county: str | None, place: str
) -> None:
    found = match(printed, state, "County", county).jurisdiction
    assert found is not None
    assert found.parent_id == place


@pytest.mark.parametrize(
    ("printed", "id", "place"),
    [
        ("Melbourne Police Department", "melbourne-police-department", "melbourne"),
        ("City of Melbourne Police Department", "melbourne-police-department", "melbourne"),
        ("Ft. Myers Police Department", "fort-myers-police-department", "fort-myers"),
        ("Town of Palm Beach Police Department", "palm-beach-police-department", "palm-beach"),
        (
            "Jupiter Island Department of Public Safety",
            "jupiter-island-department-of-public-safety",
            "jupiter-island",
        ),
        ("Alachua Police Departent", "alachua-police-department", "alachua"),
    ],
)
def test_an_agency_of_a_city(printed: str, id: str, place: str) -> None:
    assert made(printed, kind="Municipality") == (f"us/fl/agency/{id}", f"us/fl/city/{place}")


def test_a_citys_agency_is_not_its_countys_where_both_have_one_name() -> None:
    printed, county = "Sarasota Police Department", "Sarasota County"
    city = ("us/fl/agency/sarasota-police-department", "us/fl/city/sarasota")
    assert made(printed, kind="Municipality", county=county) == city


def test_a_slip_in_what_the_agency_is_called_is_a_misspelling() -> None:
    assert match("Alachua Police Departent", kind="Municipality").misspelt
    assert not match("Alachua Police Department", kind="Municipality").misspelt


def test_the_list_says_of_a_small_place_that_it_is_a_municipality() -> None:
    carroll = made("Carroll Police Department", "NEW HAMPSHIRE", "Municipality")
    assert carroll == ("us/nh/agency/carroll-police-department", "us/nh/city/carroll")


@pytest.mark.parametrize(
    ("printed", "state", "method"),
    [
        ("Derry Township Constable's Office", "PENNSYLVANIA", "no_county"),
        ("Melbourne International Airport Police Department", "FLORIDA", "agency"),
        ("Northwest Regional Police Department", "PENNSYLVANIA", "agency"),
        ("Burbank Police Department", "CALIFORNIA", "ambiguous"),
        ("Onhava Police Department", "FLORIDA", "agency"),
        # A city's, though it begins with the name of the state.
        ("Washington Police Department", "WASHINGTON", "agency"),
    ],
)
def test_an_agency_whose_place_is_not_certain_stays_unresolved(
    printed: str, state: str, method: str
) -> None:
    assert made(printed, state, "Municipality") == method


def test_townships_of_one_name_are_told_apart_by_the_county() -> None:
    derry = made("Derry Township Constable", "PENNSYLVANIA", "Municipality", "Dauphin County")
    assert derry == (
        "us/pa/agency/dauphin/derry-township-constable",
        "us/pa/town/dauphin/derry",
    )


@pytest.mark.parametrize(
    ("printed", "state", "id"),
    [
        ("Rhode Island Department of Corrections", None, "us/ri/system/{}"),
        ("Rhode Island Department of Corrections", "RHODE ISLAND", "us/ri/system/{}"),
        ("Colorado County Jails, Colorado", None, "us/co/system/county-jails"),
        ("all county jails", "New Mexico", "us/nm/system/county-jails"),
        ("Texas National Guard", "TEXAS", "us/tx/agency/texas-national-guard"),
        (
            "University of Florida Police Department",
            "FLORIDA",
            "us/fl/agency/university-of-florida-police-department",
        ),
    ],
)
def test_a_body_of_a_state(printed: str, state: str | None, id: str) -> None:
    kind = "State Agency" if "Guard" in printed else None
    found = made(printed, state, kind)
    assert found == (id.format("rhode-island-department-of-corrections"), id[:5])


def test_system() -> None:
    assert match("Florida Department of Corrections", kind="State Agency").method == "system"
    assert match("Colorado County Jails, Colorado", None, None).method == "system"


@pytest.mark.parametrize(
    "printed",
    [
        # Counties and cities of other states begin with the name of a state, too.
        "Iowa County Sheriff's Office",
        "Kansas City Police Department",
        "Washington Police Department",
        "Delaware County Jail",
        "Travis County Sheriff's Office",
    ],
)
def test_without_a_state_a_name_that_begins_with_one_is_not_taken_for_it(printed: str) -> None:
    assert made(printed, None, None) == "no_state"


def test_a_states_agency_with_a_countys_name_contradicts_itself() -> None:
    assert made("Gulf County Sheriff's Office", kind="State Agency") == "contradiction"


def test_a_jail_is_a_jail() -> None:
    found = match("Bullitt County Detention Center", "KENTUCKY").jurisdiction
    assert found is not None
    assert found.id == "us/ky/jail/bullitt-county-detention-center"


def test_an_agency_is_known_by_its_words_where_no_list_says_so() -> None:
    found = match("Travis County Sheriff's Office, Texas", None, None).jurisdiction
    assert found is not None
    assert found.parent_id == "us/tx/county/travis"
