"""What two data packages are compared by: the same edition, another reading, no text kept off."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from sanctuary.release.packaged import Packaged, release_before
from sanctuary.release.reread import reread

Tables = dict[str, list[dict[str, str]]]


def package(folder: Path, reading: str, body: str, number: str, start: str = "2025-06-01") -> Path:
    """Write a package of one edition of a policy, with one section."""
    tables: Tables = {
        "edition_readings": [
            {"edition_id": "1", "reading_id": reading, "cause": "replay", "superseded_at": ""}
        ],
        "editions": [
            {"id": "1", "source_id": "onhava-law", "period_start": start, "period_end": start}
        ],
        "current_policy_sections": [
            {
                "edition_id": "1",
                "source_id": "onhava-law",
                "row_key": "2-173",
                "number": number,
                "body": body,
            }
        ],
    }
    (folder / "data").mkdir(parents=True)
    for name, rows in tables.items():
        with (folder / "data" / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    return folder


def columns(old: Path, new: Path, *kept_off: str) -> list[str]:
    before, now = (Packaged(each, is_finished=False) for each in (old, new))
    return [row["column"] for row in reread(before, now, kept_off)]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return package(tmp_path / "old", "7", "The 1aw.", "2-l73")


def test_a_text_that_is_kept_off_now_is_not_repeated_from_the_package_before(
    tmp_path: Path, old: Path
) -> None:
    new = package(tmp_path / "new", "8", "", "2-173")
    assert columns(old, new) == ["number", "body"]
    assert columns(old, new, "onhava-law") == ["number"]


def test_an_edition_that_only_has_the_number_of_another_is_not_read_anew(
    tmp_path: Path, old: Path
) -> None:
    new = package(tmp_path / "new", "8", "The law.", "2-173", start="2025-06-08")
    assert columns(old, new) == []


def test_a_package_that_knows_more_is_not_before_one_that_knows_less(tmp_path: Path) -> None:
    for name, as_of in (("june", "2025-06-30"), ("july", "2025-07-31")):
        (tmp_path / name).mkdir()
        said = {"sanctuary": {"as_of": as_of}}
        (tmp_path / name / "datapackage.json").write_text(json.dumps(said))
    found = [release_before(tmp_path, as_of, None) for as_of in ("2025-07-01", "2025-05-01")]
    assert [each.name if each else None for each in found] == ["june", None]
