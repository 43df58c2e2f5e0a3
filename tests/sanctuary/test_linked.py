"""What an index linked to at a moment is known from the captures around it, or not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sanctuary.linked import LinkedThen

ONE, TWO = "https://freedonia.example/list-1", "https://freedonia.example/list-2"
THEN = LinkedThen(
    moments=["2025-05-01T12:00:00Z", "2025-05-10T12:00:00Z", "2025-05-20T12:00:00Z"],
    links=[(ONE,), (ONE,), (TWO,)],
    holds_for=timedelta(days=2),
)


@pytest.mark.parametrize(
    ("moment", "linked"),
    [
        ("2025-04-30T12:00:00Z", False),  # nobody knows
        ("2025-05-01T12:00:00Z", True),
        ("2025-05-07T12:00:00Z", True),  # before and after
        ("2025-05-12T12:00:00Z", True),  # shortly after
        ("2025-05-13T12:00:00Z", False),  # too long after, and not there any more the next time
        ("2025-05-20T12:00:01Z", False),
    ],
)
def test_a_link_is_there_between_two_captures_that_have_it_and_shortly_after_one(
    moment: str, linked: bool
) -> None:
    assert THEN.linked(ONE, moment) is linked


def test_addresses_are_those_that_were_ever_linked_to_in_order() -> None:
    assert THEN.addresses() == [ONE, TWO]
