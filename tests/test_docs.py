"""The docs name what the code has, and nothing that is gone."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from db.pairing import SIMILAR
from parsers.ddor import PARSER
from sanctuary import sources, sources_file
from sanctuary.cli import cli
from sanctuary.cli.look import KINDS
from sanctuary.notify.settings import NotifySettings, Rule
from scraper.judge import Verdict

ROOT = Path(__file__).parent.parent
REPORT = ROOT / "tests" / "fixtures" / "ddor-faults" / "whole.pdf"


def first_cells(page: str, heading: str) -> set[str]:
    """Return what stands in the first column, in code, of the table below a heading."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    section = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE))


def test_every_check_of_the_report_is_explained_and_none_is_made_up() -> None:
    checks = {check.name for check in PARSER.read(REPORT.read_bytes(), {}).checks}
    assert first_cells("weekly-report.md", "Checks") == checks


def test_which_checks_hold_a_report_is_told_right() -> None:
    text = (ROOT / "docs" / "weekly-report.md").read_text("utf-8")
    for check in PARSER.read(REPORT.read_bytes(), {}).checks:
        said = "yes" if check.required else "no"
        assert f"| `{check.name}` | {said} |" in text


def test_every_table_of_the_report_is_explained() -> None:
    assert first_cells("weekly-report.md", "What is read") == {t.table for t in PARSER.tables}


def test_every_command_is_in_the_index_with_what_it_is_for() -> None:
    table = (ROOT / "docs" / "README.md").read_text("utf-8").split("## Commands by task\n", 1)[1]
    named = set(re.findall(r"`sanctuary ([a-z]+)", table))
    assert named == set(cli.list_commands(click.Context(cli)))


def test_the_readme_can_be_read_in_one_sitting() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 120


def test_every_page_of_the_docs_can_be_found_from_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    linked = set(re.findall(r"\]\(([a-z0-9-]+\.md)", index))
    pages = {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert pages - linked == set()
    assert "](docs/README.md)" in (ROOT / "README.md").read_text("utf-8")


def test_the_citation_names_the_document_that_it_cites() -> None:
    text = (ROOT / "docs" / "cite-a-value.md").read_text("utf-8")
    document = ROOT / "tests" / "fixtures" / "ddor" / "freedonia-2017-01-28-rev2.pdf"
    (said,) = re.findall(r"document sha256 ([0-9a-f]+)…", text)
    assert hashlib.sha256(document.read_bytes()).hexdigest().startswith(said)


@pytest.mark.parametrize(
    ("heading", "model"),
    [
        ("A source", sources.Source),
        ("`discover`", sources.Discover),
        ("`expect`", sources.Expect),
        ("`settings`", sources.Settings),
        ("`reading`", sources.ReadingSettings),
        ("`notify`", NotifySettings),
        ("A rule of `notify`", Rule),
    ],
)
def test_every_key_of_the_sources_file_is_explained(heading: str, model: type[BaseModel]) -> None:
    assert first_cells("sources.md", heading) == set(model.model_fields)


def test_the_example_of_the_sources_file_holds(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "sources.md").read_text("utf-8")
    example = text.split("    sources:\n", 1)[1].split("\n## ", 1)[0]
    file = tmp_path / "sources.yml"
    file.write_text("    sources:\n" + example)
    (source,) = sources_file.load_sources(file).sources
    assert source.id == "ice-287g-participating"


def test_every_kind_of_change_and_tier_is_explained() -> None:
    text = (ROOT / "docs" / "history.md").read_text("utf-8")
    for kind in KINDS:
        assert f"`{kind}`" in text
    assert f"alike by {SIMILAR:.0f} of 100" in text


def test_the_faults_name_verdicts_that_there_are_and_tests_that_there_are() -> None:
    text = (ROOT / "docs" / "faults.md").read_text("utf-8")
    servers = text.split("## Servers\n", 1)[1].split("\n## ", 1)[0]
    named = set(re.findall(r"\| `([a-z_]+)`", servers)) | set(
        re.findall(r"then `([a-z]+)`", servers)
    )
    assert named == {verdict.value for verdict in Verdict} - {"document", "unchanged"}
    tests = re.findall(r"`(tests/[a-z0-9_/]+\.py)`", text)
    assert len(tests) > 20
    assert [name for name in tests if not (ROOT / name).exists()] == []
