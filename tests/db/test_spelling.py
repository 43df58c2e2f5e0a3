"""Two spellings of one name, told from two names that look alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.spelling import MOST_SHARING, respelt, two_spellings_of_one_name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kinbotte County, Zembla", "Kinbote County, Zembla"),  # a letter doubled
        ("Kinboet County, Zembla", "Kinbote County, Zembla"),  # two letters swapped
        ("Saint Hugo, Zembla", "St. Hugo, Zembla"),  # an abbreviation
        ("KINBOTE COUNTY, ZEMBLA", "Kinbote County, Zembla"),  # case
        ("Kinbote Sheriffs Office", "Kinbote Sheriff’s Office"),  # an apostrophe
        ("Onhava Police Departent", "Onhava Police Department"),  # a letter left out
        ("Bära, Zembla", "Bara, Zembla"),  # an accent
    ],
)
def test_slips_and_marks_are_spellings(one: str, other: str) -> None:
    assert two_spellings_of_one_name(one, other)
    assert two_spellings_of_one_name(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kinbote County, Zembla", "Kinbote County, Zembla"),  # nothing to rename
        ("Franklin County, Iowa", "Franklin County, Ohio"),  # another state
        ("Franklin, Iowa", "Franklin"),  # a state and none
        ("Kinbote County, Zembla", "Kinbote City, Zembla"),  # another kind
        ("Dallam County, Texas", "Dallas County, Texas"),  # a letter replaced
        ("Lyon County, Kansas", "Linn County, Kansas"),
        ("Lee, Zembla", "Leee, Zembla"),  # too short to tell
        ("Kinbotte Countyy, Zembla", "Kinbote County, Zembla"),  # two slips
        ("District 1, Zembla", "District 12, Zembla"),  # numbers are no slips
        ("Kinbote, Zembla", "Kinbote County, Zembla"),  # a word more
    ],
)
def test_other_names_are_not(one: str, other: str) -> None:
    assert not two_spellings_of_one_name(one, other)
    assert not two_spellings_of_one_name(other, one)


spelt = st.builds(
    "{} {}{}".format,
    st.sampled_from(["Kinbote", "Kinbotte", "Kinboet", "KINBOTE", "St.", "Saint", "Shade"]),
    st.sampled_from(["County", "Countyy", "Co.", "City"]),
    st.sampled_from(["", ", Zembla", ", Nova Zembla"]),
)


@given(st.lists(spelt, unique=True, max_size=8), st.lists(spelt, unique=True, max_size=8))
def test_names_are_found_as_if_each_were_compared_with_each(old: list[str], new: list[str]) -> None:
    def spellings(name: str, others: list[str]) -> list[str]:
        return [other for other in others if two_spellings_of_one_name(name, other)]

    expected = [
        (one, other)
        for one in old
        for other in new
        if spellings(one, new) == [other] and spellings(other, old) == [one]
    ]
    assert respelt(old, new) == expected


def test_a_name_in_a_series_of_names_one_letter_apart_has_no_slip() -> None:
    """Else each of a long series would be compared with each."""
    series = [f"Kinbo{chr(0x4E00 + number)}te, Zembla" for number in range(MOST_SHARING)]
    slip = ("Kinboate, Zembla", "Kinbote, Zembla")
    assert respelt(slip[:1], [slip[1], *series[:-1]]) == [slip]
    assert respelt(slip[:1], [slip[1], *series]) == []
