"""Two texts are marked word by word, and nothing of either is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sanctuary.words import Piece, marked


def test_a_word_that_was_replaced_is_marked_on_both_sides() -> None:
    assert marked("within 48 hours", "within 24 hours") == [
        Piece("same", "within "),
        Piece("gone", "48"),
        Piece("new", "24"),
        Piece("same", " hours"),
    ]


def test_a_number_with_commas_is_one_word() -> None:
    assert marked("issued 1,204 then", "issued 1,190 then") == [
        Piece("same", "issued "),
        Piece("gone", "1,204"),
        Piece("new", "1,190"),
        Piece("same", " then"),
    ]


def test_equal_texts_are_one_piece_and_empty_ones_none() -> None:
    assert marked("as it was", "as it was") == [Piece("same", "as it was")]
    assert marked("", "") == []


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_pieces_make_up_both_texts(before: str, after: str) -> None:
    pieces = marked(before, after)
    assert "".join(p.text for p in pieces if p.mark != "new") == before
    assert "".join(p.text for p in pieces if p.mark != "gone") == after
