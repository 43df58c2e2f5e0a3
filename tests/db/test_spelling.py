"""Two spellings of one name, told from two names that look alike."""

from __future__ import annotations

import pytest

from db.spelling import two_spellings_of_one_name


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
