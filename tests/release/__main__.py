"""Checks a release: ``python -m tests.release``; exit code 1 if one check fails.

Interpreters that this machine does not have are named and left out.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from importlib.metadata import version
from pathlib import Path

from tests.release.checks import Checks
from tests.release.contents import ROOT, built, check_contents
from tests.release.environments import VERSIONS, Environment, Maker, interpreters
from tests.release.extras import EXTRAS, check_extra, check_without
from tests.release.licences import check_licences, licences, write
from tests.release.plugins import PLUGINS, check_plugins
from tests.release.using import check_use

_TOOLS = ("pytest", "pytest-xdist", "hypothesis", "reportlab", "pypdf", "python-docx")
"""What these tests need; all that develops the program does not go with the lowest versions."""
_TESTS = (
    *("tests/parsers", "tests/places", "tests/scraper/test_packing.py"),
    *("tests/scraper/test_discover.py", "tests/scraper/test_robots.py"),
)
"""Where an older library would be noticed: it reads other rows, or keeps other bytes."""
PARTS = ("contents", "pythons", "pipx", "lowest", "plugins", "extras", "licences")


def main() -> int:
    """Check the parts that were asked for, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.release", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)} [all]")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "release")
    parser.add_argument("--write-licences", action="store_true", help="into THIRD-PARTY.md")
    asked = parser.parse_args()
    parts = asked.parts or PARTS
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    folder = asked.folder.resolve()
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "dist").mkdir(parents=True)
    release = Release(folder)
    if asked.write_licences:
        write(licences(release.with_all_extras()))
        return 0
    for part in PARTS:
        if part in parts:
            release.checks.heading(part)
            getattr(release, part)()
    print(f"\n{release.checks.made} checks, {release.checks.failed} failed")
    return 1 if release.checks.failed else 0


class Release:
    """A wheel that was built in a folder, and what is checked of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.checks = Checks()
        self.maker = Maker(folder / "environments")
        self.sdist, self.wheel = built(folder / "dist")
        self.version = version("sanctuary-tracker")
        self.here = Path(sys.executable)

    def contents(self) -> None:
        """Check what is in the files."""
        check_contents(self.checks, self.maker, self.sdist, self.wheel)

    def pythons(self) -> None:
        """Check a bare environment of every Python that is claimed."""
        found = interpreters()
        for each in VERSIONS:
            if each not in found:
                self.checks.skip(f"Python {each}", "it is not on this machine")
                continue
            self.checks.heading(f"pip install, Python {each}")
            name = f"python{each}"
            environment = self.maker.with_pip(name, found[each], self.wheel)
            self._use(environment, name)

    def pipx(self) -> None:
        """Check what pipx makes."""
        self._use(self.maker.with_pipx("pipx", self.wheel), "pipx")

    def lowest(self) -> None:
        """Check the oldest versions that pyproject.toml allows."""
        wanted = ("--resolution", "lowest-direct", self.wheel)
        lowest = self.maker.with_uv("lowest", self.here, *wanted)
        self._use(lowest, "lowest")
        with self.checks.check("the tests of what fetches and reads pass with them"):
            self.maker.add(lowest, *_TOOLS)
            lowest.run(ROOT, "python", "-m", "pytest", "-p", "no:cacheprovider", "-nauto", *_TESTS)

    def plugins(self) -> None:
        """Check the site beside other plugins."""
        environment = self.maker.with_uv("plugins", self.here, self.wheel, *PLUGINS)
        check_plugins(self.checks, environment, self.folder / "use" / "plugins")

    def extras(self) -> None:
        """Check every extra alone, and none."""
        bare = self.maker.with_uv("bare", self.here, self.wheel)
        check_without(self.checks, bare, self.folder / "use" / "bare")
        for extra in EXTRAS:
            environment = self.maker.with_uv(extra, self.here, f"{self.wheel}[{extra}]")
            where = self.folder / "use" / extra
            check_extra(self.checks, self.maker, extra, environment, where)

    def licences(self) -> None:
        """Check the licences of all that an installation brings."""
        check_licences(self.checks, licences(self.with_all_extras()))

    def with_all_extras(self) -> Environment:
        """Return an environment with every extra for users."""
        return self.maker.with_uv("all", self.here, f"{self.wheel}[{','.join(EXTRAS)}]")

    def _use(self, environment: Environment, name: str) -> None:
        check_use(self.checks, environment, self.folder / "use" / name, self.version)


if __name__ == "__main__":
    sys.exit(main())
