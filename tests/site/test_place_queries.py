"""The queries over several lists: each place by what its printed name is taken for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from db.sources import save_source
from tests.db.history import listing, load, new_database
from tests.sanctuary.places import AGREEMENTS, FIRST, OTHER, life_of_county, resolve_all, rows
from tests.site.serving import Site, served
from tests.site.test_metadata import answer

ALWAYS = 100 * 365 * 24 * 3600
"""Seconds for which a capture holds, so that what a list says today does not depend on the day."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("across")
    life_of_county(folder).close()
    with served(folder / "tracker.db") as site:
        yield site


def test_of_a_list_that_was_taken_down_no_place_is_said_to_be_off(site: Site) -> None:
    found = answer(site, "on_one_list_not_on_another", list=OTHER.id, other=FIRST.id)
    assert {row["jurisdiction_id"]: row["state_there"] for row in found} == {
        "us/zz": "withdrawn",
        "us/zz/city/kinbote": "withdrawn",
        "us/zz/city/onhava": "withdrawn",
    }
    assert answer(site, "on_one_list_not_on_another", list=FIRST.id) == [], "it does not stand"


@pytest.mark.parametrize(
    ("other", "state"),
    [
        ({"max_gap_seconds": ALWAYS}, "not listed"),
        ({"max_gap_seconds": 1}, "not observed"),
        ({"max_gap_seconds": ALWAYS, "partial": True}, "not observed"),
        ({"lifecycle": "ended"}, "ended"),
        ({"ended_on": "2025-07-01"}, "ended"),
    ],
)
def test_two_lists_compared_say_what_the_other_says(
    tmp_path: Path, other: dict[str, object], state: str
) -> None:
    db = new_database(tmp_path)
    for source in (FIRST, replace(OTHER, **other)):  # type: ignore[arg-type]
        save_source(db, source)
    both, one = listing("Onhava, Zembla"), listing("Kinbote, Zembla", position=2)
    load(db, FIRST, "2025-06-01T10:00:00Z", rows(both, one))
    elsewhere = listing("Nowhere, Zembla", position=2)
    load(db, OTHER, "2025-06-01T10:00:00Z", rows(both, elsewhere))
    resolve_all(db)
    db.close()
    with served(tmp_path / "tracker.db") as site:
        found = answer(site, "on_one_list_not_on_another", list=FIRST.id)
        there = {row["jurisdiction_id"]: row["state_there"] for row in found}
        assert there["us/zz/county/kinbote"] == state
        assert {row["not_resolved_there"] for row in found} == {1}
        assert "removed" not in str(found)
        series_ended = other.get("lifecycle") == "ended"
        assert ("us/zz/city/onhava" in there) is series_ended, "it stands on both"


def test_a_place_is_listed_while_an_agency_of_its_own_has_an_agreement(site: Site) -> None:
    found = answer(site, "listed_with_an_agreement", list=OTHER.id)
    assert [(row["jurisdiction_id"], row["agency"], row["status"]) for row in found] == [
        ("us/zz/city/onhava", "Onhava Police", "participating")
    ], "neither the county's sheriff, nor the state that is listed"
    assert (found[0]["list"], found[0]["agreements_list"]) == (OTHER.title, AGREEMENTS.title)
    assert answer(site, "listed_with_an_agreement", list=FIRST.id) == []


def test_each_list_says_when_it_was_first_and_last_seen_with_the_place(site: Site) -> None:
    found = answer(site, "first_and_last_seen", place="us/zz/county/kinbote")
    seen = [
        (row["list"], row["printed"], row["first_seen"][:10], row["last_seen"][:10])
        for row in found
    ]
    assert seen == [
        (FIRST.title, "Kinbote County, Zembla", "2025-06-01", "2025-06-03"),
        (OTHER.title, "Kinbote Conty", "2025-06-02", "2025-06-02"),
    ]
    assert [row["in_newest_edition"] for row in found] == [1, 0]
    assert [row["list_stands"] for row in found] == [0, 1]
    assert [row["editions"] for row in found] == [2, 1]


def test_a_name_that_is_not_resolved_stands_for_itself(site: Site) -> None:
    (row,) = answer(site, "first_and_last_seen", place="nowhere")
    assert (row["place"], row["jurisdiction_id"]) == ("Nowhere, Zembla", None)


def test_a_place_that_came_back_was_gone_and_back_between_captures(site: Site) -> None:
    (row,) = answer(site, "places_that_came_back")
    assert row["jurisdiction_id"] == "us/zz/county/kinbote"
    assert row["gone"] == "between 2025-06-01 10:00 and 2025-06-02 10:00 UTC"
    assert row["back"] == "between 2025-06-02 10:00 and 2025-06-03 10:00 UTC"
    assert answer(site, "places_that_came_back", list=OTHER.id) == []
    assert answer(site, "places_that_came_back", place="us/zz/city/kinbote") == []
