"""ICE's own workbooks of May and June 2025, where they are at hand.

The counts were taken from the XML of the sheets with plain text tools, not with this reader.
"""

from __future__ import annotations

import os
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from parsers.ice_287g import PARSER
from parsers.records import Agreement, Reading, content_hash

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("SANCTUARY_REAL", ROOT.parent / "shared" / "real")) / "287g"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the real workbooks are not at hand")


@cache
def readings(status: str) -> dict[str, Reading]:
    """Return the readings of one list by file name; the names begin with the capture time."""
    return {
        path.name: PARSER.read(path.read_bytes(), {})
        for path in sorted(FOLDER.glob(f"*__{status}*.xlsx"))
    }


@pytest.mark.parametrize(
    ("status", "files", "editions"), [("participating", 15, 14), ("pending", 22, 22)]
)
def test_each_change_of_content_is_an_edition(status: str, files: int, editions: int) -> None:
    hashes = [content_hash(reading.records) for reading in readings(status).values()]
    assert len(hashes) == files
    changes = sum(before != after for before, after in pairwise(hashes))
    assert 1 + changes == editions


@pytest.mark.parametrize("status", ["participating", "pending"])
def test_every_workbook_passes_its_checks_and_is_the_list_its_name_says(status: str) -> None:
    for name, reading in readings(status).items():
        assert all(check.passed for check in reading.checks), name
        rows = reading.rows(Agreement)
        assert {row.status for row in rows if isinstance(row, Agreement)} == {status}, name


@pytest.mark.parametrize(
    ("name", "rows", "dates", "links", "no_county"),
    [
        ("sheets_20250519_024922__participatingAgencies05162025am.xlsx", 571, 570, 416, 165),
        ("sheets_20250627_151725__participatingAgencies06272025am.xlsx", 737, 736, 541, 223),
        ("sheets_20250630_151903__pendingAgencies06302025am.xlsx", 68, 0, 0, 20),
    ],
)
def test_counts_by_hand_agree(name: str, rows: int, dates: int, links: int, no_county: int) -> None:
    status = "pending" if "pending" in name else "participating"
    read = [row for row in readings(status)[name].records if isinstance(row, Agreement)]
    assert len(read) == rows
    assert sum(row.signed is not None for row in read) == dates
    assert sum(row.moa_url is not None for row in read) == links
    assert sum(row.county is None for row in read) == no_county


def test_the_broken_date_is_one_problem_in_every_participating_workbook() -> None:
    for name, reading in readings("participating").items():
        broken = [problem for problem in reading.problems if problem.kind == "unreadable_date"]
        assert [(problem.text, len(problem.evidence)) for problem in broken] == [
            ("05/082025", 1)
        ], name


def test_no_address_names_a_mailbox_of_the_mail_filter() -> None:
    for reading in readings("participating").values():
        rows = [row for row in reading.records if isinstance(row, Agreement)]
        assert not [row for row in rows if row.moa_url and "safelinks" in row.moa_url]
