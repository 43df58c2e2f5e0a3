"""What a data package says otherwise than the one before, value by value, and whose change it is.

It is computed from the files of both packages: whoever has the two can do the same.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sanctuary.errors import CommandError

CHANGES_FILE = "changes.csv"
COLUMNS = (
    "told",
    "public_id",
    "kind",
    "cause",
    "source_id",
    "table_name",
    "row_key",
    "place",
    "state",
    "observed_after",
    "observed_by",
    "column",
    "before",
    "after",
    "notice",
)
MEANINGS = {
    "told": "What is new about the change: told for the first time, told with another window, or "
    "taken back",
    "public_id": "The public id of the change (table current_changes); empty where only the place "
    "of a printed name is another",
    "kind": "What happened",
    "cause": "Whose change it is: the publisher's; replay, a better reading of ours of the same "
    "document; person, a decision of somebody here; rules, by which a printed name is "
    "taken for a place",
    "source_id": "The source (table sources)",
    "table_name": "The table of the row; empty where a whole edition came or went",
    "row_key": "What makes it the same row from one edition to the next",
    "place": "The place as printed",
    "state": "The state as printed",
    "observed_after": "The last capture without it (UTC); empty if there is none",
    "observed_by": "The first capture with it (UTC)",
    "column": "The column whose value is another; empty where no single value is",
    "before": "Its value before",
    "after": "Its value after",
    "notice": "What the document says of itself if it is no official one, such as a specimen",
}
NEW, WINDOW, BACK = "new", "another window", "taken back"
_NEEDED = ("current_changes", "change_fields", "jurisdiction_names")
_TOLD = ("kind", "cause", "source_id", "table_name", "row_key", "place", "state")
_WINDOW = ("observed_after", "observed_by")

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
            f"{folder}: {file} is not what SHA256SUMS says; restore it from {folder.name}.zip, or "
            "name another package with --since"
        )


@dataclass(frozen=True)
class Released:
    """A data package that is there already."""

    name: str
    folder: Path
    as_of: str


def released_in(folder: Path) -> list[Released]:
    """Return the data packages of a folder, the one first that says what was known first."""
    found = []
    for file in folder.glob("*/datapackage.json"):
        try:
            said: dict[str, Any] = json.loads(file.read_text("utf-8"))
            found.append(Released(file.parent.name, file.parent, said["sanctuary"]["as_of"]))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return sorted(found, key=lambda each: (each.as_of, each.name))


def release_before(folder: Path, as_of: str, since: str | None) -> Released | None:
    """Return the package that a new one is compared with: the newest, or the one of that name.

    One that knows more than the new one does is not before it. Raises NoSuchRelease.
    """
    known = released_in(folder)
    if since is None:
        return next((each for each in reversed(known) if each.as_of <= as_of), None)
    for each in known:
        if each.name == since:
            return each
    raise NoSuchRelease(since, folder, [each.name for each in known])


def changed_since(before: Path, now: Path) -> Iterator[Row]:
    """Yield what the package in the folder ``now`` says otherwise, a row a value.

    Cells are those of the two packages, and as safe. Raises AlteredRelease.
    """
    old = {name: _read(before, name, checked=True) for name in _NEEDED}
    new = {name: _read(now, name, checked=False) for name in _NEEDED}
    theirs, ours = (_by(each["current_changes"], "public_id") for each in (old, new))
    fields = [_of_changes(each["change_fields"]) for each in (old, new)]
    for public_id, change in sorted(ours.items(), key=_in_order):
        if public_id not in theirs:
            yield from _told(NEW, change, fields[1])
        elif any(theirs[public_id].get(name) != change[name] for name in _WINDOW):
            yield from _told(WINDOW, change, {})
    for public_id, change in sorted(theirs.items(), key=_in_order):
        if public_id not in ours:
            yield from _told(BACK, change, fields[0])
    yield from _names(old["jurisdiction_names"], new["jurisdiction_names"])


def write_changed(rows: Iterator[Row]) -> bytes:
    """Return these rows as a CSV file."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _of_changes(fields: list[Row]) -> dict[str, list[Row]]:
    """Return the fields that differ by the change they are of."""
    found: dict[str, list[Row]] = defaultdict(list)
    for field in fields:
        found[field["change_id"]].append(field)
    return found


def _told(told: str, change: Row, fields: dict[str, list[Row]]) -> Iterator[Row]:
    said = {name: change.get(name, "") for name in ("public_id", *_TOLD, *_WINDOW, "notice")}
    row = {"told": told, **said}
    found = fields.get(change["id"], [])
    for field in found:
        yield {
            **row,
            "column": field["field"],
            "before": field["before"],
            "after": field["after"],
        }
    if not found:
        yield row


def _names(old: list[Row], new: list[Row]) -> Iterator[Row]:
    """Yield the printed names that are taken for another place than before."""
    key = ("source_id", "printed", "context")
    before = {tuple(row[name] for name in key): row["jurisdiction_id"] for row in old}
    for row in sorted(new, key=lambda row: tuple(row[name] for name in key)):
        was = before.get(tuple(row[name] for name in key))
        if was is not None and was != row["jurisdiction_id"]:
            yield {
                "told": NEW,
                "kind": "changed",
                "cause": "person" if row["reviewed"] == "1" else "rules",
                "source_id": row["source_id"],
                "table_name": "jurisdiction_names",
                "place": row["printed"],
                "column": "jurisdiction_id",
                "before": was,
                "after": row["jurisdiction_id"],
            }


def _by(rows: list[Row], name: str) -> dict[str, Row]:
    return {row[name]: row for row in rows}


def _in_order(item: tuple[str, Row]) -> tuple[str, str, str]:
    public_id, change = item
    return change["observed_by"], change["source_id"], public_id


def _read(folder: Path, table: str, *, checked: bool) -> list[Row]:
    name = f"data/{table}.csv"
    try:
        data = (folder / name).read_bytes()
    except FileNotFoundError:
        data = b""
    if checked:
        sums = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
        if f"{hashlib.sha256(data).hexdigest()}  {name}" not in sums:
            raise AlteredRelease(folder, name)
    csv.field_size_limit(_LONGEST_CELL)
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))
