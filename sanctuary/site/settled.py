"""Metadata that is not copied for each question that Datasette asks of it.

Datasette copies all of it, deeply, whenever it asks whether a table may be seen, which a page does
for each table that it mentions. What describes columns and queries has no say in that, is most of
it, and is never altered.
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
    """Let what describes columns and queries be shared by all copies of the metadata."""
    for database in (datasette._metadata_local.get("databases") or {}).values():
        _settle(database, "queries")
        for table in (database.get("tables") or {}).values():
            _settle(table, "columns")


def _settle(part: dict[str, Any], key: str) -> None:
    if isinstance(part.get(key), dict):
        part[key] = Settled(part[key])
