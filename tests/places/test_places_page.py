"""docs/places.md explains every rule, and counts what there is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from places.answers import Method
from places.gazetteer import load_gazetteer
from tests.places.real import DECISIONS
from tests.places.test_names import match

PAGE = (Path(__file__).parents[2] / "docs" / "places.md").read_text("utf-8")


def test_every_rule_is_explained_and_none_is_made_up() -> None:
    rules = PAGE.split("## Rules\n", 1)[1].split("\n### ", 1)[0]
    explained = re.findall(r"^\| `([a-z_]+)` \|", rules, re.MULTILINE)
    assert explained == list(get_args(Method))


def test_the_rules_of_the_real_names_are_rules_of_the_page() -> None:
    assert {rule for each in DECISIONS.values() for rule in each["methods"]} <= set(
        get_args(Method)
    )


@pytest.mark.parametrize(
    ("printed", "level", "rule"),
    [
        ("New York", None, "state"),
        ("Nassau County, NY", None, "county"),
        ("Orleans Parish, Louisiana", None, "county"),
        ("Ithaca, New York", None, "city"),
        ("Kent City, Washington", None, "city"),
        ("Clark, Nevada", "county", "column"),
        ("Philadelphia, Pennsylvania", None, "consolidated"),
        ("San Juan, Puerto Rico", None, "municipio"),
        ("Shannon County, South Dakota", None, "former_name"),
        ("Iowa City, Johnson County, Iowa", None, "three_parts"),
        ("Queens County, New York City, New York", None, "three_parts"),
        ("Manheim Township, Lancaster County, Pennsylvania", None, "town"),
        ("Navajo Nation, Arizona", None, "tribe"),
        ("Capitol Planning Region, Connecticut", None, "region"),
        ("Rhode Island Department of Corrections", None, "system"),
        ("Cass County, lowa", None, "misspelt"),
        ("San Diego, California", None, "ambiguous"),
        ("Derry Township, Pennsylvania", None, "no_county"),
        ("Franklin County", None, "no_state"),
        ("(California jurisdictions)", None, "unknown"),
    ],
)
def test_the_examples_of_the_page_are_true(printed: str, level: str | None, rule: str) -> None:
    assert printed in PAGE
    assert match(printed, level=level).method == rule


def test_the_page_counts_what_there_is() -> None:
    gazetteer = load_gazetteer()
    places = [each for state in gazetteer.states for each in gazetteer.of_state(state).places]
    assert f"all {len(gazetteer.states)}" in PAGE
    assert "some 21,700 places" in PAGE
    assert round(len(places), -2) == 21_700
    in_a_county = sum("/county/" in str(each.parent_id) for each in places) / len(places)
    assert in_a_county == pytest.approx(0.4, abs=0.03)
    no_point = [
        each
        for state in gazetteer.states
        for each in gazetteer.of_state(state).counties
        if each.latitude is None
    ]
    assert {each.state for each in no_point} == {"AS", "MP", "VI"}
    assert len(no_point) == 12
