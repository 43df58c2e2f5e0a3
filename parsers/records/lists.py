"""Rows of lists that stand until they are taken off: jurisdictions and agreements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from parsers.records.record import Record, TableKind

LEVELS = ("state", "county", "city")
"""What a list can say of all the names under one heading."""
_GROUPS = ("state", "level")


@dataclass(frozen=True, kw_only=True)
class Listing(Record):
    """One row of a list of jurisdictions (Section III of the report, or another list)."""

    table: ClassVar[str] = "listings"
    kind: ClassVar[TableKind] = TableKind.STANDING
    key: ClassVar[tuple[str, ...]] = ("jurisdiction", "date_enacted", "policy")
    similar: ClassVar[str | None] = "policy"
    renames: ClassVar[str | None] = "jurisdiction"
    place: ClassVar[str | None] = "jurisdiction"

    jurisdiction: str
    state: str | None = None
    """As the heading or a column of its own prints it; None where the name itself holds it."""
    level: str | None = None
    """One of ``LEVELS``, where the list states it: by a heading, a column or its own header."""
    level_text: str | None = None
    """That heading as printed."""
    field_office: str | None
    date_enacted: str | None
    """ISO 8601 as far as it was printed: ``2017``, ``2017-02`` or ``2017-02-03``."""
    date_enacted_text: str | None
    policy: str | None
    criteria: tuple[str, ...]
    """One string a bullet."""
    other_columns: Mapping[str, str] = field(default_factory=dict)
    """What stands under headers that the parser does not know, by header."""

    def content(self) -> dict[str, Any]:
        """Return the normalised row; of a list that names no state and no level, without them."""
        row = super().content()
        for name in _GROUPS:
            if row[name] is None:
                del row[name]
        return row

    def row_key(self) -> str:
        """Return the identity of the row; the list's own groups count where it has some.

        A Washington County stands under the headings of thirty states.
        """
        key = super().row_key()
        if not self.state and not self.level:
            return key
        return "|".join([key, *((getattr(self, name) or "").casefold() for name in _GROUPS)])


@dataclass(frozen=True, kw_only=True)
class Agreement(Record):
    """A 287(g) agreement, in force or pending, as ICE's workbook lists it."""

    table: ClassVar[str] = "agreements"
    kind: ClassVar[TableKind] = TableKind.STANDING
    key: ClassVar[tuple[str, ...]] = ("state", "agency", "county", "support_type")
    # ICE fills in counties that were #N/A, and once in a while the other way round.
    fills_in: ClassVar[str | None] = "county"
    renames: ClassVar[str | None] = "agency"
    place: ClassVar[str | None] = "agency"

    state: str | None
    state_text: str | None
    agency: str | None
    agency_text: str | None
    agency_type: str | None
    agency_type_text: str | None
    county: str | None
    county_text: str | None
    support_type: str | None
    support_type_text: str | None
    signed: str | None
    """ISO 8601."""
    signed_text: str | None
    moa_url: str | None
    moa_url_text: str | None
    """What the cell shows; its link is ``moa_url``."""
    addendum_url: str | None
    addendum_url_text: str | None
    status: str
    """``participating`` or ``pending``."""
