"""The two files of a release: what is in them, and that one makes the other."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.release.checks import Checks, Wrong, expect
from tests.release.environments import Maker

ROOT = Path(__file__).parents[2]
LARGEST = 2_500_000
"""Bytes of the wheel."""
PACKAGES = {"db", "parsers", "places", "sanctuary", "scraper"}
_NOT_OURS_TO_SHIP = re.compile(r"(^|/)(tests?|__pycache__|\.[^/]+|conftest\.py)(/|$)|\.pyc$")
_OF_THIS_MACHINE = [f"{folder}/".encode() for folder in (ROOT, Path.home(), sys.prefix)]
_OF_THE_BUILDER = {"WHEEL", "RECORD"}


def built(folder: Path) -> tuple[Path, Path]:
    """Return the sdist and the wheel of the checkout."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-t", "wheel"]
    subprocess.run([*command, "-d", folder], cwd=ROOT, check=True, capture_output=True, text=True)
    (sdist,) = folder.glob("*.tar.gz")
    (wheel,) = folder.glob("*.whl")
    return sdist, wheel


def check_contents(checks: Checks, maker: Maker, sdist: Path, wheel: Path) -> None:
    """Check both files."""
    files = _files(wheel)
    with checks.check(f"the wheel has {len(files)} files and {wheel.stat().st_size:,} bytes"):
        if wheel.stat().st_size > LARGEST:
            raise Wrong(f"more than {LARGEST:,} bytes")
    with checks.check("it holds our packages, and nothing beside them"):
        tops = {name.split("/")[0] for name in files}
        expect({top for top in tops if not top.endswith(".dist-info")}, PACKAGES, "what it holds")
    with checks.check("no test, no cache and no hidden file is in it"):
        expect([name for name in files if _NOT_OURS_TO_SHIP.search(name)], [], "what is in it")
    with checks.check("no file names a folder of the machine that built it"):
        named = {
            name: [each for each in _OF_THIS_MACHINE if each in data]
            for name, data in files.items()
        }
        expect({name: found for name, found in named.items() if found}, {}, "what is named")
    with checks.check("licence, notices and list of changes are where their readers look"):
        notices = {name.split("/licenses/")[1] for name in files if "/licenses/" in name}
        expect(notices, {"LICENSE", "THIRD-PARTY.md"}, "what dist-info/licenses holds")
    with checks.check("twine takes both"):
        maker.tools.run(wheel.parent, "twine", "check", "--strict", sdist, wheel)
    with checks.check("the sdist makes the same wheel"):
        folder = wheel.parent / "from-sdist"
        pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", folder, sdist]
        subprocess.run(pip, check=True, capture_output=True, text=True)
        (second,) = folder.glob("*.whl")
        expect(_different(_files(second), files), set(), "what differs")


def _files(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _different(some: dict[str, bytes], others: dict[str, bytes]) -> set[str]:
    """Return the names of the files that are not the same, but for what names its builder."""
    names = {name for name in some.keys() | others.keys() if some.get(name) != others.get(name)}
    return {name for name in names if name.split("/")[-1] not in _OF_THE_BUILDER}
