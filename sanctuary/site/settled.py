"""Metadata that is not copied for each question that Datasette asks of it.

Datasette copies all of it, deeply, whenever it asks whether a table may be seen, which a page does
for each table that it mentions. It reads these copies and alters none of what is said of a table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datasette.app import Datasette


class Settled(dict[str, Any]):
    """A part of the metadata that stays as it is: a copy of it is itself."""

    def __deepcopy__(self, _memo: dict[int, Any]) -> Settled:
        return self


def settle_metadata(datasette: Datasette) -> None:
    """Let what is said of tables and queries be shared by all copies of the metadata."""
    for database in (datasette._metadata_local.get("databases") or {}).values():
        _settle(database, "queries")
        tables = database.get("tables") or {}
        for name in tables:
            _settle(tables, name)


def _settle(part: dict[str, Any], key: str) -> None:
    if isinstance(part.get(key), dict):
        part[key] = Settled(part[key])
