"""Every link of the docs leads to a file and a heading that there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.links import Link, anchors_of, leads_nowhere, links_of, markdown_files


def test_every_link_inside_the_project_leads_somewhere() -> None:
    files = markdown_files()
    assert len(files) > 30
    lost = [link for file in files for link in links_of(file) if leads_nowhere(link)]
    assert [(link.file.name, link.target) for link in lost] == []


@pytest.fixture
def page(tmp_path: Path) -> Path:
    (tmp_path / "other.md").write_text("# Other\n\n## Here & there\n\n## Again\n\n## Again\n")
    return tmp_path / "page.md"


@pytest.mark.parametrize(
    "target", ["none.md", "#nothing", "other.md#nothing", "other.md#again-2", "../other.md"]
)
def test_a_link_that_leads_nowhere_is_found(page: Path, target: str) -> None:
    page.write_text(f"# Page\n\nSee [it]({target}).\n")
    assert [leads_nowhere(link) for link in links_of(page)] == [True]


@pytest.mark.parametrize(
    "target",
    ["#page", "other.md", "other.md#here--there", "other.md#again-1", "https://example.org/x#y"],
)
def test_a_link_that_leads_somewhere_is_left_alone(page: Path, target: str) -> None:
    page.write_text(f"# Page\n\nSee [it]({target}).\n")
    assert [leads_nowhere(link) for link in links_of(page)] == [False]


def test_code_holds_no_links(page: Path) -> None:
    page.write_text("`[a](b.md)`\n\n```yaml\nx: [c](d.md)\n```\n\n<https://example.org/>\n")
    assert list(links_of(page)) == [Link(page, "https://example.org/")]


def test_a_heading_with_code_and_a_link_has_the_anchor_that_github_gives_it() -> None:
    assert anchors_of("## A list: `parser: table` of [it](x.md), today's\n") == {
        "a-list-parser-table-of-it-todays"
    }
