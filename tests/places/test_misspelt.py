"""A misspelt name is taken for a place only within one state and one kind, and only for one."""

from __future__ import annotations

import pytest

from parsers.records.one_slip import one_slip
from places.gazetteer import load_gazetteer
from places.likeness import misspelling_of
from places.states import misspelt_state, state_code
from tests.places.test_names import match, meant


@pytest.mark.parametrize(
    ("printed", "level", "id"),
    [
        ("Cass County, lowa", None, "us/ia/county/cass"),
        ("Erie County, Pensylvania", None, "us/pa/county/erie"),
        ("Montgomry County, Iowa", None, "us/ia/county/montgomery"),
        ("Berrian County, Michigan", None, "us/mi/county/berrien"),
        ("Frankin", "county", None),
        ("Frankin, Alabama", "county", "us/al/county/franklin"),
        ("Berkley, California", "city", "us/ca/city/berkeley"),
        ("Indiatlantic, Florida", "city", "us/fl/city/indialantic"),
    ],
)
def test_misspelt(printed: str, level: str | None, id: str | None) -> None:
    found = match(printed, level=level)
    assert (found.jurisdiction.id if found.jurisdiction else None) == id
    if id:
        assert (found.method, found.misspelt) == ("misspelt", True)
        assert found.reason


def test_the_score_says_how_alike_the_names_are() -> None:
    score = match("Berkley, California", level="city").score
    assert score is not None
    assert 90 < score < 100


@pytest.mark.parametrize(
    "printed", ["Dallan County, Texas", "Lee County, New Mexico", "Harson County, Texas"]
)
def test_a_name_between_two_real_ones_is_neither(printed: str) -> None:
    assert match(printed).jurisdiction is None


def test_a_county_of_another_state_is_misspelt_in_none() -> None:
    found = match("Prince George's County, Virginia")
    assert found.jurisdiction is None
    assert found.candidates == ("us/va/county/prince-george",)


@pytest.mark.parametrize(
    "printed",
    ["Minnesota City, Minnesota", "Pine Village, Indiana", "Tower City, North Dakota"],
)
def test_a_postal_name_is_real_with_its_word_for_a_kind(printed: str) -> None:
    assert meant(printed, level="city") == (None, "unknown")


def test_what_may_be_another_place_of_its_name_is_not_meant_misspelt_either() -> None:
    assert match("Bloomfeild, New York", level="city").jurisdiction is None
    assert match("Bloomfeild, New Jersey", level="city").jurisdiction is not None


@pytest.mark.parametrize("printed", ["Elmwood, New York", "Edgewood, South Carolina"])
def test_what_people_write_for_a_postal_name_is_real_too(printed: str) -> None:
    assert match(printed, level="city").jurisdiction is None


def test_of_names_that_are_not_all_known_the_first_letter_is_no_slip() -> None:
    known = {"perryville"}
    assert misspelling_of("sperryville", known, complete=False) is None
    assert misspelling_of("sperryville", known, complete=True) is not None
    assert match("Crystal Rivr, Florida", level="city").jurisdiction is not None
    assert match("Rystal River, Florida", level="city").jurisdiction is None


def test_what_it_could_be_is_shown_to_the_person_who_decides() -> None:
    assert set(match("Dallan County, Texas").candidates) == {
        "us/tx/county/dallam",
        "us/tx/county/dallas",
    }


@pytest.mark.parametrize("county", ["Dallam", "Dallas", "Harris", "Harrison", "Lee", "Leon"])
def test_a_real_name_is_never_a_misspelling_of_another(county: str) -> None:
    assert meant(f"{county} County, Texas") == (f"us/tx/county/{county.lower()}", "county")


def test_a_state_that_could_be_either_of_two_is_neither() -> None:
    assert misspelt_state("Pensylvania") == "PA"
    assert misspelt_state("Rkansas") is None
    assert misspelt_state("Hidaho Falls") is None
    assert match("Franklin County, Rkansas").jurisdiction is None


def test_without_a_word_for_its_kind_a_misspelt_name_is_not_taken() -> None:
    assert match("Berkley, California").jurisdiction is None
    assert match("Berkley, California").candidates == ("us/ca/city/berkeley",)


def test_a_misspelling_never_crosses_states_or_kinds() -> None:
    # Berkley is a city of Michigan; Berkeley is a county of South Carolina and West Virginia.
    assert meant("Berkley, Michigan", level="city") == ("us/mi/city/berkley", "column")
    assert match("Berkley County, California").jurisdiction is None
    assert match("Ithaca County, New York").jurisdiction is None
    assert match("Berkley, Iowa", level="county").jurisdiction is None


@pytest.mark.parametrize(
    ("printed", "other"),
    [
        # Each is a hamlet that mail goes to, and another place is one slip, or a space, away.
        ("Calpine, California", "alpine"),
        ("Rush, Colorado", "brush"),
        ("San Antonio, New Mexico", "san antonito"),
        ("Miramonte, California", "mira monte"),
    ],
)
def test_where_mail_goes_to_a_name_it_is_a_place_though_the_data_lacks_it(
    printed: str, other: str
) -> None:
    name, state = printed.split(", ")
    places = load_gazetteer().of_state(str(state_code(state)))
    assert name.lower() in places.postal_names
    assert other in places.places_by_name
    assert match(printed, level="city").jurisdiction is None


@pytest.mark.parametrize(
    ("one", "other", "is_slip"),
    [
        ("berkley", "berkeley", True),
        ("hennepinn", "hennepin", True),
        ("hnenepin", "hennepin", True),
        ("dallam", "dallas", False),
        ("lea", "lee", False),
        ("erie", "eire", False),
        ("hennepin", "hennepin", False),
    ],
)
def test_a_slip_is_a_letter_too_many_too_few_or_two_swapped(
    one: str, other: str, is_slip: bool
) -> None:
    assert one_slip(one, other) is is_slip


def test_likeness_needs_a_clear_gap_to_the_next_name() -> None:
    assert misspelling_of("berrian", ["berrien", "wayne"], complete=True) is not None
    assert misspelling_of("berrian", ["berrien", "berrion"], complete=True) is None
    assert misspelling_of("dalas", ["dallas", "dallam"], complete=True) is None
    # A letter too few in the one, a letter replaced in the other: both are one step away.
    assert misspelling_of("pirce", ["price", "pierce"], complete=True) is None
    assert misspelling_of("e lpaso", ["el paso"], complete=True) is None
    # Of places not all are known: a replaced letter may be another place.
    assert misspelling_of("berrian", ["berrien", "wayne"], complete=False) is None
    assert misspelling_of("berrien", ["berrien", "berrine"], complete=True) is None
    assert misspelling_of("berrian", [], complete=True) is None
