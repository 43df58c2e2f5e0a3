"""The life of a place line by line: what was printed of it, when, and where it stands."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from sqlite_utils import Database

from db.log import LoggedChange, Wanted, logged
from db.named import NameOfPlace, PolicySource, rows_naming
from db.selectors import first_edition
from sanctuary.sentences import field_lines, fields_that_differ, sentence, window
from sanctuary.wording import counted, day_and_time

_MOST = 12
"""Changes of one version of a policy that a line names; more are counted."""


@dataclass(frozen=True)
class Evidence:
    """Where a line was read."""

    document_sha256: str | None
    """None of a note to which no document was put."""
    spots: tuple[dict[str, Any], ...]
    table: str
    row_id: int
    side: str
    """``row``; of a change ``before`` or ``after`` it."""


@dataclass(frozen=True)
class Line:
    """One thing that was printed of a place, or was printed of it no more."""

    kind: str
    """``stood`` (in the first edition that is held, or that is held with it), ``issued``,
    ``not named``, ``declined``, ``correction``, ``statement``, ``policy``, or the kind of a change
    (``added`` …)."""
    since: str | None
    """The window or the period: its first day or moment, None where nothing bounds it."""
    until: str
    when: str
    """That in words: "between … and …", "for the period … to …"."""
    source_id: str
    title: str
    publisher: str
    said: str
    """One sentence, without the time."""
    printed: str | None = None
    misspelt: str | None = None
    """Why a printed name that is misspelt is taken for the place."""
    details: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    """What the document says of what its numbers do not say."""
    corrections: tuple[str, ...] = ()
    """What its publisher said later was wrong with it."""
    evidence: tuple[Evidence, ...] = ()
    public_id: str | None = None
    """Of a change."""
    address: str | None = None
    """Where a person reads it, of a statement or letter."""
    notice: str | None = None
    """What the document says of itself if it is no official one."""


def evidence_of(row: dict[str, Any], table: str, side: str = "row") -> Evidence:
    """Return where a row of a ``current_`` view (``db.named.rows_naming``) was read."""
    spots = tuple(json.loads(row["evidence"]))
    return Evidence(row["document_sha256"], spots, table, row["id"], side)


@dataclass(frozen=True)
class Names:
    """The printed names by id, for what stands beside a line."""

    by_id: dict[int, NameOfPlace]

    def misspelt(self, name_id: int | None) -> str | None:
        """Return why a misspelt name is taken for the place; None for one that is spelt well."""
        name = self.by_id.get(name_id or 0)
        return (name.reason or "misspelt") if name and name.misspelt else None


def lines_of_rows(
    db: Database, names: Iterable[NameOfPlace], table: str, *, changes: bool
) -> list[Line]:
    """Return when rows of a standing table (``listings``, ``agreements``) came, changed and went.

    ``changes`` says whether changes may be told; without them only what first stood there is.
    """
    known = Names({name.id: name for name in names})
    rows = list(rows_naming(db, table, known.by_id))
    told = (
        [
            change
            for change in logged(db, Wanted(names=tuple(known.by_id), cause="all"))
            if change.table_name == table
        ]
        if changes
        else []
    )
    began = {(change.edition_after_id, change.row_key) for change in told}
    by_place = {(row["edition_id"], row["row_key"]): row for row in rows}
    lines = [_changed(change, table, by_place, known) for change in told]
    first: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        first.setdefault((row["source_id"], row["row_key"]), row)
    begins = {source_id: first_edition(db, source_id) for source_id, _ in first}
    lines += [
        _stood(row, table, known, with_it=row["edition_id"] != begins[row["source_id"]])
        for row in first.values()
        if (row["edition_id"], row["row_key"]) not in began
    ]
    if changes:
        lines += _taken_down(db, rows)
    return lines


def _changed(
    change: LoggedChange,
    table: str,
    rows: dict[tuple[int, str], dict[str, Any]],
    names: Names,
) -> Line:
    before = rows.get((change.edition_before_id or 0, change.row_key))
    after = rows.get((change.edition_after_id or 0, change.row_key))
    shown = after or before
    sides = (("before", before), ("after", after))
    inside = bool(fields_that_differ(change))
    return Line(
        kind=change.kind,
        since=change.observed_after,
        until=change.observed_by,
        when=window(change),
        source_id=change.source_id,
        title=change.source_title,
        publisher=change.publisher,
        said=sentence(change),
        printed=change.place,
        misspelt=names.misspelt(shown["name_id"]) if shown else None,
        details=tuple(field_lines(change)) if inside else _details(after, table),
        evidence=tuple(evidence_of(row, table, side) for side, row in sides if row),
        public_id=change.public_id,
        notice=change.notice,
    )


def _stood(row: dict[str, Any], table: str, names: Names, *, with_it: bool) -> Line:
    """Return that a row stood in the first edition of its source, or in the first ``with_it``.

    No change tells of the latter where the document of the edition before is withheld.
    """
    printed = row["jurisdiction"] if table == "listings" else row["agency"] or row["agency_text"]
    period = f" for {row['period_start']} to {row['period_end']}" if row["period_start"] else ""
    return Line(
        kind="stood",
        since=None,
        until=row["public_from"],
        when=f"by {day_and_time(row['public_from'])}",
        source_id=row["source_id"],
        title=row["source_title"],
        publisher=row["source_publisher"],
        said=f"In {row['source_title']} ({row['source_publisher']}){period}, in the first edition "
        f"that is held{' with it' if with_it else ''}: {printed}",
        printed=printed,
        misspelt=names.misspelt(row["name_id"]),
        details=_details(row, table),
        evidence=(evidence_of(row, table),),
        notice=row["notice"],
    )


def _details(row: dict[str, Any] | None, table: str) -> tuple[str, ...]:
    """Return what a row says of why it stands there."""
    if row is None:
        return ()
    if table == "agreements":
        signed = row["signed"] or row["signed_text"]
        said = [row["support_type"] or row["support_type_text"], row["status"]]
        return tuple(filter(None, [*said, f"signed {signed}" if signed else None]))
    policy = ", ".join(filter(None, (row["date_enacted_text"], row["policy"])))
    return tuple(filter(None, [_level(row), policy, *json.loads(row["criteria"])]))


def _level(row: dict[str, Any]) -> str | None:
    """Return as what a row lists the place, by its heading or column, with what is printed there.

    A column may hold a number that says so, and no word.
    """
    if row["level"] and row["level_text"]:
        return f"as a {row['level']} (printed “{row['level_text']}”)"
    return f"under “{row['level_text']}”" if row["level_text"] else None


def _taken_down(db: Database, rows: list[dict[str, Any]]) -> Iterator[Line]:
    """Yield when lists that named the place were taken down or put up again, with the place on."""
    named = defaultdict(set)
    for row in rows:
        named[row["source_id"]].add(row["edition_id"])
    for source_id, editions in named.items():
        for kind in ("withdrawn", "restored"):
            for change in logged(db, Wanted(source=source_id, kind=kind, cause="all")):
                is_gone = kind == "withdrawn"
                shown = change.edition_before_id if is_gone else change.edition_after_id
                if shown in editions:
                    yield replace(_life(change), notice=change.notice)


def _life(change: LoggedChange) -> Line:
    return Line(
        kind=change.kind,
        since=change.observed_after,
        until=change.observed_by,
        when=window(change),
        source_id=change.source_id,
        title=change.source_title,
        publisher=change.publisher,
        said=f"{sentence(change)}, which named the place",
        public_id=change.public_id,
    )


def policy_lines(db: Database, policies: Iterable[PolicySource]) -> list[Line]:
    """Return what changed in the policies of the place, one line for each version."""
    lines = []
    for policy in policies:
        changes = [
            change
            for change in logged(db, Wanted(source=policy.id, cause="all"))
            if change.table_name in ("policies", "policy_sections")
        ]
        changes.sort(key=lambda change: change.edition_after_id or 0)
        for _, group in groupby(changes, key=lambda change: change.edition_after_id):
            lines.append(_version(policy, list(group)))
    return lines


def _version(policy: PolicySource, changes: list[LoggedChange]) -> Line:
    change = changes[0]
    shown = [sentence(each) for each in changes[:_MOST]]
    if len(changes) > _MOST:
        shown.append(f"… and {len(changes) - _MOST} more")
    return Line(
        kind="policy",
        since=change.observed_after,
        until=change.observed_by,
        when=window(change),
        source_id=policy.id,
        title=policy.title,
        publisher=policy.publisher,
        said=f"{counted(len(changes), 'change')} in {policy.title} ({policy.publisher})",
        details=tuple(shown),
        notice=change.notice,
    )
