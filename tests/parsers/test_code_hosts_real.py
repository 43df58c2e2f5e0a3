"""Answers of Municode and American Legal as they were served, where they are at hand."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from parsers.errors import NotThisDocument
from parsers.policy import amlegal, municode
from parsers.records import PolicySection, Reading

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("SANCTUARY_REAL", ROOT.parent / "shared" / "real")) / "municipal"
PARSERS = {"amlegal": amlegal.PARSER, "municode": municode.PARSER}

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the real answers are not at hand")

LAW = {
    "municode_content_danville_art7.json": 6,
    "municode_content_homeocc.json": 14,
    "amlegal_render_section.json": 1,
    "amlegal_render_reserved.json": 1,
}
"""How many sections each has, counted in the file."""


def answers() -> list[Path]:
    folders = [FOLDER / host for host in PARSERS if (FOLDER / host).is_dir()]
    return sorted(path for folder in folders for path in folder.iterdir())


def sections(host: str, name: str) -> list[PolicySection]:
    reading = PARSERS[host].read((FOLDER / host / name).read_bytes(), {})
    return [row for row in reading.rows(PolicySection) if isinstance(row, PolicySection)]


def letters(*texts: str | None) -> str:
    return re.sub(r"\s+", "", "".join(filter(None, texts)))


def printed(html: str | None) -> str:
    return letters(BeautifulSoup(html or "", "html.parser").get_text())


@pytest.mark.parametrize("path", answers(), ids=lambda path: path.name)
def test_an_answer_is_read_or_refused_for_what_it_is(path: Path) -> None:
    parser = PARSERS[path.parent.name]
    if path.name not in LAW:
        with pytest.raises(NotThisDocument):
            parser.read(path.read_bytes(), {})
        return
    reading: Reading = parser.read(path.read_bytes(), {})
    assert len(reading.rows(PolicySection)) == LAW[path.name]
    is_reserved = "reserved" in path.name
    assert [c.name for c in reading.checks if not c.passed] == (["has_law"] if is_reserved else [])
    assert reading.problems == ()


@pytest.mark.parametrize("name", [name for name in LAW if name.startswith("municode")])
def test_every_letter_of_a_node_is_in_its_text_or_its_note_in_order(name: str) -> None:
    rows = {row.host_id: row for row in sections("municode", name)}
    for doc in json.loads((FOLDER / "municode" / name).read_bytes())["Docs"]:
        row = rows.get(doc["Id"])
        assert printed(doc["Content"]) == (letters(row.body, row.history_note) if row else "")


def test_every_letter_of_a_section_is_in_its_heading_text_or_note() -> None:
    name = "amlegal_render_section.json"
    (row,) = sections("amlegal", name)
    ours = letters(row.number, row.heading, row.body.replace(" | ", " "), row.history_note)
    assert ours == printed(json.loads((FOLDER / "amlegal" / name).read_bytes())["html"])
    assert (row.host_id, row.history_note) == ("JD_1141.01", "(Ord. 05-08. Passed 2-25-08.)")


def test_headings_and_dates_of_the_real_nodes_are_as_printed() -> None:
    rows = sections("municode", "municode_content_homeocc.json")
    assert all(row.number and row.heading for row in rows)
    reserved = [row for row in rows if row.heading == "[Reserved]."]
    assert [row.body for row in reserved] == [""] * 6
    events = [event for row in rows for event in row.events]
    assert "11-13-0" in [event.date_text for event in events]
    assert {event.date for event in events} == {None}
