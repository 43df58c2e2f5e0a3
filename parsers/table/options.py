"""The options of the table parser, as an entry of ``sources.yml`` states them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from parsers.cell_values import collapsed
from parsers.options import Selector, checked_options
from parsers.records import Listing
from parsers.table.option_values import (
    FIELD_NAME,
    RESERVED_FIELDS,
    DateType,
    Form,
    FromColumn,
    Level,
    LevelFromColumn,
    Pages,
    RowFilter,
    ValueType,
)

LISTING_FIELDS = Listing.content_fields()
_OF_FORM: Mapping[str, Form] = {
    "select": "html",
    "title_select": "html",
    "sheet": "xlsx",
    "pages": "pdf",
    "encoding": "csv",
    "delimiter": "csv",
}
"""The options that only tables of one form have."""


class TableOptions(BaseModel):
    """How a table is found in a document, and which field each of its columns fills."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    record: Literal["listings", "table_rows", "period_rows"]
    """The table that the rows go to: jurisdictions, rows that stand, or rows of one period."""
    columns: dict[str, str] = Field(min_length=1)
    """Printed header -> field; without header rows the number of the column, from 1. A header that
    is not named here is reported."""
    format: Form | None = None
    """``html``, ``csv``, ``xlsx`` or ``pdf``, where the bytes do not tell, and for what is
    fetched."""
    header_rows: int = Field(default=1, ge=0, le=5)
    """Rows that make up the header, their texts in a column joined by a blank; 0 for none."""
    key: tuple[str, ...] = ()
    """The fields that make it the same row in the next edition; a listing has a key of its own."""
    types: dict[str, ValueType] = {}
    """Field -> ``text``, ``integer``, ``number``, ``date`` or ``boolean``; what does not fit is
    kept as printed, with a problem."""
    row_filter: tuple[RowFilter, ...] = ()
    """Which rows are kept or dropped, by the value of a column; how many is said."""
    level: Level | LevelFromColumn | None = None
    """Of listings: ``state``, ``county`` or ``city`` for all, or the column that says it."""
    state: str | FromColumn | None = None
    """Of listings: the state of all, or the column that says it."""
    join: dict[str, tuple[str, ...]] = {}
    """Field -> the headers of columns that fill it together, joined by a comma."""
    select: Selector | None = None
    """HTML: CSS selector of the table; without it, the page must have only one."""
    title_select: Selector | None = None
    """HTML: CSS selector of the element that holds the title of the edition."""
    sheet: str | None = None
    """XLSX: the name of the worksheet; without it, one sheet only must have the header."""
    pages: Pages | None = None
    """PDF: the pages on which the table stands: ``3``, ``2-5`` or ``1,4-``."""
    encoding: Literal["utf-8", "utf-16", "windows-1252"] = "utf-8"
    """CSV: in which the file is written; a byte order mark is no part of the text."""
    delimiter: Literal[",", ";", "\t", "|"] | None = None
    """CSV: what parts the columns; without it, one sign only must part the rows alike."""

    @field_validator("columns", mode="before")
    @classmethod
    def _numbers_are_names(cls, columns: object) -> object:
        # YAML reads 1 as a number.
        if not isinstance(columns, dict):
            return columns
        return {str(k) if type(k) is int else k: field for k, field in columns.items()}

    @field_validator("columns")
    @classmethod
    def _columns_are_told_apart(cls, columns: dict[str, str]) -> dict[str, str]:
        named: dict[str, str] = {}
        for header, field in columns.items():
            label = collapsed(header)
            if label is None:
                raise ValueError(f"the header of {field} is empty")
            if field in named.values():
                raise ValueError(f"{header}: {field} is filled by another column already")
            if label.casefold() in (other.casefold() for other in named):
                raise ValueError(f"{header}: the header is named twice")
            named[label] = field
        return named

    @field_validator("join")
    @classmethod
    def _joined_columns_are_named(cls, join: dict[str, tuple[str, ...]]) -> Any:
        cleaned = {}
        for field, headers in join.items():
            labels = tuple(label for header in headers if (label := collapsed(header)))
            if len(labels) < 2 or len(labels) < len(headers):
                raise ValueError(f"{field}: name two headers or more")
            cleaned[field] = labels
        return cleaned

    @model_validator(mode="after")
    def _fields_are_those_of_the_record(self) -> TableOptions:
        named = [*self.columns.items(), *((field, field) for field in self.join)]
        for header, field in named:
            if self.record == "listings":
                if field not in LISTING_FIELDS or field == "other_columns":
                    allowed = ", ".join(f for f in LISTING_FIELDS if f != "other_columns")
                    raise ValueError(f"{header}: {field!r} is not a field; allowed: {allowed}")
            elif not re.fullmatch(FIELD_NAME, field) or field in RESERVED_FIELDS:
                raise ValueError(
                    f"{header}: {field!r} is not a name for a field; allowed: small letters, "
                    "digits and underscores, a letter first, not ending in _text, and none of "
                    f"{', '.join(sorted(RESERVED_FIELDS))}"
                )
        twice = set(self.columns.values()) & set(self.join)
        if twice:
            raise ValueError(f"join: {min(twice)} is filled by another column already")
        if self.record == "listings" and "jurisdiction" not in self.fields:
            raise ValueError("no column fills jurisdiction")
        return self

    @model_validator(mode="after")
    def _listings_have_a_key_level_and_state_of_their_own(self) -> TableOptions:
        if self.record == "listings":
            if self.key:
                raise ValueError("key: a listing is known by its jurisdiction, date and policy")
            for name in ("level", "state"):
                if getattr(self, name) is not None and name in self.fields:
                    raise ValueError(f"{name}: it is filled by a column already")
        else:
            if not self.key:
                raise ValueError("key: name the fields that make it the same row later on")
            for name in ("level", "state"):
                if getattr(self, name) is not None:
                    raise ValueError(f"{name}: it is for `record: listings`")
        for field in self.key:
            if field not in self.fields:
                raise ValueError(f"key: no column fills {field}")
        return self

    @model_validator(mode="after")
    def _types_are_of_fields(self) -> TableOptions:
        for field, kind in self.types.items():
            if field not in self.fields:
                raise ValueError(f"types: no column fills {field}")
            may_be_date = field == "date_enacted" and _is_date(kind)
            if self.record == "listings" and kind != "text" and not may_be_date:
                raise ValueError(f"types: {field} of a listing is a text")
        return self

    @model_validator(mode="after")
    def _filtered_columns_are_read(self) -> TableOptions:
        known = {header.casefold() for header in self.headers}
        for each in self.row_filter:
            if each.column.casefold() not in known:
                raise ValueError(f"row_filter: {each.column} is not in the column map")
        return self

    @model_validator(mode="after")
    def _columns_have_numbers_where_there_is_no_header(self) -> TableOptions:
        if not self.header_rows:
            for header in self.headers:
                if not re.fullmatch("[1-9][0-9]{0,3}", header):
                    raise ValueError(
                        f"{header}: without header rows a column is named by its number, from 1"
                    )
        return self

    @model_validator(mode="after")
    def _options_are_of_one_form(self) -> TableOptions:
        form = self.form
        for name in sorted(_OF_FORM.keys() & self.model_fields_set):
            if getattr(self, name) is not None and _OF_FORM[name] != form:
                raise ValueError(f"{name}: it is for `format: {_OF_FORM[name]}`")
        return self

    @property
    def form(self) -> Form | None:
        """The form of the documents, as far as the options say it."""
        return form_in(self.model_dump(exclude_unset=True))

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that columns fill, in the order of the map."""
        return (*self.columns.values(), *self.join)

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header that the table has to have."""
        of_groups = [
            each.column for each in (self.level, self.state) if isinstance(each, FromColumn)
        ]
        joined = [header for headers in self.join.values() for header in headers]
        names = {name.casefold(): name for name in (*self.columns, *joined, *of_groups)}
        return tuple(names.values())


def _is_date(kind: ValueType) -> bool:
    return kind == "date" or isinstance(kind, DateType)


def form_in(options: Mapping[str, Any]) -> Form | None:
    """Return the form that options state, or that those of one form imply; None for none."""
    stated: Form | None = options.get("format")
    implied = (form for name, form in _OF_FORM.items() if options.get(name) is not None)
    return stated or next(implied, None)


def table_options(options: Mapping[str, Any]) -> TableOptions:
    """Return the options, checked; raise BadOptions, which names every key that is wrong."""
    return checked_options(options, TableOptions, "the table parser")


def row_columns(options: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the columns of the view of the rows that these options give, none for listings.

    Each field, and behind one that is no text the field of what is printed, ``…_text``.
    """
    wanted = table_options(options)
    if wanted.record == "listings":
        return ()
    columns: list[str] = []
    for field in wanted.fields:
        typed = wanted.types.get(field, "text") != "text"
        columns += [field, f"{field}_text"] if typed else [field]
    return tuple(columns)
