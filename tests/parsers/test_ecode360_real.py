"""Parts of real pages of eCode360, where they are at hand, against their markup taken as text."""

from __future__ import annotations

import html
import os
import re
from pathlib import Path

import pytest

from parsers.errors import NotThisDocument
from parsers.policy.ecode360 import PARSER
from parsers.records import Policy, PolicySection

ROOT = Path(__file__).parents[2]
REAL = Path(os.environ.get("SANCTUARY_REAL", ROOT.parent / "shared" / "real"))
FOLDER = REAL / "municipal" / "ecode360"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the real pages are not at hand")


def plain(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", markup)).split())


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.html")), ids=lambda path: path.stem)
def test_every_paragraph_title_and_note_of_a_page_is_read(path: Path) -> None:
    source = path.read_text("utf-8")
    reading = PARSER.read(path.read_bytes(), {})
    assert all(check.passed for check in reading.checks)
    assert {problem.kind for problem in reading.problems} <= {"page_unknown"}
    rows = [row for row in reading.rows(PolicySection) if isinstance(row, PolicySection)]
    (page,) = (row.host_id for row in reading.rows(Policy) if isinstance(row, Policy))
    in_it = [row.host_id for row in rows if row.host_id != page]
    assert in_it == [each for each in re.findall(r'sectionTitle ([0-9]+)"', source) if each != page]
    paragraphs = [plain(m) for m in re.findall(r'<div class="para">(.*?)</div>', source, re.S)]
    lines = [line for row in rows for line in row.body.splitlines() if " | " not in line]
    assert lines == paragraphs
    notes = [plain(m) for m in re.findall(r'<div class="history">(.*?)</div>', source, re.S)]
    assert [row.history_note for row in rows if row.history_note] == notes
    days = re.findall(r'class="hisdate">([0-9-]+)<', source)
    assert [event.date_text for row in rows for event in row.events] == days
    titles = [plain(m) for m in re.findall(r'"titleTitle"[^>]*>(.*?)</span>', source, re.S)]
    assert [row.heading for row in rows] == titles[-len(rows) :]


def test_a_cell_of_a_table_keeps_its_column() -> None:
    (path,) = FOLDER.glob("*art3.html")
    rows = PARSER.read(path.read_bytes(), {}).rows(PolicySection)
    source = path.read_text("utf-8")
    cells = [plain(m) for m in re.findall(r"<t[hd]>(.*?)</t[hd]>", source)]
    lines = [
        line
        for row in rows
        if isinstance(row, PolicySection)
        for line in row.body.split("\n")
        if " | " in line
    ]
    assert [cell for line in lines for cell in line.split(" | ")] == cells


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*toc*.json")), ids=lambda path: path.stem)
def test_a_table_of_contents_says_which_page_to_take(path: Path) -> None:
    with pytest.raises(NotThisDocument, match=r"https://ecode360\.com/[0-9]+ \("):
        PARSER.read(path.read_bytes(), {})
