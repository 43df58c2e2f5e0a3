"""The page on the federal lists names the checks, tables and sources that there are."""

from __future__ import annotations

import json
import re
from pathlib import Path

from parsers.declined_quarterly import PARSER as QUARTERLY
from parsers.dhs_list import PARSER as DHS
from parsers.doj_list import PARSER as DOJ
from sanctuary.shipped import shipped
from sanctuary.sources_file import load_sources

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "lists.md").read_text("utf-8")
FOLDERS = {DOJ: "doj-list", DHS: "dhs-list", QUARTERLY: "declined-quarterly"}


def made(name: str, folder: str) -> set[tuple[str, str, str]]:
    """Return check, parser and whether it holds, of all checks in the expectations of a parser."""
    found = set()
    for path in (ROOT / "tests" / "fixtures" / folder).glob("*.expected.json"):
        for check in json.loads(path.read_text("utf-8")).get("checks", []):
            found.add((check["name"], name, "yes" if check["required"] else "no"))
    return found


def test_every_check_is_told_with_its_parser_and_whether_it_holds() -> None:
    told = {
        (check, parser, holds)
        for check, parsers, holds in re.findall(
            r"^\| `([a-z_]+)` \| (.*`).* \| (yes|no) \|$", PAGE, re.MULTILINE
        )
        for parser in re.findall(r"`([a-z-]+)`", parsers)
    }
    assert told == {
        each for parser, folder in FOLDERS.items() for each in made(parser.name, folder)
    }


def test_every_table_of_the_quarterly_report_is_explained() -> None:
    section = PAGE.split("## What is read of the quarterly report\n")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `([a-z_]+)` \|", section, re.MULTILINE)) == {
        record.table for record in QUARTERLY.tables
    }


def test_every_source_of_these_parsers_is_named_and_none_is_made_up() -> None:
    timeline = PAGE.split("## What was published when\n")[1].split("\n## ")[0]
    ours = {
        source.id
        for source in load_sources(shipped("sources.yml")).sources
        if source.parser in {parser.name for parser in FOLDERS}
    }
    assert set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", timeline)) == ours


def test_the_commands_name_the_parsers() -> None:
    assert set(re.findall(r"--parser ([a-z-]+)", PAGE)) == {parser.name for parser in FOLDERS}
