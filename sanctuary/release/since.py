"""What a data package says otherwise than the one before, value by value, and whose change it is.

It is computed from the files of both packages: whoever has the two can do the same. What the newer
one does not hand out any more is not repeated from the older one.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Collection, Iterator

from sanctuary.release.packaged import Packaged, Row
from sanctuary.release.reread import reread

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
    "told": "What is new about it: told for the first time, told with another window, taken back "
    "since a late document overtook it or something is withheld, or an edition that was in both "
    "packages and was read anew",
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
_WINDOW = ("observed_after", "observed_by")
_SAID = ("public_id", "kind", "cause", "source_id", "table_name", "row_key", "place", "state")


def changed_since(before: Packaged, now: Packaged, kept_off: Collection[str]) -> Iterator[Row]:
    """Yield what the package ``now`` says otherwise than ``before``, a row a value.

    ``kept_off`` are the sources whose texts ``now`` does not have. Cells are those of the two
    packages, and as safe. Raises AlteredRelease.
    """
    theirs = {row["public_id"]: row for row in before.rows("current_changes")}
    ours = {row["public_id"]: row for row in now.rows("current_changes")}
    fields: dict[str, list[Row]] = defaultdict(list)
    for field in now.rows("change_fields"):
        fields[field["change_id"]].append(field)
    for change in sorted(ours.values(), key=_in_order):
        held = theirs.get(change["public_id"])
        if held is None:
            yield from _told(NEW, change, fields[change["id"]])
        elif any(held.get(name) != change[name] for name in _WINDOW):
            yield from _told(WINDOW, change, [])
    closed = {row["public_id"]: row for row in now.rows("changes")}
    for public_id, change in sorted(theirs.items(), key=lambda item: _in_order(item[1])):
        if public_id in closed and public_id not in ours:
            yield from _told(BACK, closed[public_id], fields[closed[public_id]["id"]])
        elif public_id not in ours:
            # What was withheld since is in no table of the newer package.
            bare = ("public_id", "kind", "source_id", "table_name")
            yield {"told": BACK, "cause": "person", **{name: change[name] for name in bare}}
    yield from reread(before, now, kept_off)
    yield from _names(before, now)


def write_changed(rows: Iterator[Row]) -> bytes:
    """Return these rows as a CSV file."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _told(told: str, change: Row, fields: list[Row]) -> Iterator[Row]:
    said = {name: change.get(name, "") for name in (*_SAID, *_WINDOW, "notice")}
    for field in fields:
        value = {"column": field["field"], "before": field["before"], "after": field["after"]}
        yield {"told": told, **said, **value}
    if not fields:
        yield {"told": told, **said}


def _names(before: Packaged, now: Packaged) -> Iterator[Row]:
    """Yield the printed names that are taken for another place than before."""
    key = ("source_id", "printed", "context")
    held = {
        tuple(row[name] for name in key): row["jurisdiction_id"]
        for row in before.rows("jurisdiction_names")
    }
    names = sorted(now.rows("jurisdiction_names"), key=lambda row: tuple(row[each] for each in key))
    for row in names:
        was = held.get(tuple(row[name] for name in key))
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


def _in_order(change: Row) -> tuple[str, str, str]:
    return change["observed_by"], change["source_id"], change["public_id"]
