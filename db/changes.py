"""The record of what changed: derived from the editions, appended to, never rewritten.

When a document is accepted, the changes of the editions it touched are derived anew. One that is
the same stays; one that only got a narrower window is closed and written again under its public
id; one that the new document overtook is closed, and its successors are written.

Whose change it is, the publisher's or ours, is said by whoever writes it first, and stays: neither
a later document nor a later reading makes news of what was none, or the other way round.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from dataclasses import fields as dataclass_fields

from sqlite_utils import Database

from db.bulk import insert_rows
from db.comparison import Edition, TableComparison, compare, load_editions
from db.diff import RowChange
from db.entries import note_entries, was_known_before
from db.names import name_of
from db.outbox import CHANGE, queue
from db.places import printed_place, printed_state
from db.rows import STORED_WITH_KEY, load_rows
from db.sources import Source
from db.windows import followers, observed_after, predecessor
from db.withheld import gives_no_rows
from parsers.records import Policy, Record, Spot


@dataclass(frozen=True)
class ChangedField:
    """A field before and after, as stored: text, a number as its digits, a list as JSON."""

    field: str
    before: str | None
    after: str | None
    evidence_before: str | None = None
    evidence_after: str | None = None


@dataclass(frozen=True)
class Change:
    """One event: of a row, of an edition or of an address."""

    kind: str
    source_id: str
    table_name: str | None
    edition_before_id: int | None
    edition_after_id: int | None
    row_key: str
    place: str | None
    state: str | None
    observed_after: str | None
    observed_by: str
    fields: tuple[ChangedField, ...] = ()
    cause: str = field(default="publisher", compare=False)
    """``publisher``, ``replay`` (a newer parser) or ``person``; no part of what happened."""
    name_id: int | None = field(default=None, compare=False)
    """The name that the row prints of its place; follows from ``place``."""

    def signature(self) -> tuple[object, ...]:
        """What makes it the same event, whichever captures bound its window."""
        values = tuple((each.field, each.before, each.after) for each in self.fields)
        return (self.kind, self.table_name, self.row_key, self.place, values)


_VALUES = tuple(each.name for each in dataclass_fields(Change) if each.name != "fields")
_FIELD = tuple(each.name for each in dataclass_fields(ChangedField))


def renew_changes(db: Database, source: Source, touched: set[int], now: str) -> None:
    """Derive the changes into ``touched`` editions and those that follow them, and store them.

    Call it in the transaction that placed the captures.
    """
    editions = touched.union(*(followers(db, edition_id) for edition_id in touched))
    editions |= _note_entries(db, editions)
    derive_changes(db, source, editions, "publisher", now)


def derive_changes(db: Database, source: Source, editions: set[int], cause: str, now: str) -> None:
    """Derive the changes into ``editions``, whose rows are noted, and store them.

    ``cause`` is that of those that were never told before.
    """
    wanted: list[Change] = []
    for edition in load_editions(db, editions):
        wanted += _changes_into(db, source, edition, cause)
    marks = ",".join("?" * len(editions))
    held = _stored(
        db,
        f"edition_after_id IN ({marks}) AND kind NOT IN ('withdrawn', 'restored')",
        sorted(editions),
    )
    store_changes(db, held, wanted, now)


def _note_entries(db: Database, editions: set[int]) -> set[int]:
    """Note the rows of ``editions``; return the editions whose ``added`` rows were known before."""
    overtaken: set[int] = set()
    for edition in load_editions(db, editions):
        overtaken |= note_entries(db, edition)
    return overtaken


def _changes_into(db: Database, source: Source, edition: Edition, cause: str) -> list[Change]:
    before = predecessor(db, edition)
    frame = Change(
        kind="published",
        source_id=source.id,
        table_name=None,
        edition_before_id=before.id if before else None,
        edition_after_id=edition.id,
        row_key=edition.period or source.id,
        place=None,
        state=None,
        observed_after=observed_after(db, source, edition),
        observed_by=edition.public_from,
        cause=cause,
    )
    revises = before is not None and source.editions == "period" and edition.revision > 1
    begins = edition.period is not None or before is None
    changes = [frame] if begins and not revises else []
    whose = _instrument(db, edition)
    for table in _compared(db, before, edition):
        if table.changes is None:
            continue
        if table.record.individual:
            changes += _counted(frame, table)
        else:
            stood = _keys(db, before, table)
            changes += [
                _of_row(db, frame, edition, row, revises, whose, stood) for row in table.changes
            ]
    return changes


def _keys(db: Database, before: Edition | None, table: TableComparison) -> frozenset[str]:
    """Return the keys of the rows that the edition before holds."""
    if before is None or table.record.kind is not STORED_WITH_KEY or not table.count("added"):
        return frozenset()
    sql = f"SELECT row_key FROM {table.record.table} WHERE reading_id = ?"
    return frozenset(row[0] for row in db.execute(sql, [before.reading_id]))


def _instrument(db: Database, edition: Edition) -> Record | None:
    """Return the policy that an edition is of, whose place is that of its sections."""
    return next(iter(load_rows(db, edition.reading_id, Policy)), None)


def _compared(db: Database, before: Edition | None, edition: Edition) -> list[TableComparison]:
    """Return what two editions differ in: nothing is said of one whose document is withheld."""
    if before is None or gives_no_rows(db, before.reading_id, edition.reading_id):
        return []
    return list(compare(db, before, edition))


def _of_row(
    db: Database,
    frame: Change,
    edition: Edition,
    row: RowChange,
    revises: bool,
    whose: Record | None,
    stood: frozenset[str],
) -> Change:
    kind = row.kind
    if revises:
        kind = "corrected"
    elif (
        kind == "added"
        # A key that stood there until now was that of another row: nothing came back.
        and row.row.row_key() not in stood
        and was_known_before(db, edition, row.row)
    ):
        kind = "returned"
    placed = row.row if row.row.place or whose is None else whose
    evidence_before = _spots(row.evidence_before())
    evidence_after = _spots(row.evidence_after())
    return replace(
        frame,
        kind=kind,
        table_name=row.row.table,
        row_key=row.row.row_key(),
        place=printed_place(placed),
        state=printed_state(placed),
        name_id=name_of(db, frame.source_id, placed),
        fields=tuple(
            ChangedField(
                change.field,
                _text(change.before),
                _text(change.after),
                evidence_before,
                evidence_after,
            )
            for change in row.fields
        ),
    )


def _counted(frame: Change, table: TableComparison) -> list[Change]:
    """Return one change for all rows about individuals: how many, never who."""
    counts = {kind: table.count(kind) for kind in ("added", "removed", "changed")}
    if not any(counts.values()):
        return []
    return [
        replace(
            frame,
            kind="corrected",
            table_name=table.record.table,
            fields=(
                ChangedField("rows", str(table.rows_before), str(table.rows_after)),
                *(ChangedField(f"rows_{kind}", None, str(n)) for kind, n in counts.items() if n),
            ),
        )
    ]


def _spots(evidence: tuple[Spot, ...]) -> str | None:
    return json.dumps([asdict(spot) for spot in evidence]) if evidence else None


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True)
class StoredChange:
    """A change as the database holds it."""

    id: int
    public_id: str
    change: Change


def _stored(db: Database, where: str, params: Iterable[object]) -> list[StoredChange]:
    """Return the current changes that answer to ``where``, in the order they were written."""
    found = []
    rows = list(
        db.query(
            f"SELECT * FROM changes WHERE superseded_at IS NULL AND {where} ORDER BY id",
            list(params),
        )
    )
    of_change: dict[int, list[ChangedField]] = defaultdict(list)
    for change_id, *values in db.execute(
        f"""SELECT change_id, {", ".join(_FIELD)} FROM change_fields
        WHERE change_id IN (SELECT value FROM json_each(?)) ORDER BY change_id, id""",
        [json.dumps([row["id"] for row in rows])],
    ):
        of_change[change_id].append(ChangedField(*values))
    for row in rows:
        fields = tuple(of_change[row["id"]])
        stored_id, public_id = row.pop("id"), row.pop("public_id")
        row.pop("recorded_at"), row.pop("superseded_at")
        found.append(StoredChange(stored_id, public_id, Change(**row, fields=fields)))
    return found


def current_ids(db: Database, source_id: str) -> frozenset[str]:
    """Return the public ids of the changes of a source that are current."""
    sql = "SELECT public_id FROM changes WHERE source_id = ? AND superseded_at IS NULL"
    return frozenset(row[0] for row in db.execute(sql, [source_id]))


def stored_life_changes(db: Database, source_id: str, row_key: str) -> list[StoredChange]:
    """Return the current changes in the life of one address, or of the source by its own id."""
    where = """source_id = ? AND table_name IS NULL AND row_key = ?
        AND kind IN ('withdrawn', 'restored', 'went_dark')"""
    return _stored(db, where, [source_id, row_key])


def store_changes(db: Database, held: list[StoredChange], wanted: list[Change], now: str) -> None:
    """Make ``wanted`` current in place of ``held``, keeping what is the same and its public ids.

    What is told for the first time, and is no doing of ours, is queued for those who asked. Call it
    in a transaction.
    """
    rest: dict[object, list[StoredChange]] = defaultdict(list)
    for stored in held:
        rest[stored.change.signature()].append(stored)
    fresh: list[Change] = []
    for change in wanted:
        alike = rest[change.signature()]
        same = next((stored for stored in alike if stored.change == change), None)
        if same:
            alike.remove(same)
        else:
            fresh.append(change)
    for stored in (stored for alike in rest.values() for stored in alike):
        db.execute("UPDATE changes SET superseded_at = ? WHERE id = ?", [now, stored.id])
    written: dict[str, Change] = {}
    news: list[str] = []
    for change in fresh:
        alike = rest[change.signature()]
        ancestor = next((stored for stored in alike if _narrows(change, stored.change)), None)
        if ancestor:
            alike.remove(ancestor)
            public_id, cause = ancestor.public_id, ancestor.change.cause
        else:
            public_id, told_cause = _name(db, change, written)
            cause = told_cause or change.cause
            if told_cause is None and cause != "replay":
                news.append(public_id)
        written[public_id] = replace(change, cause=cause)
    _insert(db, written, now)
    for source_id in {written[each].source_id for each in news}:
        queue(
            db,
            CHANGE,
            (each for each in news if written[each].source_id == source_id),
            source_id,
            now,
        )


def _narrows(change: Change, old: Change) -> bool:
    """Say whether the window of ``change`` lies within that of ``old``, or around it.

    A late document narrows a window; a late first sighting can also move its end.
    """
    starts_before = (change.observed_after or "") <= old.observed_by
    return starts_before and (old.observed_after or "") <= change.observed_by


def _name(db: Database, change: Change, written: Container[str]) -> tuple[str, str | None]:
    """Return the public id of a change, none of those just ``written``, and the cause it was told.

    It is named by what it says, so that the same history gives the same names. What was closed and
    turns out to be so after all keeps the name and the cause under which it was first told; what
    was never told has no cause yet.
    """
    text = json.dumps([change.source_id, *change.signature(), change.observed_by])
    for number in range(1, 1_000_000):
        public_id = hashlib.sha256(f"{text}{number}".encode()).hexdigest()[:12]
        if public_id in written:
            continue
        told = db.execute(
            """SELECT cause, kind, row_key, superseded_at FROM changes WHERE public_id = ?
            ORDER BY id DESC LIMIT 1""",
            [public_id],
        ).fetchone()
        if told is None:
            return public_id, None
        cause, *same, superseded_at = told
        if superseded_at is not None and same == [change.kind, change.row_key]:
            return public_id, cause
    raise OverflowError("a million changes share one text")


def _insert(db: Database, changes: Mapping[str, Change], now: str) -> None:
    """Write changes that are current from ``now`` on, by their public ids."""
    ids = insert_rows(
        db,
        "changes",
        ("public_id", "recorded_at", *_VALUES),
        (
            (public_id, now, *(getattr(change, name) for name in _VALUES))
            for public_id, change in changes.items()
        ),
    )
    insert_rows(
        db,
        "change_fields",
        ("change_id", *_FIELD),
        (
            (change_id, *(getattr(each, name) for name in _FIELD))
            for change_id, change in zip(ids, changes.values(), strict=True)
            for each in change.fields
        ),
    )
