"""The wheel runs outside the checkout, with everything that it needs in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds the wheel and nothing of the checkout."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def python(site: Path, cwd: Path, *words: str) -> str:
    """Run Python in ``cwd`` with the wheel before all else, and return what it printed."""
    environment = {**os.environ, "PYTHONPATH": str(site), "PYTHONSAFEPATH": "1"}
    result = subprocess.run(
        [sys.executable, *words], cwd=cwd, env=environment, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def sanctuary(site: Path, cwd: Path, *words: str) -> str:
    start = "import sys; from sanctuary.cli import main; sys.argv[0] = 'sanctuary'; main()"
    return python(site, cwd, "-c", start, *words)


def test_the_modules_are_those_of_the_wheel(installed: Path, tmp_path: Path) -> None:
    code = (
        "import db, parsers, places, sanctuary, scraper; print(sanctuary.__file__, places.__file__)"
    )
    for place in python(installed, tmp_path, "-c", code).split():
        assert Path(place).is_relative_to(installed)


def test_no_test_and_no_helper_of_the_checkout_is_in_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "db",
        "parsers",
        "places",
        "sanctuary",
        "scraper",
    }


def test_it_carries_its_licence_and_those_of_others_and_no_golden_file(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.split("/licenses/")[1] for name in names if "/licenses/" in name} == {
        "LICENSE",
        "THIRD-PARTY.md",
    }
    assert [name for name in names if name.endswith(".expected.json") or "/make_" in name] == []


def test_the_shipped_sources_are_found(installed: Path, tmp_path: Path) -> None:
    listed = json.loads(sanctuary(installed, tmp_path, "sources", "--json"))
    assert [source["id"] for source in listed][:1] == ["ddor-weekly"]


def test_the_documentation_is_at_hand(installed: Path, tmp_path: Path) -> None:
    assert sanctuary(installed, tmp_path, "docs", "first-hour").startswith("# The first hour\n")


def test_a_specimen_is_read(installed: Path, tmp_path: Path) -> None:
    specimen = ROOT / "tests" / "fixtures" / "ddor" / "freedonia-2017-01-28-rev1.pdf"
    read = json.loads(sanctuary(installed, tmp_path, "parse", str(specimen), "--parser", "ddor"))
    assert read["records"]["detainer_counts"]


def test_the_demo_finds_its_specimens_and_templates(installed: Path, tmp_path: Path) -> None:
    code = (
        "from pathlib import Path\n"
        "from sanctuary.demo.play import play\n"
        "from sanctuary.workspace import Workspace\n"
        "play(Workspace(Path('history')))\n"
    )
    assert "SPECIMEN, NOT AN ICE DOCUMENT" in python(installed, tmp_path, "-c", code)
    assert (tmp_path / "history" / "tracker.db").exists()


def test_datasette_finds_the_pages(installed: Path, tmp_path: Path) -> None:
    plugins = json.loads(python(installed, tmp_path, "-m", "datasette", "plugins"))
    ours = [plugin for plugin in plugins if plugin["name"] == "sanctuary-tracker"]
    assert ours
    assert ours[0]["templates"]
    assert ours[0]["static"]
    code = "from sanctuary.shipped import shipped; print(shipped('metadata.yml'))"
    assert Path(python(installed, tmp_path, "-c", code).strip()).is_relative_to(installed)
