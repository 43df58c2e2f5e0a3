"""A service that takes few characters gets less of each, then fewer, and is told how many."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from sanctuary.notify.fitting import fitted
from sanctuary.notify.formats import as_text, formed
from sanctuary.notify.message import Entry, Field, Link
from sanctuary.words import Piece
from tests.sanctuary.notify.telling import SITE, made_of

ENTRY = Entry(
    "Removed from List of Zembla (Zembla Ministry): Kinbote",
    ("Seen between then and now.", "Said of it by Kinbote: it is not so."),
    (Field("policy", (Piece("same", "Kinbote Rule"),)),),
    (Link("the change", f"{SITE}/tracker/-/change/1"), Link("compared", f"{SITE}/tracker/-/c")),
)
TWENTY = made_of(*[replace(ENTRY, count=3)] * 20)


def test_what_fits_is_whole() -> None:
    for longest in (100_000, len(as_text(TWENTY))):
        assert fitted(TWENTY, "text", longest) == as_text(TWENTY)


def test_before_a_change_is_left_out_all_are_told_in_short() -> None:
    body = fitted(TWENTY, "text", len(as_text(TWENTY)) - 1)
    assert body.count("Removed from") == 20
    assert body.count("/change/1") == 20
    for more in ("Kinbote Rule", "Said of it", "compared"):
        assert more not in body
    assert "no room" not in body


def test_what_is_left_out_is_counted_by_its_changes() -> None:
    body = fitted(TWENTY, "text", 1_000)
    kept = body.count("Removed from")
    assert 0 < kept < 20
    assert f"And {3 * (20 - kept)} more changes, for which there is no room here." in body


@settings(max_examples=25)
@given(st.integers(500, 6_000), st.sampled_from(["text", "markdown", "html"]))
def test_no_message_is_longer_than_the_service_takes(longest: int, form: str) -> None:
    assert len(fitted(TWENTY, form, longest)) <= longest  # type: ignore[arg-type]


def test_one_sentence_that_is_too_long_is_left_to_the_service() -> None:
    assert "Removed from" in fitted(made_of(ENTRY), "text", 10)
    assert formed(made_of(ENTRY), "text").count("Removed from") == 1
