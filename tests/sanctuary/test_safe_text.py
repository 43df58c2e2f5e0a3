"""Scraped text does no harm where it is shown."""

from __future__ import annotations

import csv
import io

import pytest

from sanctuary.safe_text import csv_safe, formula_safe, markdown_safe, terminal_safe


@pytest.mark.parametrize("text", ["\x1b[2J", "a\rb", "a\x07", "\u202egpj.exe", "a\x9b1m"])
def test_control_characters_do_not_reach_the_terminal(text: str) -> None:
    safe = terminal_safe(text)
    assert "\ufffd" in safe
    assert not any(char in safe for char in "\x1b\r\x07\u202e\x9b")


def test_printed_text_reaches_the_terminal_as_it_is() -> None:
    text = "“warrantless detainer requests”\n\t§ 12–3, Kinbote’s"
    assert terminal_safe(text) == text


@pytest.mark.parametrize("text", ["=HYPERLINK(0)", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_no_cell_begins_like_a_formula(text: str) -> None:
    out = io.StringIO()
    csv.writer(out).writerow([formula_safe(text)])
    (row,) = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert row[0] == f"'{text}"


def test_an_ordinary_cell_stays() -> None:
    assert formula_safe("Kinbote, Zembla") == "Kinbote, Zembla"


def test_markdown_and_html_in_a_text_are_escaped() -> None:
    safe = markdown_safe("<script>[x](javascript:1)\n# *a*")
    assert safe == r"\<script\>\[x\](javascript:1) \# \*a\*"


@pytest.mark.parametrize("text", ["1. one", "- one", "+ one", "12) one", "=== one"])
def test_what_is_markup_at_the_beginning_of_a_line_is_escaped_there(text: str) -> None:
    assert "\\" in markdown_safe(text)
    assert markdown_safe(f"Resolution {text}") == f"Resolution {text}"


def test_every_cell_of_a_csv_file_is_safe_and_says_what_it_said() -> None:
    text = csv_safe(("a", "b"), [("=1+1", 'x, "y"'), ("\x1b[2J", "")])
    told = [["a", "b"], ["'=1+1", 'x, "y"'], ["\ufffd[2J", ""]]
    assert list(csv.reader(text.splitlines())) == told
