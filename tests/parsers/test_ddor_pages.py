"""What every page repeats is furniture; all else is kept."""

from __future__ import annotations

import pytest

from parsers.pdf.body import body_of
from parsers.pdf.layout import Line, Page, Table

STYLE = ("Body", 9.0)


def page(number: int, *texts: str) -> Page:
    lines = tuple(
        Line(text, (50.0, 40.0 + 11 * n, 300.0, 49.0 + 11 * n), False, STYLE)
        for n, text in enumerate(texts)
    )
    return Page(number, lines, (), None)


def kept(*pages: Page) -> list[str]:
    blocks = body_of(pages).blocks
    return [block.content.text for block in blocks if isinstance(block.content, Line)]


@pytest.mark.parametrize("number", ["3", "Page 3", "Page 3 of 35", "3 of 35", "- 3 -", "– 3 –"])
def test_a_page_number_is_furniture(number: str) -> None:
    assert kept(page(3, "Prose", number)) == ["Prose"]
    assert kept(page(3, number, "Prose")) == ["Prose"]


@pytest.mark.parametrize("text", ["2017", "3,083", "Page three", "3 detainers"])
def test_what_only_looks_like_one_is_kept(text: str) -> None:
    assert kept(page(3, "between February 4 and February 10,", text))[-1] == text


def test_a_line_at_the_foot_of_every_page_is_furniture_whatever_number_it_holds() -> None:
    pages = [page(n, f"Prose {'abc'[n - 1]}", f"Removal Office | {n}") for n in (1, 2, 3)]
    assert kept(*pages) == ["Prose a", "Prose b", "Prose c"]


def test_what_runs_above_the_first_page_may_be_the_title_and_is_kept() -> None:
    pages = [page(n, "Weekly Report", f"Prose {'abc'[n - 1]}") for n in (1, 2, 3)]
    assert kept(*pages) == ["Weekly Report", "Prose a", "Prose b", "Prose c"]


def test_a_line_above_a_table_does_not_run_at_the_foot() -> None:
    table = Table((50.0, 100.0, 300.0, 200.0), (), ())
    pages = [
        Page(n, page(n, f"Prose {'abc'[n - 1]}", "Same").lines, (table,), None) for n in (1, 2, 3)
    ]
    assert kept(*pages)[1::2] == ["Same"] * 3


def test_two_pages_are_too_few_to_tell() -> None:
    assert kept(page(1, "Prose", "Same"), page(2, "More", "Same")) == [
        "Prose",
        "Same",
        "More",
        "Same",
    ]
