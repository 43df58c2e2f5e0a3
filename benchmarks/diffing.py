"""Comparing two editions of a list of 100,000 rows, beside tools that compare CSV files.

All three are given the same rows and have to find the same changes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tempfile
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path

from benchmarks.environment import NOT_INSTALLED, installed
from benchmarks.figure import Figure, Row, at_most, ratio_at_most
from benchmarks.history import SOURCE, rows
from benchmarks.measuring import Prepared, costs
from db.captures import Capture, Document, record_capture
from db.connection import open_database
from db.diff import diff
from db.readings import ReadBy, store_reading
from db.sources import save_source
from parsers.records import EditionClaim, Listing, Reading
from sanctuary.cli import cli

MANY = 100_000
FEWER = MANY // 10
COLUMNS = ("jurisdiction", "field_office", "date_enacted", "policy", "criteria")

_EDITIONS = f"`sanctuary diff` of two stored editions of {MANY:,} rows, 1 % changed, as JSON"
CSV_DIFF = Row(_EDITIONS, "`csv-diff --json` of the rows as CSV files", at_most(2, "s"))
DAFF = Row(_EDITIONS, "`daff` of the rows as CSV files", at_most(2, "s"))
MEMORY = Row("memory of that", f"of two editions of {FEWER:,} rows", ratio_at_most(10))
LISTS = Row(f"two lists of {MANY:,} rows, 1 % changed", "two sets of tuples", at_most(2, "s"))
RESPELT = Row(
    f"two lists of {FEWER:,} rows, every name respelt", "of half as many", ratio_at_most(2.5)
)
ONE_NAME = Row(
    f"two lists of {FEWER:,} rows, all of one name, every policy another",
    "of half as many",
    ratio_at_most(2.5),
)
ROWS = (CSV_DIFF, DAFF, MEMORY, LISTS, RESPELT, ONE_NAME)

_LESS = {
    CSV_DIFF: "by one key that may stand once; no spelling, no likeness, no place of a row",
    DAFF: "prints the rows themselves; no spelling, no likeness, no place of a row",
}


def figures() -> list[Figure]:
    """Return what comparing costs, once it is sure that all find the same."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for count in (MANY, FEWER):
            _store(folder / str(count), count)
        peers: dict[Row, Callable[[], object]] = {}
        if installed("csv-diff"):
            peers[CSV_DIFF] = partial(by_csv_diff, folder / str(MANY))
        if installed("daff"):
            peers[DAFF] = partial(by_daff, folder / str(MANY))
        stored = partial(by_sanctuary, folder / str(MANY))
        found = stored()
        for row, peer in peers.items():
            if peer() != found:
                raise ValueError(f"{row.peer} does not find the changes that we find")
        ours, fewer, *others = costs(
            stored, partial(by_sanctuary, folder / str(FEWER)), *peers.values()
        )
    theirs = dict(zip(peers, others, strict=True))
    return [
        *(
            row.figure(ours, theirs[row], _LESS[row])
            if row in theirs
            else row.without_peer(ours, NOT_INSTALLED)
            for row in (CSV_DIFF, DAFF)
        ),
        MEMORY.figure(ours.memory, fewer.memory),
        *_of_lists(),
    ]


def _of_lists() -> list[Figure]:
    lists, sets, respelt, half_respelt, one_name, half_one_name = costs(
        Prepared(partial(changed, MANY), compare),
        Prepared(partial(changed, MANY), compare_sets),
        *(Prepared(partial(all_respelt, count), compare) for count in (FEWER, FEWER // 2)),
        *(Prepared(partial(of_one_name, count), compare) for count in (FEWER, FEWER // 2)),
    )
    return [
        LISTS.figure(lists, sets, "sets tell what came and went, not what changed"),
        RESPELT.figure(respelt, half_respelt, "each is told as a rename"),
        ONE_NAME.figure(one_name, half_one_name, "too many of one name to go by likeness"),
    ]


def _store(folder: Path, count: int) -> None:
    """Store two editions of a list, and write each as a CSV file beside."""
    folder.mkdir()
    db = open_database(folder / "tracker.db")
    save_source(db, SOURCE)
    for number in (1, 2):
        edition = rows(count, number)
        moment = f"2025-01-0{number}T00:00:00Z"
        sha256 = hashlib.sha256(moment.encode()).hexdigest()
        capture = Capture(
            SOURCE.id, "document", None, moment, "own", "document", document_sha256=sha256
        )
        record_capture(db, capture, Document(sha256, 1, None, None), None, moment)
        reading = Reading(EditionClaim(), (Listing,), tuple(edition))
        store_reading(db, ReadBy(SOURCE.id, sha256, "table", "1"), reading, (), moment)
        with (folder / f"{number}.csv").open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows(_values(row) for row in edition)
    db.close()


def _values(row: Listing) -> tuple[str, ...]:
    values = (getattr(row, name) for name in COLUMNS)
    return tuple("; ".join(each) if isinstance(each, tuple) else each for each in values)


def by_sanctuary(folder: Path) -> set[str]:
    """Compare the stored editions by the command, and return which jurisdictions changed."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        cli.main(
            ["--data-dir", str(folder), "diff", SOURCE.id, "--format", "json"],
            standalone_mode=False,
        )
    changes = json.loads(printed.getvalue())["tables"]["listings"]["changes"]
    return {change["row"].partition(" (")[0] for change in changes}


def by_csv_diff(folder: Path) -> set[str]:
    """Compare the CSV files by csv-diff, as its command line does."""
    peer = import_module("csv_diff")
    editions = []
    for number in (1, 2):
        with (folder / f"{number}.csv").open(newline="") as file:
            editions.append(peer.load_csv(file, key="jurisdiction"))
    printed = json.dumps(peer.compare(*editions), indent=4)
    return {change["key"] for change in json.loads(printed)["changed"]}


def by_daff(folder: Path) -> set[str]:
    """Compare the CSV files by daff, as its command line does."""
    peer = import_module("daff")
    tables = []
    for number in (1, 2):
        with (folder / f"{number}.csv").open(newline="") as file:
            tables.append(peer.PythonTableView([*csv.reader(file)]))
    flags = peer.CompareFlags()
    flags.addPrimaryKey("jurisdiction")
    found: list[list[str]] = []
    aligned = peer.Coopy.compareTables(*tables, flags).align()
    peer.TableDiff(aligned, flags).hilite(peer.PythonTableView(found))
    written = io.StringIO()
    csv.writer(written).writerows(found)
    return {row[1] for row in found if row[0] == "->"}


Lists = tuple[list[Listing], list[Listing]]


def compare(lists: Lists) -> None:
    """Compare two lists."""
    diff(*lists)


def compare_sets(lists: Lists) -> None:
    """Compare them as two sets of tuples."""
    before, after = ({_values(row) for row in each} for each in lists)
    before - after, after - before


def changed(count: int) -> Lists:
    """Return two lists of which one row in a hundred changed, and one changed back."""
    return rows(count, 1), rows(count, 2)


def all_respelt(count: int) -> Lists:
    """Return two lists in which each name is spelt in two ways."""
    before = rows(count)
    return before, [
        replace(row, jurisdiction=row.jurisdiction.replace("ty", "tty")) for row in before
    ]


def of_one_name(count: int) -> Lists:
    """Return two lists in which all rows have the same name and none the same policy."""
    named = [replace(row, jurisdiction="Kinbote, Zembla") for row in rows(count)]
    before, after = (
        [replace(row, policy=f"{word} {row.position}") for row in named]
        for word in ("Order", "Resolution of the council")
    )
    return before, after
