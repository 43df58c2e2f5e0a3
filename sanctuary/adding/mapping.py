"""Options of the table parser for a table that was seen: which column fills which field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from parsers.table.option_values import FIELD_NAME, RESERVED_FIELDS
from sanctuary.adding.survey import TableSeen

_OF_LISTINGS = {
    "jurisdiction": "jurisdiction",
    "jurisdiction name": "jurisdiction",
    "name of jurisdiction": "jurisdiction",
    "state": "state",
    "date enacted": "date_enacted",
    "policy": "policy",
    "criteria": "criteria",
    "criteria for honoring detainer": "criteria",
    "field office": "field_office",
    "area of responsibility": "field_office",
}
"""Headers of lists of jurisdictions, as the reports and the federal lists print them."""
_PLACES = ("county", "city")
"""Headers that say what every row is, where no column is called jurisdiction."""


def table_options(table: TableSeen) -> dict[str, Any]:
    """Return the options that read a table: a list of jurisdictions if its header says so.

    A header that stands twice, or is empty, is left to ``other_columns``: which of two columns is
    meant cannot be told.
    """
    labels = {n: label for n, label in enumerate(table.header) if _stands_once(table.header, label)}
    options: dict[str, Any] = {"record": "listings", **dict(table.where)}
    if not table.has_header:
        options["header_rows"] = 0
    columns = _of_jurisdictions(labels, table.telling) if table.has_header else {}
    if "jurisdiction" in columns.values():
        options["columns"] = columns
        level = next(
            (p for p in _PLACES if columns.get(_header(labels, p)) == "jurisdiction"), None
        )
        return options | ({"level": level} if level else {})
    fields = _fields(labels)
    return options | {
        "record": "table_rows",
        "columns": {labels[n]: field for n, field in fields.items()},
        "key": [fields[n] for n in table.telling if n in fields] or list(fields.values()),
    }


def _stands_once(header: Sequence[str], label: str) -> bool:
    return bool(label) and [each.casefold() for each in header].count(label.casefold()) == 1


def _header(labels: dict[int, str], wanted: str) -> str:
    return next((label for label in labels.values() if label.casefold() == wanted), "")


def _of_jurisdictions(labels: dict[int, str], telling: Sequence[int]) -> dict[str, str]:
    """Return header to field of what a listing has; only one column is the jurisdiction.

    A county or a city is what a row is about if it tells the rows apart, alone or with the state.
    """
    columns = {
        label: field for label in labels.values() if (field := _OF_LISTINGS.get(label.casefold()))
    }
    told = [
        labels[n]
        for n in telling
        if n in labels and _OF_LISTINGS.get(labels[n].casefold()) != "state"
    ]
    if "jurisdiction" not in columns.values() and [t.casefold() in _PLACES for t in told] == [True]:
        columns = {told[0]: "jurisdiction", **columns}
    return columns if len(set(columns.values())) == len(columns) else {}


def _fields(labels: dict[int, str]) -> dict[int, str]:
    """Return a name of its own for each column, made of its header."""
    fields: dict[int, str] = {}
    for column, label in labels.items():
        plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
        name = re.sub("[^a-z0-9]+", "_", plain).strip("_")[:60].strip("_")
        sound = re.fullmatch(FIELD_NAME, name) and name not in RESERVED_FIELDS
        taken = name in fields.values()
        fields[column] = name if sound and not taken else f"column_{column + 1}"
    return fields
