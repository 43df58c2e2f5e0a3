"""``sanctuary release``: a data package that is whole, always the same, and hands out no more."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import check_jsonschema
import pytest
import yaml
from jsonschema import Draft7Validator
from sqlite_utils import Database

from db.connection import open_database
from db.sources import save_source
from sanctuary.site.download_list import GROUPS
from tests.db.history import LIST, listing, load, reading
from tests.sanctuary.commands import Commands
from tests.site.histories import CAVEAT, CITIZENSHIP, FACILITY, NOTICE, law, load_laws, two_weeks

FORMULA = "=1+1"
INDIVIDUAL = {
    *("declined_detainers", "current_declined_detainers", "detainer_offences", "facilities"),
    *("corrected_detainers", "found_rows", "current_found_rows"),
    *("case_narratives", "current_case_narratives"),
}


SOURCES = """
settings: {{contact: https://example.org/tests, individual_rows: {individual_rows}}}
sources:
  - {{id: invented, title: Invented, publisher: Invented, address: null, parser: ddor,
     editions: period, why: For tests.}}
  - {{id: aros-law, title: Code of Aros, publisher: City of Aros, address: null, parser: page,
     editions: content, publish: {publish}, why: For tests.}}
"""


def commands(folder: Path, publish: str = "full", individual_rows: str = "full") -> Commands:
    """Return the command line with these settings."""
    return Commands(folder, SOURCES.format(publish=publish, individual_rows=individual_rows))


def write(data_dir: Path) -> None:
    data_dir.mkdir()
    db = two_weeks(data_dir)
    load_laws(db)
    load(db, LIST, "2025-06-03T10:00:00Z", reading([listing(FORMULA, "Zembla’s “Ütz”\x1b")]))
    db.close()


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("history") / "history"
    write(folder)
    return folder


@pytest.fixture(scope="module")
def released(history: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a package, made once."""
    folder = tmp_path_factory.mktemp("released")
    sanctuary = commands(folder)
    shutil.copytree(history, sanctuary.data_dir)
    answer = sanctuary("release", "2025-06")
    assert (answer.code, answer.err) == (0, "")
    return sanctuary.data_dir / "releases" / "2025-06"


@pytest.fixture
def kept(tmp_path: Path, released: Path) -> Commands:
    """That history with its first package, to be written to."""
    made = commands(tmp_path)
    shutil.copytree(released.parent.parent, made.data_dir)
    return made


def change(kept: Commands, do: Callable[[Database], object]) -> None:
    db = open_database(kept.data_dir / "tracker.db")
    do(db)
    db.close()


def data(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "datapackage.json").read_text())
    return found


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def tables(folder: Path) -> set[str]:
    return {path.stem for path in (folder / "data").iterdir()}


def test_every_table_that_the_site_offers_is_in_it(released: Path) -> None:
    assert tables(released) == {name for group in GROUPS for name in group.tables}


def test_every_row_is_there(released: Path, history: Path) -> None:
    db = Database(history / "tracker.db")
    for resource in data(released)["resources"][:-1]:
        name = resource["name"]
        assert len(rows(released / resource["path"])) == resource["rows"] == db[name].count, name


def test_the_descriptor_describes_the_files_as_they_are(released: Path) -> None:
    for resource in data(released)["resources"]:
        content = (released / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        names = [field["name"] for field in resource["schema"]["fields"]]
        header = content.splitlines()[0].decode().split(",")
        assert header == names, resource["name"]


def test_every_column_is_explained_but_those_of_single_sources(released: Path) -> None:
    silent = {
        (resource["name"], field["name"])
        for resource in data(released)["resources"]
        for field in resource["schema"]["fields"]
        if not field["description"]
    }
    assert silent == set()


def test_values_that_the_schema_names_are_in_the_codebook(released: Path) -> None:
    assert "publisher, replay, person" in (released / "CODEBOOK.md").read_text()
    for resource in data(released)["resources"]:
        for field in resource["schema"]["fields"]:
            if field.get("constraints"):
                allowed = {str(value) for value in field["constraints"]["enum"]} | {""}
                found = {row[field["name"]] for row in rows(released / resource["path"])}
                assert found <= allowed, (resource["name"], field["name"])


def test_sha256sum_verifies_it(released: Path) -> None:
    done = subprocess.run(
        ["sha256sum", "-c", "--strict", "--quiet", "SHA256SUMS"], cwd=released, check=False
    )
    assert done.returncode == 0
    named = {line.split("  ")[1] for line in (released / "SHA256SUMS").read_text().splitlines()}
    there = {str(path.relative_to(released)) for path in released.rglob("*") if path.is_file()}
    assert named == there - {"SHA256SUMS"}


def test_the_citation_file_is_valid_and_names_publishers_and_parsers(released: Path) -> None:
    said = yaml.safe_load((released / "CITATION.cff").read_text())
    vendored = Path(check_jsonschema.__file__).parent / "builtin_schemas" / "vendor"
    schema = json.loads((vendored / "citation-file-format.json").read_text())
    assert list(Draft7Validator(schema).iter_errors(said)) == []
    assert {"City of Aros", "City of Yaruga"} <= {each["name"] for each in said["authors"]}
    assert all("read by " in each["notes"] for each in said["references"])


def test_the_citation_names_the_hash_of_the_descriptor(released: Path) -> None:
    sha256 = hashlib.sha256((released / "datapackage.json").read_bytes()).hexdigest()
    assert sha256 in (released / "CITATION.txt").read_text()


def test_what_specimens_and_reports_say_of_themselves_goes_along(released: Path) -> None:
    for paper in ("README.md", "CITATION.txt"):
        assert NOTICE in (released / paper).read_text()
    for table in ("current_listings", "listings", "current_changes", "current_detainer_counts"):
        assert NOTICE in {row["notice"] for row in rows(released / "data" / f"{table}.csv")}
    totals = rows(released / "data" / "current_report_totals.csv")
    assert CAVEAT in {row["text"] for row in totals}
    assert "Known declines only" in (released / "README.md").read_text()


def test_no_cell_is_a_formula_and_none_has_control_characters(released: Path) -> None:
    (row,) = [
        row
        for row in rows(released / "data" / "standing_listings.csv")
        if row["source_id"] == LIST.id
    ]
    assert (row["jurisdiction"], row["policy"]) == (f"'{FORMULA}", "Zembla’s “Ütz”�")


def test_nothing_in_it_is_of_this_machine_or_this_moment(released: Path, tmp_path: Path) -> None:
    said = b"".join(path.read_bytes() for path in released.rglob("*") if path.is_file())
    assert str(released.parents[3]).encode() not in said
    assert data(released)["created"] == "2026-01-01T00:00:00Z"


def test_the_same_history_gives_the_same_bytes(released: Path, tmp_path: Path) -> None:
    before = commands(tmp_path)
    before.data_dir = released.parent.parent
    before("backup", tmp_path / "copy")
    again = commands(tmp_path)
    again.data_dir = tmp_path / "copy"
    answer = again("release", "2025-06", "-o", tmp_path / "public", "--json")
    sha256 = hashlib.sha256(released.with_suffix(".zip").read_bytes()).hexdigest()
    assert answer.data()["zip_sha256"] == sha256


def test_the_zip_holds_the_folder(released: Path) -> None:
    with zipfile.ZipFile(released.with_suffix(".zip")) as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist()}
    assert files == {
        f"2025-06/{path.relative_to(released)}": path.read_bytes()
        for path in released.rglob("*")
        if path.is_file()
    }


def test_a_release_is_never_replaced(kept: Commands) -> None:
    before = (kept.data_dir / "releases" / "2025-06.zip").read_bytes()
    answer = kept("release", "2025-06")
    assert answer.code == 1
    assert "never replaced" in answer.err
    shutil.rmtree(kept.data_dir / "releases" / "2025-06")
    assert kept("release", "2025-06").code == 1
    assert (kept.data_dir / "releases" / "2025-06.zip").read_bytes() == before


@pytest.mark.parametrize("name", ["../up", "", ".hidden", "a b", "a/b", "x" * 65])
def test_a_name_that_could_lead_elsewhere_is_none(kept: Commands, name: str) -> None:
    answer = kept("release", name)
    assert answer.code == 1
    assert "is no name for a data package" in answer.err


def test_one_that_is_broken_off_leaves_nothing(
    kept: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("sanctuary.release.making._write_table", full)
    assert kept("release", "2025-07").code == 1
    assert {path.name for path in (kept.data_dir / "releases").iterdir()} == {
        "2025-06",
        "2025-06.zip",
    }


@pytest.fixture(scope="module")
def closed(history: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a package of the same history whose settings are stricter.

    The sources file closes the text of one law, the database of another.
    """
    folder = tmp_path_factory.mktemp("closed")
    sanctuary = commands(folder, "diff", "counts")
    shutil.copytree(history, sanctuary.data_dir)
    change(sanctuary, lambda db: save_source(db, replace(law("Glitterntin"), publish="link")))
    answer = sanctuary("release", "2025-06")
    assert (answer.code, answer.err) == (0, "")
    assert "without the texts of: aros-law, glitterntin-law" in answer.out
    return sanctuary.data_dir / "releases" / "2025-06"


def test_below_full_no_row_about_an_individual_is_in_it(closed: Path) -> None:
    assert not tables(closed) & INDIVIDUAL
    assert set(data(closed)["sanctuary"]["tables_kept_out"]) == INDIVIDUAL
    assert "current_declined_counts" in tables(closed)
    said = b"".join(path.read_bytes() for path in (closed / "data").iterdir())
    assert FACILITY.encode() not in said
    assert "`individual_rows: counts`" in (closed / "README.md").read_text()


def test_texts_that_may_not_be_shown_whole_are_not_in_it(closed: Path) -> None:
    said = "".join(path.read_text() for path in closed.rglob("*") if path.is_file())
    for place in ("Aros", "Glitterntin"):
        assert f"The {place} police shall not stop" not in said
        assert f"{place.lower()}-law" in (closed / "README.md").read_text()
    bodies = {
        row["source_id"]: row["body"]
        for row in rows(closed / "data" / "current_policy_sections.csv")
        if row["number"] != "§ 9-2"
    }
    assert (bodies["aros-law"], bodies["glitterntin-law"]) == ("", "")
    assert "A keeper of geese" in bodies["yaruga-law"]


def test_the_papers_speak_of_what_is_in_the_package(closed: Path, released: Path) -> None:
    assert "rows about individuals" not in (released / "README.md").read_text().lower()
    assert "Texts of these sources" not in (released / "README.md").read_text()
    for paper in ("CODEBOOK.md", "datapackage.json"):
        assert "data/declined_detainers.csv" in (released / paper).read_text()
        assert "data/declined_detainers.csv" not in (closed / paper).read_text()


def test_nothing_recorded_is_nothing_to_release(tmp_path: Path) -> None:
    empty = commands(tmp_path)
    assert "no history" in empty("release", "2025-06").err
    empty.data_dir.mkdir()
    open_database(empty.data_dir / "tracker.db").close()
    answer = empty("release", "2025-06")
    assert (answer.code, "nothing was recorded yet" in answer.err) == (1, True)
    assert not (empty.data_dir / "releases").exists()


def test_the_citizenship_of_a_row_is_where_the_setting_lets_it(released: Path) -> None:
    found = rows(released / "data" / "current_declined_detainers.csv")
    assert {row["citizenship"] for row in found} == {CITIZENSHIP}


def test_the_first_package_has_nothing_to_compare_with(released: Path) -> None:
    assert rows(released / "changes.csv") == []
    assert data(released)["sanctuary"]["since"] is None
    assert "This is the first package." in (released / "README.md").read_text()
