"""Which rule wants what: by source, kind, and the identity of a place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlite_utils import Database

from db.log import Wanted, logged
from db.sources import save_source
from sanctuary.notify.matching import look_up, unknown_names
from tests.db.history import load, new_database
from tests.db.policies import page, policy, section
from tests.sanctuary.notify.rules import watched
from tests.sanctuary.places import PLACES, load_lists, resolve_all
from tests.site.histories import law

COUNTY = "us/zz/county/kinbote"
LAW = law("Onhava")


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Two lists and agreements, and the law of a city of which two editions are held."""
    db = new_database(tmp_path_factory.mktemp("lists"))
    load_lists(db)
    save_source(db, LAW)
    for day, body in (("01", "One."), ("02", "Another.")):
        what = page(section(body=body), of=policy(jurisdiction=None))
        load(db, LAW, f"2025-06-{day}T10:00:00Z", what, address=LAW.address)
    resolve_all(db)
    yield db
    db.close()


def told(db: Database, **rule: Any) -> set[tuple[str, str, str]]:
    """Return source, kind and printed place of the changes that a rule asks for."""
    (wish,) = look_up(db, watched(rule))
    return {
        (change.source_id, change.kind, change.place or "")
        for change in logged(db, Wanted())
        if wish.wants(change)
    }


def test_a_rule_without_filters_wants_all(db: Database) -> None:
    assert len(told(db)) == len({(c.source_id, c.kind, c.place) for c in logged(db, Wanted())})


def test_a_place_is_matched_by_its_identity_in_every_list(db: Database) -> None:
    expected = {
        ("county-list", "removed", "Kinbote County, Zembla"),
        ("county-list", "returned", "Kinbote County, Zembla"),
        ("ministry-list", "removed", "Kinbote Conty"),
    }
    assert told(db, places=[COUNTY]) == expected
    assert told(db, places=["Kinbote County, Zembla"]) == expected
    # The city of that name is another place.
    assert told(db, places=["us/zz/city/kinbote"]) == set()


def test_a_name_that_nobody_resolved_is_found_as_it_is_printed(db: Database) -> None:
    (name,) = {c.place for c in logged(db, Wanted(kind="added")) if c.place} - set(PLACES)
    assert {place for _, _, place in told(db, places=[name])} == {name}


@pytest.mark.parametrize("state", ["ZZ", "zz"])
def test_a_state_has_all_that_lies_in_it(db: Database, state: str) -> None:
    found = told(db, states=[state], sources=["*-list"])
    assert {place for _, kind, place in found if kind == "removed"} == {
        "Kinbote County, Zembla",
        "Kinbote Conty",
    }
    assert told(db, states=["New York"]) == set()


def test_what_happens_to_a_whole_list_is_told_with_a_place_to_who_names_the_list(
    db: Database,
) -> None:
    taken_down = ("county-list", "withdrawn", "")
    assert taken_down in told(db)
    assert taken_down not in told(db, places=[COUNTY])
    assert taken_down in told(db, places=[COUNTY], sources=["county-*"])


def test_what_happens_to_a_policy_is_told_to_who_asks_for_its_place(db: Database) -> None:
    published = ("onhava-law", "published", "")
    assert published in told(db, places=["us/zz/city/onhava"])
    assert published in told(db, states=["ZZ"])
    assert published not in told(db, places=[COUNTY])


@pytest.mark.parametrize("policy", ["onhava-law", "us/zz/city/onhava", "Onhava, Zembla"])
def test_policies_are_named_by_id_or_by_whose_they_are(db: Database, policy: str) -> None:
    assert {source for source, *_ in told(db, policies=[policy])} == {"onhava-law"}
    both = told(db, policies=[policy], sources=["county-list"])
    assert {source for source, *_ in both} == {"onhava-law", "county-list"}


def test_kinds_and_sources_have_to_fit_both(db: Database) -> None:
    assert {kind for _, kind, _ in told(db, kinds=["removed", "withdrawn"])} == {
        "removed",
        "withdrawn",
    }
    assert told(db, kinds=["removed"], sources=["onhava-law"]) == set()


def test_names_that_mean_nothing_known_are_said(db: Database) -> None:
    rule = {
        "states": ["NY", "Zembla"],
        "places": [COUNTY, "us/zz/city/nowhere"],
        "policies": ["onhava-law", "us/zz/city/nowhere"],
    }
    assert list(unknown_names(db, watched(rule))) == [
        ("rule 1", "states", "Zembla"),
        ("rule 1", "places", "us/zz/city/nowhere"),
        ("rule 1", "policies", "us/zz/city/nowhere"),
    ]


def test_whether_a_rule_is_told_of_held_documents(db: Database) -> None:
    rules = watched(
        {}, {"held": True}, {"sources": ["county-*"]}, {"sources": ["county-*"], "held": False},
        {"policies": ["onhava-law"]},
    )  # fmt: skip
    for source, expected in (
        ("county-list", [False, True, True, False, False]),
        ("onhava-law", [False, True, False, False, True]),
    ):
        assert [wish.wants_held(source) for wish in look_up(db, rules)] == expected
