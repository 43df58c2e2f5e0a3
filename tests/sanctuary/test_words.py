"""Two texts are marked word by word, and nothing of either is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.records.same_text import same_text
from sanctuary import words
from sanctuary.words import Piece, marked, redline


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


def test_words_replaced_one_after_the_other_are_one_change() -> None:
    assert marked("not hold him here", "only ask her here") == [
        Piece("gone", "not hold him"),
        Piece("new", "only ask her"),
        Piece("same", " here"),
    ]


def test_two_long_texts_without_a_word_in_common_are_marked_as_wholes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(words, "MOST_COMPARED", 8)
    assert marked("a b c", "a d c") == [Piece("gone", "a b c"), Piece("new", "a d c")]


def test_a_redline_marks_words_and_not_how_they_are_set() -> None:
    assert redline("The “order”\nholds 48 hours.", 'The "order" holds\n24 hours.') == [
        Piece("same", 'The "order" holds\n'),
        Piece("gone", "48"),
        Piece("new", "24"),
        Piece("same", " hours."),
    ]


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_redline_holds_all_words_of_both_texts(before: str, after: str) -> None:
    pieces = redline(before, after)
    assert "".join(p.text for p in pieces if p.mark != "gone") == after
    old = "".join(p.text for p in pieces if p.mark != "new")
    assert "".join(same_text(old).split()) == "".join(same_text(before).split())


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_pieces_make_up_both_texts(before: str, after: str) -> None:
    pieces = marked(before, after)
    assert "".join(p.text for p in pieces if p.mark != "new") == before
    assert "".join(p.text for p in pieces if p.mark != "gone") == after
