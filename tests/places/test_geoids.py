"""Which county's GEOID took the place of which."""

from __future__ import annotations

from datetime import date

from places.gazetteer import load_gazetteer
from places.geoids import GEOID_CHANGES
from places.government import FORMER_NAMES

RELATIONS = {"renumbered", "split", "joined", "overlaps"}


def known() -> set[str]:
    gazetteer = load_gazetteer()
    return {
        each.geoid
        for state in gazetteer.states
        for each in gazetteer.of_state(state).by_id.values()
        if each.geoid
    }


def after(geoid: str) -> set[str]:
    return {each.geoid_after for each in GEOID_CHANGES if each.geoid_before == geoid}


def test_every_change_is_told_once_in_order_with_a_day_and_a_sentence() -> None:
    pairs = [(each.geoid_before, each.geoid_after) for each in GEOID_CHANGES]
    assert len(pairs) == len(set(pairs))
    days = [date.fromisoformat(each.since) for each in GEOID_CHANGES]
    assert days == sorted(days)
    assert {each.relation for each in GEOID_CHANGES} == RELATIONS
    assert all(each.note.endswith(".") for each in GEOID_CHANGES)
    assert all(len(geoid) == 5 and geoid.isdigit() for pair in pairs for geoid in pair)


def test_a_change_before_2020_leads_to_a_geoid_that_is_known() -> None:
    for each in GEOID_CHANGES:
        if each.since < "2020":
            assert each.geoid_after in known(), each
            assert each.relation == "overlaps" or each.geoid_before not in known(), each


def test_connecticuts_counties_overlap_nine_planning_regions() -> None:
    connecticut = [each for each in GEOID_CHANGES if each.geoid_before.startswith("09")]
    assert {each.geoid_before for each in connecticut} < known()
    assert {each.geoid_after for each in connecticut} == {f"091{ten}0" for ten in range(1, 10)}
    assert not {each.geoid_after for each in connecticut} & known()
    assert {each.relation for each in connecticut} == {"overlaps"}
    assert after("09001") == {"09120", "09140", "09190"}
    assert after("09007") == {"09130"}
    assert len(connecticut) == 19


def test_alaskas_valdez_cordova_was_split() -> None:
    assert after("02261") == {"02063", "02066"}


def test_a_county_by_its_former_name_is_one_that_was_renumbered() -> None:
    renumbered = {each.geoid_after for each in GEOID_CHANGES if each.relation == "renumbered"}
    assert set(FORMER_NAMES.values()) == renumbered
