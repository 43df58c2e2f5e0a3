"""The shared vocabulary: what a parser hands over and what the database keeps.

A *reading* is what one parser version read from one document: records, each with the place it was
read from, checks of the document against itself, and problems. Every record type says here which
table it fills and how its rows are recognised from one edition to the next.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Box: TypeAlias = tuple[float, float, float, float]
"""x0, top, x1, bottom in points from the top left of the page as displayed."""


@dataclass(frozen=True, slots=True)
class PageSpot:
    """A box on a page of a PDF; page 1 is the first."""

    page: int
    bbox: Box


@dataclass(frozen=True, slots=True)
class SheetSpot:
    """A row of a worksheet, counted from 1 as the spreadsheet program shows it."""

    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class HtmlSpot:
    """An element of an HTML page: its id, or a CSS path to it."""

    anchor: str


Spot: TypeAlias = PageSpot | SheetSpot | HtmlSpot


def spot_from_json(value: dict[str, Any]) -> Spot:
    """Return the spot that ``dataclasses.asdict`` wrote as ``value``.

    Raises ValueError for a shape that is none of the three.
    """
    if "page" in value:
        x0, top, x1, bottom = value["bbox"]
        return PageSpot(value["page"], (x0, top, x1, bottom))
    if "sheet" in value:
        return SheetSpot(value["sheet"], value["row"])
    if "anchor" in value:
        return HtmlSpot(value["anchor"])
    raise ValueError(f"not a spot: {value!r}")


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
    spelt anew when all else is equal. ``place`` is the field that prints the jurisdiction.
    """

    table: ClassVar[str]
    kind: ClassVar[TableKind]
    key: ClassVar[tuple[str, ...]]
    similar: ClassVar[str | None] = None
    fills_in: ClassVar[str | None] = None
    renames: ClassVar[str | None] = None
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

    def content(self) -> dict[str, Any]:
        """Return the normalised row: no order, position or evidence.

        Where a value has no normal form, the printed text with white space unified stands for it,
        so that a correction of an unreadable value is still a change.
        """
        row: dict[str, Any] = {}
        for name in self.content_fields():
            value = getattr(self, name)
            if value is None:
                printed = getattr(self, f"{name}_text", None)
                value = " ".join(printed.split()) or None if printed else None
            row[name] = (value or None) if isinstance(value, Mapping) else value
        return row

    def row_key(self) -> str:
        """Return the identity of the row within its table, as text that is stable over time.

        Rows about individuals are named by a hash, since the key travels to other tables.
        """
        content = self.content()
        parts = [_key_part(content[name]) for name in self.key]
        joined = "|".join(part.replace("|", "¦") for part in parts)
        if self.individual:
            return hashlib.sha256(joined.encode()).hexdigest()[:16]
        return joined


def _key_part(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return " ".join(value.split()).casefold()
    return json.dumps(value, default=dataclasses.asdict, ensure_ascii=False)


@dataclass(frozen=True, kw_only=True)
class ReportTotal(Record):
    """A number or a text that a report states of itself."""

    table: ClassVar[str] = "report_totals"
    kind: ClassVar[TableKind] = TableKind.PERIOD
    key: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    """`period`, `detainers_issued_nationwide`, `detainers_issued_listed`, `caveat`,
    `correction`, or the section the paragraph stands in (`summary`, `section_i` … `section_iv`)."""
    number: int | None
    text: str
    """The printed sentence or paragraph, lines joined."""


@dataclass(frozen=True, kw_only=True)
class DetainerCount(Record):
    """Section I: detainers *issued* to a jurisdiction in the period; their outcome is unknown."""

    table: ClassVar[str] = "detainer_counts"
    kind: ClassVar[TableKind] = TableKind.PERIOD
    key: ClassVar[tuple[str, ...]] = ("jurisdiction",)
    place: ClassVar[str | None] = "jurisdiction"

    rank: int
    """By count, from 1; equal counts share a rank (1, 2, 2, 4)."""
    jurisdiction: str
    detainers_issued: int
    other_columns: Mapping[str, str] = field(default_factory=dict)
    """What stands under headers that the parser does not know, by header."""


@dataclass(frozen=True, slots=True)
class Offence:
    """One offence of a cell; ``disposition`` is ``conviction``, ``charge`` or not stated."""

    offence: str
    disposition: str | None


@dataclass(frozen=True, kw_only=True)
class DeclinedDetainer(Record):
    """Section II: a detainer recorded as declined (a detainer, not a person)."""

    table: ClassVar[str] = "declined_detainers"
    kind: ClassVar[TableKind] = TableKind.PERIOD
    key: ClassVar[tuple[str, ...]] = (
        "jurisdiction",
        "facility",
        "date_declined",
        "citizenship",
        "date_issued",
    )
    place: ClassVar[str | None] = "jurisdiction"
    individual: ClassVar[bool] = True

    jurisdiction: str
    facility: str | None
    date_declined: str | None
    """ISO 8601; the date that ICE recorded."""
    date_declined_text: str
    citizenship: str | None
    date_issued: str | None
    date_issued_text: str
    activity: str
    """The notable criminal activity as printed."""
    offences: tuple[Offence, ...]
    other_columns: Mapping[str, str] = field(default_factory=dict)
    """What stands under headers that the parser does not know, by header."""


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
    field_office: str | None
    date_enacted: str | None
    """ISO 8601 as far as it was printed: ``2017``, ``2017-02`` or ``2017-02-03``."""
    date_enacted_text: str | None
    policy: str | None
    criteria: tuple[str, ...]
    """One string a bullet."""
    other_columns: Mapping[str, str] = field(default_factory=dict)
    """What stands under headers that the parser does not know, by header."""


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


RECORD_TYPES: tuple[type[Record], ...] = (
    ReportTotal,
    DetainerCount,
    DeclinedDetainer,
    Listing,
    Agreement,
)
RECORD_BY_TABLE: dict[str, type[Record]] = {record.table: record for record in RECORD_TYPES}


@dataclass(frozen=True, slots=True)
class Check:
    """What a document says of itself, compared with what was read from it."""

    name: str
    passed: bool
    required: bool
    """A failed required check holds the reading."""
    message: str
    """One sentence that a person understands without the code."""
    expected: str | None = None
    actual: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read, or that nobody expected; shown, never dropped."""

    kind: str
    """A short word in snake_case, the same for the same fault."""
    message: str
    text: str | None = None
    """The printed text it is about."""
    evidence: tuple[Spot, ...] = ()
    individual: bool = False
    """The text is of a row about one person: it stays in the document, and in what a reader of
    the document is shown. The message holds nothing of it."""


@dataclass(frozen=True, slots=True)
class EditionClaim:
    """What a document says it is an edition of; a list without a period leaves it empty."""

    title: str | None = None
    period_start: str | None = None
    """ISO 8601, inclusive."""
    period_end: str | None = None
    """ISO 8601, inclusive."""
    notice: str | None = None
    """What a document that is no official one says of itself (``SPECIMEN …``)."""


@dataclass(frozen=True)
class Reading:
    """All that one parser version read from one document."""

    edition: EditionClaim
    tables: tuple[type[Record], ...]
    """The record types this document could hold: an empty one is shown as empty."""
    records: tuple[Record, ...]
    checks: tuple[Check, ...] = ()
    problems: tuple[Problem, ...] = field(default=())

    def rows(self, record: type[Record]) -> list[Record]:
        """Return the records of one type, in the order of the document."""
        return sorted((r for r in self.records if type(r) is record), key=lambda r: r.position)

    def failed_required(self) -> list[Check]:
        """Return the checks whose failure holds this reading."""
        return [check for check in self.checks if check.required and not check.passed]

    def to_json(self) -> dict[str, Any]:
        """Return the reading as plain data: edition, records by table, checks, problems."""
        return {
            "edition": dataclasses.asdict(self.edition),
            "records": {t.table: [r.to_json() for r in self.rows(t)] for t in self.tables},
            "checks": [dataclasses.asdict(check) for check in self.checks],
            "problems": [dataclasses.asdict(problem) for problem in self.problems],
        }


def content_hash(records: tuple[Record, ...] | list[Record]) -> str:
    """Return the sha256 of the multiset of normalised rows: order and evidence do not count."""
    rows = sorted(
        json.dumps(
            [record.table, record.content()],
            default=dataclasses.asdict,
            ensure_ascii=False,
            sort_keys=True,
        )
        for record in records
    )
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
