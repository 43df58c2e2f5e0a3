"""Who may see a table is looked up in the metadata once, unless a plugin has a say in it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import datasette
from datasette.plugins import pm

from sanctuary.site.asked_once import ask_metadata_once


class _Metadata:
    @datasette.hookimpl
    def get_metadata(self) -> dict[str, Any]:
        return {}


def _server() -> tuple[Any, list[str]]:
    """Return a server and the tables that it looked up."""
    asked: list[str] = []

    def allows(database: str, table: str) -> list[Any]:
        asked.append(f"{database}/{table}")
        return [{"id": "root"}]

    return SimpleNamespace(_table_permission_allows=allows), asked


def test_each_table_is_looked_up_once_and_the_answer_stays() -> None:
    server, asked = _server()
    ask_metadata_once(server)
    for table in ("listings", "changes", "listings"):
        assert server._table_permission_allows("tracker", table) == [{"id": "root"}]
    assert asked == ["tracker/listings", "tracker/changes"]


def test_a_plugin_that_gives_metadata_is_asked_each_time() -> None:
    server, asked = _server()
    plugin = _Metadata()
    pm.register(plugin)
    try:
        ask_metadata_once(server)
    finally:
        pm.unregister(plugin)
    server._table_permission_allows("tracker", "listings")
    server._table_permission_allows("tracker", "listings")
    assert asked == ["tracker/listings"] * 2
