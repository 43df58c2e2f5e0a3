"""The papers of a release agree with it: changes, citation, licences of others."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

import sanctuary
from tests.release.licences import conflicts, written

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
CHANGES = (ROOT / "CHANGELOG.md").read_text("utf-8")
PAPER = (ROOT / "THIRD-PARTY.md").read_text("utf-8")


def test_the_version_is_the_one_that_is_installed() -> None:
    assert PROJECT["version"] == sanctuary.__version__


def test_the_changelog_begins_with_what_is_unreleased_and_then_has_this_version() -> None:
    headings = re.findall(r"^## \[([^\]]+)\]", CHANGES, re.MULTILINE)
    assert headings[:2] == ["Unreleased", PROJECT["version"]]


def test_the_citation_names_this_version_and_its_day() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["version"] == PROJECT["version"]
    assert f"## [{citation['version']}] - {citation['date-released']}" in CHANGES
    assert citation["license"] == PROJECT["license"]
    assert [author["name"] for author in citation["authors"]] == [
        author["name"] for author in PROJECT["authors"]
    ]


def names(requirements: list[str]) -> set[str]:
    found = {re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0] for requirement in requirements}
    return {re.sub(r"[-_.]+", "-", name).casefold() for name in found}


def test_the_licence_of_every_dependency_is_listed() -> None:
    listed = names(re.findall(r"^\| (\S+) \|", written(PAPER), re.MULTILINE))
    extras = PROJECT["optional-dependencies"]
    wanted = names(
        PROJECT["dependencies"]
        + [each for e in ("cluster", "parquet", "remote") for each in extras[e]]
    )
    assert wanted - listed == set()


@pytest.mark.parametrize(
    ("licence", "goes"),
    [
        ("MIT", True),
        ("GNU Lesser General Public License v2 or later (LGPLv2+)", True),
        ("EPL-2.0 OR GPL-2.0-or-later", True),
        ("GPL-3.0-only", False),
        ("GNU General Public License v3 (GPLv3)", False),
        ("GNU Affero General Public License v3", False),
        ("AGPL-3.0-or-later", False),
        ("MIT AND GPL-2.0-only", False),
        ("", False),
    ],
)
def test_a_licence_that_would_bind_the_whole_is_told(licence: str, goes: bool) -> None:
    assert (conflicts({"zembla": licence}) == {}) is goes
