"""What changed between two editions: which rows, and in which fields.

Which row of the one is which of the other is said by ``db.pairing``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass

from db.pairing import pair
from parsers.records import Json, Record, Spot


@dataclass(frozen=True)
class FieldChange:
    """One field of a row that differs, both sides in normal form."""

    field: str
    before: Json
    after: Json


@dataclass(frozen=True)
class RowChange:
    """What became of one row; ``kind`` is ``added``, ``removed``, ``changed`` or ``renamed``."""

    kind: str
    before: Record | None
    after: Record | None
    fields: tuple[FieldChange, ...]

    @property
    def row(self) -> Record:
        """The row as it stands after the change, or as it last stood."""
        return next(row for row in (self.after, self.before) if row is not None)

    def evidence_before(self) -> tuple[Spot, ...]:
        """Where the row was read in the earlier edition."""
        return self.before.evidence if self.before else ()

    def evidence_after(self) -> tuple[Spot, ...]:
        """Where the row was read in the later edition."""
        return self.after.evidence if self.after else ()


def diff(before: Sequence[Record], after: Sequence[Record]) -> list[RowChange]:
    """Return what changed from ``before`` to ``after``, two editions of one record type.

    Changes and renames come first, in the order of the later edition, then what was added, then
    what was removed, in the order of its edition. Equal editions give an empty list.
    """
    paired = pair(before, after)
    changes = [
        RowChange(kind, old.record, new.record, _differing(old.record, new.record))
        for kind, pairs in (("changed", paired.changed), ("renamed", paired.renamed))
        for old, new in pairs
    ]
    changes.sort(key=lambda change: change.row.position)
    changes += [RowChange("added", None, row, _differing(None, row)) for row in paired.added]
    changes += [RowChange("removed", row, None, _differing(row, None)) for row in paired.removed]
    return changes


def _differing(before: Record | None, after: Record | None) -> tuple[FieldChange, ...]:
    old = plain_content(before) if before else {}
    new = plain_content(after) if after else {}
    return tuple(
        FieldChange(name, old.get(name), new.get(name))
        for name in (new or old)
        if old.get(name) != new.get(name)
    )


def plain_content(record: Record) -> dict[str, Json]:
    """Return the content of ``record`` as plain JSON values."""
    return {name: _plain(value) for name, value in record.content().items()}


def _plain(value: object) -> Json:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, Sequence):
        return [_plain(each) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    raise TypeError(f"no JSON value: {value!r}")
