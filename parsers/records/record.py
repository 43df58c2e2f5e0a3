"""A row that a parser read: which table it fills, and what makes it the same row later on."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, TypeAlias

from parsers.records.spots import Spot

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


class TableKind(StrEnum):
    """How rows of a table live (a standing row stays until it is taken off)."""

    STANDING = "standing"
    """Compared row by row between any two editions."""
    PERIOD = "period"
    """Events of one period: compared row by row only between revisions of that period."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """A row that a parser read.

    ``key`` names the fields that make two rows of different editions the same row. ``similar``
    is the one field of the key that may differ a little between them, ``fills_in`` the one that
    either may lack where the rest of the key leaves no choice, ``renames`` the one that may be
    spelt anew when all else is equal. ``second_key`` names a row where its key is another, and
    ``wording`` is the text by which it is known again where both are. ``place`` is the field that
    prints the jurisdiction.
    """

    table: ClassVar[str]
    kind: ClassVar[TableKind]
    key: ClassVar[tuple[str, ...]]
    similar: ClassVar[str | None] = None
    fills_in: ClassVar[str | None] = None
    renames: ClassVar[str | None] = None
    second_key: ClassVar[str | None] = None
    wording: ClassVar[str | None] = None
    place: ClassVar[str | None] = None
    individual: ClassVar[bool] = False
    """Rows about one person: their values stay in the report's own tables."""

    position: int
    """Order in the document and table, from 1."""
    evidence: tuple[Spot, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain data, in the order of its fields, evidence last."""
        plain = dataclasses.asdict(self)
        return {
            **{name: plain[name] for name in plain if name not in ("position", "evidence")},
            "position": self.position,
            "evidence": [dataclasses.asdict(spot) for spot in self.evidence],
        }

    @classmethod
    @cache
    def value_fields(cls) -> tuple[str, ...]:
        """Return the names of all fields but position and evidence."""
        return tuple(
            f.name for f in dataclasses.fields(cls) if f.name not in ("position", "evidence")
        )

    @classmethod
    @cache
    def content_fields(cls) -> tuple[str, ...]:
        """Return the fields that are content: without the printed text kept beside a value."""
        names = cls.value_fields()
        return tuple(n for n in names if not (n.endswith("_text") and n[:-5] in names))

    @classmethod
    @cache
    def _printed_fields(cls) -> tuple[tuple[str, str], ...]:
        """Return the fields beside which the printed text is kept, with the field of that."""
        names = cls.value_fields()
        return tuple((n, f"{n}_text") for n in cls.content_fields() if f"{n}_text" in names)

    def content(self) -> dict[str, Any]:
        """Return the normalised row: no order, position or evidence.

        Where a value has no normal form, the printed text with white space unified stands for it,
        so that a correction of an unreadable value is still a change.
        """
        row = {name: getattr(self, name) for name in self.content_fields()}
        for name, text_name in self._printed_fields():
            if row[name] is None and (printed := getattr(self, text_name)):
                row[name] = " ".join(printed.split()) or None
        for name, value in row.items():
            if not value and value is not None and isinstance(value, Mapping):
                row[name] = None
        return row

    def identity(self) -> tuple[str, ...]:
        """Return the fields of its content that make it the same row in the next edition."""
        return self.key

    def row_key(self) -> str:
        """Return the identity of the row within its table, as text that is stable over time.

        Rows about individuals are named by a hash, since the key travels to other tables.
        """
        content = self.content()
        parts = [_key_part(content[name]).replace("|", "¦") for name in self.identity()]
        joined = "|".join(parts)
        if self.individual:
            return hashlib.sha256(joined.encode()).hexdigest()[:16]
        return joined


def _key_part(value: object) -> str:
    if isinstance(value, str):
        return " ".join(value.split()).casefold()
    if value is None:
        return ""
    return json.dumps(value, default=dataclasses.asdict, ensure_ascii=False)
