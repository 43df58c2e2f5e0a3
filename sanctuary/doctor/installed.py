"""What is installed: the program, what it runs on, and what is optional."""

from __future__ import annotations

import platform
import re
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, requires, version

from sanctuary import __version__
from sanctuary.doctor.finding import Finding, broken, note, ok

OLDEST_SQLITE = (3, 38, 0)
"""The operator ``->>`` came with it."""
_DISTRIBUTION = "sanctuary-tracker"
_OF_EXTRA = re.compile(r"^([A-Za-z0-9._-]+).*;.*\bextra\s*==\s*['\"]([a-z-]+)['\"]")
_FOR_WORK = re.compile(r"dev|bench.*")
"""Extras for work on the project."""
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def program(sqlite: tuple[int, ...] = sqlite3.sqlite_version_info) -> Finding:
    """Say what runs, and on what."""
    number = ".".join(map(str, sqlite[:3]))
    said = f"sanctuary {__version__}, Python {platform.python_version()}, SQLite {number}"
    if sqlite < OLDEST_SQLITE:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        return broken("program", f"{said}: that SQLite is too old", f"a Python with {oldest}")
    return ok("program", said)


def packages(strange: Mapping[str, str], shared: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """Say whether Python finds our packages, whose names are plain, and not those of others.

    ``strange`` says by name where else it finds one; ``shared`` which other distributions bring
    one of that name, too.
    """
    check, remedy = "packages", "install it apart from others: `pipx install sanctuary-tracker`"
    for name, place in sorted(strange.items()):
        yield broken(check, f"the package {name} is taken from elsewhere: {place}", remedy)
    for name, others in sorted(shared.items()):
        said = f"{', '.join(others)} brings a package {name}, too, and may have replaced files"
        yield broken(check, said, remedy)
    if not strange and not shared:
        yield ok(check, "they are the program's own")


def extras(
    requirements: Iterable[str], version_of: Callable[[str], str | None]
) -> Iterator[Finding]:
    """Say of each extra whether its packages are installed, by the requirements as metadata says.

    ``version_of`` returns the version of an installed package, None if it is not.
    """
    packages: dict[str, list[str]] = defaultdict(list)
    for requirement in requirements:
        if (match := _OF_EXTRA.match(requirement)) and not _FOR_WORK.fullmatch(match[2]):
            packages[match[2]].append(match[1])
    for extra, names in sorted(packages.items()):
        found = {name: version_of(name) for name in names}
        lacking = [name for name, number in found.items() if number is None]
        if lacking:
            said = f"{extra} is not installed (it wants {', '.join(lacking)})"
            yield note("extras", said, f"`pip install '{_DISTRIBUTION}[{extra}]'` if it is wanted")
        else:
            there = ", ".join(f"{name} {number}" for name, number in found.items())
            yield ok("extras", f"{extra}: {there}")


def own_requirements() -> list[str]:
    """Return what this distribution requires, extras among it; nothing if it is not installed."""
    try:
        return requires(_DISTRIBUTION) or []
    except PackageNotFoundError:
        return []


def installed_version(name: str) -> str | None:
    """Return the version of an installed package, None if it is not."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def browser(which: Callable[[str], str | None] = shutil.which) -> Finding:
    """Say whether the tests of pages can run; nothing else needs a browser."""
    found = next((path for name in _BROWSERS if (path := which(name))), None)
    if found is None:
        said = "no Chromium; only the project's own tests of pages want one"
        return note("browser", said, "`apt-get install chromium`, to work on the project")
    return ok("browser", f"{found}, for the project's own tests of pages")
