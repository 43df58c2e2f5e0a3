"""What is said of a name that is none fits a line, however many there are."""

from __future__ import annotations

from sanctuary.wording import there_are

MANY = [f"zembla-list-{number}" for number in range(50)]


def test_all_of_a_few_are_named() -> None:
    assert there_are("onhava", ["zembla", "kinbote"]) == "there are: kinbote, zembla"
    assert there_are("onhava", []) == "there are: none"


def test_of_many_those_that_are_most_like_it_are() -> None:
    said = there_are("onhava-cod", [*MANY, "onhava-code"])
    assert said == "there are 51 (most like it: onhava-code); `sanctuary sources` lists them"


def test_none_is_where_none_is_like_it() -> None:
    assert there_are("xq", MANY) == "there are 50; `sanctuary sources` lists them"
