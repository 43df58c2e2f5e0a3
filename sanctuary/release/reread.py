"""Values of editions that are in two data packages, and that are read otherwise in the newer one.

That is no change in the world: a parser reads the same document better, or a person accepted what
was held.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import zip_longest

from parsers.records import RECORD_TYPES
from sanctuary.release.packaged import Packaged, Row

READ_ANEW = "read anew"
_CAUSES = {"first": "publisher", "accepted": "person", "replay": "replay"}
"""Whose doing it is that an edition shows a reading (``edition_readings.cause``)."""
_TEXTS = frozenset({"body", "text"})
_NOT_READ = frozenset(
    {
        *("id", "reading_id", "edition_id", "position", "evidence", "row_key", "text_id"),
        *("source_id", "period_start", "period_end", "revision", "public_from", "public_until"),
        *("name_id", "jurisdiction_id", "correction", "notice"),
    }
)
"""Columns that say where a row stands and not what it says."""
_EDITION = ("source_id", "period_start", "period_end")
_PLACES = ("jurisdiction", "agency", "place")

Groups = dict[tuple[str, str], list[Row]]
"""The rows of a table by edition and key."""


def reread(before: Packaged, now: Packaged, kept_off: Collection[str]) -> Iterator[Row]:
    """Yield each value that an edition of both packages does not say as it did.

    Nothing is said of rows about individuals, which stay in tables of their own, nor of the texts
    of the sources ``kept_off``. Raises AlteredRelease.
    """
    causes = _shown_anew(before, now)
    if not causes:
        return
    withheld = {(row["source_id"], row["table_name"]) for row in now.rows("withheld")}
    for record in RECORD_TYPES:
        if record.individual:
            continue
        table = f"current_{record.table}"
        old, new = (_rows(package, table, record.key, causes) for package in (before, now))
        for edition, key in sorted({*old, *new}, key=lambda each: (int(each[0]), each[1])):
            pairs = zip_longest(old.get((edition, key), []), new.get((edition, key), []))
            for was, is_now in pairs:
                row = is_now or was or {}
                if is_now is None and (row["source_id"], record.table) in withheld:
                    continue
                said = {
                    "told": READ_ANEW,
                    "cause": causes[edition],
                    "source_id": row["source_id"],
                    "table_name": record.table,
                    "row_key": key,
                    "place": next((row[name] for name in _PLACES if row.get(name)), ""),
                    "state": row.get("state", ""),
                    "notice": row.get("notice", ""),
                }
                hidden = _TEXTS if row["source_id"] in kept_off else frozenset[str]()
                yield from _values(said, was, is_now, hidden)


def _values(
    said: Row, was: Row | None, is_now: Row | None, hidden: Collection[str]
) -> Iterator[Row]:
    kind = "added" if was is None else "removed" if is_now is None else "changed"
    for column in {**(was or {}), **(is_now or {})}:
        before, after = ((row or {}).get(column, "") for row in (was, is_now))
        if before != after and column not in _NOT_READ and column not in hidden:
            yield {**said, "kind": kind, "column": column, "before": before, "after": after}


def _shown_anew(before: Packaged, now: Packaged) -> dict[str, str]:
    """Return the editions of both that show another reading, with whose doing that is."""
    old, new = (
        {row["edition_id"]: row for row in package.rows("edition_readings") if _stands(row)}
        for package in (before, now)
    )
    found = {
        edition: _CAUSES.get(row["cause"], row["cause"])
        for edition, row in new.items()
        if edition in old and old[edition]["reading_id"] != row["reading_id"]
    }
    if not found:
        return {}
    # In a history that was taken in anew the numbers are those of other editions.
    said = [
        {row["id"]: [row[name] for name in _EDITION] for row in package.rows("editions")}
        for package in (before, now)
    ]
    return {each: cause for each, cause in found.items() if said[0].get(each) == said[1].get(each)}


def _stands(row: Row) -> bool:
    return not row["superseded_at"]


def _rows(package: Packaged, table: str, key: tuple[str, ...], editions: Collection[str]) -> Groups:
    found: Groups = defaultdict(list)
    for row in package.rows(table):
        if row.get("edition_id") in editions:
            # Tables of a period have no column for it.
            same = row.get("row_key") or " | ".join(row.get(name, "") for name in key)
            found[row["edition_id"], same].append(row)
    return found
