"""What a value may be is said in our own words, whatever checked it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from parsers.faults import allowed


class _Keys(BaseModel):
    a: int


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (int, "many", "a whole number"),
        (int, 4.5, "a whole number"),
        (float, "x", "a number"),
        (bool, "maybe", "true or false"),
        (str, 5, "a text"),
        (date, "May", "a day like 2025-06-01"),
        (Path, 5, "a path"),
        (list[int], 5, "a list"),
        (tuple[int, ...], 5, "a list"),
        (dict[str, int], 5, "keys, each with its value"),
        (_Keys, 5, "keys, each with its value"),
        (Literal["full", "off"], "some", "'full' or 'off'"),
    ],
)
def test_a_value_of_another_kind_is_told_what_is_allowed(kind: Any, value: Any, said: str) -> None:
    assert fault(kind, value) == f"allowed: {said}"


@pytest.mark.parametrize(
    ("limit", "value", "said"),
    [
        ({"ge": 1}, 0, "1 or more"),
        ({"gt": 0}, 0, "more than 0"),
        ({"le": 0.5}, 1, "0.5 at most"),
        ({"min_length": 1}, [], "a list of 1 or more"),
    ],
)
def test_a_value_past_a_limit_is_told_the_limit(limit: Any, value: Any, said: str) -> None:
    class Limited(BaseModel):
        field: Any = Field(**limit)

    assert fault(Limited, {"field": value}) == f"allowed: {said}"


def fault(kind: Any, value: object) -> str:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(value)
    return allowed(caught.value.errors()[0])
