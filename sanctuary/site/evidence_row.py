"""A row with its values as printed and in their normal form, and the rows that stand beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlite_utils import Database

from db.places import printed_detail, printed_place
from db.row_address import RowAddress
from db.rows import load_rows
from parsers.records import (
    RECORD_BY_TABLE,
    Box,
    PageSpot,
    PolicySection,
    Record,
    ReportTotal,
    Spot,
    Statement,
)
from parsers.web_address import web_address
from sanctuary.wording import NO_VALUES, TABLE_TITLES, plain

_LONGEST_LABEL = 90
_ROWS_BESIDE = 8
"""Rows of the same table before and after one, where there are no pages."""
_TEXTS = {PolicySection: "body", Statement: "text"}
"""Fields whose text ``publish`` of a source keeps off the pages."""


@dataclass(frozen=True)
class Value:
    """One field of a row; each side is None where there is nothing."""

    name: str
    printed: str | None
    normal: str | None
    """The value that the tracker compares and counts; None where it is as printed."""
    link: str | None = None
    kept_off: bool = False
    """There is a text, and its source does not let it be shown."""


@dataclass(frozen=True)
class RowBeside:
    """Another row, or the row itself, as it is named in a list."""

    address: RowAddress
    label: str
    boxes: tuple[tuple[int, Box], ...]
    """Page and box of each of its spots."""
    is_it: bool

    @property
    def table_title(self) -> str:
        """Which table it is of, in words."""
        return TABLE_TITLES[self.address.table]

    def on(self, page: int) -> list[Box]:
        """Return its boxes on a page."""
        return [box for where, box in self.boxes if where == page]


@dataclass(frozen=True)
class Row:
    """The row that a page of evidence is about."""

    record: Record
    label: str
    place: str | None
    """As printed; None of a row about an individual."""
    values: tuple[Value, ...]
    pages: tuple[int, ...]
    """Of a PDF, on which it stands."""
    beside: tuple[RowBeside, ...]
    """The rows of these pages, or those around it in its table; itself among them."""
    before: RowAddress | None
    """The row before it in its table."""
    after: RowAddress | None

    @property
    def other_spots(self) -> tuple[Spot, ...]:
        """Where it was read in what has no pages."""
        return tuple(spot for spot in self.record.evidence if not isinstance(spot, PageSpot))


def load_row(
    db: Database,
    address: RowAddress,
    reading_id: int,
    tables: frozenset[str],
    *,
    shows_texts: bool,
) -> Row:
    """Return the row of an address that a reading has, with those beside it of ``tables``.

    The address says who read it. Without ``shows_texts`` the text of a law or statement is left
    out.
    """
    kind = RECORD_BY_TABLE[address.table]
    own = load_rows(db, reading_id, kind)
    at = next(at for at, each in enumerate(own) if each.position == address.position)
    record = own[at]
    pages = tuple(dict.fromkeys(s.page for s in record.evidence if isinstance(s, PageSpot)))
    if pages:
        others = [own, *(load_rows(db, reading_id, each) for each in _others(kind, tables))]
        near = [each for rows in others for each in rows if _is_on(each, pages)]
    else:
        near = own[max(0, at - _ROWS_BESIDE) : at + _ROWS_BESIDE + 1]

    def address_of(each: Record) -> RowAddress:
        return RowAddress(
            address.source_id,
            address.document_sha256,
            each.table,
            each.position,
            address.read_by,
        )

    return Row(
        record=record,
        label=label_of(record),
        place=None if record.individual else printed_place(record),
        values=values_of(record, shows_texts=shows_texts),
        pages=pages,
        beside=tuple(
            RowBeside(address_of(each), label_of(each), _boxes(each), each is record)
            for each in near
        ),
        before=address_of(own[at - 1]) if at else None,
        after=address_of(own[at + 1]) if at + 1 < len(own) else None,
    )


def label_of(record: Record) -> str:
    """Return by what a row is told from others, in a few words."""
    if isinstance(record, ReportTotal):
        said = record.name.replace("_", " ")
    else:
        detail = None if record.individual else printed_detail(record)
        said = ": ".join(filter(None, (printed_place(record), detail)))
    words = " ".join(said.split()) or "row"
    short = words if len(words) <= _LONGEST_LABEL else f"{words[:_LONGEST_LABEL]}…"
    return f"{short} ({record.position})" if record.individual or not said else short


def values_of(record: Record, *, shows_texts: bool) -> tuple[Value, ...]:
    """Return the fields of a row that hold anything, in their order."""
    kept_off = None if shows_texts else _TEXTS.get(type(record))
    content = record.content()
    found = []
    for name in record.content_fields():
        value = getattr(record, name)
        if name == kept_off and value:
            found.append(Value(name, None, None, kept_off=True))
        elif isinstance(value, Mapping) and name == "fields":
            found += _mapped(value, getattr(record, "fields_text", {}))
        elif name not in NO_VALUES:
            printed = _plain(getattr(record, f"{name}_text", None) or value)
            normal = _plain(content.get(name, value) if name in content else value)
            found.append(_value(name, printed, normal, value))
    return tuple(each for each in found if each.printed or each.normal or each.kept_off)


def _mapped(fields: Mapping[str, Any], printed: Mapping[str, str]) -> list[Value]:
    return [
        _value(name, printed.get(name) or _plain(value), _plain(value), value)
        for name, value in fields.items()
    ]


def _value(name: str, printed: str | None, normal: str | None, value: object) -> Value:
    link = web_address(value) if isinstance(value, str) and value.startswith("http") else None
    return Value(name, printed, None if normal == printed else normal, link)


def _plain(value: Any) -> str | None:
    """Return a value as text, a list a line each; None for nothing."""
    if isinstance(value, tuple):
        value = [each if isinstance(each, str) else asdict(each) for each in value]
    elif isinstance(value, Mapping):
        value = dict(value)
    return plain(value) or None


def _others(kind: type[Record], tables: frozenset[str]) -> list[type[Record]]:
    return [each for each in RECORD_BY_TABLE.values() if each is not kind and each.table in tables]


def _is_on(record: Record, pages: tuple[int, ...]) -> bool:
    return any(page in pages for page, _ in _boxes(record))


def _boxes(record: Record) -> tuple[tuple[int, Box], ...]:
    return tuple((s.page, s.bbox) for s in record.evidence if isinstance(s, PageSpot))
