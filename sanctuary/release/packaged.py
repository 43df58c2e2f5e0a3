"""Data packages that are there: finding them, and reading their tables."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sanctuary.errors import CommandError

SUMS = "SHA256SUMS"
_LONGEST_CELL = 1 << 30
"""Characters; the csv module takes no more than 131,072 unless it is told. Laws are longer."""

Row = dict[str, str]


class NoSuchRelease(CommandError):
    """No data package of that name is where it was looked for."""

    def __init__(self, name: str, folder: Path, known: list[str]) -> None:
        """Take the name, the folder, and the names of those that are in it."""
        there = ", ".join(known) or "none"
        super().__init__(f"no data package {name!r} in {folder}; there are: {there}")


class AlteredRelease(CommandError):
    """A file of an earlier data package is not what its own hashes say."""

    def __init__(self, folder: Path, file: str) -> None:
        """Take the folder of the package, and the file."""
        super().__init__(
            f"{folder}: {file} is not what {SUMS} says; restore it from {folder.name}.zip, or "
            "name another package with --since"
        )


@dataclass(frozen=True)
class Packaged:
    """The folder of a data package."""

    folder: Path
    is_finished: bool = True
    """Its files are held to its hashes; of one that is being made there are none."""

    def rows(self, table: str) -> Iterator[Row]:
        """Yield the rows of a table, as its file has them; nothing if it is not in the package.

        Raises AlteredRelease.
        """
        name = f"data/{table}.csv"
        file = self.folder / name
        if not file.is_file():
            if name in self._sums:
                raise AlteredRelease(self.folder, name)
            return
        csv.field_size_limit(_LONGEST_CELL)
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        if self.is_finished and self._sums.get(name) != digest:
            raise AlteredRelease(self.folder, name)
        with file.open(encoding="utf-8", newline="") as text:
            yield from csv.DictReader(text)

    @cached_property
    def _sums(self) -> dict[str, str]:
        if not self.is_finished:
            return {}
        try:
            lines = (self.folder / SUMS).read_text("utf-8").splitlines()
        except OSError as error:
            raise AlteredRelease(self.folder, SUMS) from error
        return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


@dataclass(frozen=True)
class Released:
    """A data package that is there already."""

    name: str
    as_of: str
    package: Packaged


def release_before(folder: Path, as_of: str, since: str | None) -> Released | None:
    """Return the package that a new one is compared with: the newest, or the one of that name.

    One that knows more than the new one does is not before it. Raises NoSuchRelease.
    """
    known = _released_in(folder)
    if since is None:
        return next((each for each in reversed(known) if each.as_of <= as_of), None)
    for each in known:
        if each.name == since:
            return each
    raise NoSuchRelease(since, folder, [each.name for each in known])


def _released_in(folder: Path) -> list[Released]:
    """Return the data packages of a folder, the one first that says what was known first."""
    found = []
    for file in folder.glob("[!.]*/datapackage.json"):
        try:
            said: dict[str, Any] = json.loads(file.read_text("utf-8"))
            as_of = str(said["sanctuary"]["as_of"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
        found.append(Released(file.parent.name, as_of, Packaged(file.parent)))
    return sorted(found, key=lambda each: (each.as_of, each.name))
