"""Changes laid out for a page: each with its words marked, its evidence and the ways on from it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlite_utils

from db.change_rows import rows_of_change
from db.changes import ChangedField
from db.comparison import load_editions
from db.corrected import Mark
from db.log import LoggedChange
from db.row_address import RowAddress
from db.settings import individual_rows
from db.statements import Said
from parsers.records import RECORD_BY_TABLE, PolicySection
from sanctuary.logged_beside import caveats_beside, marks_beside, said_beside
from sanctuary.safe_text import one_line
from sanctuary.sentences import happened, sentence, window
from sanctuary.site.addresses import Addresses
from sanctuary.site.changes_published import TEXTS, change_as_published
from sanctuary.site.navigation import policies
from sanctuary.wording import NO_VALUES, plain
from sanctuary.words import Piece, marked, shortened

LONGEST_VALUE = 400
"""Characters of a value of a row that came or went, among others; its own page has the whole."""
_WHOLE = frozenset({"added", "removed", "returned"})
"""The kinds of which the values are those of one edition: nothing in them is marked."""


@dataclass(frozen=True)
class ShownField:
    """A field that differs, in words."""

    name: str
    pieces: list[Piece]
    """Its words as they stayed, went and came; nothing where they are kept off."""


@dataclass(frozen=True)
class Proof:
    """Where one side of a change was read."""

    side: str
    """``before`` or ``after``."""
    words: str
    """Such as ``page 2``."""
    row: RowAddress | None
    """The row that was read there; None where it is not to be named."""
    href: str | None
    spots: list[dict[str, Any]]


@dataclass(frozen=True)
class Ways:
    """The addresses that a change leads to; None for what there is not."""

    change: str
    compare: str | None
    place: str | None
    policy: str | None


@dataclass(frozen=True)
class Beside:
    """What stands beside a change, in words."""

    caveats: tuple[str, ...]
    """What its report says of its numbers of detainers issued; nothing where it has none."""
    corrections: tuple[str, ...]
    """What its publisher has said was wrong with its row."""
    said: tuple[Said, ...]
    """What others say of it, the newest first."""


@dataclass(frozen=True)
class ShownChange(Beside):
    """A change as the page shows it, without the texts that are kept off."""

    change: LoggedChange
    sentence: str
    window: str
    fields: list[ShownField]
    proofs: list[Proof]
    ways: Ways
    edition_before: str | None
    """Its selector."""
    edition_after: str | None
    is_individual: bool
    """Whether it counts rows about individuals."""

    @property
    def parts(self) -> tuple[str, str, str]:
        """The sentence in three: what happened, in which list and period, and to what."""
        period = self.change.period_after or self.change.period_before
        name = f"{self.change.source_title} ({self.change.publisher})"
        return self.sentence.partition(one_line(f"{name}, {period}" if period else name))

    @property
    def has_texts(self) -> bool:
        """Whether it is of the text of a law or a statement."""
        return any((self.change.table_name, each.field) in TEXTS for each in self.change.fields)


class Showing:
    """What changes are laid out with: asked once for all that a page shows."""

    def __init__(
        self,
        db: sqlite_utils.Database,
        to: Addresses,
        changes: Sequence[LoggedChange],
        tables: frozenset[str],
    ) -> None:
        """Take the changes that will be shown, and the tables that may be seen."""
        self._db = db
        self._corrected = _corrected(db) if "corrections" in tables else frozenset()
        self._talked_of = _talked_of(db) if {"statements", "notes"} <= tables else frozenset()
        self._to = to
        self._selectors = _selectors(db, changes)
        self._publish = dict(db.execute("SELECT id, publish FROM sources").fetchall())
        self._level = individual_rows(db)
        self._policies = {source for source, _, _ in policies(db)}

    def shown(self, change: LoggedChange, *, whole: bool = False) -> ShownChange:
        """Return a change as it is shown; long texts are shortened unless the ``whole`` is."""
        change = change_as_published(change, self._publish[change.source_id])
        record = RECORD_BY_TABLE.get(change.table_name or "")
        is_individual = record is not None and record.individual
        said = sentence(change)
        if is_individual and self._level != "full":
            change = replace(change, fields=())
        beside = self.beside(change)
        before = self._selectors.get(change.edition_before_id)
        after = self._selectors.get(change.edition_after_id)
        return ShownChange(
            change=change,
            sentence=said,
            window=window(change),
            fields=[_field(change, each, whole) for each in _said(change)],
            proofs=self._proofs(change),
            ways=self._ways(change, before, after),
            edition_before=before,
            edition_after=after,
            is_individual=is_individual,
            caveats=beside.caveats,
            corrections=beside.corrections,
            said=beside.said,
        )

    def beside(self, change: LoggedChange) -> Beside:
        """Return what stands beside a change, without looking for where it was read."""
        return Beside(
            caveats=caveats_beside(self._db, change),
            corrections=tuple(mark.said for mark in self._marks(change)),
            said=tuple(self._said(change)),
        )

    def _marks(self, change: LoggedChange) -> tuple[Mark, ...]:
        return marks_beside(self._db, change) if change.source_id in self._corrected else ()

    def _said(self, change: LoggedChange) -> list[Said]:
        names = {change.public_id, change.row_key, change.place, change.jurisdiction_id}
        return said_beside(self._db, change) if names & self._talked_of else []

    def _ways(self, change: LoggedChange, before: str | None, after: str | None) -> Ways:
        to, place = self._to, None
        if change.jurisdiction_id is not None:
            place = to.place(change.jurisdiction_id)
        elif change.place is not None:
            place = to.place_named(change.place)
        compared: dict[str, Any] = {"source": change.source_id, "from": before, "to": after}
        return Ways(
            change=to.change(change.public_id),
            compare=to.compare(**compared) if before and after else None,
            place=place,
            policy=to.policy(change.source_id) if change.source_id in self._policies else None,
        )

    def _proofs(self, change: LoggedChange) -> list[Proof]:
        rows = rows_of_change(self._db, change)
        found = []
        for side, row in (("before", rows.before), ("after", rows.after)):
            spots = _spots(change.fields, side)
            if spots:
                href = self._to.evidence(row) if row else None
                found.append(Proof(side, _where(change, spots), row, href, spots))
        return found


def _corrected(db: sqlite_utils.Database) -> frozenset[str]:
    """Return the sources of which some publisher has said that a row was wrong."""
    rows = db.execute("SELECT DISTINCT corrects FROM said_corrections")
    return frozenset(row[0] for row in rows)


def _talked_of(db: sqlite_utils.Database) -> frozenset[str | None]:
    """Return the places, rows and changes of which something is said, by any of their names."""
    rows = db.execute(
        "SELECT jurisdiction, jurisdiction_id, row_key, public_id FROM statements_and_notes"
    )
    return frozenset(name for row in rows for name in row if name is not None)


def _spots(fields: Iterable[ChangedField], side: str) -> list[dict[str, Any]]:
    """Return where the row was read on one side: all its fields say the same."""
    for each in fields:
        text = getattr(each, f"evidence_{side}")
        if text:
            found: list[dict[str, Any]] = json.loads(text)
            return found
    return []


def _where(change: LoggedChange, spots: list[dict[str, Any]]) -> str:
    """Return in words where in its document a row was read."""
    pages = dict.fromkeys(str(spot["page"]) for spot in spots if "page" in spot)
    if pages:
        return f"page{'' if len(pages) == 1 else 's'} {' and '.join(pages)}"
    first = spots[0]
    if "row" in first:
        return f"row {first['row']}" + (f" of sheet “{first['sheet']}”" if first["sheet"] else "")
    return "the section" if change.table_name == PolicySection.table else "the passage"


def _said(change: LoggedChange) -> list[ChangedField]:
    """Return the fields that a page shows: of a row that came or went those that say something."""
    record = RECORD_BY_TABLE.get(change.table_name or "")
    if record is None or record.individual:
        return []
    if change.kind not in _WHOLE:
        return list(change.fields)
    return [
        each
        for each in change.fields
        if each.field not in NO_VALUES
        and ((each.before is None and each.after is None) or _text(change, each) != ("", ""))
    ]


def _text(change: LoggedChange, field: ChangedField) -> tuple[str, str]:
    """Return a field before and after as text: a list as its lines."""
    record = RECORD_BY_TABLE[change.table_name or ""]
    declared = record.__dataclass_fields__.get(field.field)
    is_text = declared is None or not str(declared.type).startswith(("tuple", "Mapping"))

    def text(value: str | None) -> str:
        return (value or "") if is_text or value is None else plain(json.loads(value))

    return text(field.before), text(field.after)


def _field(change: LoggedChange, field: ChangedField, whole: bool) -> ShownField:
    name = field.field.replace("_", " ")
    if field.before is None and field.after is None:
        return ShownField(name, [])
    before, after = _text(change, field)
    if change.kind in _WHOLE:
        text = after or before
        cut = text if whole or len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]} …"
        return ShownField(name, [Piece("same", cut)])
    pieces = marked(before, after)
    return ShownField(name, pieces if whole else shortened(pieces))


def _selectors(db: sqlite_utils.Database, changes: Iterable[LoggedChange]) -> dict[int | None, str]:
    """Return what finds each edition of these changes again, by its id."""
    ids = {
        each for change in changes for each in (change.edition_before_id, change.edition_after_id)
    }
    editions = load_editions(db, [each for each in ids if each is not None])
    # Of the editions of a list that were first seen at the same moment the last has it as its name.
    shared = {
        row[0]
        for row in db.execute(
            """SELECT editions.id FROM editions JOIN editions AS other
                ON other.source_id = editions.source_id
                AND other.public_from = editions.public_from AND other.revision > editions.revision
            WHERE editions.period_start IS NULL
            AND editions.id IN (SELECT value FROM json_each(?))""",
            [json.dumps([edition.id for edition in editions])],
        )
    }
    return {
        edition.id: f"#{edition.id}" if edition.id in shared else edition.selector
        for edition in editions
    }


def data_of(shown: ShownChange) -> dict[str, Any]:
    """Return a change as plain data."""
    change = shown.change
    links = {
        "page": shown.ways.change,
        "compare": shown.ways.compare,
        "place": shown.ways.place,
        "policy": shown.ways.policy,
    }
    return {
        "public_id": change.public_id,
        "kind": change.kind,
        "happened": list(happened(change)),
        "cause": change.cause,
        "sentence": shown.sentence,
        "window": shown.window,
        "observed_after": change.observed_after,
        "observed_by": change.observed_by,
        "recorded_at": change.recorded_at,
        "source_id": change.source_id,
        "source_title": change.source_title,
        "publisher": change.publisher,
        "table": change.table_name,
        "place": change.place,
        "jurisdiction_id": change.jurisdiction_id,
        "state": change.state,
        "detail": change.detail,
        "edition_before": shown.edition_before,
        "edition_after": shown.edition_after,
        "fields": [
            {"field": each.field, "before": each.before, "after": each.after}
            for each in change.fields
        ],
        "evidence": [
            {
                "side": proof.side,
                "document_sha256": proof.row.document_sha256 if proof.row else None,
                "spots": proof.spots,
                "page": proof.href,
            }
            for proof in shown.proofs
        ],
        "notice": change.notice,
        "caveats": list(shown.caveats),
        "corrections": list(shown.corrections),
        "statements": [each.data() for each in shown.said],
        "links": links,
    }
