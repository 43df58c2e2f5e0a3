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
from db.pairing import MOST_OF_ONE_PLACE, MOST_SHARING
from parsers.records import Record
from tests.db.history import agreement, listing
from tests.db.policies import DETAINERS, PURPOSE, REPORTS, section

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


def test_a_list_whose_names_are_all_respelt_is_told_as_renames() -> None:
    names = [f"Kinbote County {number}, Zembla" for number in range(400)]
    before = [listing(name, position=at) for at, name in enumerate(names)]
    after = [replace(row, jurisdiction=row.jurisdiction.replace("ty", "tty")) for row in before]
    assert Counter(kinds(diff(before, after))) == {"renamed": 400}


@pytest.mark.parametrize(
    ("count", "told"),
    [(MOST_OF_ONE_PLACE, "changed"), (MOST_OF_ONE_PLACE + 1, "added")],
)
def test_too_many_rows_of_one_place_are_not_paired_by_likeness(count: int, told: str) -> None:
    before = [
        listing(policy=f"{SHERIFF} of {number:09}", position=number) for number in range(count)
    ]
    after = replace(before[0], policy=f"{before[0].policy} and later")
    assert diff(before, [after])[0].kind == told


@pytest.mark.parametrize(("count", "moved"), [(2, True), (MOST_SHARING + 1, False)])
def test_a_key_of_too_many_sections_says_nothing_of_a_text(count: int, moved: bool) -> None:
    """Else each text would be compared with all that stand under its key."""
    before = [section("§ 9-1", DETAINERS)]
    after = [section("§ 9-1", f"{REPORTS} {number}", position=number) for number in range(count)]
    found = pairs(before, [*after, section("§ 9-2", DETAINERS, position=count)])
    assert (("changed", "§ 9-1", "§ 9-2") in found) == moved


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


def pairs(before: Sequence[Record], after: Sequence[Record]) -> list[tuple[str, object, object]]:
    """Return what became of each section: its kind, and its number before and after."""
    return [
        (
            change.kind,
            getattr(change.before, "number", None),
            getattr(change.after, "number", None),
        )
        for change in diff(before, after)
    ]


def test_a_section_is_the_same_by_the_id_of_its_host_whatever_it_says() -> None:
    before = section("§ 9-1", PURPOSE, host_id="81")
    after = section("§ 9-4", REPORTS, host_id="81")
    assert pairs([before], [after]) == [("changed", "§ 9-1", "§ 9-4")]


def test_a_section_with_another_id_is_the_same_by_its_number() -> None:
    before = section("§ 9-1", PURPOSE, host_id="81")
    after = section("§ 9-1", REPORTS, host_id="99")
    assert pairs([before], [after]) == [("changed", "§ 9-1", "§ 9-1")]


def test_a_number_that_two_sections_have_pairs_nothing() -> None:
    before = [section("1", PURPOSE, host_id="81"), section("1", DETAINERS, host_id="82")]
    after = [section("1", REPORTS, host_id="99")]
    assert kinds(diff(before, after)) == ["added", "removed", "removed"]


def test_a_section_with_another_id_and_number_is_the_same_by_its_wording() -> None:
    before = section("§ 9-1", DETAINERS, host_id="81")
    after = section("§ 9-4", DETAINERS.replace("48", "24"), host_id="99")
    (change,) = diff([before], [after])
    assert [f.field for f in change.fields] == ["host_id", "number", "body"]


def test_a_text_that_is_another_is_another_section() -> None:
    before = section("§ 9-1", DETAINERS, host_id="81")
    after = section("§ 9-4", REPORTS, host_id="99")
    assert kinds(diff([before], [after])) == ["added", "removed"]


def test_a_section_that_was_amended_as_it_was_renumbered_is_not_the_one_that_has_its_number() -> (
    None
):
    """A county puts a section in, and halves the hours of the one that it moves on."""
    amended = DETAINERS.replace("48", "24")
    before = [section("§ 9-1", PURPOSE), section("§ 9-2", DETAINERS)]
    after = [section("§ 9-1", PURPOSE), section("§ 9-2", REPORTS), section("§ 9-3", amended)]
    changed, added = diff(before, after)
    assert (changed.kind, added.kind) == ("changed", "added")
    assert changed.before is not None
    assert changed.after is not None
    assert (changed.before.row_key(), changed.after.row_key()) == ("§ 9-2", "§ 9-3")
    assert added.row.row_key() == "§ 9-2"


def test_a_section_rewritten_in_its_place_stays_there_though_another_is_like_it() -> None:
    rewritten = DETAINERS.replace("a judge has signed", "a magistrate has signed and sealed")
    before = [section("§ 9-2", DETAINERS)]
    after = [section("§ 9-2", rewritten), section("§ 9-3", DETAINERS.replace("48", "24"))]
    changed, added = diff(before, after)
    assert (changed.kind, changed.row.row_key()) == ("changed", "§ 9-2")
    assert (added.kind, added.row.row_key()) == ("added", "§ 9-3")


def test_the_most_alike_wording_is_paired_first() -> None:
    before = [section("1", DETAINERS), section("2", DETAINERS.replace("48", "72"), position=2)]
    after = [section("8", f"{DETAINERS} No fee."), section("9", f"{before[1].body}.", position=2)]
    assert pairs(before, after) == [("changed", "1", "8"), ("changed", "2", "9")]


@pytest.mark.parametrize("body", ["(Reserved)", "Repealed by Ord. No. 2019-4."])
def test_a_text_of_a_few_words_makes_no_two_sections_one(body: str) -> None:
    assert kinds(diff([section("§ 9-1", body)], [section("§ 9-8", body)])) == ["added", "removed"]


def test_where_numbers_are_the_only_ids_a_new_section_moves_on_those_that_follow() -> None:
    before = [section("1", PURPOSE), section("2", DETAINERS), section("3", REPORTS)]
    new = section("1", "No city employee asks about the birthplace of a person who seeks help.")
    after = [
        new,
        section("2", PURPOSE, position=2),
        section("3", DETAINERS.replace("48", "24"), position=3),
        section("4", REPORTS, position=4),
    ]
    assert pairs(before, after) == [
        ("changed", "1", "2"),
        ("changed", "2", "3"),
        ("changed", "3", "4"),
        ("added", None, "1"),
    ]


def test_an_id_holds_though_two_sections_of_like_wording_swapped_their_texts() -> None:
    other = DETAINERS.replace("48", "24")
    before = [section("1", DETAINERS, host_id="81"), section("2", other, host_id="82")]
    after = [section("1", other, host_id="81"), section("2", DETAINERS, host_id="82")]
    assert pairs(before, after) == [("changed", "1", "1"), ("changed", "2", "2")]


def test_line_wraps_quotes_and_soft_hyphens_are_no_difference() -> None:
    before = section(body="The “order” of\na judge\u00a0– signed")
    after = section(body='The "order" of a ju\u00addge - signed', position=4)
    assert diff([before], [after]) == []


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
bodies = st.sampled_from(
    [
        *(PURPOSE, DETAINERS, REPORTS, "(Reserved)"),
        *(DETAINERS.replace("48", hours) for hours in ("24", "72")),
        REPORTS.replace("January", "\nJune"),
    ]
)
sections = st.lists(
    st.builds(
        section,
        st.sampled_from([None, "1", "2", "3"]),
        bodies,
        host_id=st.sampled_from(["81", "82", "1", "2"]),
        history_note=st.sampled_from([None, "[Added 2017]"]),
        position=st.integers(1, 50),
    ),
    max_size=9,
)
two_lists = st.one_of(
    st.tuples(rows, rows), st.tuples(agreements, agreements), st.tuples(sections, sections)
)


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
            full = {name: row.get(name) for name in plain_content(change.after)}
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


@given(st.one_of(rows, agreements, sections))
def test_a_list_does_not_differ_from_itself(some: list[Record]) -> None:
    assert diff(some, list(reversed(some))) == []
