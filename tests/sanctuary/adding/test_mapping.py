"""The options that are proposed for a table are such as the table parser takes."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.table.options import TableOptions
from sanctuary.adding.mapping import table_options
from sanctuary.adding.survey import TableSeen


def seen(*header: str, telling: tuple[int, ...] = (0,), **keys: Any) -> TableSeen:
    plain = {"where": {}, "has_header": True, "rows": 3, "first": ()}
    return TableSeen(header=header, telling=telling, **{**plain, **keys})


def test_a_list_of_jurisdictions_is_told_by_its_header() -> None:
    assert table_options(seen("JURISDICTION", "State", "Policy", "Beds")) == {
        "record": "listings",
        "columns": {"JURISDICTION": "jurisdiction", "State": "state", "Policy": "policy"},
    }


def test_a_county_that_tells_the_rows_apart_is_the_jurisdiction() -> None:
    for header, telling in ((("County", "Policy"), (0,)), (("State", "County"), (0, 1))):
        options = table_options(seen(*header, telling=telling))
        assert (options["record"], options["level"]) == ("listings", "county")
        assert options["columns"]["County"] == "jurisdiction"


def test_a_county_in_which_something_else_lies_is_not() -> None:
    options = table_options(seen("Jail", "County", "State"))
    assert (options["record"], options["key"]) == ("table_rows", ["jail"])


def test_which_of_two_columns_of_one_name_is_meant_is_not_guessed() -> None:
    options = table_options(seen("Jail", "Beds", "beds", ""))
    assert options["columns"] == {"Jail": "jail"}


def test_nor_is_which_of_two_columns_says_the_jurisdiction() -> None:
    options = table_options(seen("Jurisdiction", "Jurisdiction Name", "Policy"))
    assert options["record"] == "table_rows"


def test_names_that_no_column_of_a_view_may_have_are_numbers() -> None:
    options = table_options(seen("Jail", "Position", "Full text", "監獄", "Jail?"))
    assert list(options["columns"].values()) == ["jail", *(f"column_{n}" for n in (2, 3, 4, 5))]


def test_without_a_header_columns_go_by_their_numbers() -> None:
    options = table_options(seen("1", "2", has_header=False, where={"format": "csv"}))
    assert options["columns"] == {"1": "column_1", "2": "column_2"}
    assert (options["header_rows"], options["format"]) == (0, "csv")


LABELS = st.text(st.sampled_from("aZé №_-#:1 \u202e"), max_size=70) | st.sampled_from(
    ["Jurisdiction", "State", "County", "City", "Policy", "position", "true"]
)


@given(st.lists(LABELS, min_size=2, max_size=8), st.data())
@settings(max_examples=80)
def test_whatever_the_header_says_the_options_hold(labels: list[str], data: st.DataObject) -> None:
    header = [" ".join(label.split()) for label in labels]
    telling = data.draw(st.lists(st.integers(0, len(header) - 1), min_size=1, unique=True))
    if any(label and header.count(label) == 1 for label in header):
        options = table_options(seen(*header, telling=tuple(sorted(telling))))
        assert not options["columns"] or TableOptions.model_validate(options)
