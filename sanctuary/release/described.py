"""What metadata.yml says of tables and columns, and the tables of a data package with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sanctuary.errors import CommandError

# The one in C is not in every build of PyYAML.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Field:
    """A column of a table."""

    name: str
    type: str
    """``INTEGER``, ``REAL`` or ``TEXT``; empty where SQLite declares none."""
    unit: str | None
    meaning: str
    values: tuple[str, ...]
    """The values it can have, where the schema names them."""


@dataclass(frozen=True)
class Table:
    """A table or view that is in a package."""

    name: str
    title: str
    group: str
    """The title of the group that it is offered in."""
    meaning: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[tuple[str, str, str], ...]
    """Column, the table that it points to, and the column there."""


class Described:
    """The metadata of the site."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Take what the file holds."""
        self.license: str = data.get("license") or ""
        self.license_url: str = data.get("license_url") or ""
        self.caveats: str = data.get("description") or ""
        databases = data.get("databases") or {}
        self._tables: dict[str, Any] = (databases.get("tracker") or {}).get("tables") or {}

    def table(self, name: str) -> str:
        """Return what a table holds, in words; nothing where that is not said."""
        return _one_line((self._tables.get(name) or {}).get("description"))

    def column(self, table: str, column: str) -> str:
        """Return what a column holds, in words; nothing where that is not said."""
        columns = (self._tables.get(table) or {}).get("columns") or {}
        return _one_line(columns.get(column))

    def unit(self, table: str, column: str) -> str | None:
        """Return the unit of a column's numbers; None where there is none."""
        found = ((self._tables.get(table) or {}).get("units") or {}).get(column)
        return None if found is None else str(found)


def load_described(file: Path) -> Described:
    """Read metadata.yml. Raises CommandError if it cannot be read."""
    try:
        data = yaml.load(file.read_text("utf-8"), _LOADER)  # noqa: S506 - both are the safe one
    except (OSError, ValueError, yaml.YAMLError) as error:
        said = " ".join(str(error).split())
        raise CommandError(f"{file}: it cannot be read: {said}; mend it") from error
    return Described(data if isinstance(data, dict) else {})


def _one_line(text: object) -> str:
    return " ".join(str(text or "").split())
