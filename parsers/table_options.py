"""The options of the table parser, as an entry of ``sources.yml`` states them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from parsers.cell_values import collapsed
from parsers.options import Selector, checked_options
from parsers.records import Listing

LISTING_FIELDS = tuple(name for name in Listing.content_fields())


class TableOptions(BaseModel):
    """How a table is found on a page and which field each of its columns fills."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    record: Literal["listings"]
    """The table that the rows go to."""
    columns: dict[str, str] = Field(min_length=1)
    """Printed header -> field; a header that is not named here is reported."""
    select: Selector | None = None
    """CSS selector of the table; without it, the page must have only one."""
    title_select: Selector | None = None
    """CSS selector of the element that holds the title of the edition."""

    @field_validator("columns")
    @classmethod
    def _columns_name_fields(cls, columns: dict[str, str]) -> dict[str, str]:
        named: dict[str, str] = {}
        for header, field in columns.items():
            label = collapsed(header)
            if label is None:
                raise ValueError(f"the header of {field} is empty")
            if field not in LISTING_FIELDS:
                raise ValueError(
                    f"{header}: {field!r} is not a field; allowed: {', '.join(LISTING_FIELDS)}"
                )
            if field in named.values():
                raise ValueError(f"{header}: {field} is filled by another column already")
            if label.casefold() in (other.casefold() for other in named):
                raise ValueError(f"{header}: the header is named twice")
            named[label] = field
        if "jurisdiction" not in named.values():
            raise ValueError("no column fills jurisdiction")
        return named


def table_options(options: Mapping[str, Any]) -> TableOptions:
    """Return the options, checked; raise BadOptions, which names every key that is wrong."""
    return checked_options(options, TableOptions, "the table parser")
