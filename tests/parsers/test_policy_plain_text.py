"""Sections of a plain text: only a number that runs on begins one."""

from __future__ import annotations

import pytest

from parsers.policy.matter import clerk_text
from parsers.policy.plain_text import agenda_parts, follows, law_parts


@pytest.mark.parametrize(
    ("before", "after", "is_next"),
    [
        ((), (1,), True),
        ((), (2,), False),
        ((1,), (2,), True),
        ((1,), (1, 1), True),
        ((1, 4), (2,), True),
        ((1, 4), (1, 5), True),
        ((1,), (1,), False),
        ((1,), (3,), False),
        ((2,), (1,), False),
    ],
)
def test_a_number_follows_another(
    before: tuple[int, ...], after: tuple[int, ...], is_next: bool
) -> None:
    assert follows(before, after) is is_next


def test_words_that_introduce_an_amendment_are_text_and_no_heading() -> None:
    line = "SECTION 1.  Section 4 of the charter is amended to read as follows:"
    (part,) = law_parts([line, "A. All are welcome."])
    assert part.heading is None
    assert part.body.startswith("Section 4 of the charter")


def test_a_heading_in_capitals_or_before_a_colon_is_none_of_the_text() -> None:
    parts = law_parts(["SECTION 1. FINDINGS.", "One.", "Section 2. Report:", "Two."])
    assert [(part.heading, part.body) for part in parts] == [
        ("FINDINGS", "One."),
        ("Report", "Two."),
    ]


def test_a_list_in_small_letters_is_no_agenda() -> None:
    lines = ["1. The first item of a list.", "2. The second.", "3. The third."]
    assert [part.key for part in agenda_parts(lines)] == ["text"]


def test_two_numbered_heads_are_no_agenda_yet() -> None:
    lines = ["1. RECITALS:", "One.", "2. ORDERS:", "Two."]
    assert [part.key for part in agenda_parts(lines)] == ["text"]
    assert [part.key for part in agenda_parts([*lines, "3. END:"])] == ["1", "2", "3"]


def test_below_the_body_a_word_alone_is_a_word_of_the_law() -> None:
    lines = ["Title", "AN ORDINANCE", "Body", "All of it is law.", "Recommendation", "The end"]
    clerk = clerk_text(lines, (), dotted=False)
    assert clerk.title == "AN ORDINANCE"
    assert clerk.body == ("All of it is law.", "Recommendation", "The end")
    assert not clerk.problems


def test_without_a_body_words_alone_are_all_kept() -> None:
    lines = ["Title", "All of it may be law."]
    clerk = clerk_text(lines, (), dotted=False)
    assert clerk.body == tuple(lines)
    assert [problem.kind for problem in clerk.problems] == ["no_body_mark"]
