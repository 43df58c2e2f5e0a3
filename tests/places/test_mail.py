"""What mail knows of a name: another place of it, a place with its word, the counties it is in."""

from __future__ import annotations

import pytest

from tests.places.test_names import match, meant


@pytest.mark.parametrize(
    ("printed", "candidate"),
    [
        ("Beecher City, Illinois", "us/il/city/beecher"),
        ("Oak Grove Village, Missouri", "us/mo/city/oak-grove"),
        ("Fairmount City, Pennsylvania", "us/pa/city/fairmount"),
    ],
)
def test_a_postal_name_that_the_data_lacks_is_no_other_place_with_a_word(
    printed: str, candidate: str
) -> None:
    found = match(printed, level="city")
    assert (found.jurisdiction, found.method) == (None, "unknown")
    assert found.candidates == (candidate,)


@pytest.mark.parametrize(
    "printed",
    ["Village of Bloomfield, New York", "Sharon, Mississippi", "Lakewood, Illinois"],
)
def test_a_place_whose_mail_goes_elsewhere_may_be_another_of_its_name(printed: str) -> None:
    found = match(printed, level="city")
    assert (found.jurisdiction, found.method) == (None, "ambiguous")
    assert len(found.candidates) == 1


def test_a_part_of_a_city_is_no_borough_of_its_name_elsewhere() -> None:
    assert match("Borough of Bloomfield, Pennsylvania").jurisdiction is None


def test_the_county_printed_with_a_city_may_be_that_of_its_mail() -> None:
    assert meant("Bloomington, Monroe County, Indiana") == ("us/in/city/bloomington", "three_parts")
    assert meant("Bloomington, Greene County, Indiana") == (None, "contradiction")
    for county in ("Kane", "DuPage"):
        assert meant(f"Aurora, {county} County, Illinois") == ("us/il/city/aurora", "three_parts")
    assert meant("Aurora, Cook County, Illinois") == (None, "contradiction")


def test_the_name_of_a_city_may_be_another_in_the_data() -> None:
    assert meant("Suisun City, California", level="city") == ("us/ca/city/suisun", "city")
