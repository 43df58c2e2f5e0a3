"""The pages of the documentation are at hand where the program is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sanctuary.commands import Commands

DOCS = Path(__file__).parents[2] / "docs"


def test_every_page_is_listed_with_its_title(sanctuary: Commands) -> None:
    listed = sanctuary("docs").out.splitlines()
    assert [line.split()[0] for line in listed] == [
        path.stem for path in sorted(DOCS.glob("*.md")) if path.stem != "README"
    ]
    assert [line.split(maxsplit=1)[1] for line in listed if line.startswith("when-held ")] == [
        "When something is held"
    ]


@pytest.mark.parametrize("name", ["when-held", "when-held.md", "docs/when-held.md"])
def test_a_page_is_shown_by_its_name_or_as_messages_name_it(sanctuary: Commands, name: str) -> None:
    assert sanctuary("docs", name).out == (DOCS / "when-held.md").read_text("utf-8")


@pytest.mark.parametrize("name", ["nothing", "../README", "architecture.svg"])
def test_what_is_no_page_is_a_usage_error(sanctuary: Commands, name: str) -> None:
    answer = sanctuary("docs", name)
    assert answer.code == 2
    assert "`sanctuary docs` lists them" in answer.err
