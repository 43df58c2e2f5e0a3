"""Rows are paired by identity, in tiers, before they are compared."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.diff import RowChange, diff, plain_content
from parsers.records import Record
from tests.db.history import agreement, listing

SHERIFF = "Kinbote Sheriff’s Office Policy on Cooperation with the Zembla Ministry"


def kinds(changes: list[RowChange]) -> list[str]:
    return [change.kind for change in changes]


def test_equal_lists_differ_in_nothing_whatever_their_order_and_place() -> None:
    before = [listing("A, Zembla"), listing("B, Zembla", position=2)]
    after = [listing("B, Zembla", position=7), listing("A, Zembla", position=9)]
    assert diff(before, after) == []


def test_a_row_with_the_same_place_date_and_policy_is_changed() -> None:
    change, *rest = diff([listing(criteria=("No.",))], [listing(criteria=("Yes.",))])
    assert not rest
    assert change.kind == "changed"
    assert [(f.field, f.before, f.after) for f in change.fields] == [
        ("criteria", ["No."], ["Yes."])
    ]


def test_a_row_with_the_same_place_and_a_similar_policy_is_changed() -> None:
    (change,) = diff([listing(policy=SHERIFF)], [listing(policy=f"{SHERIFF}, revised")])
    assert change.kind == "changed"
    assert [f.field for f in change.fields] == ["policy"]


def test_a_row_with_the_same_place_and_another_policy_is_removed_and_added() -> None:
    changes = diff([listing(policy=SHERIFF)], [listing(policy="Resolution 12")])
    assert kinds(changes) == ["added", "removed"]


def test_the_most_similar_policy_is_paired_first() -> None:
    before = [listing(policy=f"{SHERIFF} No. 1"), listing(policy=f"{SHERIFF} No. 2", position=2)]
    after = [listing(policy=f"{SHERIFF} No. 2a"), listing(policy=f"{SHERIFF} No. 1a", position=2)]
    pairs = {(c.before.policy, c.after.policy) for c in diff(before, after)}  # type: ignore[union-attr]
    assert pairs == {
        (f"{SHERIFF} No. 1", f"{SHERIFF} No. 1a"),
        (f"{SHERIFF} No. 2", f"{SHERIFF} No. 2a"),
    }


def test_a_name_spelt_anew_is_a_rename() -> None:
    (change,) = diff([listing("Kinbotte, Zembla")], [listing("Kinbote, Zembla")])
    assert change.kind == "renamed"
    assert [f.field for f in change.fields] == ["jurisdiction"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Kinbote County, Zembla", "Kinbote County, Nova Zembla"),  # another state
        ("Kinbote County, Zembla", "Kinbote City, Zembla"),  # another kind
        ("Dallam County, Zembla", "Dallas County, Zembla"),  # a neighbour, one letter replaced
        ("Kinbote County, Zembla", "Shade County, Zembla"),
        ("Lee, Zembla", "Lea, Zembla"),
    ],
)
def test_places_that_only_look_alike_are_no_rename(before: str, after: str) -> None:
    assert kinds(diff([listing(before)], [listing(after)])) == ["added", "removed"]


def test_a_rename_needs_all_other_fields_equal() -> None:
    changes = diff(
        [listing("Kinbotte, Zembla", office="Onhava")], [listing("Kinbote, Zembla", office="Uran")]
    )
    assert kinds(changes) == ["added", "removed"]


def test_a_rename_needs_one_candidate_on_either_side() -> None:
    before = [listing("Kinbotte, Zembla")]
    after = [listing("Kinbote, Zembla"), listing("Kinbottee, Zembla", position=2)]
    assert sorted(kinds(diff(before, after))) == ["added", "added", "removed"]


def test_duplicates_are_kept_apart() -> None:
    assert kinds(diff([listing()], [listing(), listing(position=2)])) == ["added"]
    assert kinds(diff([listing(), listing(position=2)], [listing()])) == ["removed"]


def test_an_agency_with_several_agreements_keeps_each() -> None:
    jail, streets = agreement(support_type="Jail"), agreement(support_type="Task Force", position=2)
    (change,) = diff([jail, streets], [jail])
    assert change.kind == "removed"
    assert change.before == streets


def test_a_misspelt_agency_that_is_corrected_is_a_rename() -> None:
    (change,) = diff(
        [agreement("Onhava Police Departent")], [agreement("Onhava Police Department")]
    )
    assert change.kind == "renamed"


def test_a_county_that_is_filled_in_is_a_change_of_the_row() -> None:
    before = replace(agreement(county=None), county_text="#N/A")
    after = agreement(county="Kinbote", moa_url="http://127.0.0.1/moa")
    (change,) = diff([before], [after])
    assert change.kind == "changed"
    assert [(f.field, f.before, f.after) for f in change.fields] == [
        ("county", "#N/A", "Kinbote"),
        ("moa_url", None, "http://127.0.0.1/moa"),
    ]


def test_agencies_of_one_name_in_two_counties_are_two() -> None:
    before, after = agreement(county="Kinbote"), agreement(county="Shade")
    assert kinds(diff([before], [after])) == ["added", "removed"]


def test_a_county_is_not_filled_in_where_there_is_a_choice() -> None:
    after = [agreement(county="Kinbote"), agreement(county="Shade", position=2)]
    assert kinds(diff([agreement(county=None)], after)) == ["added", "added", "removed"]
    other_model = agreement(county="Kinbote", support_type="Jail Enforcement Model")
    assert kinds(diff([agreement(county=None)], [other_model])) == ["added", "removed"]


def test_printed_text_beside_a_value_is_no_content() -> None:
    before = listing(date="2017-02")
    assert diff([before], [replace(before, date_enacted_text="Feb. 2017")]) == []


def test_an_unreadable_value_that_is_printed_anew_is_a_change() -> None:
    before = replace(agreement(), signed=None, signed_text="05/082025")
    after = replace(agreement(), signed=None, signed_text="05/092025")
    (change,) = diff([before], [after])
    assert [(f.field, f.before, f.after) for f in change.fields] == [
        ("signed", "05/082025", "05/092025")
    ]


names = st.sampled_from(["Kinbote", "Kinbotte", "Shade", "Kinbote County", "Onhava"])
rows = st.lists(
    st.builds(
        listing,
        st.builds("{}, {}".format, names, st.sampled_from(["Zembla", "Nova Zembla"])),
        st.sampled_from([None, SHERIFF, f"{SHERIFF}, revised", "Resolution 12"]),
        date=st.sampled_from([None, "2017-01", "2014"]),
        office=st.sampled_from([None, "Onhava"]),
        criteria=st.sampled_from([(), ("No.",), ("No.", "Yes.")]),
        position=st.integers(1, 50),
    ),
    max_size=9,
)


agreements = st.lists(
    st.builds(
        agreement,
        st.sampled_from(["Onhava Police", "Onhava Polcie", "Uran Sheriff", None]),
        state=st.sampled_from(["Zembla", "Nova Zembla"]),
        county=st.sampled_from([None, "Kinbote", "Shade"]),
        support_type=st.sampled_from(["Jail Enforcement Model", "Task Force Model"]),
        signed=st.sampled_from([None, "2025-05-08"]),
        moa_url=st.sampled_from([None, "http://127.0.0.1/moa"]),
        position=st.integers(1, 50),
    ),
    max_size=9,
)
two_lists = st.one_of(st.tuples(rows, rows), st.tuples(agreements, agreements))


def applied(changes: list[RowChange], to: Sequence[Record]) -> Counter[str]:
    """Apply the *fields* of each change to the rows of ``to``, as a reader of the diff would."""
    result = Counter(canonical(plain_content(row)) for row in to)
    for change in changes:
        if change.before is not None:
            gone = canonical(plain_content(change.before))
            assert result[gone], "a row that is not there cannot go"
            result[gone] -= 1
        if change.after is not None:
            row = plain_content(change.before) if change.before else {}
            row |= {field.field: field.after for field in change.fields}
            full = {name: row.get(name) for name in change.after.content_fields()}
            result[canonical(full)] += 1
    return +result


def canonical(row: object) -> str:
    return json.dumps(row, sort_keys=True)


@given(two_lists)
def test_applying_a_diff_gives_the_later_list(lists: tuple[list[Record], list[Record]]) -> None:
    before, after = lists
    changes = diff(before, after)
    assert applied(changes, before) == Counter(canonical(plain_content(row)) for row in after)


@given(two_lists, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(
    lists: tuple[list[Record], list[Record]], random: Random
) -> None:
    def told(changes: list[RowChange]) -> list[str]:
        def side(row: Record | None) -> object:
            return plain_content(row) if row else None

        return sorted(canonical([c.kind, side(c.before), side(c.after)]) for c in changes)

    shuffled = [list(side) for side in lists]
    for rows_of_one in shuffled:
        random.shuffle(rows_of_one)
    assert told(diff(*shuffled)) == told(diff(*lists))


@given(st.one_of(rows, agreements))
def test_a_list_does_not_differ_from_itself(some: list[Record]) -> None:
    assert diff(some, list(reversed(some))) == []
