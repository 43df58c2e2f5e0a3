"""Which places the lists name as they were last stated."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlite_utils import Database

from db.listed import NamedInState, StatedList, named_by_state, stated_lists
from tests.sanctuary.places import AGREEMENTS, FIRST, OTHER, life_of_county


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Database:
    return life_of_county(Path(tmp_path_factory.mktemp("listed")))


@pytest.fixture(scope="module")
def by_id(db: Database) -> dict[str, StatedList]:
    return {each.source_id: each for each in stated_lists(db)}


def test_a_list_names_the_places_of_its_newest_edition_alone(
    by_id: dict[str, StatedList],
) -> None:
    # The county, misspelt, stood on the edition before it.
    assert (by_id[OTHER.id].rows, by_id[OTHER.id].places) == (4, 3)


def test_a_state_that_is_named_itself_is_no_place_in_it(
    db: Database, by_id: dict[str, StatedList]
) -> None:
    assert named_by_state(db, [by_id[OTHER.id]]) == [NamedInState("ZZ", 2, itself=True)]


def test_a_place_on_two_lists_counts_once(db: Database, by_id: dict[str, StatedList]) -> None:
    both = [by_id[FIRST.id], by_id[OTHER.id]]
    assert named_by_state(db, both) == [NamedInState("ZZ", 3, itself=True)]


def test_a_name_that_is_not_resolved_counts_apart_and_names_no_place(
    by_id: dict[str, StatedList],
) -> None:
    assert (by_id[FIRST.id].places, by_id[FIRST.id].unresolved) == (2, 1)


def test_a_list_that_was_taken_down_does_not_stand_and_says_when_it_was_last_stated(
    by_id: dict[str, StatedList],
) -> None:
    gone = by_id[FIRST.id]
    assert (gone.stands, gone.last_stated) == (False, "2025-06-03T10:00:00Z")
    assert by_id[OTHER.id].stands


def test_agreements_name_the_agencies_that_made_them(
    db: Database, by_id: dict[str, StatedList]
) -> None:
    stated = by_id[AGREEMENTS.id]
    assert (stated.table, stated.rows, stated.places) == ("agreements", 2, 2)
    assert named_by_state(db, [stated]) == [NamedInState("ZZ", 2, itself=False)]
